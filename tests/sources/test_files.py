"""Directories, single files and standard input, outside of git."""

import io
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leakscan.errors import UsageError
from leakscan.model import Content, Origin
from leakscan.sources import files, segments
from leakscan.sources.files import Reader, Tree, find, streamed

from .reading import names, plant, read

ODD_NAMES = [
    b"a b",
    b"new\nline",
    b"-n",
    b":(top)x",
    b"*",
    b"[a]",
    b"caf\xe9",
    "日本".encode(),
    b"a\\b",
    b'"',
    b"\x1b[31m",
]


@contextmanager
def no_more_files() -> Iterator[None]:
    """No file can be opened meanwhile, not even by root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_every_file_of_a_folder_is_read(tmp_path: Path) -> None:
    plant(tmp_path, "a", "b/c", "b/.hidden", ".env", "b/d/e/f")
    assert names(tmp_path) == {"a", "b/c", "b/.hidden", ".env", "b/d/e/f"}


def test_what_version_control_keeps_for_itself_is_not(tmp_path: Path) -> None:
    plant(tmp_path, "a", ".git/x", ".hg/x", "b/.svn/x", ".gitx/x", "c/.git")
    assert names(tmp_path) == {"a", ".gitx/x", "c/.git"}


@pytest.mark.parametrize("name", ODD_NAMES, ids=repr)
def test_a_file_of_any_name_is_read(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_bytes(b"text")
    assert read(tmp_path) == ({os.fsdecode(name): b"text"}, [])
    assert read(tmp_path / os.fsdecode(name))[0] == {str(tmp_path / os.fsdecode(name)): b"text"}


def test_several_targets_keep_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "one/a", "two/a", "three")
    monkeypatch.chdir(tmp_path)
    assert names("one", "two/", "three") == {"one/a", "two/a", "three"}


@pytest.mark.parametrize("target", ["no-such", "broken", "file/below"])
def test_a_missing_target_is_an_error_that_names_it(tmp_path: Path, target: str) -> None:
    plant(tmp_path, "file")
    (tmp_path / "broken").symlink_to("nowhere")
    with pytest.raises(UsageError, match=target):
        find((str(tmp_path / target),), include_ignored=False)


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == ({}, [])


def test_an_empty_file_is_a_content(tmp_path: Path) -> None:
    plant(tmp_path, "empty", text="")
    assert read(tmp_path) == ({"empty": b""}, [])


# --- links, pipes, what cannot be read --------------------------------------------------------------------------------


def test_no_link_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, "outside/secret", "tree/a")
    (tmp_path / "tree" / "file").symlink_to(tmp_path / "outside" / "secret")
    (tmp_path / "tree" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree")
    assert names(tmp_path / "tree") == {"a"}


def test_a_named_link_is_followed_under_its_own_name(tmp_path: Path) -> None:
    plant(tmp_path, "outside/secret")
    (tmp_path / "file").symlink_to(tmp_path / "outside" / "secret")
    (tmp_path / "folder").symlink_to(tmp_path / "outside")
    assert names(tmp_path / "file") == {str(tmp_path / "file")}
    assert names(tmp_path / "folder") == {"secret"}


@pytest.mark.parametrize("links", ["b", "a", "a/b"], ids=["file", "folder", "folder in a folder"])
def test_what_became_a_link_since_it_was_listed_is_not_followed(tmp_path: Path, links: str) -> None:
    plant(tmp_path, "outside/b", "outside/b2/c")
    tree = tmp_path / "tree"
    plant(tree, "other")
    name = {"b": "b", "a": "a/b", "a/b": "a/b/c"}[links]
    (tree / links).parent.mkdir(exist_ok=True)
    (tree / links).symlink_to(tmp_path / "outside" / {"b": "b", "a": "", "a/b": "b2"}[links])
    assert (tree / name).is_file()
    assert list(Reader().read(Tree(str(tree), (name,)), name)) == []


@pytest.mark.usefixtures("_time_limit")
def test_pipes_and_sockets_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "a")
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert names(tmp_path) == {"a"}
        for name in ("pipe", "socket", "/dev/zero"):
            contents, (problem,) = read(name)
            assert contents == {}
            assert problem.where == name


@pytest.mark.usefixtures("_time_limit")
def test_what_became_a_pipe_since_it_was_listed_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(Reader().read(Tree(str(tmp_path), ("pipe",)), "pipe")) == []


def test_a_file_that_is_gone_is_no_problem_unless_it_was_named(tmp_path: Path) -> None:
    assert list(Reader().read(Tree(str(tmp_path), ("a",)), "a")) == []
    (problem,) = Reader().read(Tree(str(tmp_path), ("a",), "a", named=True), "a")
    assert problem.where == "a"  # type: ignore[union-attr]


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    plant(tmp_path, "a/b")
    with no_more_files():
        (problem,) = Reader().read(Tree(str(tmp_path), ("a/b",), "shown/"), "a/b")
    assert not isinstance(problem, Content)
    assert (problem.where, problem.message.startswith("cannot be read: ")) == ("shown/a/b", True)


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path) -> None:
    plant(tmp_path, "a/b")
    names(tmp_path)
    with no_more_files():
        _, (problem,) = read(tmp_path, include_ignored=True)
    assert problem.where == "."


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    plant(tmp_path, "file", "folder/a", "b")
    (tmp_path / "file").chmod(0)
    (tmp_path / "folder").chmod(0)
    contents, problems = read(tmp_path)
    (tmp_path / "folder").chmod(0o700)
    assert (set(contents), {problem.where for problem in problems}) == ({"b"}, {"file", "folder/"})


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and does not read")
def test_a_file_that_fails_while_it_is_read_is_a_problem() -> None:
    contents, (problem,) = read("/proc/self/mem")
    assert (contents, problem.where) == ({}, "/proc/self/mem")


# --- large files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SEGMENT", 1000)
    monkeypatch.setattr(segments, "OVERLAP", 200)


@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 1999, 2000, 2001, 5432])
def test_pieces_hold_every_byte_at_its_line_and_column(tmp_path: Path, size: int) -> None:
    data = (b"0123456789abcde\n" * 400)[:size]
    (tmp_path / "big").write_bytes(data)
    pieces = list(Reader().read(Tree(str(tmp_path), ("big",)), "big"))
    end = 0
    for piece in pieces:
        assert isinstance(piece, Content)
        start = (piece.line - 1) * 16 + piece.column - 1
        assert data[start : start + len(piece.data)] == piece.data
        assert start <= end
        end = start + len(piece.data)
    assert end == size


@pytest.mark.usefixtures("_small_pieces")
def test_no_piece_is_much_larger_than_a_segment() -> None:
    pieces = [each for each in streamed(io.BytesIO(bytes(50_000)).read, Origin("-")) if isinstance(each, Content)]
    assert max(len(piece.data) for piece in pieces) <= 1201


def test_a_stream_is_one_content() -> None:
    assert list(streamed(io.BytesIO(b"text").read, Origin("-"))) == [Content(b"text", Origin("-"))]
