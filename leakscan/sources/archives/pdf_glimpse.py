"""What a PDF page could say, told from what it is drawn with: far cheaper than its text, and without its blanks.

Strings in a page's content streams are codes in some font; a font says which characters these are (ISO 32000-1, 9.6 to
9.10). Every string is read in every font of the page, since only a whole interpreter knows which one is in force.
"""

import codecs
import itertools
import re
import sys
from array import array
from collections.abc import Iterator

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f\s]++)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
# Names of characters, of which values and the words about them are made; others may stand for anything.
_NAMES = {
    name: sign
    for names, signs in (
        ("zero one two three four five six seven eight nine", "0123456789"),
        ("underscore hyphen period colon equal slash at quotesingle quotedbl space comma plus", "_-.:=/@'\" ,+"),
    )
    for name, sign in zip(names.split(), signs, strict=True)
}
_GLYPH = re.compile(r"(?:g|c|a|cid|G|C|glyph|index)?\d+|uni.*|\.notdef")
_MOST_CODES = 1 << 16
_NONE = DictionaryObject()
# From a code to its characters, and how many bytes make a code.
_Font = tuple[dict[int, str], int]


class _Told(dict[int, str]):
    """A table in which every code has characters, none where nothing is told."""

    def __missing__(self, code: int) -> str:
        """Nothing."""
        return ""


# Fonts that were read before, by their identities, each with its description, which has to live as long.
Fonts = dict[int, tuple[DictionaryObject, _Font | None]]


def glimpses(page: DictionaryObject, known: Fonts) -> Iterator[str] | None:
    """What is shown on `page` as text without blanks, once in each of its fonts; None if one of them does not tell.

    Fonts of the document that are `known` are not read again, others become so. Raises whatever pypdf raises for a
    damaged page.
    """
    strings: list[bytes] = []
    fonts: dict[int, _Font | None] = {}
    seen, waiting = {id(page)}, [page]
    while waiting:  # the page, the forms on it, the forms in those
        drawn = waiting.pop()
        strings += _strings(drawn)
        resources = drawn.get("/Resources", _NONE).get_object()
        for font in resources.get("/Font", _NONE).get_object().values():
            described = font.get_object()
            if id(described) not in known:
                known[id(described)] = (described, _font(described))
            fonts[id(described)] = known[id(described)][1]
        for each in resources.get("/XObject", _NONE).get_object().values():
            form = each.get_object()
            if form.get("/Subtype") == "/Form" and id(form) not in seen:
                seen.add(id(form))
                waiting.append(form)
    telling = [font for font in fonts.values() if font is not None]
    if len(telling) < len(fonts):
        return None
    return (_read(strings, font) for font in telling)


def _strings(drawn: DictionaryObject) -> Iterator[bytes]:
    """The strings in what a page or a form is drawn with."""
    stream = drawn if isinstance(drawn, StreamObject) else drawn.get("/Contents", ArrayObject()).get_object()
    parts = stream if isinstance(stream, ArrayObject) else [stream]
    streams = [part.get_object() for part in parts if part is not None]
    data = b"\n".join(each.get_data() for each in streams if isinstance(each, StreamObject))
    return itertools.starmap(_string, _STRING.findall(data))


def _string(literal: bytes, digits: bytes) -> bytes:
    if digits:
        digits = b"".join(digits.split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPE.sub(_unescaped, literal) if b"\\" in literal else literal


def _unescaped(escape: re.Match[bytes]) -> bytes:
    sign = escape[1]
    return bytes([int(sign, 8) & 0xFF]) if sign[:1].isdigit() and sign < b"8" else _CONTROLS.get(sign, sign)


def _font(font: DictionaryObject) -> _Font | None:
    """The characters of a font's codes; None if it does not tell."""
    encoding = font.get("/Encoding", _NONE).get_object()
    mapping = font.get("/ToUnicode", _NONE).get_object()
    mapped = _mapped(mapping.get_data()) if isinstance(mapping, StreamObject) else None
    if font.get("/Subtype") == "/Type0":
        return (_Told(mapped), 2) if mapped is not None and encoding in {"/Identity-H", "/Identity-V"} else None
    table = {code: chr(code) for code in range(256)}
    if mapped is not None:
        return table | mapped, 1
    code = 0
    for each in encoding.get("/Differences", ()) if isinstance(encoding, DictionaryObject) else ():
        if isinstance(each, int):
            code = each
            continue
        name = str(each).removeprefix("/")
        if _GLYPH.fullmatch(name):
            return None
        table[code] = name if len(name) == 1 else _NAMES.get(name, "")
        code += 1
    return table, 1


def _mapped(mapping: bytes) -> dict[int, str]:
    """What a font's table of Unicode characters says (ISO 32000-1, 9.10.3)."""
    table: dict[int, str] = {}
    for section in _SECTION.finditer(mapping):
        if section[1] == b"char":
            table |= {int(code, 16): _text(text) for code, text in _CHAR.findall(section[2])}
            continue
        for first, last, start, each in _RANGE.findall(section[2]):
            codes = range(int(first, 16), min(int(last, 16) + 1, int(first, 16) + _MOST_CODES))
            listed = [_text(text) for text in _HEX.findall(each)]
            begin = int(start, 16) if start else 0
            texts = listed or (chr(min(begin + step, 0x10FFFF)) for step in range(len(codes)))
            table |= dict(zip(codes, texts, strict=False))
    return table


def _text(digits: bytes) -> str:
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()).decode("utf-16-be", "replace")


def _read(strings: list[bytes], font: _Font) -> str:
    table, width = font
    if width == 1:
        shown = codecs.charmap_decode(b"".join(strings), "ignore", table)[0]
    else:
        codes = array("H", b"".join([string[: len(string) & -2] for string in strings]))
        if sys.byteorder == "little":
            codes.byteswap()
        shown = "".join(map(table.__getitem__, codes))
    return shown.replace("\0", "")  # which is shown nowhere, and would speak of wide characters
