"""SendGrid, Segment and Authy, as far as a key is tried there."""

from dataclasses import dataclass, field
from typing import Any

from .server import Asked, Reply


@dataclass
class SendGrid:
    """Keys with their scopes, by the host that knows them; `broke` are keys whose account ran out of credits.

    `held` is what can be read at a path, with the scope that it takes.
    """

    keys: dict[str, list[str]] = field(default_factory=dict)
    eu_keys: dict[str, list[str]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    broke: set[str] = field(default_factory=set)
    held: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply | None:
        """The answer to a request, if it is for SendGrid."""
        known = {"api.sendgrid.com": self.keys, "api.eu.sendgrid.com": self.eu_keys}.get(asked.host)
        if known is None:
            return None
        if asked.bearer in self.blocked:
            return Reply(403, {"errors": [{"message": "access forbidden", "field": None}]})
        if asked.bearer in self.broke:
            return Reply(401, {"errors": [{"message": "Maximum credits exceeded", "field": None}]})
        if asked.bearer not in known:
            message = "The provided authorization grant is invalid, expired, or revoked"
            return Reply(401, {"errors": [{"message": message, "field": None}]})
        scopes = known[asked.bearer]
        if asked.path == "/v3/scopes":
            return Reply(200, {"scopes": scopes})
        needed, body = self.held.get(asked.path, ("", None))
        if needed and needed not in scopes:
            return Reply(403, {"errors": [{"message": "access forbidden", "field": None}]})
        return Reply(200, body) if body is not None else Reply(404, {"errors": [{"message": "Not Found"}]})


@dataclass
class Tokens:
    """A host that knows some tokens, in a header of its own or as bearers."""

    host: str
    known: set[str] = field(default_factory=set)
    header: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply | None:
        """The answer to a request, if it is for this host."""
        if asked.host != self.host:
            return None
        given = asked.headers.get(self.header, "") if self.header else asked.bearer
        if given in self.known:
            return Reply(200, {"data": self.told} if self.told else {"data": {"name": "x"}})
        return Reply(401, {"errors": [{"type": "unauthorized", "message": "not authorized"}]})
