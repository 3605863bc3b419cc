"""Inspections of the stand-in's accounts on a fixed day, for tests to look at."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from leakscan.inspection import Inspection
from leakscan.model import Exposure, Finding, Occurrence, Place
from leakscan.providers.credentials import Credential
from leakscan.providers.http import Gate
from leakscan.providers.inspecting import Subject, inspect_all
from tests.reports.building import rule
from tests.standin.server import Asked, Reply, Route, StandIn

TODAY = date(2026, 3, 20)
LEAKED = TODAY - timedelta(days=10)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def finding(credential: Credential) -> Finding:
    """The finding of a credential."""
    return Finding(
        rule("auth_token")._replace(kind=credential.kind, description=credential.kind),
        credential.secret,
        1.0,
        (),
        (Occurrence("a.env", Place(1, 1, 1, 2)),),
        rule().severity,
        Exposure("unknown", ""),
    )


def inspected(
    credential: Credential, *routes: Route, since: date = LEAKED, **options: Any
) -> tuple[Inspection, StandIn]:
    """What comes of a credential, and the server that was asked, which was asked for nothing but to read."""
    subject = Subject(credential, finding(credential), since, "the day that the test says")
    with StandIn(list(routes)) as server:
        gate = Gate(server.base, sleep=lambda _seconds: None)
        done = inspect_all([subject], gate, now=lambda: NOW, **options)
    assert done.complete
    assert done.requests == len(server.requests)
    assert {asked.method for asked in server.requests} == {"GET"}
    (inspection,) = done.inspections
    return inspection, server


def failing(host: str, reply: Reply) -> Route:
    """Answers everything that is asked of a product with one reply."""

    def route(asked: Asked) -> Reply | None:
        return reply if asked.host.startswith(f"{host}.") else None

    return route
