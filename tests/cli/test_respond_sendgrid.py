"""`leakscan respond` to a SendGrid key: deleted by its middle, by the operator's key or by itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples
from tests.standin.changing import CUT, Fault, SendGridKeys
from tests.standin.others import SendGrid
from tests.standin.server import StandIn

ADMIN = ["api_keys.read", "api_keys.delete"]


def responded(
    folder: Path, sendgrid: SendGrid, key: str, *arguments: str, fault: Fault | None = None
) -> tuple[subprocess.CompletedProcess[str], list[tuple[str, str]]]:
    """What a run says, and the requests that changed something."""
    (folder / "mail.py").write_text(f'SENDGRID_API_KEY = "{key}"\nimport sendgrid\n')
    with (
        StandIn([SendGridKeys(sendgrid, [fault] if fault else []), sendgrid]) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("LEAKSCAN_API_BASE", server.base)
        run(folder, "scan", ".", "-f", "json", "-o", "leaks.json")
        done = run(folder, "respond", "leaks.json", *arguments)
    told = done.stdout + done.stderr + "".join(each.read_text() for each in folder.glob("leakscan-respond-*"))
    assert not [each for each in (key, key.split(".")[1], *sendgrid.keys, *sendgrid.eu_keys) if each in told]
    return done, [(each.method, each.host) for each in server.requests if each.method != "GET"]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leakscan", *arguments]
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )


def key() -> str:
    return Samples().value("sendgrid_api_key")


@pytest.fixture(autouse=True)
def _no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)


@pytest.mark.parametrize("europe", [False, True])
def test_the_operators_key_deletes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, europe: bool) -> None:
    leaked, admin = key(), key()
    known = {leaked: ["mail.send"], admin: ADMIN}
    sendgrid = SendGrid(eu_keys=known) if europe else SendGrid(known)
    monkeypatch.setenv("SENDGRID_API_KEY", admin)
    done, changes = responded(tmp_path, sendgrid, leaked, "--yes", "--deployed")
    host = "api.eu.sendgrid.com" if europe else "api.sendgrid.com"
    assert (done.returncode, changes, set(known)) == (0, [("DELETE", host)], {admin})


def test_the_leaked_key_deletes_itself(tmp_path: Path) -> None:
    leaked = key()
    sendgrid = SendGrid({leaked: ["mail.send", "api_keys.delete"]})
    done, changes = responded(tmp_path, sendgrid, leaked, "--yes", "--step", "delete-sendgrid-key", "--step", "verify")
    assert (done.returncode, len(changes), sendgrid.keys) == (0, 1, {})


def test_nobody_may_delete_it(tmp_path: Path) -> None:
    leaked = key()
    done, changes = responded(tmp_path, SendGrid({leaked: ["mail.send"]}), leaked, "--yes", "--deployed")
    assert (done.returncode, changes, "api_keys.delete" in done.stderr) == (2, [], True)


def test_another_accounts_key_does_not_count_as_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked, stranger = key(), key()
    sendgrid = SendGrid({leaked: ["mail.send"], stranger: ADMIN})
    elsewhere = SendGrid({stranger: ADMIN})
    keys = SendGridKeys(elsewhere)
    monkeypatch.setenv("SENDGRID_API_KEY", stranger)
    (tmp_path / "a.env").write_text(f"SENDGRID_API_KEY={leaked}\n")
    with StandIn([keys, sendgrid]) as server:
        monkeypatch.setenv("LEAKSCAN_API_BASE", server.base)
        run(tmp_path, "scan", ".", "-f", "json", "-o", "leaks.json")
        done = run(tmp_path, "respond", "leaks.json", "--yes", "--deployed")
    assert (done.returncode, "another account" in done.stderr) == (1, True)
    assert [each for each in server.requests if each.method != "GET"] == []


def test_a_deletion_without_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked, admin = key(), key()
    monkeypatch.setenv("SENDGRID_API_KEY", admin)
    for happens, code in ((False, 3), (True, 0)):
        folder = tmp_path / str(happens)
        folder.mkdir()
        sendgrid = SendGrid({leaked: ["mail.send"], admin: ADMIN})
        fault = Fault(CUT, happens=happens)
        done, changes = responded(folder, sendgrid, leaked, "--yes", "--deployed", fault=fault)
        assert (done.returncode, len(changes)) == (code, 1)
