"""What a range of commits changes: the commits, and the blobs and trees before and after."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.sources import git
from leakscan.sources.repository import Repository


class Selection(NamedTuple):
    """Commits, and the objects that they change, before and after, themselves among them; ids in hex."""

    commits: frozenset[str]
    objects: frozenset[str]


def select(repository: Repository, span: str | None, since: str | None, branch: str | None) -> Selection:
    """The commits of a range (`A..B`), since a date, of a branch; each narrows the others. Raises UsageError."""
    for given in (span, branch):
        if given is not None and (given.startswith("-") or not given.strip()):
            raise UsageError(f"{given!r} is not a range or a branch; write A..B, or the name of a branch")
    starts = [given for given in (span, branch) if given] or ["--all", "HEAD"]
    dates = [f"--since={since}"] if since else []
    try:
        commits = git.revisions(repository.own, [*dates, *starts])
        objects = frozenset(_objects(git.differences(repository.own, commits)))
    except git.GitError as error:
        wanted = " ".join(given for given in (span, branch) if given) or "the commits"
        raise UsageError(
            f"git cannot list {wanted}: {error}; if it is not here, fetch it (`git fetch --unshallow`, or deeper)"
        ) from None
    if not commits:
        raise UsageError("nothing to scan: no commit is in this range")
    return Selection(frozenset(commits), objects | frozenset(commits))


def _objects(lines: Iterable[str]) -> Iterator[str]:
    """The objects of each line of `git diff-tree --raw`: those of the parents, and the new one.

    What stood there before has to be known, too, to tell what a commit brings from what it merely keeps.
    """
    for line in lines:
        if not line.startswith(":"):
            continue
        parents = len(line) - len(line.lstrip(":"))
        ids = line.partition("\t")[0].split()[parents + 1 : 2 * parents + 2]
        yield from (oid for oid in ids if oid.strip("0"))
