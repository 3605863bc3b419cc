"""Report files: whole or not at all, never through a link, private."""

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leakscan.errors import ReportError
from leakscan.reports.files import check_writable, write

BOTH = pytest.mark.parametrize("act", [check_writable, lambda path: write(path, "new")], ids=["check", "write"])
Act = Callable[[str], None]


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file can grow over `size` bytes: what a full disk is, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("before", [None, "an earlier and longer report"])
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_a_report_is_written_for_its_owner_alone(tmp_path: Path, before: str | None, umask: int) -> None:
    target = tmp_path / "report.json"
    if before:
        target.write_text(before)
        target.chmod(0o644)
    old = os.umask(umask)
    write(str(target), "grüße\n")
    os.umask(old)
    assert target.read_bytes() == "grüße\n".encode()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_check_leaves_nothing(tmp_path: Path) -> None:
    check_writable(str(tmp_path / "report.json"))
    assert not list(tmp_path.iterdir())


@BOTH
@pytest.mark.parametrize("leads_to", ["victim", "nowhere"])
def test_a_link_is_refused(tmp_path: Path, act: Act, leads_to: str) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "link").symlink_to(leads_to)
    with pytest.raises(ReportError, match=r"link: it is a symbolic link; name the place"):
        act(str(tmp_path / "link"))
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


@BOTH
def test_a_relative_path_through_a_linked_directory_is_refused(
    tmp_path: Path, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "build").symlink_to("home")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match="build is a symbolic link"):
        act("build/report.json")
    assert not list((tmp_path / "home").iterdir())


@BOTH
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "names no file"),
        ("out/", "names no file"),
        ("..", "names no file"),
        ("a\0b", "names no file"),
        ("directory", "is a directory"),
        ("pipe", "is a device, pipe or socket"),
        ("/dev/full", "is a device, pipe or socket"),
        ("missing/report.json", "no such directory"),
        ("file/report.json", "Not a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_bad_target_is_refused(
    tmp_path: Path, act: Act, path: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match=why):
        act(path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory", "file", "pipe"]


@pytest.mark.parametrize("before", [None, "earlier"])
def test_a_full_disk_leaves_the_earlier_report(tmp_path: Path, before: str | None) -> None:
    target = tmp_path / "report.json"
    if before:
        target.write_text(before)
    with files_at_most(100), pytest.raises(ReportError, match=r"report\.json: File too large"):
        write(str(target), "x" * 100_000)
    assert [path.read_text() for path in tmp_path.iterdir()] == ([before] if before else [])


def test_a_name_cannot_steer_the_terminal_from_the_message(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as caught:
        write(str(tmp_path / "missing" / "\x1b[2J"), "")
    assert str(caught.value).isprintable()
