"""What one reads in office documents: pieces of a word in several runs joined, the cells of a row in one line."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from html import unescape

# What encloses text, and what ends a line of it or stands for a blank.
_WORD = re.compile(
    rb"<w:(?:t|delText|instrText)(?:\s[^<>]*)?>(?P<text>[^<]*)|(?P<line></w:p>|<w:(?:br|cr)[ /])|(?P<blank><w:tab/>)"
)
_SLIDE = re.compile(rb"<a:t(?:\s[^<>]*)?>(?P<text>[^<]*)|(?P<line></a:p>|<a:br[ />])|(?P<blank><a:tab/>)")
_OPEN = re.compile(
    rb"(?P<line></text:[ph]>(?!\s*</table:table-cell>)|<text:line-break/>|</table:table-row>)"
    rb"|(?P<cell></table:table-cell>)|(?P<blank><text:(?:s|tab)(?:\s[^<>]*)?/>)|<[^<>]*>|(?P<text>[^<]+)"
)
_CELL_TEXT = re.compile(rb"<t(?:\s[^<>]*)?>(?P<text>[^<]*)")
_PHONETIC = re.compile(rb"<rPh(?:\s[^<>]*)?>\s*<t(?:\s[^<>]*)?>[^<]*</t>\s*</rPh>")
_VALUE = re.compile(rb"<v>([^<]*)")
_NAME = re.compile(rb"[A-Za-z_][\w .-]{1,80}")

_SHARED = "xl/sharedStrings.xml"
_SHEETS = (re.compile(r"xl/(?:sharedStrings|worksheets/[^/]*|comments\d*)\.xml"), _CELL_TEXT)
# By a member that tells what document it is: which parts have text, and what finds it there.
_FORMS = {
    "word/document.xml": (re.compile(r"word/[^/]*\.xml"), _WORD),
    "ppt/presentation.xml": (re.compile(r"ppt/(?:\w+/)?[^/]*\.xml"), _SLIDE),
    "xl/workbook.xml": _SHEETS,
    _SHARED: _SHEETS,  # where the workbook is left out
    "content.xml": (re.compile(r"(?:content|styles)\.xml"), _OPEN),
}


class Texts:
    """The text of one document, collected while its parts are read."""

    def __init__(self, parts: re.Pattern[str] | None, pattern: re.Pattern[bytes], *, cells: bool) -> None:
        self._parts = parts
        self._pattern = pattern
        self._cells = cells
        self._lines: list[bytes] = []
        self._shared: list[bytes] = []
        self._sheets: list[bytes] = []

    @classmethod
    def of(cls, names: AbstractSet[str]) -> "Texts":
        """The text of an archive with members of these `names`; no member has any where it is no document."""
        for sign, (parts, pattern) in _FORMS.items():
            if sign in names and (sign != "content.xml" or not names.isdisjoint({"META-INF/manifest.xml", "mimetype"})):
                return cls(parts, pattern, cells=sign.startswith("xl/"))
        return cls(None, _WORD, cells=False)

    def has(self, name: str) -> bool:
        """Whether the member `name` is a part with text."""
        return self._parts is not None and self._parts.fullmatch(name) is not None

    def taken_from(self, name: str, data: bytes) -> bytes:
        """What is left of a part once its text is taken: the same with blanks there, so that all keeps its place."""
        data = _as_utf_8(data)
        text, rest = _parted(self._pattern, data)
        if name.startswith("xl/worksheets/"):
            self._sheets.append(data)
        elif name == _SHARED:
            self._shared = [_joined(_CELL_TEXT, _PHONETIC.sub(b"", item)) for _, item in _elements(b"si", data)]
        else:
            self._lines.append(text)
        return rest

    @property
    def found(self) -> bool:
        """Whether there is any text."""
        return bool(self._lines or self._shared or self._sheets)

    def joined(self) -> bytes:
        """All text: a line for each paragraph and row; a row of a name and a value as `name = value`."""
        used: set[int] = set()
        rows = [row for sheet in self._sheets for row in self._rows(sheet, used)]
        rest = [text for number, text in enumerate(self._shared) if number not in used]
        return b"\n".join([*self._lines, *rows, *rest])

    def _rows(self, sheet: bytes, used: set[int]) -> Iterator[bytes]:
        for row in sheet.split(b"</row>"):
            cells = [text for attributes, data in _elements(b"c", row) if (text := self._cell(attributes, data, used))]
            if cells:
                yield as_line(cells)

    def _cell(self, attributes: bytes, data: bytes, used: set[int]) -> bytes:
        value = _VALUE.search(data)
        if value is None:
            return _joined(_CELL_TEXT, data)
        if b't="s"' in attributes and value[1].strip().isdigit():
            number = int(value[1].strip()[:9])
            used.add(number)
            return self._shared[number] if number < len(self._shared) else b""
        return _unescaped(value[1])


def as_line(cells: list[bytes]) -> bytes:
    """The cells of a row in one line; two of which the first may be a name as that name and its value."""
    cells = [cell.replace(b"\n", b" ") for cell in cells]
    if len(cells) == 2 and _NAME.fullmatch(cells[0]):
        return cells[0] + b" = " + cells[1]
    return b",".join(cells)


def _elements(tag: bytes, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the content of each element of this name, none of which is in another one."""
    for piece in data.split(b"</%b>" % tag)[:-1]:
        begin = max(piece.rfind(b"<%b%b" % (tag, end)) for end in (b">", b" ", b"\n", b"\r", b"\t"))
        attributes, _, content = piece[begin:].partition(b">")
        if begin >= 0:
            yield attributes, content


def _joined(pattern: re.Pattern[bytes], data: bytes) -> bytes:
    """The text in a part, line ends at the ends of paragraphs."""
    return _parted(pattern, data)[0]


def _parted(pattern: re.Pattern[bytes], data: bytes) -> tuple[bytes, bytes]:
    """The text in a part, line ends at the ends of paragraphs; and the part with blanks where that stands."""
    signs = {"line": b"\n", "blank": b" ", "cell": b","}
    texts, rest = [], bytearray(data)
    for found in pattern.finditer(data):
        kind = found.lastgroup
        if kind == "text":
            begin, end = found.span("text")
            texts.append(_unescaped(data[begin:end]))
            rest[begin:end] = b" " * (end - begin)
        elif kind is not None:
            texts.append(signs[kind])
    return b"".join(texts), bytes(rest)


def _unescaped(text: bytes) -> bytes:
    return (
        unescape(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape") if b"&" in text else text
    )


def _as_utf_8(data: bytes) -> bytes:
    """XML may be UTF-16, which says so by its first bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data
