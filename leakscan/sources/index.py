"""What is staged: the blobs that the index holds and HEAD does not -> Content or Problem. Never the files on disk."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from leakscan.errors import UsageError
from leakscan.model import Content, Origin, Problem
from leakscan.sources.files import Found, Reader, Tree, streamed
from leakscan.sources.hardening import GitError
from leakscan.sources.quickgit import Blobs, Change, staged_changes
from leakscan.sources.repository import Repository
from leakscan.sources.segments import Suspects

INDEX_FILE = "GIT_INDEX_FILE"
_EMPTY_TREE = {
    20: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    32: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_SUBMODULE = "160000"
_CONFLICT = "it is in conflict; resolve that, and `git add` it"


def find_staged(repository: Repository, environment: Mapping[str, str]) -> Found:
    """What a commit made now would bring. Raises UsageError where the index cannot be read.

    Of the environment git's word on the index counts, and nothing else: `git commit FILE` commits another index than
    the usual one, and tells its hooks. An index outside of the repository is refused.
    """
    index = _index(repository, environment.get(INDEX_FILE))
    changes = _changes(repository, index)
    oids = {change.path: change.oid for change in changes if change.status not in "DU" and change.mode != _SUBMODULE}
    found = Found([Tree(str(repository.own), tuple(oids))] if oids else [])
    found.problems += (Problem(change.path, _CONFLICT) for change in changes if change.status == "U")
    found.reader = partial(StagedReader, repository.own, oids)
    found.index = repository.own, index
    return found


def deleted(repository: Repository, environment: Mapping[str, str]) -> list[str]:
    """The paths that a commit made now would delete. Raises UsageError where the index cannot be read."""
    index = _index(repository, environment.get(INDEX_FILE))
    return [change.path for change in _changes(repository, index) if change.status == "D"]


def _changes(repository: Repository, index: Path) -> list[Change]:
    try:
        return staged_changes(repository.own, index, _EMPTY_TREE[repository.hash_size])
    except GitError as error:
        raise UsageError(
            f"git cannot read what is staged: {error}; mend the repository (`git fsck` tells what is wrong)"
        ) from None


def _index(repository: Repository, named: str | None) -> Path:
    """The file that holds the index; relative names are told from the root of the work tree, as git does."""
    if not named:
        return repository.own / "index"
    given = Path(repository.work_tree or Path.cwd(), named)
    folder = given.parent.resolve()
    if not any(folder.is_relative_to(own) for own in (repository.own, repository.common)):
        raise UsageError(f"{INDEX_FILE} names a file outside of the repository; unset it, or commit without it")
    return folder / given.name


class StagedReader(Reader):
    """Reads what the index holds. `oids` are the blobs by their paths."""

    def __init__(self, git_folder: Path, oids: Mapping[str, str]) -> None:
        super().__init__()
        self._blobs = Blobs(git_folder)
        self._oids = oids

    def read(self, tree: Tree, name: str, suspects: Suspects | None = None) -> Iterator[Content | Problem]:
        """The content staged at a path, in pieces where it is large; a Problem where git has it no more."""
        shown, oid = tree.path_of(name), self._oids[name]
        try:
            yield from streamed(self._blobs.open(oid).read, Origin(shown, oid), suspects)
        except GitError as error:
            yield Problem(shown, f"what is staged cannot be read: {error}; `git add` it again")

    def close(self) -> None:
        """End the process of git."""
        self._blobs.close()
