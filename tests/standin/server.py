"""The HTTP side: requests come in as LEAKSCAN_API_BASE sends them, the host that was meant first in the path."""

import base64
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: as it was meant for `host`."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    body: str = ""

    @property
    def basic(self) -> tuple[str, str]:
        """User name and password."""
        scheme, _, coded = self.headers.get("authorization", "").partition(" ")
        name, _, password = base64.b64decode(coded).decode().partition(":") if scheme == "Basic" else ("", "", "")
        return name, password

    @property
    def bearer(self) -> str:
        """The token of a Bearer header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else ""


class Reply(NamedTuple):
    """An answer: status, and a JSON object or, as text, anything else."""

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = ()


Route = Callable[[Asked], Reply | None]


@dataclass
class StandIn:
    """A running server; `routes` are tried in turn. What was asked is in `requests`."""

    routes: list[Route]
    delay: float = 0.0
    requests: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.standin = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        """The address for LEAKSCAN_API_BASE."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, asked: Asked) -> Reply:
        """What the first route that knows says."""
        self.requests.append(asked)
        if self.delay:
            time.sleep(self.delay)
        for route in self.routes:
            reply = route(asked)
            if reply is not None:
                return reply
        return Reply(404, {"code": 20404, "message": "The requested resource was not found", "status": 404})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    standin: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        _, host, path = [*parts.path.split("/", 2), ""][:3]
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        form = dict(parse_qsl(body, keep_blank_values=True)) if not body.startswith("{") else json.loads(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        server = self.server
        assert isinstance(server, _Server)
        reply = server.standin.answer(Asked(self.command, host, f"/{path}", query, form, headers, body))
        if reply.status == 0:  # no answer: the connection ends
            self.close_connection = True
            return
        data = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
        if reply.status == 204:
            data = b""
        self.send_response(reply.status)
        kind = "text/html" if isinstance(reply.body, str) else "application/json"
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))), *reply.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = _handle  # noqa: N815  # as the library wants them

    def log_message(self, *_: object) -> None:
        """Say nothing."""
