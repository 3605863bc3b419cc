"""Long base64 in lines that is no text, as a picture in a mail: taken out, so that nobody looks into it further.

Such contents are almost nothing else, and in random letters each pattern begins to match all the time.
"""

import itertools
import re
from collections.abc import Iterator

from leakscan.detection.coded.base64_runs import PACKED, TEXT_FIRSTS, run_before, whole_text
from leakscan.detection.coded.hexadecimal import DIGITS
from leakscan.detection.runs import outline, stretches

# So many bytes of lines are worth it: keys and tokens are shorter.
_LEAST = 20_000
# So much of them is left behind where one looks for them, at the latest.
_REST = 6_000
_APART = _LEAST - _REST
_LINES = re.compile(rb"(?:[ \t]{0,40}+[A-Za-z0-9+/]{60,}+\r?\n)++")
_COLOUR = 8
_SPACE = b" \t\r\n"
_MARKED = bytes(ord(".") if code in TEXT_FIRSTS else ord("#") for code in range(256))
_HEX = outline(DIGITS.encode())
# A line instead of another one, of a sign that nothing which is looked for has, or is told by.
_HIDDEN = b"?\n"


def without_pictures(data: bytes) -> bytes:
    """`data` with a sign for each line of such base64, but for lines that may be texts by themselves.

    Base64 that may be a text as a whole stays, and so does what may be hex.
    """
    parts = []
    done = at = asked = 0
    line = -1
    while at + _REST < len(data):
        start = max(data.rfind(b"\n", asked, at) + 1, line, done)
        found = _LINES.match(data, start) if start > line else None
        line, asked, at = start, at, at + _APART
        if found is None or found.end() - found.start() < _REST:
            continue
        at = max(at, found.end())
        for begin, end in _hopeless(data, _first(data, found.start(), done), found.end()):
            parts += [data[done:begin], _HIDDEN * data.count(b"\n", begin, end)]
            done = end
    return b"".join([*parts, data[done:]]) if parts else data


def _hopeless(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of lines in `data[start:end]`, all of base64, that say nothing, neither together nor by themselves."""
    step = data.index(b"\n", start) + 1 - start
    ends = data[start + step - 1 : end : step]
    many = len(ends) - len(ends.lstrip(b"\n"))
    block = data[start : start + many * step]
    first = block[:step]
    length, indent = len(first.strip()), len(first) - len(first.lstrip())
    if length % 4 or block.count(b"\n") != many or len(block) < _LEAST:
        return
    if any(_says(block[begin:finish]) for begin, finish in stretches(block, _HEX, length)):
        return
    letters = block.translate(None, _SPACE)
    if len(letters) != many * length or any(map(_is_read, (letters, _run_above(data, start) + letters))):
        return
    hopeful = {*_texts(letters, length // 4), *_wide(letters, length), *_packed(block[indent::step], letters, length)}
    saying = (number for number in hopeful if _says(letters[number * length : (number + 1) * length]))
    kept = sorted({-1, 0, many - 1, many, *saying})
    for before, after in itertools.pairwise(kept):
        if after - before > 1:
            yield start + (before + 1) * step, start + after * step


def _is_read(run: bytes) -> bool:
    return run.startswith(PACKED) or whole_text(run) is not None


def _says(letters: bytes) -> bool:
    """Whether letters are too many different ones to be nothing but some colour."""
    return len(set(letters)) > _COLOUR


def _first(data: bytes, start: int, floor: int) -> int:
    """Where the first of the lines begins that are as long as the one at `start`, not before `floor`."""
    step = data.index(b"\n", start) + 1 - start
    while start - step >= floor and data[start - step - 1 : start - step] in {b"", b"\n"}:
        if _LINES.fullmatch(data, start - step, start) is None:
            break
        start -= step
    return start


def _run_above(data: bytes, start: int) -> bytes:
    """The base64 at the end of the line before an offset."""
    return run_before(data, len(data[max(0, start - 2) : start].rstrip(b"\r\n")) + max(0, start - 2))


def _texts(letters: bytes, each: int) -> Iterator[int]:
    """The numbers of the lines, of `each` times four letters, that may be texts by the first one of each four."""
    firsts = letters[::4].translate(_MARKED)
    others = each // 8
    least = -(-(each - others) // (others + 1))  # so many stand together in any such line
    for found in re.finditer(rb"\.{%d,}" % least, firsts):
        for number in range(found.start() // each, (found.end() - 1) // each + 1):
            if firsts.count(b"#", number * each, number * each + each) <= others:
                yield number


def _wide(letters: bytes, length: int) -> Iterator[int]:
    """The numbers of the lines that have so many zeros as wide letters have; some lines are asked about at once."""
    for at in range(0, len(letters), 4 * length):
        if letters.count(b"A", at, at + 4 * length) * 4 >= length:
            for line in range(at, min(at + 4 * length, len(letters)), length):
                if letters.count(b"A", line, line + length) * 4 >= length:
                    yield line // length


def _packed(firsts: bytes, letters: bytes, length: int) -> Iterator[int]:
    """The numbers of the lines that begin as what is compressed does; `firsts` are the first letters of all."""
    for sign in {start[0] for start in PACKED}:
        at = firsts.find(sign)
        while at >= 0:
            if letters.startswith(PACKED, at * length):
                yield at
            at = firsts.find(sign, at + 1)
