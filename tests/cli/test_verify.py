"""`--verify` and `leakscan verify`: what is asked, what is said before, and what stays out of every output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples
from tests.repository import Repository
from tests.standin.others import SendGrid
from tests.standin.server import StandIn
from tests.standin.twilio import Account, Twilio


def leakscan(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leakscan", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True, check=False, timeout=60)


def write(folder: Path, account: Account, name: str = "app.env") -> None:
    (folder / name).write_text(f"TWILIO_ACCOUNT_SID={account.sid}\nTWILIO_AUTH_TOKEN={account.token}\n")


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {each["kind"]: each["verification"]["state"] for each in json.loads(done.stdout)["findings"]}


def test_nothing_is_asked_unless_told_to(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    write(tmp_path, twilio.account())
    for options in ([], ["--no-verify"], ["--verify", "--offline"]):
        assert leakscan("scan", *options, cwd=tmp_path).returncode == 1
    assert server.requests == []


def test_a_scan_that_verifies(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    write(tmp_path, account)
    done = leakscan("scan", "--verify", "-f", "json", cwd=tmp_path)
    assert (done.returncode, states(done)) == (1, {"auth_token": "live", "account_sid": "unchecked"})
    assert "1 to api.twilio.com" in done.stderr
    assert len(server.requests) == 1
    assert account.token not in done.stdout + done.stderr
    assert "owner@example.org" not in done.stdout + done.stderr


def test_a_saved_report(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    (tmp_path / "code").mkdir()
    write(tmp_path / "code", account)
    assert leakscan("scan", "code", "-f", "json", "-o", "saved.json", cwd=tmp_path).returncode == 1
    done = leakscan("verify", "saved.json", "--repo", "code", "-f", "json", "-o", "-", cwd=tmp_path)
    assert (done.returncode, states(done)["auth_token"]) == (1, "live")
    assert json.loads(done.stdout)["command"] == "verify"
    assert account.token not in done.stdout + done.stderr


def test_values_are_found_again_after_lines_moved(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    write(tmp_path, account)
    leakscan("scan", "-f", "json", "-o", "saved.json", cwd=tmp_path)
    text = (tmp_path / "app.env").read_text()
    (tmp_path / "app.env").write_text(f"# more\n# and more\n{text}")
    assert states(leakscan("verify", "saved.json", "-f", "json", cwd=tmp_path))["auth_token"] == "live"


def test_a_value_that_is_gone_is_said_to_be(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    write(tmp_path, twilio.account())
    leakscan("scan", "-f", "json", "-o", "saved.json", cwd=tmp_path)
    (tmp_path / "app.env").unlink()
    done = leakscan("verify", "saved.json", "-f", "json", cwd=tmp_path)
    (finding,) = [each for each in json.loads(done.stdout)["findings"] if each["kind"] == "auth_token"]
    assert finding["verification"]["state"] == "unknown"
    assert "no longer stands in app.env, line 2" in finding["verification"]["detail"]
    assert server.requests == []


def test_a_history(tmp_path: Path, repository: Repository, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    write(repository.root, account)
    repository.commit()
    (repository.root / "app.env").unlink()
    repository.commit()
    report = str(tmp_path / "saved.json")
    leakscan("history", "-f", "json", "-o", report, cwd=repository.root)
    assert states(leakscan("verify", report, "-f", "json", cwd=repository.root))["auth_token"] == "live"
    assert states(leakscan("history", "--verify", "-f", "json", cwd=repository.root))["auth_token"] == "live"


def test_regions_that_a_file_speaks_of(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    write(tmp_path, twilio.account(region="ie1"))
    assert states(leakscan("scan", "--verify", "-f", "json", cwd=tmp_path))["auth_token"] == "rejected_here"
    with (tmp_path / "app.env").open("a") as file:
        file.write("TWILIO_REGION=ie1\n")
    assert states(leakscan("scan", "--verify", "-f", "json", cwd=tmp_path))["auth_token"] == "live"


def test_one_credential_at_a_prompt(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    typed = f"{account.sid}\n{account.token}\n"
    done = leakscan("verify", "-", "-f", "json", "-o", "out.json", cwd=tmp_path, stdin=typed)
    assert done.returncode == 1
    assert json.loads((tmp_path / "out.json").read_text())["findings"][0]["verification"]["state"] == "live"
    assert account.token not in done.stdout + done.stderr + (tmp_path / "out.json").read_text()


def test_a_credential_in_many_places_is_asked_about_once(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    for number in range(200):
        write(tmp_path, account, f"{number}.env")
    assert states(leakscan("scan", "--verify", "-f", "json", cwd=tmp_path))["auth_token"] == "live"
    assert len(server.requests) == 1


def test_what_is_suppressed_is_not_sent(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    write(tmp_path, twilio.account())
    (tmp_path / ".leakscanignore").write_text("app.env\n")
    leakscan("scan", "--verify", cwd=tmp_path)
    assert server.requests == []


def test_a_base_that_is_not_on_loopback_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, Twilio().account())
    for base in ("http://198.51.100.1:80", "https://127.0.0.1", "http://127.0.0.1.example.org", "http://u@127.0.0.1"):
        monkeypatch.setenv("LEAKSCAN_API_BASE", base)
        done = leakscan("scan", "--verify", cwd=tmp_path)
        assert (done.returncode, "loopback" in done.stderr) == (2, True)


def test_the_users_own_credentials_are_not_used(
    tmp_path: Path, twilio: Twilio, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = twilio.account()
    for name, value in {"ACCOUNT_SID": mine.sid, "AUTH_TOKEN": mine.token, "REGION": "au1", "EDGE": "sydney"}.items():
        monkeypatch.setenv(f"TWILIO_{name}", value)
    monkeypatch.setenv("HTTP_PROXY", "http://198.51.100.1:1")
    theirs = twilio.account()
    write(tmp_path, theirs)
    assert states(leakscan("scan", "--verify", "-f", "json", cwd=tmp_path))["auth_token"] == "live"
    assert {(asked.host, asked.basic[0]) for asked in server.requests} == {("api.twilio.com", theirs.sid)}


def test_sendgrid_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = Samples()
    (tmp_path / "a.env").write_text(samples.fill("SENDGRID_API_KEY=@{sendgrid_api_key}\n"))
    with StandIn([SendGrid({samples.value("sendgrid_api_key"): ["mail.send"]})]) as running:
        monkeypatch.setenv("LEAKSCAN_API_BASE", running.base)
        done = leakscan("scan", "--verify", "-f", "json", cwd=tmp_path)
    assert states(done) == {"sendgrid_api_key": "live"}


def test_a_hook_that_verifies(repository: Repository, twilio: Twilio, server: StandIn) -> None:
    write(repository.root, twilio.account())
    repository.git("add", "--all")
    done = leakscan("hook", "--verify", "-f", "json", cwd=repository.root)
    assert (done.returncode, states(done)["auth_token"]) == (1, "live")


def test_a_ci_run_that_verifies(repository: Repository, twilio: Twilio, server: StandIn) -> None:
    first = repository.commit("a")
    write(repository.root, twilio.account())
    repository.commit()
    done = leakscan("ci", "--range", f"{first}..HEAD", "--verify", "-f", "json", cwd=repository.root)
    assert (done.returncode, states(done)["auth_token"]) == (1, "live")
