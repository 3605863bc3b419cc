"""Sets of object ids, millions of them: which of these objects have been seen."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from leakscan.sources.packindex import Bytes

Mask = NDArray[np.bool_]
_MOST_BLOCKS = 8


class Known:
    """Ids as rows of bytes, sorted by their first eight; asking for n of m costs n log m."""

    def __init__(self, hash_size: int) -> None:
        self._size = hash_size
        self._blocks: list[tuple[NDArray[np.uint64], Bytes]] = []
        self._unsorted: list[Bytes] = []  # nobody has asked since these came

    @classmethod
    def of(cls, oids: Iterable[str], hash_size: int) -> "Known":
        """These ids, given in hex."""
        found = cls(hash_size)
        found.add(np.frombuffer(b"".join(map(bytes.fromhex, oids)), np.uint8).reshape(-1, hash_size))
        return found

    def add(self, oids: Bytes) -> None:
        """Take ids in, rows of a matrix."""
        if len(oids):
            self._unsorted.append(oids)

    def rows(self) -> Bytes:
        """All ids, in no order."""
        parts = [*(rows for _, rows in self._blocks), *self._unsorted]
        return np.concatenate(parts) if parts else np.empty((0, self._size), np.uint8)

    def mask(self, oids: Bytes) -> Mask:
        """Which of `oids` are known."""
        found = np.zeros(len(oids), bool)
        if not len(oids):
            return found
        if len(self._blocks) + len(self._unsorted) > _MOST_BLOCKS:
            self._blocks, self._unsorted = [], [self.rows()]
        self._blocks += map(_sorted, self._unsorted)
        self._unsorted = []
        keys = _keys(oids)
        for own, rows in self._blocks:
            places = np.searchsorted(own, keys)
            places[places == len(own)] = 0
            alike = np.flatnonzero(own[places] == keys)
            places = places[alike]
            while len(alike):  # a second round only for ids that begin as another does
                same = (rows[places] == oids[alike]).all(axis=1)
                found[alike[same]] = True
                further = ~same & (places + 1 < len(own))
                alike, places = alike[further], places[further] + 1
                further = own[places] == keys[alike]
                alike, places = alike[further], places[further]
        return found

    def has(self, oids: Iterable[str]) -> list[bool]:
        """Whether each of these ids, in hex, is known."""
        whole = b"".join(map(bytes.fromhex, oids))
        asked: list[bool] = self.mask(np.frombuffer(whole, np.uint8).reshape(-1, self._size)).tolist()
        return asked


def _keys(oids: Bytes) -> NDArray[np.uint64]:
    first = np.ascontiguousarray(oids[:, :8])
    keys: NDArray[np.uint64] = first.view(">u8").reshape(-1).astype(np.uint64)
    return keys


def _sorted(oids: Bytes) -> tuple[NDArray[np.uint64], Bytes]:
    keys = _keys(oids)
    order = np.argsort(keys, kind="stable")
    return keys[order], oids[order]
