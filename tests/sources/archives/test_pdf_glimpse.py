"""What a page could say is told without interpreting it: by its strings, in each of its fonts."""

import random
import string

import pytest
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from leakscan.sources.archives.bounds import Bounds, Budget
from leakscan.sources.archives.pdf_glimpse import glimpses
from leakscan.sources.archives.pdfs import members
from leakscan.sources.archives.source import Member, Source, reading
from tests.scanning import fresh

from .making import document

LETTERS = string.ascii_letters + string.digits + "_="


def shuffled() -> dict[str, int]:
    """A code for each letter that other letters have elsewhere, as fonts have that hold but some."""
    codes = list(range(33, 33 + len(LETTERS)))
    random.shuffle(codes)
    return dict(zip(LETTERS, codes, strict=True))


def stream(data: bytes) -> StreamObject:
    made = DecodedStreamObject()
    made.set_data(data)
    return made


def mapping(codes: dict[str, int], digits: int) -> StreamObject:
    lines = [f"<{code:0{digits}X}> <{ord(letter):04X}>" for letter, code in codes.items()]
    listed = "\n".join(
        [f"1 begincodespacerange\n<{'0' * digits}> <{'F' * digits}>\nendcodespacerange", "2 beginbfchar"]
    )
    return stream("\n".join([listed, *lines, "endbfchar"]).encode())


def page(drawn: bytes, **font: PdfObject) -> DictionaryObject:
    described = DictionaryObject({NameObject(f"/{name}"): value for name, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): described})
    resources = DictionaryObject({NameObject("/Font"): fonts})
    return DictionaryObject({NameObject("/Contents"): stream(drawn), NameObject("/Resources"): resources})


def kerned(pieces: list[bytes]) -> bytes:
    return b"BT /F1 9 Tf [" + b" -20 ".join(pieces) + b"] TJ ET"


def escaped(data: bytes) -> bytes:
    return b"(" + b"".join(b"\\%03o" % byte if byte in b"()\\" else bytes([byte]) for byte in data) + b")"


def test_a_font_that_is_plain() -> None:
    text = f"TWILIO_AUTH_TOKEN={fresh()}"
    drawn = kerned([b"(" + part.encode() + b")" for part in (text[:3], text[3:20], text[20:])])
    shown = glimpses(page(drawn, Subtype=NameObject("/TrueType"), Encoding=NameObject("/WinAnsiEncoding")), {})
    assert shown is not None
    assert list(shown) == [text]


def test_a_font_with_codes_of_its_own() -> None:
    text, codes = f"TWILIO_AUTH_TOKEN={fresh()}", shuffled()
    drawn = kerned([escaped(bytes([codes[letter]])) for letter in text])
    shown = glimpses(page(drawn, Subtype=NameObject("/TrueType"), ToUnicode=mapping(codes, 2)), {})
    assert shown is not None
    assert list(shown) == [text]


@pytest.mark.parametrize("literal", [False, True])
def test_a_font_with_codes_of_two_bytes(literal: bool) -> None:
    text, codes = f"TWILIO_AUTH_TOKEN={fresh()}", shuffled()
    raw = b"".join(codes[letter].to_bytes(2, "big") for letter in text)
    drawn = kerned([escaped(raw) if literal else b"<" + raw.hex().encode() + b">"])
    encoding = NameObject("/Identity-H")
    shown = glimpses(page(drawn, Subtype=NameObject("/Type0"), Encoding=encoding, ToUnicode=mapping(codes, 4)), {})
    assert shown is not None
    assert list(shown) == [text]


def test_ranges_of_codes() -> None:
    table = b"2 beginbfrange\n<01> <1A> <0041>\n<30> <32> [<0030> <0031> <0032>]\nendbfrange"
    drawn = kerned([bytes([0x28, 1, 3, 0x30, 0x32, 0x29])])
    shown = glimpses(page(drawn, Subtype=NameObject("/Type1"), ToUnicode=stream(table)), {})
    assert shown is not None
    assert list(shown) == ["AC02"]


def test_names_of_characters() -> None:
    differences = ArrayObject([NumberObject(1), *map(NameObject, ("/T", "/underscore", "/seven"))])
    encoding = DictionaryObject({NameObject("/Differences"): differences})
    shown = glimpses(page(kerned([bytes([0x28, 1, 2, 3, 0x29])]), Subtype=NameObject("/Type1"), Encoding=encoding), {})
    assert shown is not None
    assert list(shown) == ["T_7"]


@pytest.mark.parametrize(
    "font",
    [
        {"Subtype": NameObject("/Type0"), "Encoding": NameObject("/Identity-H")},
        {"Subtype": NameObject("/Type0"), "Encoding": NameObject("/90ms-RKSJ-H"), "ToUnicode": mapping(shuffled(), 4)},
        {
            "Subtype": NameObject("/Type3"),
            "Encoding": DictionaryObject(
                {NameObject("/Differences"): ArrayObject([NumberObject(1), NameObject("/g1"), NameObject("/g2")])}
            ),
        },
    ],
    ids=["no table", "another encoding", "names of nothing"],
)
def test_a_font_that_does_not_tell(font: dict[str, PdfObject]) -> None:
    assert glimpses(page(b"BT /F1 9 Tf (ab) Tj ET", **font), {}) is None


def test_only_pages_that_could_say_something_are_worked_out() -> None:
    data = document(["an idle page", "TWILIO on this page"], packed=True)
    budget = Budget(Bounds(), lambda text: b"TWILIO" in text)
    pages = [each.read(1 << 20) for each in members(Source(reading([data])), budget) if isinstance(each, Member)]
    assert not any(b"idle" in text for text in pages)
    assert any(b"TWILIO on this page" in text for text in pages)
