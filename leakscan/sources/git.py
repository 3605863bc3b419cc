"""The only door to git, but for what a commit hook needs (quickgit.py).

A scanned repository is hostile: its configuration must not run a command or hide a file.
"""

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from leakscan.sources.hardening import GitError, environment, options

_SUBMODULE = "160000 "
_LINK = "120000"


class Reference(NamedTuple):
    """A ref's full name and the id of the object that it leads to, tags peeled."""

    name: str
    oid: str


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


def references(git_folder: Path) -> tuple[Reference, ...]:
    """Every ref of the repository whose git folder this is, HEAD first if there is one. Raises GitError.

    Tags stay unpeeled if one of them is damaged: git then tells only where refs point.
    """
    try:
        listed = _run(git_folder, "show-ref", "--dereference", bare=True)
    except GitError:  # there is none, or one leads nowhere
        listed = _run(git_folder, "for-each-ref", "--format=%(objectname) %(refname)", bare=True)
    refs: dict[str, str] = {}
    for line in os.fsdecode(listed).split("\n")[:-1]:
        oid, _, name = line.partition(" ")
        refs[name.removesuffix("^{}")] = oid  # what a tag leads to comes behind it
    found = itertools.starmap(Reference, refs.items())
    try:
        head = os.fsdecode(_run(git_folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", bare=True)).strip()
    except GitError:  # no commit yet, or a HEAD that leads nowhere
        return tuple(found)
    return (Reference("HEAD", head), *found)


def staged(git_folder: Path) -> dict[str, str]:
    """The paths of the blobs that the index holds, by their ids. Raises GitError."""
    lines = os.fsdecode(_run(git_folder, "ls-files", "-z", "--stage", bare=True)).split("\0")[:-1]
    return {line.split(" ")[1]: line.partition("\t")[2] for line in lines}


def head_files(git_folder: Path, most: int) -> list[tuple[str, str, int]]:
    """Path, blob and size of the first `most` files of HEAD's tree. Raises GitError."""
    listed = os.fsdecode(_run(git_folder, "ls-tree", "-r", "-l", "-z", "--full-tree", "HEAD", bare=True))
    found = []
    for entry in listed.split("\0", most)[:most]:
        facts, _, path = entry.partition("\t")
        mode, _, rest = facts.partition(" ")
        kind, _, rest = rest.partition(" ")
        oid, _, size = rest.partition(" ")
        if kind == "blob" and mode != _LINK and size.strip().isdigit():
            found.append((path, oid, int(size)))
    return found


def revisions(git_folder: Path, arguments: Iterable[str], ids: Iterable[str] = ()) -> list[str]:
    """The commits that `git rev-list` gives for these arguments, newest first. Raises GitError.

    `ids` are object ids, any number of them, or with a `^` before it one that is left out with all that it leads to.
    """
    feed = "".join(f"{each}\n" for each in ids).encode()
    given = (*arguments, "--stdin") if feed else (*arguments, "--")
    return _run(git_folder, "rev-list", *given, bare=True, feed=feed).decode("ascii").split()


def resolved(git_folder: Path, name: str) -> str | None:
    """The commit that an object id or a full ref name leads to; None if it is not here."""
    try:
        found = _run(git_folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", bare=True)
    except GitError:
        return None
    return os.fsdecode(found).strip()


def tags(git_folder: Path, oids: Iterable[str]) -> Iterator[str]:
    """The annotated tags among these objects, and those that these are tags of.

    Raises GitError where one of them is not here, or leads to no commit.
    """
    waiting = list(oids)
    while waiting:
        found = {oid: (kind, data) for kind, oid, data in objects(git_folder, waiting)}
        for oid in waiting:
            kind, _ = found.get(oid, ("", b""))
            if kind not in {"commit", "tag"}:
                raise GitError(f"{oid} is a {kind} and no commit" if kind else f"{oid} is not here")
        tagged = {oid: data for oid, (kind, data) in found.items() if kind == "tag"}
        yield from tagged
        waiting = [data.partition(b"\n")[0].removeprefix(b"object ").decode("ascii") for data in tagged.values()]


def differences(git_folder: Path, commits: Iterable[str]) -> list[str]:
    """The raw lines of what each commit changes against all its parents, trees included. Raises GitError."""
    feed = "".join(f"{commit}\n" for commit in commits).encode()
    options = ("--stdin", "-r", "-t", "-c", "--root", "--raw", "--no-abbrev", "--no-renames")
    return _run(git_folder, "diff-tree", *options, bare=True, feed=feed).decode("utf-8", "replace").splitlines()


def every_object(git_folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Kind, id and bytes of every object, as git itself reads them: slow, and the measure of our own reader.

    Raises GitError when git gives up.
    """
    stream = _start(git_folder, "cat-file", "--batch-all-objects", "--unordered", "--batch")
    return _batch(stream)


def objects(git_folder: Path, oids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
    """Kind, id and bytes of the objects of these ids; nothing for those that are not there. Raises GitError."""
    wanted = "".join(f"{oid}\n" for oid in oids).encode()
    return _batch(_start(git_folder, "cat-file", "--batch", feed=wanted))


def sizes(git_folder: Path, oids: Iterable[str]) -> dict[str, int]:
    """How many bytes each of these objects has; nothing for those that are not there. Raises GitError."""
    feed = "".join(f"{oid}\n" for oid in oids).encode()
    listed = _run(git_folder, "cat-file", "--batch-check=%(objectname) %(objectsize)", bare=True, feed=feed)
    answers = (line.split(" ") for line in listed.decode("ascii", "replace").splitlines())
    return {oid: int(size) for oid, size in answers if size.isdigit()}  # or `missing`


def _records(root: Path, *arguments: str) -> list[str]:
    return os.fsdecode(_run(root, *arguments)).split("\0")[:-1]


def _run(root: Path, command: str, *arguments: str, bare: bool = False, feed: bytes | None = None) -> bytes:
    """What a git command prints; `root` is a work tree, or with `bare` a git folder."""
    output: bytes = _execute(root, command, arguments, bare=bare, feed=feed)
    return output


def _start(git_folder: Path, command: str, *arguments: str, feed: bytes | None = None) -> Any:
    """The running process of a git command."""
    return _execute(git_folder, command, arguments, bare=True, feed=feed, as_process=True)


def _execute(  # what a call of git depends on
    root: Path,
    command: str,
    arguments: tuple[str, ...],
    *,
    bare: bool,
    feed: bytes | None,
    as_process: bool = False,
) -> Any:
    try:
        import git
    except ImportError as error:  # GitPython refuses to be imported where there is no git
        raise GitError(str(error).splitlines()[0]) from None
    literal = {} if command == "check-ignore" else {"GIT_LITERAL_PATHSPECS": "1"}  # which that command refuses
    places = {"GIT_DIR": str(root)} if bare else {"GIT_DIR": str(root / ".git"), "GIT_WORK_TREE": str(root)}
    try:
        with _without_git_variables(), _as_file(feed) as stdin:
            return git.Git(str(root)).execute(
                ["git", *options(bare=bare), command, *arguments],
                env=environment() | places | literal,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                as_process=as_process,
                istream=stdin,
            )
    except git.GitCommandError as error:
        said = str(error.stderr).strip().removeprefix("stderr: '").removesuffix("'")
        raise GitError((said.strip().splitlines() or [""])[-1].strip()) from None
    except git.GitCommandNotFound:
        raise GitError("git is not installed") from None


@contextmanager
def _as_file(data: bytes | None) -> Iterator[BinaryIO | None]:
    """`data` in a file that a process can read to its end while we read what it prints."""
    if data is None:
        yield None
        return
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield cast("BinaryIO", file)


def _batch(process: Any) -> Iterator[tuple[str, str, bytes]]:
    """The objects that `git cat-file --batch` prints."""
    stream = process.stdout
    while head := stream.readline():
        oid, _, rest = head.decode("ascii", "replace").rstrip("\n").partition(" ")
        kind, _, size = rest.partition(" ")
        if not size.isdigit():
            continue  # `missing`
        data = stream.read(int(size) + 1)
        if len(data) <= int(size):
            break
        yield kind, oid, data[:-1]
    said = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
    if process.proc.wait():
        raise GitError(said[-1] if said else "git cat-file failed")


@contextmanager
def _without_git_variables() -> Iterator[None]:
    """Take away what a hook's environment says of another index or object store; GitPython hands all of it on."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(taken)
