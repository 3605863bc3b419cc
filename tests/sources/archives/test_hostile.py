"""Damaged, encrypted and hostile archives: a problem each, never a traceback, and bounded time and memory."""

import io
import random
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.model import Content, Origin
from leakscan.sources.archives.bounds import Bounds
from leakscan.sources.archives.opening import opened
from leakscan.sources.archives.source import Source, reading
from tests.scanning import fresh, places, scan_paths, token_line

from .making import STREAMS, Files, database, document, found, read, sevenzipped, tarred, zipped

LINE = b"a line of text\n"
SAMPLES = {
    "zip": zipped({"b": LINE * 50, "c": LINE}),
    "tar": tarred({"b": LINE * 500, "c": LINE}),
    **{end: pack(LINE * 50) for end, pack in STREAMS.items()},
    "7z": sevenzipped({"b": LINE * 50, "c": LINE}),
    "pdf": document(["text", "more"], packed=True),
    "sqlite": database(["CREATE TABLE t (a)", f"INSERT INTO t VALUES ('{LINE.decode() * 200}')"]),
}
HOSTILE_NAMES = ["../../x", "/etc/passwd", "C:\\x", "a\x1b[31mb", "a\nb", "~", "a!b", "-", "\u202egnp", "x" * 3000]


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_truncated_archive_is_a_problem(kind: str) -> None:
    data = SAMPLES[kind]
    _, problems = read(data[: len(data) * 3 // 5])
    assert problems
    assert {problem.where.partition("!")[0] for problem in problems} == {"a"}


@pytest.mark.parametrize("kind", SAMPLES)
def test_damage_anywhere_gives_contents_or_problems_and_never_a_traceback(kind: str) -> None:
    source = random.Random(kind)
    for _ in range(150):
        data = bytearray(SAMPLES[kind])
        for _ in range(source.choice([1, 1, 4, 30])):
            data[source.randrange(len(data))] = source.randrange(256)
        if source.random() < 0.3:
            del data[source.randrange(len(data)) :]
        assert list(opened(Source(reading([bytes(data)])), Origin("a"), "a"))


def test_what_cannot_be_opened_at_all_is_scanned_as_it_is(detector: Detector) -> None:
    token = fresh()
    data = zipped({"a.env": token_line(token).encode()}, zipfile.ZIP_STORED)[:-22]
    contents, problems = read(data, "a.zip")
    assert contents == {"a.zip": data}
    assert [problem.where for problem in problems] == ["a.zip"]
    assert problems[0].message.endswith("its bytes were scanned as they are")


def test_a_truncated_archive_on_disk_is_a_problem_and_scanned_as_it_is(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    data = zipped({"a.env": token_line(token).encode()}, zipfile.ZIP_STORED)
    (tmp_path / "a.zip").write_bytes(data[:-30])
    report = scan_paths(shipped, tmp_path)
    assert [place.path for place in places(report, token)] == ["a.zip"]
    assert [problem.where for problem in report.problems] == ["a.zip"]


def test_what_comes_before_damage_is_scanned(detector: Detector) -> None:
    token = fresh()
    line = token_line(token).encode()
    text = line + random.Random(1).randbytes(400_000)
    contents, problems = read(STREAMS["gz"](text)[:300_000], "a.gz")
    assert contents["a.gz!a"].startswith(line)
    assert [(each.where, each.message) for each in problems] == [("a.gz!a", "the member ends before its time")]


def test_a_damaged_member_leaves_the_others() -> None:
    data = bytearray(zipped({"b": LINE, "c": LINE * 100, "d": LINE}, zipfile.ZIP_STORED))
    data[data.find(LINE * 2) + 20] ^= 1
    contents, problems = read(bytes(data))
    assert (contents["a!b"], contents["a!d"]) == (LINE, LINE)
    assert [problem.where for problem in problems] == ["a!c"]


def test_a_damaged_header_inside_a_tar_is_a_problem() -> None:
    data = bytearray(tarred({"b": LINE, "c": LINE, "d": LINE}))
    data[1024 + 100] ^= 1
    contents, problems = read(bytes(data))
    assert contents == {"a!b": LINE}
    assert [problem.message for problem in problems] == ["the tar archive is damaged; what follows was not scanned"]


def test_an_encrypted_zip(detector: Detector) -> None:
    token = fresh()
    data = bytearray(zipped({"b": LINE, "c.env": token_line(token).encode()}))
    first = data.find(b"PK\1\2")
    data[first + 8] |= 1  # in the directory, which is what readers go by
    data[6] |= 1
    contents, problems = read(bytes(data))
    assert list(contents) == ["a!c.env"]
    assert [(each.where, each.message) for each in problems] == [("a!b", "it is encrypted")]


def test_an_encrypted_7z() -> None:
    contents, problems = read(sevenzipped({"b": LINE}, password=fresh()))
    assert [problem.message.partition(";")[0] for problem in problems] == ["the 7z archive is encrypted"]
    assert set(contents) == {"a"}


def test_an_encrypted_pdf() -> None:
    more = b"<< /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P -4 >>" % (b"00" * 32, b"11" * 32)
    data = document(["text"], more=[more]).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [<00><00>]")
    (problem,) = read(data)[1]
    assert problem.message.startswith("the PDF document is encrypted")


def test_a_way_of_compressing_that_is_not_known() -> None:
    data = bytearray(zipped({"b": LINE, "c": LINE}))
    first = data.find(b"PK\1\2")
    data[first + 10 : first + 12] = data[8:10] = struct.pack("<H", 98)
    contents, problems = read(bytes(data))
    assert list(contents) == ["a!c"]
    assert [each.message for each in problems] == ["the member is compressed in a way that is not supported"]


@pytest.mark.parametrize("made", [zipped, tarred, sevenzipped])
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_are_only_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: Detector, name: str, made: Callable[[Files], bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    token = fresh()
    try:
        data = made({name: token_line(token).encode()})
    except ValueError:
        pytest.skip("the library does not write such a name")
    (candidate,) = found(detector, data, token)
    assert candidate.origin.path.startswith("a!")
    assert list(tmp_path.iterdir()) == []


def test_links_and_devices_are_passed_over() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            header = tarfile.TarInfo("x")
            header.type, header.linkname = kind, "/etc/passwd"
            archive.addfile(header)
        header = tarfile.TarInfo("b")
        header.size = len(LINE)
        archive.addfile(header, io.BytesIO(LINE))
    assert read(made.getvalue()) == ({"a!b": LINE}, [])


@pytest.mark.parametrize("size", [-1, -(1 << 40), 1 << 40, 1 << 62])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
def test_impossible_sizes_in_a_tar(kind: bytes, size: int) -> None:
    header = tarfile.TarInfo("b")
    header.type = kind
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = (1 << 95 | size & (1 << 88) - 1 if size >= 0 else size & (1 << 96) - 1).to_bytes(12, "big")
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:]))
    tracemalloc.start()
    begun = time.monotonic()
    contents, problems = read(tarred({"x": LINE})[:1024] + bytes(block) + LINE * 100)
    assert contents["a!x"] == LINE
    assert problems
    assert time.monotonic() - begun < 5
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_overlapping_entries_are_told_and_not_unpacked() -> None:
    """Many entries in the directory for the one piece of data, each a little further in the file."""
    data = zipped({"b": bytes(1_000_000)})
    at = data.find(b"PK\1\2")
    entry, end = data[at:-22], data[-22:]
    count = 500
    many = data[:at] + entry * count + end[:8] + struct.pack("<HHII", count, count, len(entry) * count, at) + b"\0\0"
    contents, problems = read(many)
    assert (contents, len(problems)) == ({}, count)
    assert {each.message for each in problems} == {"it overlaps with another entry of the archive"}


def test_an_archive_that_holds_itself_comes_to_an_end() -> None:
    """A gzip file whose content is the same file would be opened for ever; here each holds one more than it seems."""
    data = LINE
    for _ in range(40):
        data = STREAMS["gz"](data)
    _, problems = read(data)
    assert len(problems) == 1
    assert "deeper than 8" in problems[0].message


def test_a_bomb_of_bombs_is_bounded() -> None:
    bomb = zipped({f"{number}": bytes(20_000_000) for number in range(10)})
    data = zipped({f"{number}.zip": bomb for number in range(20)})
    unpacked = 0
    problems = []
    begun = time.monotonic()
    for each in opened(Source(reading([data])), Origin("a"), "a", Bounds(total=100_000_000)):
        if isinstance(each, Content):
            unpacked += len(each.data)
        else:
            problems.append(each)
    assert unpacked <= 101_000_000
    assert problems[-1].message == "the archive unpacks to more than 95 MiB; the rest was not scanned"
    assert time.monotonic() - begun < 20


def test_a_pdf_runs_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "jbig2dec"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    image = zlib.compress(b"x")
    body = b"<< /Filter [/FlateDecode /JBIG2Decode] /Length %d >>\nstream\n%b\nendstream" % (len(image), image)
    data = document(["text"], more=[body]).replace(b"/Contents 5 0 R", b"/Contents 6 0 R")
    _, problems = read(data)
    assert problems
    assert not (tmp_path / "was-run").exists()


def test_columns_that_are_worked_out_are_not() -> None:
    """What a column is made by could take for ever, in one step that cannot be interrupted."""
    endless = f"('{'a' * 5000}' GLOB '{'*a' * 2000}*b')"
    data = database([f"CREATE TABLE t (a, b AS {endless})", "INSERT INTO t (a) VALUES ('x')"])
    begun = time.monotonic()
    contents, problems = read(data)
    assert (contents["a!t"], problems) == (b"a = x\n", [])
    assert time.monotonic() - begun < 5


def test_forms_of_a_pdf_that_hold_each_other_come_to_an_end() -> None:
    more = []
    for number in range(30):
        inner = b"/Resources << /XObject << /X %d 0 R >> >>" % (7 + number) if number < 29 else b""
        drawn = b"/X Do /X Do" if number < 29 else b"BT (text) Tj ET"
        kind = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1]"
        more.append(b"<< %b %b /Length %d >>\nstream\n%b\nendstream" % (kind, inner, len(drawn), drawn))
    data = document(["x"], more=more).replace(b"/Font << /F1 3 0 R >>", b"/XObject << /X 6 0 R >>")
    begun = time.monotonic()
    read(data.replace(b"BT /F1 12 Tf", b"/X Do /X Do "))
    assert time.monotonic() - begun < 20
