"""A repository with a leak, the account that it is of, and `leakscan respond` run in it, piped or at a terminal."""

import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.standin.changing import Changing
from tests.standin.server import StandIn
from tests.standin.twilio import Account, Key, Twilio

CODE = """import os
from twilio.rest import Client

client = Client(os.environ["TWILIO_API_KEY"], os.environ["TWILIO_API_SECRET"], os.environ["TWILIO_ACCOUNT_SID"])
client.messages.create(to="+15005550006", from_="+15005550001", body="hello")
for call in client.calls.list(limit=20):
    print(call.sid)
"""
WORKFLOW = "jobs:\n  a:\n    env:\n      TWILIO_AUTH_TOKEN: ${{ secrets.TWILIO_AUTH_TOKEN }}\n"
CHANGES = {"POST", "DELETE", "PATCH", "PUT"}


@dataclass
class World:
    """A folder, the stand-in, and what is there."""

    folder: Path
    twilio: Twilio
    changing: Changing
    server: StandIn
    account: Account
    seen: list[str] = field(default_factory=list)  # secrets that no output may tell

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """The requests that change something: method, host, path."""
        return [(each.method, each.host, each.path) for each in self.server.requests if each.method in CHANGES]

    def leak_key(self, kind: str = "standard") -> Key:
        """Write an API key with its secret and its account."""
        key = self.twilio.key(self.account, kind)
        text = f"TWILIO_ACCOUNT_SID={self.account.sid}\nTWILIO_API_KEY={key.sid}\nTWILIO_API_SECRET={key.secret}\n"
        self._write(text, key.secret)
        return key

    def leak_token(self) -> str:
        """Write the account's Auth Token."""
        text = f"TWILIO_ACCOUNT_SID={self.account.sid}\nTWILIO_AUTH_TOKEN={self.account.token}\n"
        self._write(text, self.account.token)
        return self.account.token

    def _write(self, text: str, secret: str) -> None:
        self.seen.append(secret)
        (self.folder / "prod.env").write_text(text)
        (self.folder / "app.py").write_text(CODE)
        (self.folder / ".github/workflows").mkdir(parents=True)
        (self.folder / ".github/workflows/ci.yml").write_text(WORKFLOW)
        self.scan()

    def scan(self) -> None:
        """Save a report."""
        done = _run(["scan", ".", "-f", "json", "-o", str(self.folder.parent / "leaks.json")], self.folder)
        assert done.returncode == 1, done.stderr

    @property
    def journal(self) -> dict[str, Any]:
        """What was written down."""
        (path,) = self.folder.glob("leakscan-respond-*.json")
        assert path.stat().st_mode & 0o777 == 0o600
        loaded: dict[str, Any] = json.loads(path.read_text())
        return loaded

    @property
    def states(self) -> dict[str, str]:
        """How each step stands, as written down."""
        return {each["step"]: each["state"] for each in self.journal["steps"]}

    def respond(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command, and see that neither its output nor its journal tells a secret."""
        done = _run(["respond", str(self.folder.parent / "leaks.json"), *arguments], self.folder)
        texts = [done.stdout, done.stderr, *(each.read_text() for each in self.folder.glob("leakscan-respond-*.json"))]
        self.discreet(*texts)
        return done

    def discreet(self, *texts: str) -> None:
        """No text holds a secret, of those that leaked or of those that were made."""
        accounts = self.twilio.accounts.values()
        secrets = {*self.seen, *(each.secret for each in self.twilio.keys.values())}
        secrets |= {each for one in accounts for each in (one.token, one.secondary, "owner@example.org") if each}
        for text in texts:
            assert "Traceback" not in text
            assert not [secret for secret in secrets if secret in text]


@contextmanager
def new_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world in a folder, whose stand-in every leakscan of this test asks."""
    twilio = Twilio()
    changing = Changing(twilio)
    (folder / "repo").mkdir()
    with StandIn([changing, twilio]) as server:
        monkeypatch.setenv("LEAKSCAN_API_BASE", server.base)
        yield World(folder / "repo", twilio, changing, server, twilio.account())


def acting(monkeypatch: pytest.MonkeyPatch, account: Account, key: Key | None = None) -> None:
    """Put an operator's credential into the environment."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", account.sid)
    if key is None:
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", account.token)
    else:
        monkeypatch.setenv("TWILIO_API_KEY", key.sid)
        monkeypatch.setenv("TWILIO_API_SECRET", key.secret)


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leakscan", *arguments]
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )


def typed(folder: Path, arguments: list[str], *answers: tuple[str, str]) -> tuple[str, int]:
    """What a run at a terminal says when each prompt is waited for and answered; and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "leakscan", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        said = ""
        for prompt, answer in answers:
            before = len(said)
            while prompt not in said[before:]:
                piece = _piece(ours)
                assert piece, f"ended before {prompt!r}: {said}"
                said += piece
            os.write(ours, answer.encode())
        while piece := _piece(ours):
            said += piece
        os.close(ours)
        return said, process.wait(30)


def _piece(ours: int) -> str:
    """What is said next; nothing at the end, or where nothing comes any more."""
    if not select.select([ours], [], [], 30)[0]:
        return ""
    try:
        return os.read(ours, 4096).decode()
    except OSError:  # the other end is closed
        return ""
