"""Archives made for tests, and what comes out of one."""

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import py7zr

from leakscan.detection.detector import Detector
from leakscan.model import Candidate, Content, Origin, Problem
from leakscan.sources.archives.bounds import Bounds
from leakscan.sources.archives.opening import opened
from leakscan.sources.archives.source import Source, reading
from leakscan.sources.archives.streams import zstd

Files: TypeAlias = Mapping[str, bytes]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: Files, form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return made.getvalue()


def sevenzipped(files: Files, password: str | None = None) -> bytes:
    """A 7z archive of files, which 7z calls solid: all are one stream."""
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w", password=password, header_encryption=password is not None) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return made.getvalue()


def database(statements: Iterable[str]) -> bytes:
    """An SQLite database that some statements make."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    made = connection.serialize()
    connection.close()
    return bytes(made)


def document(pages: Iterable[str], *, packed: bool = False, more: Iterable[bytes] = ()) -> bytes:
    """A PDF document with a text on each page, and more objects behind them."""
    texts = list(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(texts):
        drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        body = zlib.compress(drawn) if packed else drawn
        coded = b"/Filter /FlateDecode " if packed else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number),
            b"<< %b/Length %d >>\nstream\n%b\nendstream" % (coded, len(body), body),
        ]
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate([*objects, *more], 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table)
    return bytes(made)


# How one stream is compressed, by the end that a name then has.
STREAMS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "zst": lambda data: zstd().compress(data),
}


def read(data: bytes, path: str = "a", bounds: Bounds | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    """The contents in an archive by path, and the problems. A path that comes twice is an error."""
    contents: dict[str, bytes] = {}
    problems = []
    for each in opened(Source(reading([data])), Origin(path), path, bounds):
        if isinstance(each, Content):
            assert each.origin.path not in contents
            contents[each.origin.path] = each.data
        else:
            problems.append(each)
    return contents, problems


def found(detector: Detector, data: bytes, value: str, path: str = "a") -> list[Candidate]:
    """Where a value is found in an archive, which is read without a problem."""
    read_from = list(opened(Source(reading([data])), Origin(path), path))
    assert [each for each in read_from if isinstance(each, Problem)] == []
    contents = [each for each in read_from if isinstance(each, Content)]
    return [each for content in contents for each in detector.detect(content) if each.secret.reveal() == value]
