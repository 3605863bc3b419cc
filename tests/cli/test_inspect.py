"""`leakscan inspect`: what is inspected, since when, what is said before, and what stays out of every output."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leakscan.detection.samples import Samples
from tests.repository import Repository
from tests.standin.others import SendGrid
from tests.standin.server import Asked, Reply, StandIn
from tests.standin.twilio import Account, Twilio
from tests.standin.worlds import PLANTED, settled

from .inspecting import LEAKED, TODAY, saved
from .test_verify import leakscan, write

FORMATS = ("text", "json", "html", "markdown")


def inspections(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["inspections"]
    return found


def test_a_saved_report(tmp_path: Path, server: StandIn, account: Account) -> None:
    done = leakscan("inspect", saved(tmp_path, account).name, cwd=tmp_path)
    assert done.returncode == 1
    for part in ("What looks wrong", "What an attacker would do", "Money first", "12.3 USD", "+1 …23 (US)"):
        assert part in done.stdout
    assert "asking the providers about 1 credential, with requests that only read: 1 to api.twilio.com" in done.stderr
    assert "at most some 45 requests each to api, accounts, iam" in done.stderr
    assert "monitor" in done.stderr
    assert {asked.method for asked in server.requests} == {"GET"}


def test_nothing_secret_or_personal_comes_out(tmp_path: Path, twilio: Twilio, server: StandIn) -> None:
    account, minted = settled(twilio, LEAKED, TODAY)
    saved(tmp_path, account)
    outputs = [part for name in FORMATS for part in ("-f", name, "-o", f"out.{name}")]
    done = leakscan("inspect", "saved.json", *outputs, cwd=tmp_path)
    assert done.returncode == 1
    files = [(tmp_path / f"out.{name}").read_text() for name in FORMATS]
    for told in (done.stdout, done.stderr, *files):
        for planted in (*PLANTED, account.token, account.sid, minted.sid, minted.secret):
            assert planted not in told
    assert all("203.0.113.99" in text for text in files)
    assert all((tmp_path / f"out.{name}").stat().st_mode & 0o777 == 0o600 for name in FORMATS)


def test_hostile_names_are_shown_harmlessly(tmp_path: Path, server: StandIn, account: Account) -> None:
    account.name = "\x1b]0;x\x07<script>alert(1)</script>\n::error::x [a](http://b)"
    account.holds["messaging"][0]["friendly_name"] = account.name
    account.holds["events"][-1]["event_type"] = account.name
    saved(tmp_path, account)
    for name in FORMATS:
        told = leakscan("inspect", "saved.json", "-f", name, cwd=tmp_path).stdout
        assert "\x1b" not in told
        assert "\n::error" not in told
        assert ("<script>" in told) == (name in {"text", "json"})


def test_since_is_the_first_commit(tmp_path: Path, repository: Repository, server: StandIn, account: Account) -> None:
    write(repository.root, account)
    repository.commit()
    report = str(tmp_path / "saved.json")
    leakscan("history", "-f", "json", "-o", report, cwd=repository.root)
    (found,) = inspections(leakscan("inspect", report, "-f", "json", cwd=repository.root))
    assert (found["review"]["since"], found["review"]["reason"]) == (
        "2026-01-31",
        "the day of the first commit that holds it",
    )


@pytest.mark.parametrize(
    ("options", "since"),
    [
        ([], TODAY - timedelta(days=30)),
        (["--since", LEAKED.isoformat()], LEAKED),
        (["--since", f"{LEAKED.isoformat()}T23:30:00-02:00"], LEAKED + timedelta(days=1)),
        (["--since", TODAY.isoformat()], TODAY),
    ],
)
def test_since(tmp_path: Path, server: StandIn, account: Account, options: list[str], since: Any) -> None:
    saved(tmp_path, account)
    (found,) = inspections(leakscan("inspect", "saved.json", "-f", "json", *options, cwd=tmp_path))
    assert found["review"]["since"] == since.isoformat()
    assert ("--since" in found["review"]["reason"]) or "first commit" in found["review"]["reason"]


def test_one_finding_of_many(tmp_path: Path, twilio: Twilio, server: StandIn, account: Account) -> None:
    write(tmp_path, twilio.account(), "other.env")
    path = saved(tmp_path, account)
    assert len(inspections(leakscan("inspect", "saved.json", "-f", "json", cwd=tmp_path))) == 2
    wanted = next(
        each["fingerprint"]
        for each in json.loads(path.read_text())["findings"]
        if each["kind"] == "auth_token" and each["occurrences"][0]["path"] == "app.env"
    )
    (found,) = inspections(leakscan("inspect", "saved.json", "--finding", wanted, "-f", "json", cwd=tmp_path))
    assert (found["fingerprint"], found["redacted"]) == (wanted, account.token[:4] + "…")


def test_one_credential_at_a_prompt(tmp_path: Path, server: StandIn, account: Account) -> None:
    done = leakscan(
        "inspect", "-", "-f", "json", "-o", "out.json", cwd=tmp_path, stdin=f"{account.sid}\n{account.token}\n"
    )
    assert done.returncode == 1
    told = (tmp_path / "out.json").read_text()
    assert json.loads(told)["inspections"][0]["state"] == "live"
    assert account.token not in done.stdout + done.stderr + told


def test_credentials_of_the_environment(
    tmp_path: Path, twilio: Twilio, server: StandIn, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = twilio.key(account)
    given = {"TWILIO_ACCOUNT_SID": account.sid, "TWILIO_AUTH_TOKEN": account.token}
    given |= {"TWILIO_API_KEY": key.sid, "TWILIO_API_SECRET": key.secret}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    done = leakscan("inspect", "--from-environment", "-f", "json", cwd=tmp_path)
    assert [each["state"] for each in inspections(done)] == ["live", "live_standard"]
    for value in (account.token, key.secret):
        assert value not in done.stdout + done.stderr


def test_sendgrid_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = Samples().value("sendgrid_api_key")
    monkeypatch.setenv("SENDGRID_API_KEY", value)
    with StandIn([SendGrid({value: ["mail.send"]})]) as running:
        monkeypatch.setenv("LEAKSCAN_API_BASE", running.base)
        done = leakscan("inspect", "--from-environment", cwd=tmp_path)
    assert done.returncode == 1
    assert "Phishing first" in done.stdout
    assert value not in done.stdout + done.stderr


def test_network_trouble_half_way(tmp_path: Path, server: StandIn, account: Account) -> None:
    def breaking(asked: Asked) -> Reply | None:
        return Reply(502, "<html>") if asked.host in {"voice.twilio.com", "monitor.twilio.com"} else None

    server.routes.insert(0, breaking)
    saved(tmp_path, account)
    done = leakscan("inspect", "saved.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "not known: the answer was 502, and no JSON" in " ".join(done.stdout.split())
    assert "Not known: changes, alerts" in " ".join(done.stdout.split())


def test_quiet(tmp_path: Path, server: StandIn, account: Account) -> None:
    saved(tmp_path, account)
    assert leakscan("inspect", "saved.json", "-q", cwd=tmp_path).stderr == ""


def test_what_is_live_comes_first(tmp_path: Path, twilio: Twilio, server: StandIn, account: Account) -> None:
    for number in range(6):
        write(tmp_path, Account(Samples().value("account_sid"), Samples().value("auth_token")), f"{number}.env")
    saved(tmp_path, account)
    found = inspections(leakscan("inspect", "saved.json", "-f", "json", cwd=tmp_path))
    assert [each["state"] for each in found] == ["live", *["rejected_here"] * 6]
