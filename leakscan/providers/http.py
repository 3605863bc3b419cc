"""The one way out to a network: known hosts alone, over TLS, within limits of time, size and rate, redirects refused.

For tests a base on loopback takes all requests instead, the host that was meant as the first part of the path.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests

from leakscan.errors import UsageError

_PRODUCTS = "accounts api iam messaging monitor oauth serverless verify voice".split()
# Data centres outside of the United States: region to edge
# (https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region).
REGIONS = {"ie1": "dublin", "au1": "sydney", "jp1": "tokyo"}
HOSTS = frozenset(
    {f"{product}.twilio.com" for product in _PRODUCTS}
    | {f"{product}.{edge}.{region}.twilio.com" for product in _PRODUCTS for region, edge in REGIONS.items()}
    | {"api.sendgrid.com", "api.eu.sendgrid.com"}
    | {"api.segmentapis.com", "eu1.api.segmentapis.com", "platform.segmentapis.com", "api.authy.com"}
)
# An OAuth app's secret can only be tried by asking for a token, which changes nothing.
_ASKS_BY_POST = frozenset({"oauth.twilio.com"})
_CONNECT, _READ, _WHOLE = 5.0, 15.0, 30.0  # seconds
_LARGEST = 8 << 20
_TRIES, _LONGEST_PAUSE = 4, 30.0
_TOO_MANY = 429
RATE = 250.0  # requests a second
AT_ONCE = 24


class Trouble(Exception):  # noqa: N818  # an answer that did not come is no error of ours
    """No answer that could be read; says why in our own words, which name the host and nothing else."""


class Answer:
    """What a provider answered: status, headers, text. It may hold secrets and shows none of them."""

    __slots__ = ("headers", "status", "text")

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.text = text
        self.headers = headers or {}

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.text)} characters)"

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object in it; empty if it is anything else."""
        try:
            loaded = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}


class Gate:
    """Sends requests, from as many threads as like. `base` is as LEAKSCAN_API_BASE says; None for the real hosts.

    Nothing is changed at a provider unless it `may_change` things. With `proxies` those of the system's settings are
    used, and its certificates. `rate` is in requests a second.
    """

    def __init__(
        self,
        base: str | None = None,
        *,
        proxies: bool = False,
        may_change: bool = False,
        rate: float = RATE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = loopback(base) if base else None
        self._may_change = may_change
        self._session = requests.Session()
        self._session.trust_env = proxies
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_connections=64, pool_maxsize=2 * AT_ONCE))
        self._sleep = sleep
        self._apart = 1 / rate
        self._free_at = 0.0
        self._lock = threading.Lock()
        self.sent: Counter[str] = Counter()  # requests by host

    def send(  # a request
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """The answer to a request. Raises Trouble if none came.

        One that changes nothing is sent again, later, while the provider says that there were too many; a change
        never is.
        """
        host = urlsplit(url).hostname or ""
        asks = method == "GET" or (method == "POST" and host in _ASKS_BY_POST)
        if not url.startswith("https://") or host not in HOSTS or not (asks or self._may_change):
            raise Trouble(f"{method} to {host} is refused: it is not one of the requests that leakscan makes")
        for attempt in range(_TRIES):
            self._wait_for_turn()
            with self._lock:
                self.sent[host] += 1
            answer = self._send_once(method, url, host, params=params, data=data, headers=headers, auth=auth)
            if answer.status != _TOO_MANY or not asks or attempt == _TRIES - 1:
                break
            self._sleep(_pause(answer, attempt))
        return answer

    def _send_once(self, method: str, url: str, host: str, *, auth: tuple[str, str] | None, **rest: Any) -> Answer:
        target = url if self._base is None else f"{self._base}/{url.removeprefix('https://')}"
        try:
            with self._session.request(
                method,
                target,
                auth=auth or _no_auth,
                timeout=(_CONNECT, _READ),
                allow_redirects=False,
                stream=True,
                **rest,
            ) as response:
                return Answer(response.status_code, _text(response, host), dict(response.headers))
        except requests.exceptions.Timeout:
            raise Trouble(f"{host} did not answer in time") from None
        except requests.exceptions.SSLError:
            raise Trouble(f"the certificate of {host} was not accepted") from None
        except requests.exceptions.ProxyError:
            raise Trouble(f"the proxy did not let the request to {host} through") from None
        except (requests.exceptions.RequestException, ValueError):
            raise Trouble(f"{host} could not be reached, or broke off") from None

    def _wait_for_turn(self) -> None:
        with self._lock:
            now = time.monotonic()
            wait = max(0.0, self._free_at - now)
            self._free_at = max(self._free_at, now) + self._apart
        if wait:
            self._sleep(wait)


def loopback(base: str) -> str:
    """`base` without a slash at its end. Raises UsageError unless it is a plain address on loopback."""
    parts = urlsplit(base)
    host = parts.hostname or ""
    try:
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        local = False
    plain = not (parts.query or parts.fragment or parts.username or parts.path.strip("/"))
    if not (local and plain and parts.scheme == "http"):
        raise UsageError("LEAKSCAN_API_BASE must be http:// and an address on loopback, as http://127.0.0.1:8080")
    return base.rstrip("/")


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from looking for credentials of the user's own, in .netrc."""
    return request


def _text(response: requests.Response, host: str) -> str:
    deadline = time.monotonic() + _WHOLE
    data = bytearray()
    for piece in response.iter_content(1 << 16):
        data += piece
        if len(data) > _LARGEST:
            raise Trouble(f"the answer of {host} is larger than {_LARGEST >> 20} MiB")
        if time.monotonic() > deadline:
            raise Trouble(f"{host} took too long to answer")
    return data.decode("utf-8", "replace")


def _pause(answer: Answer, attempt: int) -> float:
    """Seconds to wait before the next attempt: what the provider says, or twice as long each time."""
    said = answer.headers.get("Retry-After", "")
    if said.isdecimal():
        return min(float(said), _LONGEST_PAUSE)
    return float(2**attempt * random.uniform(0.5, 1.0))  # noqa: S311  # only keeps threads apart
