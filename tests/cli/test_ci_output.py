"""What `leakscan ci` writes for its CI: text that is no command, annotations, a summary, and reports."""

import json
import re
from pathlib import Path

import pytest

from tests.repository import Repository

from .ci_running import ci, github
from .hooking import leak_text, token_in

NAMES = [
    "::error::x",
    "::add-mask::main",
    "##[command]x",
    "##vso[task.setvariable variable=a]b",
    "%0A::warning::x",
    "<b>|x",
]


@pytest.fixture
def hostile(repository: Repository) -> tuple[Repository, str, dict[str, object]]:
    """A repository in which a push brings a secret in files with names like commands; the secret, and the event."""
    text, before = leak_text(), repository.commit("a.py")
    after = repository.commit(*NAMES, text=text)
    return repository, token_in(text), {"before": before, "after": after}


def outside(log: str) -> list[str]:
    """The lines of a log that GitHub reads for commands."""
    word = log.splitlines()[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", word)
    _, fenced, rest = log.split(word)
    assert fenced.startswith("\n")
    assert rest.startswith("::\n")
    return rest.removeprefix("::\n").splitlines()


def test_on_github_no_name_becomes_a_command(hostile: tuple[Repository, str, dict[str, object]]) -> None:
    repository, token, event = hostile
    done = ci(repository.root, github(repository.root, "push", event))
    assert (done.returncode, token in done.stdout + done.stderr) == (1, False)
    lines = outside(done.stdout)
    commands = [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    assert commands
    for line in commands:
        assert re.match("::(?:error|warning|notice) file=[^:,]+,line=[0-9]+,", line)
    assert "leakscan: note" not in done.stderr


def test_on_github_there_is_a_summary_behind_what_was_there(
    hostile: tuple[Repository, str, dict[str, object]], tmp_path: Path
) -> None:
    repository, token, event = hostile
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    environment = github(repository.root, "push", event, GITHUB_STEP_SUMMARY=str(summary))
    assert ci(repository.root, environment).returncode == 1
    text = summary.read_text()
    assert text.startswith("before\n")
    assert "Twilio Auth Token" in text
    assert token not in text


def test_a_summary_is_not_written_through_a_link(
    hostile: tuple[Repository, str, dict[str, object]], tmp_path: Path
) -> None:
    repository, _, event = hostile
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "summary").symlink_to("victim")
    environment = github(repository.root, "push", event, GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    done = ci(repository.root, environment)
    assert (done.returncode, "GITHUB_STEP_SUMMARY" in done.stderr) == (2, True)
    assert (tmp_path / "victim").read_text() == "precious"


def test_on_azure_no_name_becomes_a_command(hostile: tuple[Repository, str, dict[str, object]]) -> None:
    repository, _, event = hostile
    environment = {"TF_BUILD": "True", "BUILD_SOURCEVERSION": str(event["after"])}
    done = ci(repository.root, environment, "--base", str(event["before"]))
    assert done.returncode == 1
    assert "##vso" not in done.stdout
    assert "##[" not in done.stdout


def test_reports_go_to_files_and_text_and_annotations_to_the_log(
    hostile: tuple[Repository, str, dict[str, object]], tmp_path: Path
) -> None:
    repository, token, event = hostile
    sarif, plain = tmp_path / "a.sarif", tmp_path / "a.json"
    arguments = ("-f", "sarif", "-o", str(sarif), "-f", "json", "-o", str(plain))
    done = ci(repository.root, github(repository.root, "push", event), *arguments)
    assert any(line.startswith("::error ") for line in outside(done.stdout))
    assert json.loads(sarif.read_text())["runs"][0]["results"]
    assert json.loads(plain.read_text())["command"] == "ci"
    assert token not in sarif.read_text() + plain.read_text()


def test_a_report_to_the_log_takes_its_place(hostile: tuple[Repository, str, dict[str, object]]) -> None:
    repository, _, event = hostile
    done = ci(repository.root, github(repository.root, "push", event), "-f", "json")
    assert json.loads(done.stdout)["command"] == "ci"


def test_what_a_configuration_switches_off_is_said(repository: Repository) -> None:
    before = repository.commit("a.py")
    repository.write("leakscan.toml", 'exclude = ["*.env"]\n')
    after = repository.commit("app.env", text=leak_text())
    done = ci(repository.root, github(repository.root, "push", {"before": before, "after": after}))
    assert done.returncode == 0
    assert "excludes *.env: 2 findings" in " ".join(done.stdout.split())
    assert any(line.startswith("::notice ") and "excludes" in line for line in outside(done.stdout))
