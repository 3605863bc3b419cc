"""What a push brings, by git's protocols for hooks: lines on standard input -> commits that the other side lacks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.sources import git
from leakscan.sources.commits import Selection, select_new
from leakscan.sources.hardening import GitError, other_stores
from leakscan.sources.repository import Repository

QUARANTINE = "GIT_QUARANTINE_PATH"
_OID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})")


class Update(NamedTuple):
    """A ref that is pushed: its id before and after, of which nothing is left where it is new or deleted."""

    ref: str
    old: str
    new: str


def is_oid(text: str) -> bool:
    """Whether a text is a whole object id, and not that of nothing."""
    return _OID.fullmatch(text) is not None and bool(text.strip("0"))


def pre_push(text: str) -> list[Update]:
    """The lines `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID` of a pre-push hook. Raises UsageError."""
    return [Update(line[2], line[3], line[1]) for line in _lines(text, 4, (1, 3))]


def pre_receive(text: str) -> list[Update]:
    """The lines `OLD-ID NEW-ID REF` of a pre-receive hook. Raises UsageError."""
    return [Update(line[2], line[0], line[1]) for line in _lines(text, 3, (0, 1))]


def _lines(text: str, count: int, oids: tuple[int, ...]) -> Iterator[list[str]]:
    for line in text.splitlines():
        # What is pushed may be named by an expression with blanks in it, which comes first: HEAD@{1 day ago}.
        parts = line.rsplit(maxsplit=count - 1)
        if len(parts) != count or not all(_OID.fullmatch(parts[number]) for number in oids):
            raise UsageError("standard input is not what git tells such a hook; let git run it")
        yield ["" if number in oids and not part.strip("0") else part for number, part in enumerate(parts)]


def to_push(repository: Repository, updates: Iterable[Update], remote: str | None) -> Selection:
    """The commits that a push to `remote` would bring. Raises UsageError.

    New is what neither the refs that are pushed to had nor any ref reaches that was fetched from that remote. One
    without a name, known by its address alone, is taken to have nothing else.
    """
    updates = list(updates)
    fetched = f"refs/remotes/{remote}/"
    known = [ref.oid for ref in _references(repository) if remote and ref.name.startswith(fetched)]
    return _new(repository, updates, [*known, *(update.old for update in updates if update.old)])


def received(repository: Repository, updates: Iterable[Update]) -> Selection:
    """The commits that a push brings here: which no ref reaches yet. Raises UsageError."""
    updates = list(updates)
    known = [ref.oid for ref in _references(repository)]
    return _new(repository, updates, [*known, *(update.old for update in updates if update.old)])


def _references(repository: Repository) -> tuple[git.Reference, ...]:
    try:
        return git.references(repository.own)
    except GitError as error:
        raise UsageError(f"git cannot list the refs: {error}") from None


def _new(repository: Repository, updates: list[Update], known: list[str]) -> Selection:
    tips = dict.fromkeys(update.new for update in updates if update.new)
    try:
        return select_new(repository, tips, dict.fromkeys(known))
    except GitError as error:
        raise UsageError(f"git cannot tell what is pushed: {error}") from None


@contextmanager
def quarantined(repository: Repository, environment: Mapping[str, str]) -> Iterator[Repository]:
    """The repository with what a push has brought and git has not accepted yet. Raises UsageError.

    Only for a hook on the server. The quarantine has to lie among the repository's own objects, as git makes it.
    """
    named = environment.get(QUARANTINE)
    if not named:
        yield repository
        return
    folder, own = Path(named).resolve(), repository.common / "objects"
    if not folder.is_relative_to(own) or not folder.is_dir():
        raise UsageError(f"{QUARANTINE} names no folder among the objects of this repository; let git run the hook")
    stores = {"GIT_OBJECT_DIRECTORY": str(folder), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(own)}
    with other_stores(stores):
        yield repository._replace(objects=(folder, *repository.objects))
