"""However archives of all formats lie in each other, a value in the innermost is found."""

import itertools
from collections.abc import Callable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from leakscan.detection.cache import prepare
from tests.scanning import fresh, token_line

from .making import STREAMS, found, sevenzipped, tarred, zipped

DETECTOR = prepare().detector()


def wrapped(pack: Callable[[Mapping[str, bytes]], bytes], end: str) -> Callable[[bytes], bytes]:
    """What puts a content into an archive, among others."""
    numbers = itertools.count()
    return lambda data: pack({"before": b"text\n", f"{next(numbers)}.{end}": data, "behind": bytes(100)})


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "zip": wrapped(zipped, "zip"),
    "tar": wrapped(tarred, "tar"),
    "7z": wrapped(sevenzipped, "7z"),
    **STREAMS,
}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=8))
def test_any_nesting(ways: list[str]) -> None:
    token = fresh()
    data = token_line(token).encode()
    for way in ways:
        data = WAYS[way](data)
    (candidate,) = found(DETECTOR, data, token)
    assert candidate.origin.path.startswith("a!")
    assert candidate.place.line == 2
