"""Which commits are new in a run of a CI: what the platform says -> a selection, or why it cannot be told."""

from collections.abc import Iterator
from typing import NamedTuple

from leakscan.cli.ci.platforms import FETCH, Plan
from leakscan.model import Problem
from leakscan.sources import git
from leakscan.sources.commits import Selection, select_new
from leakscan.sources.hardening import GitError
from leakscan.sources.repository import Repository


class Range(NamedTuple):
    """A range in the repository: the newest commit, and what is left out with all that it leads to."""

    new: str
    known: tuple[str, ...]


class MissingError(Exception):
    """Something of a range is not in this clone; the message says what."""


def new_commits(repository: Repository, plan: Plan, base: str | None) -> Selection | Problem | None:
    """The commits that are new by what a platform says; a problem where the clone is too shallow to tell.

    None where nothing is new, or the platform does not tell and no other branch is here. `base` is what the user says
    was there before.
    """
    if plan.whole and base is None:
        return None
    try:
        found = _range(repository, plan, base)
        if found is None:
            return None
        selection = select_new(repository, [found.new], found.known)
    except (MissingError, GitError) as error:
        return _problem(repository, plan, str(error))
    if not selection.commits.isdisjoint(repository.shallow):
        return _problem(repository, plan, "the clone is shallow: what stood there before the new commits is not here")
    return selection if selection.commits else None


def _problem(repository: Repository, plan: Plan, what: str) -> Problem:
    deepen = "--unshallow " if repository.shallow else ""
    command = f"git fetch {deepen}origin '+refs/heads/*:refs/remotes/origin/*'"
    return Problem("commits", f"{what}; {FETCH[plan.platform]}, or run `{command}` before")


def _range(repository: Repository, plan: Plan, base: str | None) -> Range | None:
    new = _here(repository, plan.new or "HEAD", "the newest commit")
    if base is not None:
        return Range(new, (_here(repository, base, "the commit that --base names"),))
    targets = tuple(_branches(repository, plan.target)) if plan.target and plan.target != plan.branch else ()
    if plan.old:
        old = git.resolved(repository.own, plan.old)
        if old is not None:
            return Range(new, (old, *targets))
        if repository.shallow or not plan.forced:
            raise MissingError(f"the commit that was there before, {plan.old[:12]}, is not here")
    if targets:
        return Range(new, targets)
    if plan.target and plan.target != plan.branch:
        raise MissingError(f"the branch {plan.target!r}, which it is compared with, is not here")
    if plan.old is None:
        others = tuple(_others(repository, plan.branch))
        return Range(new, others) if others else None
    return Range(new, ())


def _here(repository: Repository, name: str, what: str) -> str:
    oid = None if name.startswith("-") else git.resolved(repository.own, name)
    if oid is None:
        raise MissingError(f"{what}, {name[:40]!r}, is not here")
    return oid


def _branches(repository: Repository, name: str) -> Iterator[str]:
    """What the branches of a name are on the remotes. Here a pull request's own branch may have the same name."""
    for ref in git.references(repository.own):
        kind, _, rest = ref.name.removeprefix("refs/").partition("/")
        if kind == "remotes" and rest.partition("/")[2] == name:
            yield ref.oid


def _others(repository: Repository, name: str) -> Iterator[str]:
    """What the remotes' branches of other names are; a remote's HEAD is one of its branches once more."""
    for ref in git.references(repository.own):
        kind, _, rest = ref.name.removeprefix("refs/").partition("/")
        if kind == "remotes" and rest.partition("/")[2] not in {name, "HEAD"}:
            yield ref.oid
