"""Lines of a scanned file made fit to show: every value in them masked, and no sign that a terminal would act on."""

import itertools
import re

_AROUND = 70
# Whatever is long and mixed enough to be somebody's secret, ours or another vendor's.
_RUN = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
_URL_PASSWORD = re.compile(r"(://[^\s:/@]{1,200}:)[^\s/@]{3,200}(?=@)")


def mask(text: str) -> str:
    """`text` with everything in it that could be a value cut to its first four characters."""
    return _URL_PASSWORD.sub(r"\1…", _RUN.sub(_masked_run, text))


def _masked_run(run: re.Match[str]) -> str:
    text = run[0]
    parts = re.split(r"([=/])", text)
    return "".join(part[:4] + "…" if _looks_random(part) else part for part in parts)


def _looks_random(text: str) -> bool:
    if len(text) < 16 or len(set(text)) < 8:
        return False
    turns = sum(before.islower() != after.islower() for before, after in itertools.pairwise(text))
    return sum(map(str.isdigit, text)) >= 2 or turns * 3 >= len(text)


def excerpt(data: bytes, start: int, end: int) -> str:
    """The line round `data[start:end]`, cut to what is near, with the span and every other value in it masked."""
    line_start = max(data.rfind(b"\n", 0, start) + 1, start - _AROUND)
    line_end = data.find(b"\n", end, end + _AROUND)
    line_end = min(len(data), end + _AROUND) if line_end < 0 else line_end
    before, value, after = (
        data[begin:finish].decode("utf-8", "replace")
        for begin, finish in ((line_start, start), (start, end), (end, line_end))
    )
    shown = f"{_cut_left(mask(before))}{value[:4]}…{_cut_right(mask(after))}"
    return "".join(char if char.isprintable() else " " for char in shown).strip()


def _cut_left(text: str) -> str:
    """Without a first word that may be the end of a longer value, where the line was cut."""
    return re.sub(r"^[A-Za-z0-9+/=_-]+", "…", text) if len(text) >= _AROUND else text


def _cut_right(text: str) -> str:
    return re.sub(r"[A-Za-z0-9+/=_-]+$", "…", text) if len(text) >= _AROUND else text
