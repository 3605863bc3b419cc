"""A content of the same size as another one without candidates is told by the places where the two differ."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.history.alike import Alike, differing
from leakscan.model import Content
from tests.detection.test_versions import BLOB, known_of
from tests.repository import Repository
from tests.scanning import fresh

from .agreement import check

PAGE = "<p>Twilio's <b>auth_token</b> is {}, see page {:05}</p>\n"


def page(number: int, *lines: str) -> bytes:
    """A page of documentation, in which a number stands in many lines."""
    return "".join([*(PAGE.format("secret", number) for _ in range(90)), *lines]).encode()


def remembering(detector: Detector, data: bytes) -> Alike:
    """What remembers one content, which has no candidates."""
    known = Alike()
    known.keep(data, known_of(detector, data))
    return known


@given(st.binary(max_size=400), st.lists(st.integers(0, 399), max_size=9), st.integers(1, 40))
def test_what_is_not_in_the_spans_is_the_same(data: bytes, places: list[int], margin: int) -> None:
    one = data * 50
    other = bytearray(one)
    for place in places:
        if place < len(other):
            other[place] ^= 1
    spans = differing(one, bytes(other), margin)
    if spans is None:
        return
    assert spans[0][0] == 0
    assert spans[-1][1] == len(one)
    for at in range(len(one)):
        if one[at] != other[at]:
            assert any(
                start <= max(0, at - margin) and min(len(one), at + margin + 1) <= end for start, end in spans[1:-1]
            )


def test_texts_that_differ_in_many_places_tell_nothing() -> None:
    assert differing(b"a" * 9_000, b"b" * 9_000, 10) is None


def test_the_next_page_of_the_same_size_is_told_by_its_numbers(shipped: Prepared) -> None:
    detector = shipped.detector(values_only=True)
    known = remembering(detector, page(1))
    assert known.still(page(2), detector) is not None
    assert known.still(page(2) + b"\n", detector) is None


@pytest.mark.parametrize("line", ["auth_token = '{}'\n", "TWILIO_AUTH_TOKEN={}\n"])
def test_a_value_in_place_of_a_dummy_is_read(shipped: Prepared, line: str) -> None:
    detector = shipped.detector(values_only=True)
    known = remembering(detector, page(1, line.format("x" * 32)))
    told = known.still(page(1, line.format(fresh())), detector)
    assert told is None


def test_the_last_ones_are_held(shipped: Prepared) -> None:
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, page(1))
    pages = [page(1) + b"\n" * more for more in range(9)]
    known = Alike(most=sum(map(len, pages[-3:])))
    for each in pages:
        known.keep(each, barren)
    assert [known.still(each, detector) is not None for each in pages] == [False] * 6 + [True] * 3


@given(st.integers(0, 2**32))
def test_what_is_told_by_another_one_has_nothing_when_read_whole(shipped: Prepared, seed: int) -> None:
    rng = random.Random(seed)
    base = page(1, *(f"x{number:03} = call('{rng.randbytes(rng.choice((2, 16))).hex()}')\n" for number in range(40)))
    detector = shipped.detector(values_only=True)
    barren = detector.examined(Content(base, BLOB))[1]
    if barren is None:
        return
    known = Alike()
    known.keep(base, barren)
    data = bytearray(base)
    for _ in range(rng.randrange(1, 4)):
        new = rng.choice([b"auth_token = ", b"twilio", b"AC", b"'\n", b"token", b"\0", b"authy", b"sid=", b" + "])
        at = rng.randrange(len(data) - len(new))
        data[at : at + len(new)] = new
    if known.still(bytes(data), detector) is not None:
        assert shipped.detector(values_only=True).detect(Content(bytes(data), BLOB)) == []


def test_pages_alike_are_found_in_as_git_reads_them(shipped: Prepared, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "pages")
    values = [fresh(), fresh()]
    lines = {7: f"TWILIO_AUTH_TOKEN={values[0]}\n", 13: f"TWILIO_AUTH_TOKEN={values[1]}\n"}
    for number in range(20):
        line = lines.get(number, f"TWILIO_AUTH_TOKEN={'x' * 32}\n")
        repository.write(f"page-{number}.html", page(number, line).decode())
    repository.commit()
    repository.git("repack", "-adq", "--depth=0")
    assert check(shipped, repository.root).values >= set(values)
