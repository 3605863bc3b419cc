"""`leakscan scan` from outside: exit codes, streams, options."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples

from .running import leak, leakscan, report


def test_a_leak_fails_the_run_and_is_told_masked(tmp_path: Path) -> None:
    samples = leak(tmp_path)
    done = leakscan("scan", cwd=tmp_path)
    assert done.returncode == 1
    assert "Twilio Auth Token" in done.stdout
    assert "app.env:2:19" in done.stdout
    assert samples.value("auth_token") not in done.stdout + done.stderr


def test_clean_is_said_plainly_and_stderr_is_silent(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print('hello')\n")
    done = leakscan("scan", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No secrets found" in done.stdout


def test_an_identifier_alone_does_not_fail_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(Samples().fill("sid = '@{account_sid}'\n"))
    assert leakscan("scan", cwd=tmp_path).returncode == 0
    assert report(cwd=tmp_path)["findings"][0]["role"] == "identifier"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("scan", "missing.txt"), "missing.txt"),
        (("scan", "empty"), "nothing to scan"),
        (("scan", "--exclude", "*"), "--exclude"),
        (("scan", "--config", "broken.toml"), "broken.toml"),
        (("scan", "--config", "unknown-key.toml"), "exclud"),
        (("scan", "--rules", "broken.toml"), "broken.toml"),
        (("scan", "--baseline", "broken.toml"), "broken.toml"),
        (("scan", "--min-confidence", "2"), "--min-confidence"),
        (("scan", "--format", "pdf"), "pdf"),
        (("scan", "-o", "no/such/folder.json"), "no/such/folder.json"),
        (("scan", "-f", "json", "-f", "sarif"), "-o FILE"),
        (("scan", "--show-secrets", "-f", "json"), "--show-secrets"),
        (("scan", "--jobs", "0"), "--jobs"),
        (("rules", "show", "no-such-rule"), "no-such-rule"),
        (("rules", "check", "broken.toml"), "broken.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_run_says_why_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], named: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.toml").write_text("x = [")
    (tmp_path / "unknown-key.toml").write_text("exclud = []")
    done = leakscan(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_what_cannot_be_read_is_told_and_not_clean(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = leakscan("scan", "pipe", cwd=tmp_path)
    assert done.returncode == 3
    assert "pipe" in done.stdout


def test_standard_input(tmp_path: Path) -> None:
    samples = Samples()
    done = leakscan("scan", "-", cwd=tmp_path, stdin=samples.fill("TWILIO_AUTH_TOKEN=@{auth_token}").encode())
    assert done.returncode == 1
    assert "-:1:19" in done.stdout


def test_several_reports_in_one_run(tmp_path: Path) -> None:
    leak(tmp_path)
    done = leakscan("scan", "-f", "json", "-o", "a.json", "-f", "sarif", "-o", "b.sarif", "-f", "text", cwd=tmp_path)
    assert "Twilio Auth Token" in done.stdout
    assert json.loads((tmp_path / "a.json").read_text())["stats"]["findings"] == 2
    assert json.loads((tmp_path / "b.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


def test_a_report_is_not_written_through_a_link(tmp_path: Path) -> None:
    leak(tmp_path)
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "out.json").symlink_to("victim")
    assert leakscan("scan", "-f", "json", "-o", "out.json", cwd=tmp_path).returncode == 2
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.parametrize(("bar", "code"), [("critical", 1), ("never", 0)])
def test_fail_on(tmp_path: Path, bar: str, code: int) -> None:
    leak(tmp_path)
    assert leakscan("scan", "--fail-on", bar, cwd=tmp_path).returncode == code


def test_raw_values_in_a_private_file_only(tmp_path: Path) -> None:
    samples = leak(tmp_path)
    leakscan("scan", "app.env", "--show-secrets", "-f", "json", "-o", "out.json", cwd=tmp_path)
    assert samples.value("auth_token") in (tmp_path / "out.json").read_text()
    leakscan("scan", "app.env", "-f", "json", "-o", "out.json", cwd=tmp_path)
    assert samples.value("auth_token") not in (tmp_path / "out.json").read_text()


def test_a_closed_pipe_ends_quietly_with_the_outcome(tmp_path: Path) -> None:
    leak(tmp_path)
    command = f"{sys.executable} -m leakscan scan; echo $? >code"
    done = subprocess.run(f"({command}) | true", shell=True, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert (tmp_path / "code").read_text().strip() == "1"
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    leak(tmp_path)
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "leakscan", "scan"]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_reports_what_it_has(tmp_path: Path, number: signal.Signals) -> None:
    leak(tmp_path, "0.env")
    with (tmp_path / "1.bin").open("wb") as big:
        big.truncate(40_000_000_000)  # a hole: takes no room and a while to read
    command = [sys.executable, "-m", "leakscan", "scan", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Twilio Auth Token" in stdout
    assert b"Traceback" not in stderr


def test_what_worker_processes_found_before_an_interrupt_is_reported(tmp_path: Path) -> None:
    leak(tmp_path, "0.env")
    for number in range(3000):
        (tmp_path / f"1-{number}.txt").write_text("text\n" * 2000)
    with (tmp_path / "2.bin").open("wb") as big:
        big.truncate(40_000_000_000)
    command = [sys.executable, "-m", "leakscan", "scan", "-f", "json", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    told = json.loads(stdout)
    assert (process.returncode, told["complete"], stderr) == (130, False, b"")
    assert told["stats"]["contents"] > 2000


def test_all_lists_what_is_suppressed(tmp_path: Path) -> None:
    leak(tmp_path, before="# leakscan:allow[twilio-account-sid] known\n")
    samples = leak(tmp_path, "b.env")
    (tmp_path / ".leakscanignore").write_text("b.env\n")
    assert report(cwd=tmp_path)["stats"]["suppressed"] == 3
    listed = report("--all", cwd=tmp_path)["findings"]
    assert sorted(finding["suppressed"]["by"] for finding in listed if finding["suppressed"]) == [
        "ignore-file",
        "ignore-file",
        "inline",
    ]
    assert samples.value("auth_token") not in json.dumps(listed)


def test_what_a_repository_switches_off_is_said(tmp_path: Path) -> None:
    leak(tmp_path)
    (tmp_path / "b.txt").write_text("text")
    (tmp_path / "pyproject.toml").write_text('[tool.leakscan]\nexclude = ["*.env"]\nfail-on = "never"\n')
    done = leakscan("scan", "-f", "json", cwd=tmp_path)
    assert done.returncode == 0
    for told in (done.stderr, " ".join(json.loads(done.stdout)["notes"])):
        assert "excludes *.env: 2 findings" in told
        assert "fail-on" in told


def test_a_configuration_that_excludes_all_is_not_clean(tmp_path: Path) -> None:
    leak(tmp_path)
    (tmp_path / "leakscan.toml").write_text('exclude = ["*"]\n')
    assert leakscan("scan", cwd=tmp_path).returncode == 2


def test_own_rules(tmp_path: Path) -> None:
    token = Samples().value("auth_token")
    (tmp_path / "a.txt").write_text(f"store.put('{token}')\n")
    rules = Path(__file__).parents[2] / "docs" / "rules.md"
    example = rules.read_text().split("## A rule")[1].split("```toml")[1].split("```")[0]
    (tmp_path / "own.toml").write_text(example)
    assert leakscan("scan", "a.txt", cwd=tmp_path).returncode == 0
    assert leakscan("rules", "check", "own.toml", cwd=tmp_path).returncode == 0
    assert leakscan("scan", "a.txt", "--rules", "own.toml", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("command", [(), ("scan",), ("rules",), ("baseline",), ("baseline", "create")])
def test_help_has_examples_or_options(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = leakscan(*command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: leakscan" in done.stdout
    assert "\b" not in done.stdout
    assert "\\b" not in done.stdout


def test_every_option_of_scan_is_in_the_readme_or_the_help(tmp_path: Path) -> None:
    done = leakscan("scan", "--help", cwd=tmp_path)
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    for option in ("--fail-on", "--min-confidence", "--exclude", "--baseline", "--rules", "--all", "--show-secrets"):
        assert option in done.stdout
        assert option in readme
