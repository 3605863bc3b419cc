"""What is told apart as new in a delta's result holds, with its base, all that stands in the result."""

import random

from dulwich.pack import apply_delta, create_delta
from hypothesis import given
from hypothesis import strategies as st

from leakscan.history.tree_names import SEAM, cuts, seams
from leakscan.sources.deltas import inserted
from tests.handmade import copy, number

LETTERS = b"ab\n"


@st.composite
def deltas(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """A base, a delta of some operations in any order, and its result."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    base = bytes(rng.choices(LETTERS, k=draw(st.integers(60, 400))))
    operations = b""
    for _ in range(draw(st.integers(1, 7))):
        if draw(st.booleans()):
            begin = rng.randrange(len(base))
            operations += copy(begin, rng.randint(1, len(base) - begin))
        else:
            new = bytes(rng.choices(LETTERS, k=draw(st.integers(1, 127))))
            operations += bytes([len(new)]) + new
    target_size = _size(operations)
    delta = number(len(base)) + number(target_size) + operations
    return base, delta, b"".join(apply_delta(base, delta))


def _size(operations: bytes) -> int:
    size = at = 0
    while at < len(operations):
        operation = operations[at]
        if operation < 128:
            size, at = size + operation, at + 1 + operation
            continue
        present = [bit for bit in range(7) if operation >> bit & 1]
        fields = dict(zip(present, operations[at + 1 :], strict=False))
        size += sum(fields.get(bit, 0) << 8 * (bit - 4) for bit in (4, 5, 6)) or 0x10000
        at += 1 + len(present)
    return size


def check(base: bytes, delta: bytes, target: bytes, margin: int) -> None:
    """Whatever is at most `margin` less two bytes long and stands in the target stands in the base or is new."""
    fresh = inserted(delta, target, margin, cost=1)
    if fresh is None:
        return
    for length in {1, 2, margin // 2, margin - 2}:
        for begin in range(len(target) - length + 1):
            piece = target[begin : begin + length]
            assert piece in base or piece in fresh


@given(deltas(), st.integers(4, 40))
def test_what_is_new_is_told_apart(delta: tuple[bytes, bytes, bytes], margin: int) -> None:
    check(*delta, margin)


@given(st.lists(st.binary(max_size=60), max_size=6), st.integers(4, 40), st.integers(0, 2**32))
def test_what_is_new_is_told_apart_in_deltas_as_git_makes_them(parts: list[bytes], margin: int, seed: int) -> None:
    rng = random.Random(seed)
    base = b"\n".join(rng.randbytes(5).hex().encode() for _ in range(100))
    target = base
    for part in parts:
        at = rng.randrange(len(target) + 1)
        target = target[:at] + part + target[at + rng.randrange(40) :]
    check(base, b"".join(create_delta(base, target)), target, margin)


def test_nothing_is_told_apart_where_it_does_not_pay() -> None:
    base = b"x" * 1000
    delta = number(1000) + number(303) + (copy(0, 100) + b"\1y") * 3
    assert inserted(delta, b"".join(apply_delta(base, delta)), 8, cost=100) is None


def test_a_piece_of_64_kilobytes_is_copied_without_a_length() -> None:
    base = random.Random(1).randbytes(0x10000)
    delta = number(len(base)) + number(len(base) + 3) + b"\x80" + b"\3new"
    assert inserted(delta, base + b"new", 10, cost=1) == base[-10:] + b"new"


@given(st.lists(st.integers(1, 600), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_what_insertions_cut_is_in_one_piece(lengths: list[int], rng: random.Random) -> None:
    base = b"z" * 100
    inserted_ones = [rng.randbytes(length) for length in lengths]
    operations = b""
    for piece in inserted_ones:
        operations += copy(0, 50)
        operations += b"".join(
            bytes([len(part)]) + part for part in (piece[at : at + 127] for at in range(0, len(piece), 127))
        )
    stream = number(len(base)) + number(_size(operations)) + operations + bytes(32)
    pieces, places = cuts(stream, 16)
    assert len(pieces) == 33 * len(places)
    assert all(piece[at - 8 : at + 8] in pieces for piece in inserted_ones for at in range(127, len(piece) - 8, 127))


@given(st.integers(0, 2**32), st.integers(130, 600))
def test_a_word_that_two_insertions_cut_is_put_together(seed: int, length: int) -> None:
    rng = random.Random(seed)
    piece = bytes(rng.choices(b"abXY019_- \0", k=length))
    parts = [piece[at : at + 127] for at in range(0, length, 127)]
    stream = number(100) + number(length + 50) + copy(0, 50) + b"".join(bytes([len(part)]) + part for part in parts)
    pieces, places = seams(stream + bytes(64))
    assert len(pieces) == SEAM * len(places)
    for cut in range(127, length - 20, 127):
        around = piece[cut - 20 : cut + 20]
        if around[19:21].isalnum() and around[15:20] != b"00644":
            assert around in pieces
