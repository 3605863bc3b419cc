"""A stand-in for the providers that every leakscan of a test asks, with an account in it that has a life."""

from collections.abc import Iterator

import pytest

from tests.standin.server import StandIn
from tests.standin.twilio import Account, Twilio
from tests.standin.worlds import quiet

from .inspecting import LEAKED, TODAY


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


@pytest.fixture
def server(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in that every leakscan of this test asks."""
    with StandIn([twilio]) as running:
        monkeypatch.setenv("LEAKSCAN_API_BASE", running.base)
        yield running


@pytest.fixture
def account(twilio: Twilio) -> Account:
    return quiet(twilio, LEAKED, TODAY)
