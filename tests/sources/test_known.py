"""Sets of object ids."""

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leakscan.sources.known import Known

IDS = [hashlib.sha1(bytes([number]), usedforsecurity=False).hexdigest() for number in range(60)]
# Two ids that share their first eight bytes, by which ids are sorted.
TWINS = ["ab" * 8 + "01" * 12, "ab" * 8 + "02" * 12]


@given(st.lists(st.lists(st.sampled_from([*IDS, *TWINS]), max_size=8), max_size=12), st.data())
def test_what_was_added_is_known(batches: list[list[str]], data: st.DataObject) -> None:
    known = Known(20)
    for number, batch in enumerate(batches):
        known.add(np.frombuffer(b"".join(map(bytes.fromhex, batch)), np.uint8).reshape(-1, 20))
        asked = data.draw(st.lists(st.sampled_from([*IDS, *TWINS]), max_size=5))
        added = {oid for each in batches[: number + 1] for oid in each}
        assert [oid for oid, has in zip(asked, known.has(asked), strict=True) if has and oid not in added] == []
    every = {oid for batch in batches for oid in batch}
    assert known.has(sorted(every)) == [True] * len(every)


def test_an_id_with_the_same_beginning_is_another() -> None:
    known = Known.of(TWINS[:1], 20)
    assert known.has(TWINS) == [True, False]


def test_nothing_is_known_of_nothing() -> None:
    assert Known(20).has(IDS[:2]) == [False, False]
    assert Known.of(IDS, 20).has([]) == []
