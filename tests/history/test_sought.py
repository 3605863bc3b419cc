"""What trees are searched for is found in them, with Hyperscan and without, and named as git names it."""

import random

import pytest

from leakscan.history.sought import Above, Sought, compile_keys, holds

IDS = [random.Random(number).randbytes(20) for number in range(40)]


def entry(mode: str, name: bytes, oid: bytes) -> bytes:
    """One entry of a tree."""
    return mode.encode() + b" " + name + b"\0" + oid


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("count", [1, 3, 40])
def test_ids_and_names_are_found_wherever_they_stand(count: int, compiled: bool) -> None:
    rng = random.Random(count)
    ids, name = frozenset(IDS[:count]), b"key-" + rng.randbytes(16).hex().encode()
    text = rng.randbytes(1000) + b"\x90".join([*ids, name]) + rng.randbytes(1000)
    names = frozenset((name, b".env"))
    sought = Sought(ids, names, compile_keys(ids, names) if compiled else b"")
    found = sought.offsets(text).tolist()
    assert {text.index(oid) + 12 for oid in ids} <= set(found)
    assert any(text.index(name) < end <= text.index(name) + len(name) for end in found)
    assert sought.offsets(b"100644 .env\0").tolist() == [11]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("part", [4, 5, 10, 11])
def test_an_id_that_two_insertions_cut_is_found(part: int, compiled: bool) -> None:
    (oid,) = ids = frozenset(IDS[:1])
    stream = b"\x7f" + b"x" * (127 - part) + oid[:part] + b"\x20" + oid[part:] + bytes(40)
    sought = Sought(ids, frozenset(), compile_keys(ids, frozenset()) if compiled else b"")
    assert 128 in sought.offsets(stream).tolist() or stream.find(oid[4:12]) >= 0


@pytest.mark.parametrize("trees", [True, False])
@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("name", [b"src", b"a 40000 b", b"x 100644 y", b"100644 ", b"40000 "])
def test_what_stands_in_a_tree_has_its_name(name: bytes, count: int, trees: bool) -> None:
    mode = "40000" if trees else "100644"
    tree, other = IDS[-1], random.Random(99).randbytes(20)
    data = entry("100644", b"first", other) + entry(mode, name, IDS[0]) + entry("160000", b"module", other)
    data += entry(mode, b"twin", IDS[0]) + entry("100755", b"40000 last", other)
    found = holds(tree, data, Sought(frozenset(IDS[:count]), frozenset(), trees=trees))
    assert sorted(found) == sorted([Above(tree, name, IDS[0]), Above(tree, b"twin", IDS[0])])
    assert holds(tree, entry(mode, name, other), Sought(frozenset(IDS[:count]), frozenset(), trees=trees)) == []
