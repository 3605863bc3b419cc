"""What encloses a place in a text: brackets, indentation, section headers; and how far other places are from it."""

import re
from bisect import bisect_left
from collections.abc import Sequence

_REACH = 4000
_NEAR_LINES = 6
_NEAR = 800
_FAR = 100_000
_ROW, _NEAR_ROWS = 400, 12
_SECTION = re.compile(r"^[ \t]*\[+[ \t]*([^\]\n]{1,80}?)[ \t]*\]+[ \t]*(?:[#;].*)?\r?$", re.MULTILINE)
_OPENERS = {")": "(", "]": "[", "}": "{"}


def enclosing(text: str, start: int) -> tuple[list[str], str]:
    """What encloses a position, as written, innermost last; and the text before the parenthesis that it stands in."""
    floor = max(0, start - _REACH)
    found, call = _brackets(text, start, floor)
    found = [*_indentation(text, start, floor), *found]
    sections = list(_SECTION.finditer(text, floor, start))
    if sections:
        found.insert(0, sections[-1][1])
    return found, call


_BRACKET = re.compile(r"[()\[\]{}]")


def _brackets(text: str, start: int, floor: int) -> tuple[list[str], str]:
    """The texts before the unclosed brackets to the left, outermost first; and the innermost's if it is a call."""
    depth: list[str] = []
    heads: list[str] = []
    call = ""
    for bracket in reversed(list(_BRACKET.finditer(text, floor, start))):
        sign = bracket[0]
        if sign in _OPENERS:
            depth.append(_OPENERS[sign])
            continue
        if depth:
            if depth[-1] == sign:
                depth.pop()
            continue
        head = _head(text, bracket.start(), floor)
        if sign == "(" and not heads:
            call = head
        heads.append(head)
        if len(heads) == 6:
            break
    return heads[::-1], call


def _head(text: str, opener: int, floor: int) -> str:
    """What stands before an opening bracket, back to the last sign that ends a statement or an item."""
    snippet = text[max(floor, opener - 80) : opener].rstrip()
    if snippet.endswith(("(", "{", "[")):
        return ""
    return re.split(r"[;{}\n]|,(?!\s*$)|[(\[](?![^()\[\]]*[)\]])", snippet)[-1].strip()


