"""What names in trees tell, no delta being applied: whether one may hold a value, and which rules one speaks for."""

import re
from collections.abc import Iterable

import numpy as np

from leakscan.detection.path_words import PathWords
from leakscan.sources import contents
from leakscan.sources.entries import Broken

# A delta inserts up to 127 bytes at once: where it inserts more, a value may be cut.
_FULL_INSERTION = 127
_TWO_NUMBERS = re.compile(rb"(?:[\x80-\xff]*[\x00-\x7f]?){2}")
# What a delta inserts of a name whose beginning it copies: enough of a random value to go and look at the whole name.
_RUN = re.compile(rb"[A-Za-z0-9_-]+")
_LONG = 24
# Of each byte whether it may stand in a value (1), and whether it is a digit (2).
_LETTERS = np.array(
    [(chr(code) in "_-" or (code < 128 and chr(code).isalnum())) | (48 <= code < 58) << 1 for code in range(256)],
    np.uint8,
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
    eights = _LETTERS[np.frombuffer(text, np.uint8, len(text) // 8 * 8)].view(np.uint64)
    whole = (eights & _EIGHT_LETTERS) == _EIGHT_LETTERS
    digits = ((eights[:-1] | eights[1:]) & _EIGHT_DIGITS) != 0
    found: list[int] = (np.flatnonzero(whole[:-1] & whole[1:] & digits) * 8).tolist()
    return found


def joined_insertions(stream: "bytes | Broken", delta: bool) -> bytes:  # noqa: FBT001  # mapped over two lists
    """What a tree's stream holds, long insertions of a delta in one piece; nothing of one that is broken."""
    if isinstance(stream, Broken):
        return b""
    if not delta or len(stream) <= _FULL_INSERTION or b"\x7f" not in stream:
        return stream
    parts = []
    sizes = _TWO_NUMBERS.match(stream)
    at = sizes.end() if sizes else 0
    while at < len(stream):
        operation = stream[at]
        at += 1
        if operation < 128:
            parts.append(stream[at : at + operation])
            at += operation
        else:
            parts.append(b"\x80")  # which is no letter of any value
            at += (operation & 127).bit_count()
    return b"".join(parts)


def all_joined(streams: "list[bytes | Broken]", deltas: list[bool]) -> list[bytes]:
    """The same for many streams, of which few need it."""
    return [
        stream
        if isinstance(stream, bytes) and (not delta or len(stream) <= _FULL_INSERTION or b"\x7f" not in stream)
        else joined_insertions(stream, delta)
        for stream, delta in zip(streams, deltas, strict=True)
    ]


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
