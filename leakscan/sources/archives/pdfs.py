"""PDF documents: the text of each page, files attached, scripts and forms, and the strings in other objects."""

import logging
from collections.abc import Iterator

import pypdf
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from leakscan.sources.archives.bounds import Budget, Exhausted, Refused
from leakscan.sources.archives.pdf_glimpse import Fonts, glimpses
from leakscan.sources.archives.source import Member, Source, Unread, reading

# What streams have in their dictionaries that are drawn, or are fonts, tables and indexes.
_DRAWN = ("/BBox", "/Width", "/Length1", "/Length2", "/Length3", "/FunctionType", "/ShadingType", "/PatternType")
_INDEXES = ("/XRef", "/ObjStm", "/CMap")
_FONTS = ("/Type1C", "/CIDFontType0C", "/OpenType")
_DEEPEST = 20

# It says on standard error what it mends; what cannot be read is told as a problem instead.
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """What is to be read in a document. Raises whatever pypdf raises for a damaged one, Refused and Exhausted."""
    with pypdf.apply_configuration(jbig2dec_binary=None, disable_legacy_handling=True):  # no other program is run
        reader = pypdf.PdfReader(source.seekable(budget.bounds.held))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("the PDF document is encrypted")
        drawn: set[int] = set()
        fonts: Fonts = {}
        for number, page in enumerate(reader.pages, 1):
            budget.enter()
            name = f"page {number}"
            try:
                drawn |= _contents(page)
                text = _text(page, fonts, budget)
            except Exhausted:
                raise
            except Exception as error:  # noqa: BLE001  # pypdf raises anything for pages that somebody hostile made
                yield Unread(name, error)
                continue
            yield Member(name, budget.metered(reading([text.encode("utf-8", "replace")]), lambda: 1 << 20))
        yield from _others(reader, drawn, budget)


def _text(page: pypdf.PageObject, fonts: Fonts, budget: Budget) -> str:
    """What one reads on a page; nothing if nothing could be found in it."""
    shown = glimpses(page, fonts)
    if shown is None or any(budget.suspects(text.encode("utf-8", "replace")) for text in shown):
        return page.extract_text(visitor_operand_before=lambda *_: budget.tick())
    return ""


def _contents(page: DictionaryObject) -> set[int]:
    """The numbers of the objects that a page is drawn by."""
    contents = page.raw_get("/Contents") if "/Contents" in page else NullObject()
    resolved = contents.get_object()
    each = [contents, *(resolved if isinstance(resolved, ArrayObject) else ())]
    return {reference.idnum for reference in each if isinstance(reference, IndirectObject)}


def _others(reader: pypdf.PdfReader, drawn: set[int], budget: Budget) -> Iterator[Member | Unread]:
    """Streams that are not drawn, and the strings in objects."""
    lines: list[str] = []
    numbers = {number for numbers in reader.xref.values() for number in numbers} | set(reader.xref_objStm)
    for number in sorted(numbers):
        budget.enter()
        name = f"object {number}"
        try:
            found = reader.get_object(number)
            if isinstance(found, StreamObject):
                if number not in drawn and _is_read(found):
                    yield Member(name, budget.metered(reading([bytes(found.get_data())]), lambda: 1 << 20))
            elif found is not None:
                lines += _strings(found)
        except Exception as error:  # noqa: BLE001  # as above
            yield Unread(name, error)
    if lines:
        yield Member("objects", reading(["\n".join(lines).encode("utf-8", "replace")]))


def _is_read(stream: StreamObject) -> bool:
    """Whether a stream has something to be read in it."""
    return not (
        any(sign in stream for sign in _DRAWN)
        or stream.get("/Type") in _INDEXES
        or stream.get("/Subtype") in _FONTS
        or "JBIG2" in str(stream.get("/Filter"))
    )


def _strings(found: PdfObject, name: str = "", depth: int = 0) -> Iterator[str]:
    """The strings in an object, each behind the name that it has there."""
    if isinstance(found, TextStringObject | ByteStringObject):
        text = found if isinstance(found, str) else found.decode("latin-1")
        yield f"{name} = {text}" if name else str(text)
    elif depth < _DEEPEST and isinstance(found, DictionaryObject):
        for key in found:
            yield from _strings(found.raw_get(key), str(key).removeprefix("/"), depth + 1)
    elif depth < _DEEPEST and isinstance(found, ArrayObject):
        for each in list.__iter__(found):
            yield from _strings(each, name, depth + 1)
