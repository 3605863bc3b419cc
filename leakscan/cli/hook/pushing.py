"""What a push would bring, or brings, scanned: by git's word on standard input, or by pre-commit's."""

import sys
from collections.abc import Mapping

from leakscan.cli.commit_ranges import scan_commits
from leakscan.cli.running import Outcome, Request
from leakscan.errors import UsageError
from leakscan.sources import git
from leakscan.sources.commits import Selection
from leakscan.sources.pushes import Update, pre_push, pre_receive, quarantined, received, to_push
from leakscan.sources.repository import Repository, open_hooked
from leakscan.workers import Progress


def scan_push(request: Request, names: tuple[str, ...], progress: Progress, *, receive: bool) -> Outcome | str:
    """Scan the commits that a push brings; a sentence where there are none. Raises LeakscanError.

    `names` are what git gives a pre-push hook: the remote's name and its address.
    """
    environment = request.environment
    repository = open_hooked(environment)
    if receive:
        with quarantined(repository, environment) as whole:
            return _scanned(request, whole, received(whole, pre_receive(_standard_input())), progress)
    told = None if names else _from_pre_commit(repository, environment)  # which names nothing: git itself calls us
    updates = pre_push(_standard_input()) if told is None else told
    remote = environment.get("PRE_COMMIT_REMOTE_NAME") if told is not None else next(iter(names), None)
    return _scanned(request, repository, to_push(repository, updates, remote), progress)


def _scanned(request: Request, repository: Repository, selection: Selection, progress: Progress) -> Outcome | str:
    if not selection.objects:
        return "nothing to scan: no new commit is pushed"
    return scan_commits(request, repository, selection, progress)


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "git tells a hook on standard input what is pushed; `leakscan init --hook pre-push` sets one up"
        )
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")


def _from_pre_commit(repository: Repository, environment: Mapping[str, str]) -> list[Update] | None:
    """What pre-commit says in its variables, having read standard input itself; None where it does not run us.

    It names the ends of the first ref alone, whatever else is pushed; no end where all of a branch is new; and nothing
    where it is run by hand, which is taken for a push of HEAD.
    """
    old = environment.get("PRE_COMMIT_FROM_REF") or environment.get("PRE_COMMIT_ORIGIN") or ""
    new = environment.get("PRE_COMMIT_TO_REF") or environment.get("PRE_COMMIT_SOURCE") or ""
    if not (new or environment.get("PRE_COMMIT")):
        return None
    tip = new or environment.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
    found = [_commit(repository, name) if name else "" for name in (old, tip)]
    return [Update(environment.get("PRE_COMMIT_REMOTE_BRANCH", ""), *found)]


def _commit(repository: Repository, name: str) -> str:
    """The id of the commit that pre-commit names."""
    oid = None if name.startswith("-") else git.resolved(repository.own, name)
    if oid is None:
        raise UsageError(f"pre-commit names {name!r}, which is no commit here; fetch it, or push without pre-commit")
    return oid
