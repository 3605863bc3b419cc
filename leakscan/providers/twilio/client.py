"""Twilio's own client, led through the gate, with what it would take from its surroundings kept away.

Left alone, twilio-python takes an empty password, a region and an edge from the user's environment, waits for ever, and
follows the system's proxies (read in its client_base.py and http_client.py, 9.13).
"""

from typing import Any

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from leakscan.providers.http import Answer, Gate
from leakscan.secret import Secret

API = "https://api.twilio.com/2010-04-01"


def client(gate: Gate, username: str, password: Secret, account: str | None = None) -> Client:
    """A client with one credential, for an account SID or, by default, the one that `username` names."""
    if not password.reveal():
        raise ValueError("an empty password would be replaced by the user's own")
    nothing = {"_": ""}  # an empty mapping counts as none, and then the process's environment is read
    return Client(username, password.reveal(), account, http_client=_Transport(gate), environment=nothing)


def ask(asking: Client, url: str, **params: object) -> Answer:
    """The answer to a GET of a whole address. Raises Trouble."""
    response = asking.request("GET", url, params=params or None)
    return Answer(response.status_code, response.text, response.headers)


def change(asking: Client, method: str, url: str, **form: object) -> Answer:
    """The answer to a request that changes something at a whole address, sent once. Raises Trouble."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    response = asking.request(method, url, data=form or None, headers=headers)
    return Answer(response.status_code, response.text, response.headers)


class _Transport(HttpClient):  # type: ignore[misc]  # the library has no types
    """Carries the client's requests through the gate."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(None, False, None)
        self._gate = gate

    def request(  # noqa: PLR0913, PLR0917  # as the library calls it
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002
    ) -> Response:
        answer = self._gate.send(method, url, params=params, data=data, headers=headers, auth=auth)
        return Response(answer.status, answer.text, dict(answer.headers))
