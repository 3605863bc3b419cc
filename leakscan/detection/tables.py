"""A value's column header and row: CSV and its kin, Markdown and wiki tables, INSERT and COPY of SQL."""

import re
from typing import NamedTuple

from leakscan.detection.vocabulary import VALUE_WORDS

_DELIMITERS = ("\t", ",", ";", "|")
_INSERT = re.compile(
    r"(\w{0,64})[`\"\]]?\s*\(([^()]{3,2000})\)\s*VALUES\s*(?:\([^()]*\)\s*,\s*)*\(([^()]*)$", re.IGNORECASE
)
_VALUES = re.compile(r"\)\s*VALUES\s*\(", re.IGNORECASE)  # far faster to see that there is none
# Without a column list, as dumps have it: the table's definition tells.
_BARE_INSERT = re.compile(
    r"INSERT\s+INTO\s+[\w.`\"\[\]]{0,40}?(\w{1,64})[`\"\]]?\s+VALUES\s*(?:\([^()]*\)\s*,\s*)*\(([^()]*)$", re.IGNORECASE
)
_COLUMN = re.compile(r"(?:^|,)\s*([`\"\[]?\w{1,64})[`\"\]]?\s+[A-Za-z]", re.MULTILINE)
_NO_COLUMN = frozenset("primary unique key constraint index foreign check fulltext".split())
_COPY = re.compile(
    r"(?:^|\n)COPY\s+(?:[\w\"]+\.)?([\w\"]{1,64})\s*\(([^()\n]{3,2000})\)\s*FROM\s+stdin[^\n]{0,80}\n", re.IGNORECASE
)
_REACH = 20_000

# A header is words; a line of values or of code is not one.
_CELL = re.compile(r"[ \t]*[*`\"']{0,3}[A-Za-z0-9_ .#()/-]{0,40}[*`\"']{0,3}[ \t\r]*")
# What is no word: a value.
_VALUE = re.compile(r"\S{20}")
_WIKI_CELLS = re.compile(r"\n[|!](?![-}+])|\|\||!!")


class Cell(NamedTuple):
    """The header of a value's column, and what else its row says; `sure` if it cannot be but a table."""

    header: str = ""
    row: str = ""
    sure: bool = False


def cell(text: str, start: int, end: int, line_start: int) -> Cell:
    """Where `text[start:end]` stands in a table; empty outside of tables."""
    before = text[max(0, start - 3000) : start]
    insert = _INSERT.search(before) if _VALUES.search(before) else None
    if insert:
        headers, index = insert[2].split(","), insert[3].count(",")
        header = headers[index].strip(" `\"'\n[]") if index < len(headers) else ""
        return Cell(_of_table(insert[1], header), sure=True)
    bare = _BARE_INSERT.search(before) if "VALUES" in before or "values" in before else None
    if bare and (header := _defined(text[max(0, start - _REACH) : start], bare[1], bare[2].count(","))):
        return Cell(header, sure=True)
    before = text[line_start:start]
    if "\t" in before and (header := _copied(text[max(0, line_start - _REACH) : line_start], before.count("\t"))):
        return Cell(header, sure=True)
    if before.startswith("|") and (header := _wiki_header(text[max(0, line_start - _REACH) : start])):
        return Cell(header, sure=True)
    for delimiter in _DELIMITERS:
        index = before.count(delimiter)
        cells = _header(text, line_start, delimiter).split(delimiter) if index else []
        if len(cells) > index and all(map(_CELL.fullmatch, cells)):
            behind = text[end : end + 400].partition("\n")[0]
            words = (each for each in (before + behind).split(delimiter) if not _VALUE.search(each))
            return Cell(cells[index].strip(" *`\"'\r"), " ".join(words))
    return Cell()


def _defined(above: str, table: str, index: int) -> str:
    """The name of a table's column, of those that its definition lists; of one that only says "value" nothing."""
    begin = re.search(rf"CREATE TABLE [^(;]{{0,60}}\b{table}\b[^(;]{{0,4}}\(", above, re.IGNORECASE)
    if begin is None:
        return ""
    listed = re.sub(r"\([^()]*\)", "", above[begin.end() :].partition(";")[0])
    columns = [each for each in _COLUMN.findall(listed) if each.lower() not in _NO_COLUMN]
    header = columns[index].strip('`"[') if index < len(columns) else ""
    return _of_table(table, header)


def _of_table(table: str, header: str) -> str:
    """The name of a table's column with the table's; nothing for one that only says "value", as `option_value` does."""
    says = header and header.lower().rpartition("_")[2] not in {*VALUE_WORDS, "v"}
    return f"{table} {header}" if says else ""


def _copied(above: str, index: int) -> str:
    """The name of the column that a row of PostgreSQL's COPY is at, with the table's."""
    above = "\n" + above
    begin = max(above.rfind("\nCOPY "), above.rfind("\ncopy "))
    found = _COPY.search(above, begin) if begin >= 0 else None
    if found is None or "\n\\." in above[found.end() - 1 :]:
        return ""
    columns = found[2].split(",")
    return f"{found[1]} {columns[index]}".replace('"', "").strip() if index < len(columns) else ""


def _header(text: str, line_start: int, delimiter: str) -> str:
    """The first line of the block of lines with `delimiter` above `line_start`, within reach."""
    lines = text[max(0, line_start - _REACH) : line_start].splitlines()
    header = ""
    for line in reversed(lines):
        if delimiter not in line:
            break
        header = line
    return header


def _wiki_header(before: str) -> str:
    """The header of the cell that `before` ends in, in a table as MediaWiki has them."""
    table = before[before.rfind("\n{|") + 1 :] if "\n{|" in before else before
    if not table.startswith("{|"):
        return ""
    *above, row = table.split("\n|-")
    headers = [
        each.rpartition("|")[2].strip(" *'\r")  # what stands before the bar is attributes
        for line in "\n|-".join(above).split("\n")
        if line.startswith("!")
        for each in re.split(r"!!|\|\|", line[1:])
    ]
    index = len(_WIKI_CELLS.findall(row)) - 1
    return headers[index] if 0 <= index < len(headers) else ""
