"""Guards that every test runs behind, and what many tests share: a repository, and a detector of each engine."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from leakscan.detection.cache import Prepared, prepare
from leakscan.detection.detector import Detector
from leakscan.detection.rules import RuleSet

from .repository import Repository

# Machines differ in speed, and a session's first example may compile patterns.
settings.register_profile("leakscan", deadline=None)
settings.load_profile("leakscan")

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada Author",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-31T12:00:00+00:00",
    "GIT_COMMITTER_NAME": "Carl Committer",
    "GIT_COMMITTER_EMAIL": "carl@example.org",
    "GIT_COMMITTER_DATE": "2026-01-31T12:00:00+00:00",
    "GIT_CONFIG_NOSYSTEM": "1",
}


_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _local(address: object) -> bool:
    """Whether an address is on this machine: servers that tests start are."""
    host = address[0] if isinstance(address, tuple) else address
    return not isinstance(host, str) or host in {"127.0.0.1", "::1"} or host.startswith("/")


def _guarded(original: Callable[..., Any], position: int) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        if not _local(arguments[position]):
            raise AssertionError("a test tried to use the network")
        return original(*arguments, **named)

    return call


@pytest.fixture(autouse=True)
def _guards(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No network, no home directory, no settings of git's or of a terminal's from outside."""
    monkeypatch.setattr(socket.socket, "connect", _guarded(_connect, 1))
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded(_connect_ex, 1))
    monkeypatch.setattr(socket, "getaddrinfo", _guarded(_getaddrinfo, 0))
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in [name for name in os.environ if name.startswith(("GIT_", "LEAKSCAN_", "TWILIO_"))]:
        monkeypatch.delenv(name)
    for name, value in _IDENTITY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path_factory.mktemp("template")))
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty git repository."""
    return Repository(tmp_path / "repository")


@pytest.fixture(scope="session", params=["hyperscan", "reference"])
def prepared(request: pytest.FixtureRequest) -> Prepared:
    """The shipped rules, ready for each engine."""
    if request.param == "reference":
        return prepare(engine="reference")
    pytest.importorskip("hyperscan")
    return prepare()


@pytest.fixture(scope="session")
def detector(prepared: Prepared) -> Detector:
    """A detector with the shipped rules, of each engine."""
    return prepared.detector()


@pytest.fixture(scope="session")
def shipped() -> Prepared:
    """The shipped rules, ready for the engine that this machine has: for tests that are about something else."""
    return prepare()


@pytest.fixture(scope="session")
def rules(shipped: Prepared) -> RuleSet:
    """The shipped rules."""
    return shipped.rules


@pytest.fixture
def _time_limit() -> Iterator[None]:
    """Ends a test that waits on a pipe or a socket for ever."""

    def _late(*_: object) -> NoReturn:
        pytest.fail("still waiting after three seconds")

    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(3)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
