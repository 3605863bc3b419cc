"""`leakscan history` from outside: exit codes, formats, options, and no value anywhere."""

import json
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.repository import Repository
from tests.scanning import fresh, token_line

from .running import leakscan

SCHEMA = json.loads((files("leakscan.reports") / "report-1.schema.json").read_text())
DOCUMENT = Draft202012Validator(SCHEMA)


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


@pytest.fixture
def leaking(repository: Repository, token: str) -> Repository:
    """A repository in which a token came and went."""
    repository.commit("readme")
    repository.commit("conf/app.env", text=token_line(token))
    repository.git("rm", "--quiet", "conf/app.env")
    repository.commit("later")
    return repository


def told(*arguments: str, cwd: Path) -> dict[str, Any]:
    """The JSON report of `leakscan history` with `arguments`, which is valid."""
    document: dict[str, Any] = json.loads(leakscan("history", "-f", "json", *arguments, cwd=cwd).stdout)
    DOCUMENT.validate(document)
    return document


def secrets(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings that are secrets."""
    return [finding for finding in document["findings"] if finding["role"] == "secret"]


def test_a_finding_fails_the_run_and_says_since_when(leaking: Repository, token: str) -> None:
    done = leakscan("history", cwd=leaking.root)
    brought, removed = leaking.git("rev-parse", "HEAD^"), leaking.git("rev-parse", "HEAD")
    assert done.returncode == 1
    assert "Twilio Auth Token" in done.stdout
    assert "conf/app.env:2:19" in done.stdout
    assert f"since commit {brought[:10]} of 2026-01-31T12:00:00+00:00" in done.stdout
    assert f"removed in {removed[:10]}" in done.stdout
    assert token not in done.stdout + done.stderr


def test_clean(repository: Repository) -> None:
    repository.commit("readme")
    done = leakscan("history", cwd=repository.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No secrets found" in done.stdout


def test_an_empty_repository_is_not_clean(repository: Repository) -> None:
    done = leakscan("history", cwd=repository.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing to scan" in done.stderr


def test_a_shallow_clone_is_not_clean(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a")
    repository.commit("b")
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(tmp_path / "clone"))
    done = leakscan("history", "clone", cwd=tmp_path)
    assert done.returncode == 3
    assert "git fetch --unshallow" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("missing",), "missing"),
        ((".",), "is not a git repository"),
        (("file.txt",), "file.txt"),
        (("repository", "other"), "other"),
        (("repository", "--jobs", "0"), "--jobs"),
        (("repository", "--format", "pdf"), "pdf"),
        (("repository", "--pth", "x"), "--pth"),
        (("repository", "--min-confidence", "2"), "--min-confidence"),
        (("repository", "--show-secrets", "-f", "json"), "--show-secrets"),
        (("repository", "--baseline", "missing.json"), "missing.json"),
        (("repository", "--config", "missing.toml"), "missing.toml"),
        (("repository", "-o", "no/such/folder.json"), "no/such/folder.json"),
    ],
    ids=" ".join,
)
def test_what_cannot_run_says_why_in_a_sentence(
    repository: Repository, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    repository.commit("readme")
    (tmp_path / "file.txt").write_text("text")
    done = leakscan("history", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_json_keeps_to_the_schema(leaking: Repository) -> None:
    leaking.git("notes", "add", "--message", token_line(fresh()))
    leaking.git("tag", "--annotate", "v1", "--message", token_line(fresh()))
    document = told(cwd=leaking.root)
    (place,) = next(found for found in secrets(document) if "app.env" in str(found))["occurrences"]
    assert (document["command"], document["complete"], document["problems"]) == ("history", True, [])
    assert place["commit"] == leaking.git("rev-parse", "HEAD^")
    assert place["removed_in"] == leaking.git("rev-parse", "HEAD")
    assert place["removed_date"] == "2026-01-31T12:00:00+00:00"
    assert (place["in_head"], place["author"]) == (False, "Ada Author <ada@example.org>")
    assert "refs/heads/main" in place["refs"]


def test_sarif(leaking: Repository) -> None:
    done = leakscan("history", "-f", "sarif", cwd=leaking.root)
    (run,) = json.loads(done.stdout)["runs"]
    assert done.returncode == 1
    assert "conf/app.env" in json.dumps(run["results"])


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "sarif"])
def test_no_value_in_any_format(repository: Repository, token: str, form: str) -> None:
    line = f"TWILIO_AUTH_TOKEN={token}"
    repository.commit(f"dir {line}/{line}", text=token_line(token))
    repository.git("commit", "--quiet", "--allow-empty", "--message", line, "--author", f"{line} <{token}@x.org>")
    repository.git("tag", "--annotate", line, "--message", line)
    repository.git("branch", line)
    repository.git("remote", "add", "origin", f"https://{fresh('account_sid')}:{token}@api.twilio.com/x.git")
    done = leakscan("history", "--all", "-f", form, cwd=repository.root)
    assert done.returncode == 1
    assert token[:4] + "…" in done.stdout or form != "text"
    assert token not in done.stdout + done.stderr


def test_from_a_folder_in_the_work_tree_paths_are_the_repositorys(leaking: Repository) -> None:
    (leaking.root / "deep").mkdir()
    assert "  conf/app.env:2:19" in leakscan("history", cwd=leaking.root / "deep").stdout


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ((), ["b.env", "conf/app.env"]),
        (("--path", "conf/**"), ["conf/app.env"]),
        (("--path", "*.env"), ["b.env", "conf/app.env"]),
        (("--exclude", "conf/"), ["b.env"]),
        (("--path", "*.env", "--exclude", "b.*"), ["conf/app.env"]),
        (("--path", "nowhere"), []),
    ],
    ids=str,
)
def test_paths(leaking: Repository, options: tuple[str, ...], paths: list[str]) -> None:
    leaking.commit("b.env", text=token_line(fresh()))
    found = secrets(told(*options, cwd=leaking.root))
    assert sorted(place["path"] for finding in found for place in finding["occurrences"]) == paths


def test_submodules_unless_not_wanted(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit("a.env", text=token_line(fresh()))
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "lib")
    repository.commit("readme")
    assert secrets(told(cwd=repository.root))[0]["occurrences"][0]["path"] == "lib/a.env"
    assert leakscan("history", "--no-submodules", cwd=repository.root).returncode == 0


def test_a_baseline(leaking: Repository, tmp_path: Path) -> None:
    (found,) = secrets(told(cwd=leaking.root))
    entry = {"fingerprint": found["fingerprint"], "reason": "known"}
    (tmp_path / "known.json").write_text(json.dumps({"schema": "leakscan/baseline/1", "entries": [entry]}))
    document = told("--baseline", str(tmp_path / "known.json"), "--all", cwd=leaking.root)
    assert secrets(document)[0]["suppressed"] == {"by": "baseline", "reason": "known"}
    assert leakscan("history", "--baseline", str(tmp_path / "known.json"), cwd=leaking.root).returncode == 0


@pytest.mark.parametrize("line", ["conf/", "*.env"])
def test_the_ignore_file_of_the_work_tree(leaking: Repository, line: str) -> None:
    leaking.write(".leakscanignore", f"{line}\n")
    (leaking.root / "deep").mkdir()
    for folder in (leaking.root, leaking.root / "deep"):
        assert leakscan("history", cwd=folder).returncode == 0
    assert secrets(told("--all", cwd=leaking.root))[0]["suppressed"]["by"] == "ignore-file"


def test_an_allow_comment(repository: Repository, token: str) -> None:
    repository.commit("a.env", text=f"# leakscan:allow[twilio-auth-token] revoked\nTWILIO_AUTH_TOKEN={token}\n")
    assert leakscan("history", cwd=repository.root).returncode == 0
    assert secrets(told("--all", cwd=repository.root))[0]["suppressed"] == {"by": "inline", "reason": "revoked"}


def test_raw_values_in_a_private_file_only(leaking: Repository, token: str) -> None:
    leakscan("history", "--show-secrets", "-f", "json", "-o", "out.json", cwd=leaking.root)
    assert token in (leaking.root / "out.json").read_text()
    assert (leaking.root / "out.json").stat().st_mode & 0o777 == 0o600
    leakscan("history", "-f", "json", "-o", "out.json", cwd=leaking.root)
    assert token not in (leaking.root / "out.json").read_text()


def test_several_reports_in_one_run(leaking: Repository) -> None:
    done = leakscan("history", "-f", "json", "-o", "a.json", "-f", "text", "--jobs", "1", cwd=leaking.root)
    DOCUMENT.validate(json.loads((leaking.root / "a.json").read_text()))
    assert "Twilio Auth Token" in done.stdout


@pytest.mark.parametrize(("bar", "code"), [("critical", 1), ("never", 0)])
def test_fail_on(leaking: Repository, bar: str, code: int) -> None:
    assert leakscan("history", "--fail-on", bar, cwd=leaking.root).returncode == code


def test_help_shows_examples(tmp_path: Path) -> None:
    done = leakscan("history", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "leakscan history --range origin/main..HEAD" in done.stdout
    assert "\b" not in done.stdout


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_an_interrupted_run_still_reports(leaking: Repository) -> None:
    with (leaking.root / "hole").open("wb") as hole:
        hole.truncate(600_000_000)  # takes little room and a second to read
    leaking.git("-c", "core.compression=1", "-c", "core.bigFileThreshold=1m", "add", "hole")
    command = [sys.executable, "-m", "leakscan", "history", "-f", "json", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=leaking.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not workers.read_text():
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert b"Traceback" not in stderr
    assert process.returncode in {130, 1}  # a fast machine was done already
    assert json.loads(stdout)["complete"] is (process.returncode == 1)
