"""`leakscan baseline audit`, at a real terminal."""

import json
import os
import pty
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from .running import leak, leakscan

FILE = "leakscan-baseline.json"
KEY = "> "


def audited(folder: Path, *answers: tuple[str, str]) -> tuple[str, int]:
    """What an audit says when each prompt is waited for and answered; and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "leakscan", "baseline", "audit", "--by", "Ada"]
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = ""
        for prompt, answer in answers:
            before = len(said)
            while prompt not in said[before:]:
                said += os.read(ours, 4096).decode()
            while prompt == KEY and termios.tcgetattr(ours)[3] & termios.ICANON:
                time.sleep(0.01)  # until it listens to keys: what was typed before is thrown away
            os.write(ours, answer.encode())
        try:
            while more := os.read(ours, 4096):
                said += more.decode()
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        return said, process.wait(30)


def entries(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / FILE).read_text())["entries"]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    leak(tmp_path)
    assert leakscan("baseline", "create", "--reason", "known", cwd=tmp_path).returncode == 0
    return tmp_path


def test_answers_are_written(folder: Path) -> None:
    said, code = audited(
        folder, (KEY, "f"), ("reason", "an example\n"), (KEY, "a"), ("reason", "\n"), ("until", "2999-01-01\n")
    )
    assert code == 0
    found = sorted((each["verdict"], each["reason"], each["by"]) for each in entries(folder))
    assert found == [("accepted", "known", "Ada"), ("false alarm", "an example", "Ada")]
    assert {each.get("until") for each in entries(folder)} == {None, "2999-01-01"}
    assert "app.env:1" in said
    assert "app.env:2" in said


def test_what_has_to_be_mended_counts_again(folder: Path) -> None:
    audited(folder, (KEY, "c"), (KEY, "c"))
    assert entries(folder) == []
    assert leakscan("scan", "--baseline", FILE, cwd=folder).returncode == 1


def test_quitting_keeps_what_was_answered(folder: Path) -> None:
    audited(folder, (KEY, "h"), ("reason", "rotated\n"), (KEY, "q"))
    assert sorted(each.get("verdict", "") for each in entries(folder)) == ["", "harmless"]
    said, _ = audited(folder, (KEY, "q"))
    assert "1 of 1" in said


def test_back_and_skip(folder: Path) -> None:
    said, _ = audited(folder, (KEY, "s"), (KEY, "b"), (KEY, "s"), (KEY, "q"))
    assert said.count("1 of 2") == said.count("2 of 2") == 2


def test_no_value_is_shown(tmp_path: Path) -> None:
    samples = leak(tmp_path)
    leakscan("baseline", "create", "--reason", "known", cwd=tmp_path)
    said, _ = audited(tmp_path, (KEY, "s"), (KEY, "s"))
    assert samples.value("auth_token")[4:] not in said


def test_a_date_that_is_none_is_asked_for_again(folder: Path) -> None:
    audited(folder, (KEY, "a"), ("reason", "\n"), ("until", "soon\n"), ("until", "2999-01-01\n"), (KEY, "q"))
    assert "2999-01-01" in {each.get("until") for each in entries(folder)}


def test_an_audit_needs_a_terminal(folder: Path) -> None:
    done = leakscan("baseline", "audit", cwd=folder)
    assert (done.returncode, "terminal" in done.stderr) == (2, True)


def test_what_was_audited_is_not_asked_again(folder: Path) -> None:
    audited(folder, (KEY, "f"), ("reason", "\n"), (KEY, "f"), ("reason", "\n"))
    done = leakscan("baseline", "audit", cwd=folder)
    assert (done.returncode, "every entry was audited" in done.stderr) == (0, True)
