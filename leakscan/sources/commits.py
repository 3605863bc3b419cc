"""What a range of commits changes: the commits, and the blobs and trees before and after."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.sources import git
from leakscan.sources.hardening import GitError
from leakscan.sources.repository import PARTIAL, SHALLOW, Repository


class Selection(NamedTuple):
    """Commits, and the objects that they change, before and after, themselves among them; ids in hex.

    `tags` are the annotated tags that come with them, which are among the objects, too.
    """

    commits: frozenset[str]
    objects: frozenset[str]
    tags: frozenset[str] = frozenset()


def select(repository: Repository, span: str | None, since: str | None, branch: str | None) -> Selection:
    """The commits of a range (`A..B`), since a date, of a branch; each narrows the others. Raises UsageError."""
    for given in (span, branch):
        if given is not None and (given.startswith("-") or not given.strip()):
            raise UsageError(f"{given!r} is not a range or a branch; write A..B, or the name of a branch")
    starts = [given for given in (span, branch) if given] or ["--all", "HEAD"]
    dates = [f"--since={since}"] if since else []
    try:
        selection = _selection(repository, git.revisions(repository.own, [*dates, *starts]))
    except GitError as error:
        wanted = " ".join(given for given in (span, branch) if given) or "the commits"
        raise UsageError(
            f"git cannot list {wanted}: {error}; if it is not here, fetch it (`git fetch --unshallow`, or deeper)"
        ) from None
    if not selection.commits:
        raise UsageError("nothing to scan: no commit is in this range")
    return selection


def select_new(repository: Repository, tips: Iterable[str], known: Iterable[str]) -> Selection:
    """The commits that `tips` lead to and `known` do not: object ids in hex, of which tags may be among the tips.

    It may be empty. Raises GitError, also for a tip that is not here; what is known elsewhere alone narrows nothing.
    """
    tips = list(tips)
    if not tips:
        return Selection(frozenset(), frozenset())
    tags = frozenset(git.tags(repository.own, tips))
    commits = git.revisions(repository.own, ("--ignore-missing",), [*tips, *(f"^{oid}" for oid in known)])
    selection = _selection(repository, commits)
    return selection._replace(objects=selection.objects | tags, tags=tags)


def settled(repository: Repository, selection: Selection) -> Repository:
    """The repository without the problems of a shallow or a partial clone, where they do not touch the selection."""
    problems = repository.problems
    if selection.commits.isdisjoint(repository.shallow):
        problems = tuple(problem for problem in problems if problem.message != SHALLOW)
    if any(problem.message == PARTIAL for problem in problems):
        try:
            here = {oid for _, oid, _ in git.objects(repository.own, selection.objects)}
        except GitError:
            here = set()
        if here >= selection.objects:
            problems = tuple(problem for problem in problems if problem.message != PARTIAL)
    return repository._replace(problems=problems)


def _selection(repository: Repository, commits: list[str]) -> Selection:
    objects = frozenset(_objects(git.differences(repository.own, commits))) if commits else frozenset()
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