def _indentation(text: str, start: int, floor: int) -> list[str]:
    """The lines above that are indented less, as in YAML, Python and XML, outermost first."""
    lines = text[floor:start].split("\n")
    current = _indent(lines[-1])
    found: list[str] = []
    for line in reversed(lines[:-1][-80:]):
        if current == 0:
            break
        stripped = line.strip()
        indent = _indent(line)
        if not stripped or indent >= current or stripped[0] in "})]#/*":
            continue
        current = indent
        if not re.match(r"(?:if|else|for|while|try|return|catch|with)\b", stripped):
            found.append(re.split(r"[=:]\s*[\"'\w]|(?<=\w)\(", stripped)[0][:80] if indent else stripped[:80])
    return found[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t-"))


def near(text: str, start: int, end: int) -> str:
    """The lines round a span."""
    first = start
    for _ in range(_NEAR_LINES + 1):
        first = text.rfind("\n", max(0, start - _NEAR), first)
        if first < 0:
            first = max(0, start - _NEAR)
            break
    last = end
    for _ in range(_NEAR_LINES + 1):
        found = text.find("\n", last + 1, end + _NEAR)
        if found < 0:
            last = min(len(text), end + _NEAR)
            break
        last = found
    return text[first:last]


# What begins a section of its own: of an INI file, or of YAML at its left margin.
_BEGINNING = re.compile(
    r"\n(?:\[{1,2}[ \t]*(?P<ini>[A-Za-z\"'][^\]\[\n]{0,80}?)[ \t]*\]{1,2}[ \t]*(?:[#;][^\n]*)?\r?(?=\n)"
    r"|[ \t]{1,16}\[(?P<inner>[A-Za-z][\w. -]{0,40})\][ \t]*(?:[#;][^\n]*)?\r?(?=\n)"
    r"|(?P<yaml>(?!(?:else|try|finally|except|do)\b)[\w-]{2,40}):[ \t]*(?:\{|(?:#[^\n]*)?\r?\n[ \t]))"
)
# Sections that may well hold the other half of what an earlier one began.
_KINDRED = re.compile(
    r"twil|auth|tok|secret|cred|key|pass|account|sid|sms|phone|mess|voice|call|notif|api|env|prod|dev|stag|test|live"
    r"|default|data|conf|setting|var|param|value|args|spec|common|global|main|general|server|service|client|app",
    re.IGNORECASE,
)


def _called(section: re.Match[str]) -> str:
    """The name of a section that begins."""
    return section["ini"] or section["inner"] or section["yaml"]


def _parted(text: str, start: int, others: Sequence[tuple[int, int]], index: int) -> bool:
    """Whether another thing's section has begun since the last of `others` above a value, and none is in that."""
    if index == 0:  # the first of `others` is below: it has a section of its own if that is named for it
        begun = list(_BEGINNING.finditer(text, start, min(others[0][0], start + _REACH))) if others else []
        return any("twil" in _called(each).lower() for each in begun)
    if start - others[index - 1][1] > _REACH:
        return False
    begun = list(_BEGINNING.finditer(text, others[index - 1][1], start))
    if not begun or _KINDRED.search(_called(begun[-1])):
        return False
    if begun[-1]["yaml"] and text[text.rfind("\n", 0, others[index - 1][0]) + 1] not in " \t":
        return False  # that one stands at the left margin and belongs to everything
    below = others[index][0] if index < len(others) else start + _REACH
    return below - start >= _REACH or _BEGINNING.search(text, start, below) is not None


# A user of its own before a password: `user = "EX0012"`, `password = "`. One that is read by a name may be the SID.
_PASSWORD = re.compile(r"(?i)(?:pass\w{0,6}|pwd|secret)[\"']?\]?(?:>|\s{0,6}(?:=>|[:=])\s{0,6})[\"'`]?$")
_USER = re.compile(
    r"(?i)(?<![A-Za-z])(?:user(?:[_-]?(?:name|id))?|usr|login)[\"']?\]?(?:>|\s{0,6}(?:=>|[:=])\s{0,6})"
    r"(?:([\"'`])(?!AC|SK|[$%{<])[^\"'`\s]{2,60}\1|(?!(?:AC|SK)[0-9a-f]{32}|\w*(?:sid|acc|twil|user|name|env|self|this))"
    r"[a-z0-9][\w.@+-]{1,60}(?=\s{0,4}[<\n#]))(?:(?!pass|pwd|secret|token|key)[\s\S]){0,80}$"
)


def _of_another(text: str, start: int, others: Sequence[tuple[int, int]], index: int) -> bool:
    """Whether a value is the password of a user who is none of `others`."""
    password = _PASSWORD.search(text, max(0, start - 40), start)
    if password is None:
        return False
    begin = max(others[index - 1][1] if index else 0, password.start() - 200)
    return _USER.search(text[begin : password.start()]) is not None


# What tells rows apart from their layout, and a secret in one.
_CELLS = re.compile(r"[\w.@+-]+(?: [\w.@+-]+)*")
_SECRET = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])")


def _in_row_of_another(text: str, start: int, other: tuple[int, int]) -> bool:
    """Whether a value stands in a row like that of one of `others`, which has a secret of its own in the same place."""
    ours, theirs = (_row_start(text, place) for place in (start, other[0]))
    if abs(start - other[0]) > 4 * _ROW or min(ours, theirs) < 0:
        return False
    row_end = text.find("\n", other[1], other[1] + _ROW)
    secret = _SECRET.search(text, other[1], row_end if row_end >= 0 else other[1] + _ROW)
    return secret is not None and _CELLS.sub("x", text[ours:start]) == _CELLS.sub("x", text[theirs : secret.start()])


def _row_start(text: str, place: int) -> int:
    """Where the line of a place begins; -1 if that is far off."""
    begin = text.rfind("\n", max(0, place - _ROW), place) + 1
    return begin if begin or place <= _ROW else -1


def distance(text: str, start: int, end: int, others: Sequence[tuple[int, int]]) -> str:
    """How near the nearest of `others` (sorted spans) stands to `text[start:end]`, in words; empty if there is none."""
    if not others:
        return ""
    index = bisect_left(others, (start, end))
    if _parted(text, start, others, index) or _of_another(text, start, others, index):
        return "another section"
    best, nearest = min(
        (_lines_between(text, start, end, *other), other) for other in others[max(0, index - 2) : index + 2]
    )
    if 0 < best <= _NEAR_ROWS and _in_row_of_another(text, start, nearest):
        return "another section"
    if best == 0:
        return "same line"
    if best == 1:
        return "adjacent line"
    if best <= 3:
        return f"{best} lines away"
    return f"{best} lines off" if best <= 12 else "same file"


def _lines_between(text: str, start: int, end: int, other_start: int, other_end: int) -> int:
    """The number of line ends between two spans; of those far apart nobody asks how many."""
    if max(other_start - end, start - other_end) > _FAR:
        return _FAR
    if other_end <= start:
        return text.count("\n", other_end, start)
    return text.count("\n", end, other_start) if end <= other_start else 0
