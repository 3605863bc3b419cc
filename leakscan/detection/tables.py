"""The column header of a value: CSV and its kin, Markdown tables, SQL INSERT with a column list."""

import re

from leakscan.detection.naming import CREDENTIAL
from leakscan.detection.vocabulary import VALUE_WORDS

_DELIMITERS = ("\t", ",", ";", "|")
_INSERT = re.compile(
    r"(\w{0,64})[`\"\]]?\s*\(([^()]{3,2000})\)\s*VALUES\s*(?:\([^()]*\)\s*,\s*)*\(([^()]*)$", re.IGNORECASE
)
_VALUES = re.compile(r"\)\s*VALUES\s*\(", re.IGNORECASE)  # far faster to see that there is none

# A header is words; a line of values or of code is not one.
_CELL = re.compile(r"[ \t]*[*`\"']{0,3}[A-Za-z0-9_ .#()/-]{0,40}[*`\"']{0,3}[ \t\r]*")


def column(text: str, start: int, line_start: int, *, sure: bool) -> str:
    """The header of the column that `text[start:]` stands in; empty outside of tables.

    With `sure`, which is for values that have a name already, only a header that names a credential will do.
    """
    before = text[max(0, start - 3000) : start]
    insert = _INSERT.search(before) if _VALUES.search(before) else None
    if insert:
        headers, index = insert[2].split(","), insert[3].count(",")
        header = headers[index].strip(" `\"'\n[]") if index < len(headers) else ""
        says = header and header.lower().rpartition("_")[2] not in {*VALUE_WORDS, "v"}  # as in `option_value`
        return f"{insert[1]} {header}" if says else ""
    before = text[line_start:start]
    for delimiter in _DELIMITERS:
        index = before.count(delimiter)
        cells = _header(text, line_start, delimiter).split(delimiter) if index else []
        if len(cells) > index and all(map(_CELL.fullmatch, cells)):
            header = cells[index].strip(" *`\"'\r")
            return header if not sure or CREDENTIAL.search(header) else ""
    return ""


def _header(text: str, line_start: int, delimiter: str) -> str:
    """The first line of the block of lines with `delimiter` above `line_start`, within reach."""
    lines = text[max(0, line_start - 20_000) : line_start].splitlines()
    header = ""
    for line in reversed(lines):
        if delimiter not in line:
            break
        header = line
    return header
