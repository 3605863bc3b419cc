"""What reaches clients: worse, with other advice; and code that hands a secret over although no value stands there."""

from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.rules import RuleSet
from leakscan.model import Finding, Report, Severity
from leakscan.reports.json import render
from leakscan.reports.view import View
from tests.history.reporting import history
from tests.repository import Repository
from tests.scanning import detect, fresh, judged, scan_paths, token_line

READS = "export const token = import.meta.env.VITE_TWILIO_AUTH_TOKEN;\n"
CALLS = """export const send = (sid, token) => fetch('https://api.twilio.com/2010-04-01/Accounts.json', {
  headers: { Authorization: `Basic ${btoa(sid + ':' + token)}` },
});
"""


def only(report: Report, kind: str) -> list[Finding]:
    """The findings of a kind."""
    return [finding for finding in report.findings if finding.rule.kind == kind]


def test_advice_for_a_client_begins_with_that_nothing_is_safe_there(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    here, there = (
        judged(detect(detector, token_line(token), path), rules)[token] for path in ("public/app.js", "server/app.py")
    )
    assert "No Twilio credential can be made safe" in here.remediation[0]
    assert "Access Tokens" in here.remediation[0]
    assert sorted(here.remediation) == sorted(there.remediation)
    assert there.remediation == there.rule.remediation


@pytest.mark.parametrize(
    ("kind", "client", "elsewhere"),
    [
        ("auth_token", Severity.CRITICAL, Severity.CRITICAL),
        ("segment_public_api_token", Severity.CRITICAL, Severity.HIGH),
        ("access_token", Severity.MEDIUM, Severity.MEDIUM),
        ("account_sid", Severity.INFO, Severity.INFO),
        ("segment_write_key", Severity.INFO, Severity.INFO),
    ],
)
def test_what_is_not_made_for_clients_is_worse_there(
    kind: str, client: Severity, elsewhere: Severity, detector: Detector, rules: RuleSet
) -> None:
    value = fresh(kind)
    name = {"segment_write_key": "SEGMENT_WRITE_KEY"}.get(kind, "TWILIO_AUTH_TOKEN")
    for path, severity in (("public/app.js", client), ("server/app.py", elsewhere)):
        found = judged(detect(detector, f"{name} = '{value}'\n", path), rules)[value]
        assert (found.rule.kind, found.severity) == (kind, severity)


@pytest.mark.parametrize("text", [READS, CALLS], ids=["reads", "calls"])
def test_code_without_a_value_counts_only_where_clients_get_it(text: str, detector: Detector, rules: RuleSet) -> None:
    (found,) = judged(detect(detector, text, "public/app.js"), rules).values()
    assert found.severity is Severity.HIGH
    assert found.exposure.audience == "client"
    assert found.pair == ()
    for path in ("server/app.js", "app.py", "tests/app.test.js", "README.md", ".github/workflows/a.yml"):
        assert judged(detect(detector, text, path), rules) == {}


def test_the_report_shows_the_name(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/app.js").write_text(READS)
    report = scan_paths(shipped, tmp_path)
    text = render(report, View(), "1")
    assert '"redacted": "VITE_TWILIO_AUTH_TOKEN"' in text
    assert "env.VITE_TWILIO_AUTH_TOKEN" in report.findings[0].occurrences[0].excerpt


def test_an_address_with_a_value_in_it_does_not_show_it(detector: Detector, rules: RuleSet) -> None:
    sid, token = fresh("account_sid"), fresh()
    text = CALLS.replace("Accounts", f"Accounts/{sid}/Auth/{token}")
    for found in judged(detect(detector, text, "public/app.js"), rules).values():
        if found.rule.only:
            assert sid not in found.secret.reveal()
            assert token not in found.secret.reveal()


def test_a_call_beside_the_secret_itself_is_not_told_twice(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    kinds = {
        each.rule.kind for each in judged(detect(detector, token_line(token) + CALLS, "public/a.js"), rules).values()
    }
    assert kinds == {"account_sid", "auth_token"}


def test_a_name_that_is_spelled_in_two_ways_is_told_once(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "pubspec.yaml").write_text("dependencies:\n  flutter: { sdk: flutter }\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/env.dart").write_text("const twilioToken = String.fromEnvironment('TWILIO_TOKEN');\n")
    (tmp_path / "lib/main.dart").write_text("send(Env.twilioToken, Env.twilioApiSecret);\n")
    found = {each.secret.reveal(): each for each in scan_paths(shipped, tmp_path).findings}
    assert {name: [place.path.rpartition("/")[2] for place in each.occurrences] for name, each in found.items()} == {
        "TWILIO_TOKEN": ["env.dart", "main.dart"],
        "twilioApiSecret": ["main.dart"],
    }


def test_history_judges_by_the_files_of_head(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    repository.write("index.html", "<script type=module src=main.js></script>")
    repository.write("main.js", "import { send } from './code/sms.js';\n")
    repository.write("code/sms.js", f"export const authToken = '{token}'; // twilio\n")
    repository.write("code/read.js", READS)
    repository.write("code/gone.js", READS)
    repository.commit()
    repository.git("rm", "--quiet", "code/gone.js")
    repository.commit()
    report = history(shipped, repository.root)
    (found,) = only(report, "auth_token")
    assert found.exposure.audience == "client"
    assert found.exposure.reason == "code/sms.js is imported by main.js, which the page index.html leads to"
    # Code that holds no value matters as it is now, which a scan of the files tells.
    repository.write("main.js", "import './code/read.js';\n")
    repository.commit()
    assert only(history(shipped, repository.root), "client_side_credential") == []
