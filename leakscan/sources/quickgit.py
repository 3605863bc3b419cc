"""The part of the door to git that a commit hook goes through: GitPython takes 90 ms to import, subprocess 2 ms.

A process of git takes 3 ms. To read the index and HEAD's trees without git, dulwich takes 70 ms to import, numpy 90.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leakscan.sources.hardening import GitError, environment, options

if TYPE_CHECKING:
    from subprocess import Popen


class Change(NamedTuple):
    """A path at which the index differs from HEAD: git's letter for how, and mode and id of what the index holds."""

    status: str
    mode: str
    oid: str
    path: str


def staged_changes(git_folder: Path, index: Path, empty_tree: str) -> list[Change]:
    """Where the index in the file `index` differs from HEAD, or from nothing if there is no commit. Raises GitError."""
    wanted = ("--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
    places = {"GIT_INDEX_FILE": str(index)}
    try:
        listed = _output(git_folder, ("diff-index", *wanted, "HEAD", "--"), places)
    except GitError:  # nothing is committed yet; or HEAD is damaged, and then all that is staged is looked at
        listed = _output(git_folder, ("diff-index", *wanted, empty_tree, "--"), places)
    fields = iter(os.fsdecode(listed).split("\0")[:-1])
    changes = []
    for facts in fields:
        _, mode, _, oid, status = facts.split(" ")
        changes.append(Change(status[0], mode, oid, next(fields)))
    return changes


def index_files(git_folder: Path, index: Path) -> dict[str, str]:
    """The blobs of the files that the index in the file `index` holds, by their paths; no links. Raises GitError."""
    listed = os.fsdecode(_output(git_folder, ("ls-files", "-z", "--stage"), {"GIT_INDEX_FILE": str(index)}))
    entries = (entry.partition("\t") for entry in listed.split("\0")[:-1] if entry.startswith("100"))
    return {path: facts.split(" ")[1] for facts, _, path in entries}


def hooks_folder(git_folder: Path, folder: Path) -> Path:
    """Where git looks for hooks, by all configuration that holds here, the user's own too. Raises GitError.

    Our options would hide that; and to ask for a path runs nothing.
    """
    import subprocess

    command = ["git", "rev-parse", "--git-path", "hooks"]
    inherited = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    done = subprocess.run(  # noqa: S603  # nothing of it comes from outside
        command, cwd=folder, env={**inherited, "GIT_DIR": str(git_folder)}, capture_output=True, check=False
    )
    if done.returncode:
        raise GitError((done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"])[-1])
    return folder / os.fsdecode(done.stdout).rstrip("\n")


class Blob:
    """The bytes of one object, in pieces, as `git cat-file` prints them."""

    def __init__(self, process: "Popen[bytes]", size: int) -> None:
        self._process = process
        self._left = self.size = size

    def read(self, count: int) -> bytes:
        """Up to `count` bytes, none at the end. Raises GitError where git ends too soon."""
        assert self._process.stdout is not None
        wanted = min(count, self._left)
        data = self._process.stdout.read(wanted) if wanted else b""
        self._left -= len(data)
        if len(data) < wanted:
            raise GitError("git ended before the end of an object")
        return data


class Blobs:
    """Blobs by their ids, one after the other, from one process of git. To be closed."""

    def __init__(self, git_folder: Path) -> None:
        self._folder = git_folder
        self._process: Popen[bytes] | None = None
        self._blob: Blob | None = None

    def open(self, oid: str) -> Blob:
        """The object of this id; what is left of the one before is passed over. Raises GitError if it is not there."""
        while self._blob is not None and self._blob.read(1 << 20):
            pass
        if self._process is None:
            self._process = _start(self._folder, ("cat-file", "--batch"), {}, errors=False)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if self._blob is not None:
                process.stdout.read(1)  # the line end behind it
            self._blob = None
            process.stdin.write(oid.encode() + b"\n")
            process.stdin.flush()
        except OSError:
            raise GitError("git ended") from None
        size = process.stdout.readline().decode("ascii", "replace").rstrip("\n").rpartition(" ")[2]
        if not size.isdigit():
            raise GitError("no such object")
        self._blob = Blob(process, int(size))
        return self._blob

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                assert stream is not None
                with suppress(OSError):  # it may have ended by itself
                    stream.close()
            self._process.wait()
        self._process = self._blob = None


def _start(
    git_folder: Path, arguments: Iterable[str], places: Mapping[str, str], *, errors: bool = True
) -> "Popen[bytes]":
    import subprocess

    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.Popen(  # noqa: S603  # options and ids of our own, and no shell
            ["git", *options(bare=True), *arguments],  # noqa: S607  # the git that the user runs, as for GitPython
            cwd=git_folder,
            env={**inherited, "LC_ALL": "C", "GIT_DIR": str(git_folder), **environment(), **places},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if errors else subprocess.DEVNULL,
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from None


def _output(git_folder: Path, arguments: Iterable[str], places: Mapping[str, str]) -> bytes:
    """What a git command prints. Raises GitError."""
    process = _start(git_folder, arguments, places)
    output, said = process.communicate()
    if process.returncode:
        raise GitError((said.decode("utf-8", "replace").strip().splitlines() or ["git failed"])[-1])
    return output
