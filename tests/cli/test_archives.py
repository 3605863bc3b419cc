"""Archives from outside: exit codes, names that could steer a terminal, patterns, and what is imported for them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, token_line
from tests.sources.archives.making import Files, sevenzipped, tarred, zipped

from .running import leakscan, report

OPENERS = ("py7zr", "pypdf", "sqlite3", "zipfile", "tarfile")


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


@pytest.fixture
def archive(token: str) -> bytes:
    """An archive with a value in it."""
    return zipped({"b/c.env": token_line(token).encode()})


def test_a_value_in_an_archive_fails_the_run(tmp_path: Path, archive: bytes, token: str) -> None:
    (tmp_path / "a.zip").write_bytes(archive)
    done = leakscan("scan", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.zip!b/c.env:2:19" in done.stdout
    assert token not in done.stdout + done.stderr


def test_an_archive_named_itself_and_one_on_standard_input(tmp_path: Path, archive: bytes) -> None:
    (tmp_path / "a.bin").write_bytes(archive)
    assert "a.bin!b/c.env:2:19" in leakscan("scan", "a.bin", cwd=tmp_path).stdout
    assert "-!b/c.env:2:19" in leakscan("scan", "-", cwd=tmp_path, stdin=archive).stdout


def test_a_clean_archive_is_clean(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"text\n"}))
    done = leakscan("scan", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("made", [zipped, tarred, sevenzipped])
def test_a_truncated_archive_is_not_clean(tmp_path: Path, made: Callable[[Files], bytes]) -> None:
    data = made({"a": b"text\n" * 1000, "b": b"text\n"})
    (tmp_path / "a.zip").write_bytes(data[: len(data) // 2])
    done = leakscan("scan", cwd=tmp_path)
    assert done.returncode == 3
    assert "a.zip" in done.stdout
    assert "Traceback" not in done.stderr


def test_names_of_members_cannot_steer_a_terminal(tmp_path: Path, token: str) -> None:
    name = "b\x1b[31m\r\n\u202ec.env"
    (tmp_path / "a.tar").write_bytes(tarred({name: token_line(token).encode()}))
    done = leakscan("scan", cwd=tmp_path)
    assert done.returncode == 1
    assert not {"\x1b", "\r", "\u202e"} & set(done.stdout)
    (path,) = {place["path"] for each in report(cwd=tmp_path)["findings"] for place in each["occurrences"]}
    assert path == f"a.tar!{name}"


@pytest.mark.parametrize(
    ("pattern", "code"), [("a.zip", 0), ("lib/", 0), ("*.env", 0), ("c.env", 0), ("b.zip", 1), ("a.zi", 1)]
)
def test_an_ignore_file_names_archives_and_members(tmp_path: Path, archive: bytes, pattern: str, code: int) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.zip").write_bytes(archive)
    (tmp_path / ".leakscanignore").write_text(f"{pattern}\n")
    (tmp_path / "other.txt").write_text("text\n")
    assert leakscan("scan", cwd=tmp_path).returncode == code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--path", "*.zip"), 1),
        (("--path", "*.env"), 1),
        (("--path", "*.jar"), 0),
        (("--exclude", "*.zip"), 0),
        (("--exclude", "*.env"), 0),
        (("--exclude", "*.jar"), 1),
    ],
)
def test_patterns_in_a_history(repository: Repository, archive: bytes, options: tuple[str, ...], code: int) -> None:
    made = History()
    made.commit({"a.zip": archive})
    made.write(repository)
    done = leakscan("history", *options, cwd=repository.root)
    assert done.returncode == code
    assert ("a.zip!b/c.env:2:19" in done.stdout) is (code == 1)


def test_only_what_opens_an_archive_is_imported(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"b.txt": b"text\n"}))
    script = (
        "import sys, json; from leakscan.cli.main import run; run(['scan', 'a.tar']);"
        f"print(json.dumps([name for name in {OPENERS} if name in sys.modules]), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stderr) == ["tarfile"]
