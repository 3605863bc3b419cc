"""`.gitignore` files outside of git mean what git would take them to mean."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .reading import names, plant


def test_ignored_files_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    plant(tmp_path, "a.log", "a.txt", "build/b", "sub/c.log")
    (tmp_path / ".gitignore").write_text("*.log\n/build/\n")
    assert names(tmp_path) == {".gitignore", "a.txt"}
    assert names(tmp_path, include_ignored=True) == {".gitignore", "a.log", "a.txt", "build/b", "sub/c.log"}


def test_a_named_file_is_read_although_ignored(tmp_path: Path) -> None:
    plant(tmp_path, "a.log")
    (tmp_path / ".gitignore").write_text("*.log\n")
    assert names(tmp_path / "a.log") == {str(tmp_path / "a.log")}


def test_a_linked_ignore_file_is_not_followed(tmp_path: Path) -> None:
    plant(tmp_path, "tree/a")
    (tmp_path / "rules").write_text("*\n")
    (tmp_path / "tree" / ".gitignore").symlink_to(tmp_path / "rules")
    assert names(tmp_path / "tree") == {"a"}


@pytest.mark.usefixtures("_time_limit")
def test_an_ignore_file_that_is_a_pipe_is_never_opened(tmp_path: Path) -> None:
    plant(tmp_path, "a")
    os.mkfifo(tmp_path / ".gitignore")
    assert names(tmp_path) == {"a"}


@pytest.mark.parametrize(
    "data",
    [
        *(b"\xff\xfe*\n", b"*.log\r\n", b"[\n", b"/\n", b"a" * 1000),
        *(pytest.param(data) for data in (b"!\n", b"\\\n")),
        pytest.param(b"\0\n"),
    ],
)
def test_any_ignore_file_is_read(tmp_path: Path, data: bytes) -> None:
    plant(tmp_path, "a")
    (tmp_path / ".gitignore").write_bytes(data)
    assert "a" in names(tmp_path)


_PART = st.sampled_from(["a", "b", "ab", "c.log", "d"])
_PATHS = st.lists(st.lists(_PART, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12)
_PATTERN = st.sampled_from(
    "a /a a/ b /b/ *.log !*.log !a !/a !b/ * /* !d a/b a/* !a/b **/b a/** **/a/b #a a* ? [ab] a/**/d /ab/ !ab/".split()
) | st.sampled_from(["", "\\#a", "a ", "d\\ ", " a"])
_IGNORES = st.dictionaries(
    st.sampled_from(["", "a/", "b/", "a/b/", "ab/"]), st.lists(_PATTERN, min_size=1, max_size=4), max_size=3
)


def git_says(root: Path) -> set[str]:
    """What git itself would not ignore."""
    for arguments in (["init", "--quiet"], ["ls-files", "-z", "--others", "--exclude-standard"]):
        done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    return {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}


def grow(root: Path, paths: list[str], ignores: dict[str, list[str]]) -> None:
    """Write files of these paths, as far as they go together, and `.gitignore` files into what folders there are."""
    for path in paths:
        if not (root / path).exists() and not any(parent.is_file() for parent in (root / path).parents):
            plant(root, path)
    for inside, patterns in ignores.items():
        if (root / inside).is_dir():
            (root / inside / ".gitignore").write_text("\n".join(patterns) + "\n")


@settings(max_examples=60)
@given(paths=_PATHS, ignores=_IGNORES)
def test_nothing_is_left_out_that_git_would_not_ignore(paths: list[str], ignores: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder), paths, ignores)
        walked = names(Path(folder))
        assert git_says(Path(folder)) <= walked


@settings(max_examples=60)
@given(paths=_PATHS, ignores=_IGNORES)
def test_without_exceptions_the_same_is_left_out(paths: list[str], ignores: dict[str, list[str]]) -> None:
    plain = {inside: [each for each in patterns if not each.startswith("!")] for inside, patterns in ignores.items()}
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder), paths, plain)
        walked = names(Path(folder))
        assert git_says(Path(folder)) == walked


@pytest.mark.xfail(strict=True, reason="pathspec lets `!/a` take back all that is below; to git it says nothing of a/b")
def test_an_exception_for_a_folder_is_none_for_what_is_in_it(tmp_path: Path) -> None:
    grow(tmp_path, ["a/b/c", "d"], {"": ["**/b", "a", "!/a"]})
    assert names(tmp_path) == {".gitignore", "d"}
