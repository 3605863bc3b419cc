"""SQLite databases, opened in memory: each table as text in which names and values stand together."""

import sqlite3
from collections.abc import Iterator

from leakscan.sources.archives.bounds import Budget
from leakscan.sources.archives.source import STEP, Member, Source, Unread, reading

# Columns that name what another one holds, as in tables of settings.
_KEYS = frozenset(
    "k key name setting setting_key setting_name option option_name config_key property variable var meta_key param "
    "parameter preference".split()
)
_VALUES = frozenset("v value val setting_value option_value config_value meta_value data content secret token".split())
_WRITE_AHEAD = b"\2\2"
_STEPS = 100_000  # between two looks at the clock, in instructions of SQLite's machine
_TRUNK = 8
_LONGEST = 64 << 20
# The columns of a table that are not worked out as they are read, by what somebody hostile may have written.
_STORED = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (0, 3)"


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """The tables of a database, views and virtual tables not among them, and what deleted rows left in free pages.

    Raises whatever sqlite3 raises for a damaged file, Refused and Exhausted.
    """
    data = source.held(budget.bounds.held)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.set_progress_handler(budget.late, _STEPS)
        connection.text_factory = bytes
        if data[18:20] == _WRITE_AHEAD:  # which needs a file beside it, and is read as well without
            connection.deserialize(data[:18] + b"\1\1" + data[20:])
        else:
            connection.deserialize(data)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").fetchall()
        schema = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
        yield Member("schema", reading([b";\n".join(row[0] for row in schema if isinstance(row[0], bytes))]))
        for (name,) in tables:
            budget.enter()
            shown = name.decode("utf-8", "replace")
            try:
                columns = connection.execute(_STORED, (shown,)).fetchall()
                listed = ", ".join(_quoted(column.decode("utf-8", "replace")) for (column,) in columns)
                rows = connection.execute(f"SELECT {listed} FROM {_quoted(shown)}")  # noqa: S608  # a table has no other name
            except sqlite3.Error as error:
                budget.tick()
                yield Unread(shown, error)
                continue
            yield Member(shown, budget.metered(reading(_text(rows, budget)), lambda: len(data)))
    finally:
        connection.close()
    if _is_cut(data):
        yield Unread("", "the SQLite database ends before its time; what is there was scanned")
    if free := _free_pages(data):
        yield Member("free pages", reading([free]))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(rows: sqlite3.Cursor, budget: Budget) -> Iterator[bytes]:
    """The rows of a table as lines `column = value`, and a row that names a setting as `name = value`."""
    columns = [str(column[0]).encode("utf-8", "replace") for column in rows.description]
    lower = [column.decode("utf-8", "replace").lower() for column in columns]
    keys = [number for number, column in enumerate(lower) if column in _KEYS]
    values = [number for number, column in enumerate(lower) if column in _VALUES]
    setting = (keys[0], values[0]) if len(keys) == 1 and len(values) == 1 else None
    lines: list[bytes] = []
    waiting = 0
    try:
        for row in rows:
            cells = [_cell(value) for value in row]
            if setting is not None and cells[setting[0]]:
                lines.append(cells[setting[0]] + b" = " + cells[setting[1]])
            named = (
                each for number, each in enumerate(zip(columns, cells, strict=True)) if number not in (setting or ())
            )
            lines += [column + b" = " + cell for column, cell in named if cell]
            lines.append(b"")
            waiting += sum(map(len, cells)) + 1
            if waiting > STEP:
                yield b"\n".join(lines) + b"\n"
                lines, waiting = [], 0
    except sqlite3.Error:
        budget.tick()  # it is the clock that interrupts a query
        yield b"\n".join(lines)
        raise
    yield b"\n".join(lines)


def _cell(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode()


def _page_length(data: bytes) -> int:
    length = int.from_bytes(data[16:18], "big")
    return 65536 if length == 1 else length


def _is_cut(data: bytes) -> bool:
    """Whether the file is shorter than its header says, if that is up to date."""
    is_up_to_date = data[24:28] == data[92:96]
    return is_up_to_date and len(data) < _page_length(data) * int.from_bytes(data[28:32], "big")


def _free_pages(data: bytes) -> bytes:
    """What stands in pages that no table uses any more: in them deleted rows are often whole."""
    length = _page_length(data)
    trunk, most = int.from_bytes(data[32:36], "big"), len(data) // max(length, 512)
    pages: list[int] = []
    seen: set[int] = set()
    while 0 < trunk <= most and trunk not in seen:
        seen.add(trunk)
        page = data[(trunk - 1) * length : trunk * length]
        count = min(int.from_bytes(page[4:_TRUNK], "big"), length // 4 - 2)
        pages += [int.from_bytes(page[_TRUNK + 4 * each : _TRUNK + 4 + 4 * each], "big") for each in range(count)]
        trunk = int.from_bytes(page[:4], "big")
    return b"\n".join(data[(page - 1) * length : page * length] for page in dict.fromkeys(pages) if 0 < page <= most)
