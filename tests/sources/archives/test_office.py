"""Office documents: a value is found where one reads it, however its letters are cut into runs, and found once."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.model import Place
from tests.scanning import fresh

from .making import Files, found, read, zipped

OPEN = {"META-INF/manifest.xml": b"<manifest/>", "mimetype": b"application/vnd.oasis.opendocument.text"}


def runs(tag: str, text: str, attributes: str = "") -> str:
    """A text cut into runs of five letters, as an editor leaves it after some corrections."""
    pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
    return "".join(f"<{tag}:r><{tag}:t{attributes}>{piece}</{tag}:t></{tag}:r>" for piece in pieces)


def word(*paragraphs: str) -> bytes:
    """A Word document of such paragraphs."""
    body = "".join(f"<w:p>{each}</w:p>" for each in paragraphs)
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": f"<w:body>{body}</w:body>".encode()})


def slides(*paragraphs: str) -> bytes:
    """A presentation with such paragraphs on a slide."""
    body = "".join(f"<a:p>{each}</a:p>" for each in paragraphs)
    return zipped({"ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": f"<p:sld>{body}</p:sld>".encode()})


def sheet(shared: list[str], rows: str, *others: str) -> bytes:
    """A workbook with these shared texts and rows, and some other parts."""
    items = "".join(f"<si>{each}</si>" for each in shared)
    files: Files = {
        **dict.fromkeys(others, b"<workbook/>"),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(),
        "xl/sharedStrings.xml": f"<sst>{items}</sst>".encode(),
    }
    return zipped(files)


@pytest.mark.parametrize("attributes", ["", ' xml:space="preserve"'])
def test_a_value_cut_into_runs_of_a_word_document(detector: Detector, attributes: str) -> None:
    token = fresh()
    data = word(runs("w", "Settings"), runs("w", f"TWILIO_AUTH_TOKEN={token}", attributes))
    (candidate,) = found(detector, data, token, "a.docx")
    assert (candidate.origin.path, candidate.place) == ("a.docx!text", Place(2, 19, 2, 51))


def test_a_whole_value_in_a_word_document_is_found_once(detector: Detector) -> None:
    token = fresh()
    data = word(f"<w:r><w:t>TWILIO_AUTH_TOKEN={token}</w:t></w:r>")
    assert [each.origin.path for each in found(detector, data, token, "a.docx")] == ["a.docx!text"]


def test_what_was_deleted_with_changes_tracked_is_read(detector: Detector) -> None:
    token = fresh()
    data = word(f"<w:del><w:r><w:delText>TWILIO_AUTH_TOKEN={token}</w:delText></w:r></w:del>")
    assert len(found(detector, data, token)) == 1


def test_what_is_no_text_keeps_its_place_in_its_part(detector: Detector) -> None:
    token = fresh()
    data = word("<w:r><w:t>some text</w:t></w:r>", f'<w:x url="https://h/?TWILIO_AUTH_TOKEN={token}"/>')
    (candidate,) = found(detector, data, token, "a.docx")
    assert candidate.origin.path == "a.docx!word/document.xml"
    contents, _ = read(data)
    assert contents["a!word/document.xml"].startswith(b"<w:body><w:p><w:r><w:t>         </w:t>")


def test_a_value_cut_into_runs_of_a_slide(detector: Detector) -> None:
    token = fresh()
    (candidate,) = found(detector, slides(runs("a", f"TWILIO_AUTH_TOKEN={token}")), token, "a.pptx")
    assert (candidate.origin.path, candidate.place.column) == ("a.pptx!text", 19)


@pytest.mark.parametrize("others", [("xl/workbook.xml",), ()], ids=["whole", "sheets alone"])
def test_the_cells_of_a_row_stand_together(detector: Detector, others: tuple[str, ...]) -> None:
    token, other = fresh(), fresh()
    data = sheet(
        ["<t>TWILIO_AUTH_TOKEN</t>", f"<r><t>{token[:7]}</t></r><r><t>{token[7:]}</t></r>"],
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>TWILIO_AUTH_TOKEN</t></is></c>'
        f'<c r="B2" t="inlineStr"><is><t>{other}</t></is></c></row>',
        *others,
    )
    (candidate,) = found(detector, data, token, "a.xlsx")
    assert (candidate.origin.path, candidate.place) == ("a.xlsx!text", Place(1, 21, 1, 53))
    (candidate,) = found(detector, data, other, "a.xlsx")
    assert (candidate.origin.path, candidate.place.line) == ("a.xlsx!text", 2)


def test_a_column_of_a_sheet_is_known_by_its_header() -> None:
    cells = [f'<c t="s"><v>{number}</v></c>' for number in range(6)]
    rows = f"<row>{''.join(cells[:3])}</row><row>{''.join(cells[3:])}</row>"
    shared = [f"<t>{each}</t>" for each in ("name", "sid", "auth token", "Ada &amp; Carl", "x", "y")]
    assert read(sheet(shared, rows))[0]["a!text"] == b"name,sid,auth token\nAda & Carl,x,y"


def test_a_value_cut_into_spans_of_an_open_document(detector: Detector) -> None:
    token, other = fresh(), fresh()
    content = (
        f"<text:p>TWILIO_AUTH_TOKEN=<text:span>{token[:9]}</text:span>{token[9:]}</text:p>"
        "<table:table-row><table:table-cell><text:p>TWILIO_AUTH_TOKEN</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{other}</text:p></table:table-cell></table:table-row>"
    )
    data = zipped({**OPEN, "content.xml": content.encode()})
    (candidate,) = found(detector, data, token, "a.odt")
    assert (candidate.origin.path, candidate.place) == ("a.odt!text", Place(1, 19, 1, 51))
    assert len(found(detector, data, other, "a.ods")) == 1


def test_documents_in_documents(detector: Detector) -> None:
    token = fresh()
    inner = sheet([f"<t>TWILIO_AUTH_TOKEN={token}</t>"], "")
    data = zipped({"word/document.xml": b"<w:p/>", "word/embeddings/sheet.xlsx": inner})
    (candidate,) = found(detector, data, token, "a.docx")
    assert candidate.origin.path == "a.docx!word/embeddings/sheet.xlsx!text"


def test_text_of_an_unclosed_run_takes_no_longer(shipped: Prepared) -> None:
    data = word("<w:t>" * 50_000, "<w:t" * 50_000, "<si>" * 50_000)
    assert read(data)[1] == []
    assert read(sheet(["<t>" * 30_000], "<row><c><v>" * 30_000))[1] == []
