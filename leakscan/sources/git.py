"""The only door to git. A scanned repository is hostile: its configuration must not run a command or hide a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# Every key that makes the commands used here run a program or read a file of the repository's choice.
_HARDENED = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "core.quotePath=false",
    "core.bare=false",
    "protocol.allow=never",
    "safe.directory=*",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}
_SUBMODULE = "160000 "


class GitError(Exception):
    """Git is missing, or refused to read the repository; the message is git's own first line."""


class Listing(NamedTuple):
    """What stands in a work tree: files and nested work trees, as paths relative to its root."""

    files: tuple[str, ...]
    nested: tuple[str, ...]


def tracked(root: Path, under: str) -> Listing:
    """What the index holds below the folder `under` of the work tree at `root`. Raises GitError.

    Links are among the files: what stands there now may be a file.
    """
    entries = _records(root, "ls-files", "-z", "--stage", "--", under)
    files = [entry[entry.index("\t") + 1 :] for entry in entries if not entry.startswith(_SUBMODULE)]
    nested = [entry[entry.index("\t") + 1 :] for entry in entries if entry.startswith(_SUBMODULE)]
    return Listing(tuple(dict.fromkeys(files)), tuple(nested))  # an unmerged path has up to three entries


def untracked(root: Path, under: str) -> Listing:
    """What git neither tracks nor ignores below the folder `under` of the work tree at `root`. Raises GitError."""
    names = _records(root, "ls-files", "-z", "--others", "--exclude-standard", "--", under)
    nested = tuple(name.rstrip("/") for name in names if name.endswith("/"))
    return Listing(tuple(name for name in names if not name.endswith("/")), nested)


def ignored(root: Path, path: str) -> bool:
    """Whether git ignores `path` in the work tree at `root`. Raises GitError."""
    try:
        _run(root, "check-ignore", "--quiet", "--", f"./{path}")
    except GitError as error:
        if str(error):
            raise
        return False
    return True


def _records(root: Path, *arguments: str) -> list[str]:
    return os.fsdecode(_run(root, *arguments)).split("\0")[:-1]


def _run(root: Path, command: str, *arguments: str) -> bytes:
    try:
        import git
    except ImportError as error:  # GitPython refuses to be imported where there is no git
        raise GitError(str(error).splitlines()[0]) from None
    literal = {} if command == "check-ignore" else {"GIT_LITERAL_PATHSPECS": "1"}  # which that command refuses
    options = [part for setting in _HARDENED for part in ("-c", setting)]
    places = {"GIT_DIR": str(root / ".git"), "GIT_WORK_TREE": str(root)}
    try:
        with _without_git_variables():
            output: bytes = git.Git(str(root)).execute(
                ["git", *options, command, *arguments],
                env=_ENVIRONMENT | places | literal,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
    except git.GitCommandError as error:
        lines = str(error.stderr).strip().splitlines() or [""]
        raise GitError(lines[-1].strip(" '").removeprefix("stderr: '")) from None
    except git.GitCommandNotFound:
        raise GitError("git is not installed") from None
    return output


@contextmanager
def _without_git_variables() -> Iterator[None]:
    """Take away what a hook's environment says of another index or object store; GitPython hands all of it on."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(taken)
