"""The column header of a value: CSV and its kin, Markdown tables, SQL INSERT with a column list."""

import re

_DELIMITERS = ("\t", ",", ";", "|")
_INSERT = re.compile(r"\(([^()]{3,2000})\)\s*VALUES\s*(?:\([^()]*\)\s*,\s*)*\(([^()]*)$", re.IGNORECASE)


def column(text: str, start: int, line_start: int) -> str:
    """The column header of a value in a table: CSV, a Markdown table, or an SQL INSERT with its column list."""
    insert = _INSERT.search(text, max(0, start - 3000), start)
    if insert:
        headers, index = insert[1].split(","), insert[2].count(",")
        return headers[index].strip(" `\"'\n[]") if index < len(headers) else ""
    before = text[line_start:start]
    for delimiter in _DELIMITERS:
        index = before.count(delimiter)
        if not index:
            continue
        header = _header(text, line_start, delimiter)
        cells = header.split(delimiter)
        if len(cells) > index and not re.search(r"[=({]|AC[0-9a-f]{32}", header):
            return cells[index].strip(" *`\"'\r")
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
