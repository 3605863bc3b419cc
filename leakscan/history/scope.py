"""Which objects of a repository a run reads, and what the state file is told of them."""

from collections.abc import Iterable

import numpy as np

from leakscan.history.scanning import BESIDE
from leakscan.history.state import State, checksum
from leakscan.sources import git
from leakscan.sources.commits import Selection
from leakscan.sources.hardening import GitError
from leakscan.sources.known import Known
from leakscan.sources.objects import APART, LOOSE, ObjectDatabase, Unit, loose_ids, open_database
from leakscan.sources.packfile import LARGEST
from leakscan.sources.packindex import Bytes
from leakscan.sources.repository import Repository
from leakscan.workers import Tally


class Scope:
    """The objects of one run: all of a repository's, those that some commits bring, or those not known to a state."""

    def __init__(self, repository: Repository, selection: Selection | None, state: State | None) -> None:
        """Open what is to be read; `selection` narrows it, else `state` tells what was read before."""
        self.whole = selection is None and state is None
        self._state = state if selection is None else None
        self._key = str(repository.common)
        self._telling: set[str] = set()
        self._gone: set[str] = set()
        if self._state is not None:
            self.database = self._unknown(repository, self._state)
        elif selection is not None:
            self.database = open_database(repository, wanted=Known.of(selection.objects, repository.hash_size))
        else:
            self.database = open_database(repository)
        self._settled = not self.database.problems  # as long as all could be read

    def _unknown(self, repository: Repository, state: State) -> ObjectDatabase:
        """What the state does not know; packs that it knows are not opened if what they tell can be read without."""
        size = repository.hash_size
        known, done = state.known(self._key, size), state.packs(self._key)
        telling = state.telling(self._key)
        self._gone = _not_by_themselves(repository, telling)
        if self._gone:
            return open_database(repository, known)
        known.add(_rows(telling, size))
        database = open_database(repository, known, passed=lambda path: checksum(path, size) in done)
        database.apart = telling
        return database

    def record(self, unit: Unit, result: Tally) -> None:
        """Tell the state file what was read without anything to tell of it."""
        settled = len(result.inside) == len(result.problems)
        self._settled &= settled
        if self._state is None or unit.group == BESIDE.group or not settled:
            return
        told = {origin.blob or origin.commit for origin in (candidate.origin for candidate in result.candidates)}
        telling = {oid for oid in told if oid}.union(result.inside)
        self._telling |= telling
        if unit.group != APART:
            oids = self._oids(unit)
            hits = Known.of(telling, self.database.repository.hash_size)
            self._state.record(self._key, oids[~hits.mask(oids)], result.spoken)

    def _oids(self, unit: Unit) -> Bytes:
        if unit.pack == LOOSE:
            return _rows(loose_ids(self.database, unit), self.database.repository.hash_size)
        group = self.database.groups[unit.pack][unit.group]
        members = group.members[unit.begin : unit.end]
        return self.database.packs[unit.pack].oids[members[~group.skipped[members]]]

    def finish(self) -> None:
        """Tell the state file that every pack was read, unless something in them could not be."""
        if self._state is not None and self._settled:
            size = self.database.repository.hash_size
            packs = [checksum(pack.path, size) for pack in self.database.packs]
            self._state.finish(self._key, packs, self._telling, self._gone - self._telling)

    def spoken(self, tally: Tally) -> set[tuple[str, str]] | None:
        """The rules that names in all trees could speak for, with the blobs there; None if not all were read."""
        if self._state is not None:
            return self._state.spoken(self._key) | tally.spoken
        return tally.spoken if self.whole else None


def _rows(oids: Iterable[str], hash_size: int) -> Bytes:
    return np.frombuffer(b"".join(map(bytes.fromhex, oids)), np.uint8).reshape(-1, hash_size)


def _not_by_themselves(repository: Repository, oids: list[str]) -> set[str]:
    """Those of the objects that git cannot hand over one by one: they are gone, or too large to be held."""
    try:
        sizes = git.sizes(repository.own, oids) if oids else {}
    except GitError:
        sizes = {}
    return {oid for oid in oids if sizes.get(oid, LARGEST + 1) > LARGEST}
