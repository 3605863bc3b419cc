"""What names in trees tell, no delta being applied: whether one may hold a value, and which rules one speaks for."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leakscan.detection.detector import Detector
from leakscan.detection.path_words import PathWords
from leakscan.sources import contents

# A delta inserts up to 127 bytes at once: where it inserts more, a value may be cut.
_FULL_INSERTION = 127
_BESIDE = 64
_MODES = frozenset((b"00644", b"00755", b"00664", b"40000", b"20000", b"60000"))  # their last digits, before a blank
SEAM = 2 * _BESIDE + 1
Offsets: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]
# What a delta inserts of a name whose beginning it copies: enough of a random value to go and look at the whole name.
_RUN = re.compile(rb"[A-Za-z0-9_-]+")
_LONG = 24
# Of each byte whether it may stand in a value (1), and whether it is a digit (2).
_LETTERS = bytes(
    (chr(code) in "_-" or (code < 128 and chr(code).isalnum())) | (48 <= code < 58) << 1 for code in range(256)
)
_EIGHT_LETTERS = np.uint64(0x0101010101010101)
_EIGHT_DIGITS = np.uint64(0x0202020202020202)
_WORD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
# With a letter on either side that a delta's own bytes may be, a value has at most 34 digits.
_OBJECT_ID = re.compile(rb"[0-9a-f]{36,}")


def run_round(text: bytes, at: int) -> re.Match[bytes] | None:
    """The run round an offset, if it is a long one."""
    before = text[max(0, at - 200) : at]
    run = _RUN.match(text, at - len(before) + len(before.rstrip(_WORD)), at + 200)
    return run if run is not None and run.end() - run.start() >= _LONG else None


@lru_cache(maxsize=1 << 16)  # the same names stand in each version of a tree
def may_be_value(run: bytes) -> bool:
    """Whether a run may be a value or a part of one.

    Words alone are none, and longer hex digits are ids of git's own: notes and large files are named by them.
    """
    if _OBJECT_ID.fullmatch(run):
        return False
    parts = run.replace(b"_", b"-").split(b"-")
    return any(len(part) >= 12 and not part.isalpha() for part in parts)


def in_long_runs(text: bytes) -> list[int]:
    """Offsets in what may be long runs with a digit in `text`: 24 letters cover two of the eights numpy looks at."""
    eights = np.frombuffer(text.translate(_LETTERS), np.uint64, len(text) // 8)
    whole = (eights & _EIGHT_LETTERS) == _EIGHT_LETTERS
    digits = ((eights[:-1] | eights[1:]) & _EIGHT_DIGITS) != 0
    found: list[int] = (np.flatnonzero(whole[:-1] & whole[1:] & digits) * 8).tolist()
    return found


def cuts(text: bytes, beside: int) -> tuple[bytes, Offsets]:
    """Where in streams of deltas one insertion may follow a full one: pieces of text, and their offsets.

    Each piece has `beside` bytes of what stands on either side, without what the delta says between them, and a NUL.
    """
    data = np.frombuffer(text, np.uint8)
    at = _cuts(data, beside)
    return _pieces(data, at, beside), at


def seams(text: bytes) -> tuple[bytes, Offsets]:
    """The same where a word may be cut: pieces of `SEAM` bytes."""
    data = np.frombuffer(text, np.uint8)
    at = _cuts(data, _BESIDE)
    letters = np.frombuffer(_LETTERS, np.uint8)
    at = at[letters[data[at - 1]] & letters[data[at + 1]] & 1 == 1]
    blank = at[data[at] == ord(" ")]
    modes = data[blank[:, None] + np.arange(-5, 0)].tobytes()
    behind_mode = [modes[place : place + 5] in _MODES for place in range(0, len(modes), 5)]
    at = np.setdiff1d(at, blank[behind_mode], assume_unique=True)
    return _pieces(data, at, _BESIDE), at


def _cuts(data: Bytes, beside: int) -> Offsets:
    """Where an operation may follow a full insertion; every byte that could begin one is taken for one."""
    at: Offsets = np.flatnonzero(data == _FULL_INSERTION) + _FULL_INSERTION + 1
    at = at[at < len(data) - beside - 1]
    return at[data[at] <= _FULL_INSERTION]


def _pieces(data: Bytes, at: Offsets, beside: int) -> bytes:
    pieces = np.zeros((len(at), 2 * beside + 1), np.uint8)
    pieces[:, :-1] = data[at[:, None] + np.concatenate((np.arange(-beside, 0), np.arange(1, beside + 1)))]
    return pieces.tobytes()


def places_of_values(text: bytes, ends: Iterable[int]) -> list[int]:
    """Offsets in `text` of names that values may stand in; `ends` are those behind which one of them could end."""
    found = []
    for end in ends:
        run = run_round(text, end - 1)
        if run is None or may_be_value(run[0]):
            found.append(end - 1)
    behind = 0
    for at in in_long_runs(text):
        if at < behind:
            continue
        run = run_round(text, at)
        behind = run.end() if run else at + 8
        if run is not None and may_be_value(run[0]):
            found.append(at)
    return found


def spoken(
    words: PathWords, text: bytes, hash_size: int, *, may_be_cut: bool = False
) -> tuple[set[tuple[str, str]], list[int]]:
    """The rules that names in a text of trees speak for, each with the id of the blob there, "" for all blobs.

    Where entries may be cut, as in the streams of deltas, also the offsets of those that are to be read whole.
    """
    found = {(rule, "") for rule in words.always}
    cut = []
    for rule, at in words.places(text):
        entry = contents.entry_round(text, at, hash_size)
        if entry is not None and entry[0]:  # a folder: all that is below
            found.add((rule, ""))
        elif entry is not None and not may_be_cut:
            found.add((rule, entry[1]))
        else:
            cut.append(at)
    return found, [] if {rule for rule, _ in found} >= words.rules else cut


class Telling(NamedTuple):
    """Offsets in the streams of trees: of names that may hold values, and of names that may speak for a rule."""

    values: list[int]
    words: list[int]
    spoken: set[tuple[str, str]]


def telling(text: bytes, detector: Detector, words: PathWords, hash_size: int) -> Telling:
    """Which of the trees whose streams are in `text` are to be put together, and what is known without that."""
    values = places_of_values(text, detector.places(text + b"\0"))
    said, cut = spoken(words, text, hash_size, may_be_cut=True)
    pieces, at = seams(text)
    values += at[[place // SEAM for place in places_of_values(pieces, detector.places(pieces))]].tolist()
    words_at_seams = at[[(place - 1) // SEAM for _, place in words.places(pieces)]].tolist()
    return Telling(values, [place - 1 for place in cut] + words_at_seams, said)
