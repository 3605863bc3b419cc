"""Lines of a scanned file made fit to show: every value in them masked, and no sign that a terminal would act on."""

import itertools
import re
from functools import lru_cache

_AROUND = 70
# Whatever is long and mixed enough to be somebody's secret, ours or another vendor's.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_URL_PASSWORD = re.compile(r"(://[^\s:/@]{1,200}:)[^\s/@]{3,200}(?=@)")


@lru_cache(maxsize=16_384)  # versions of a file have the same again and again
def mask(text: str) -> str:
    """`text` with everything in it that could be a value cut to its first four characters."""
    return _URL_PASSWORD.sub(r"\1…", _RUN.sub(_masked_run, text))


def _masked_run(run: re.Match[str]) -> str:
    parts = [part[:4] + "…" if _looks_random(part) else part for part in run[0].split("/")]
    return run[0][:4] + "…" if "/".join(parts) == run[0] and _is_mixed(run[0]) else "/".join(parts)


def _looks_random(text: str) -> bool:
    if len(text) < 16 or len(set(text)) < 8:
        return False
    return any(map(str.isdigit, text)) or _turns(text) * 4 >= len(text)


def _is_mixed(text: str) -> bool:
    """Whether letters of both cases and digits take turns all through, as in base64 and in no path."""
    return any(map(str.isdigit, text)) and _turns(text) * 3 >= len(text)


def _turns(text: str) -> int:
    return sum(before.islower() != after.islower() for before, after in itertools.pairwise(text))


def excerpt(data: bytes, start: int, end: int, *, named: bool = False) -> str:
    """The line round `data[start:end]`, cut to what is near, with the span and every other value in it masked.

    A span that is only the `named` place of a value stays as it is.
    """
    line_start = data.rfind(b"\n", 0, start) + 1
    line_end = data.find(b"\n", end, end + _AROUND)
    before = data[max(line_start, start - _AROUND) : start].decode("utf-8", "replace")
    after = data[end : end + _AROUND if line_end < 0 else line_end].decode("utf-8", "replace")
    if line_start < start - _AROUND:  # what is cut may be the end of a longer value
        before = re.sub(r"^[A-Za-z0-9+/=_-]+", "…", before)
    if line_end < 0 and end + _AROUND < len(data):
        after = re.sub(r"[A-Za-z0-9+/=_-]+$", "…", after)
    span = data[start : end if named else start + 4].decode("utf-8", "replace")
    shown = mask(before) + (mask(span) if named else f"{span}…") + mask(after)
    if not shown.isprintable():
        shown = "".join(char if char.isprintable() else " " for char in shown)
    return shown.strip()
