"""Every bound is kept, each is a problem that names the member, and the rest is still scanned."""

import time
import zipfile
from collections.abc import Callable

import pytest

from leakscan.model import Problem
from leakscan.sources.archives.bounds import Bounds

from .making import STREAMS, Files, database, document, read, sevenzipped, tarred, zipped

LINE = b"a line of text\n"
FEW = Bounds(free=1000)
MADE = [zipped, tarred, sevenzipped]


def nested(depth: int) -> bytes:
    """A file below so many archives."""
    data = LINE
    for number in range(depth):
        data = tarred({f"{number}": data})
    return data


def test_depth() -> None:
    assert read(nested(3), bounds=Bounds(depth=3)) == ({"a!2!1!0": LINE}, [])
    data = tarred({"deep": nested(3), "flat": LINE})
    contents, problems = read(data, bounds=Bounds(depth=3))
    assert contents["a!flat"] == LINE
    assert LINE in contents["a!deep!2!1"]
    message = "archives lie in each other deeper than 3; it was scanned without being opened"
    assert problems == [Problem("a!deep!2!1", message)]


@pytest.mark.parametrize("made", MADE)
def test_entries(made: Callable[[Files], bytes]) -> None:
    data = made({f"{number}": LINE for number in range(5)})
    assert read(data, bounds=Bounds(entries=5))[1] == []
    contents, problems = read(data, bounds=Bounds(entries=4))
    assert contents == ({} if made is sevenzipped else {f"a!{number}": LINE for number in range(4)})
    assert [problem.message for problem in problems] == [
        "the archive has more than 4 entries; the rest was not scanned"
    ]


def test_entries_of_archives_in_it_count_together() -> None:
    data = zipped({"a.zip": zipped({"b": LINE, "c": LINE}), "d": LINE})
    contents, problems = read(data, bounds=Bounds(entries=3))
    assert list(contents) == ["a!a.zip!b", "a!a.zip!c"]
    assert [problem.where for problem in problems] == ["a"]


def test_a_directory_of_far_too_many_entries_is_not_read() -> None:
    data = zipped({f"{number:0200}": b"" for number in range(6000)})
    (problem,) = read(data, bounds=Bounds(entries=100))[1]
    assert problem.message.startswith("the archive's directory is too large for 100 entries")


@pytest.mark.parametrize("end", STREAMS)
def test_total_of_a_stream(end: str) -> None:
    contents, problems = read(STREAMS[end](LINE * 100_000), f"x.{end}", Bounds(total=1_000_000, ratio=1_000_000))
    assert 700_000 < len(contents[f"x.{end}!x"]) <= 1_000_000
    message = "the archive unpacks to more than 1,000,000 bytes; the rest was not scanned"
    assert problems == [Problem(f"x.{end}!x", message)]


@pytest.mark.parametrize("made", [zipped, sevenzipped])
def test_total_of_members(made: Callable[[Files], bytes]) -> None:
    data = made({f"{number}": LINE * 1000 for number in range(10)})
    contents, problems = read(data, bounds=Bounds(total=50_000, ratio=1_000_000))
    assert len(contents) == (0 if made is sevenzipped else 3) + (made is zipped)
    assert len(problems) == 1
    assert "unpacks to more than 50,000 bytes" in problems[0].message


@pytest.mark.parametrize("made", [zipped, lambda files: tarred({"x.gz": STREAMS["gz"](files["bomb"]), "b": LINE})])
def test_ratio(made: Callable[[Files], bytes]) -> None:
    contents, problems = read(made({"bomb": bytes(10_000_000), "b": LINE}), bounds=FEW)
    assert contents["a!b"] == LINE
    assert [problem.where for problem in problems] == ["a!bomb" if "a!bomb" in contents else "a!x.gz!x"]
    assert problems[0].message.startswith("it unpacks to more than 200 times its packed size")


def test_ratio_of_a_7z_archive() -> None:
    (problem,) = read(sevenzipped({"bomb": bytes(10_000_000)}), bounds=FEW)[1]
    assert (problem.where, problem.message[:34]) == ("a", "it unpacks to more than 200 times ")


def test_what_has_to_be_held() -> None:
    inner = zipped({"b": LINE * 100}, zipfile.ZIP_STORED)
    data = tarred({"inner.zip": inner, "c": LINE})
    contents, problems = read(data, bounds=Bounds(held=1000))
    assert contents["a!c"] == LINE
    assert LINE in contents["a!inner.zip"]
    assert [problem.where for problem in problems] == ["a!inner.zip"]
    assert "more than 1,000 bytes" in problems[0].message


def test_a_large_member_of_a_7z_archive_is_not_held() -> None:
    contents, problems = read(sevenzipped({"big": LINE * 1000, "c": LINE}), bounds=Bounds(held=5000))
    assert contents == {"a!c": LINE}
    assert [problem.where for problem in problems] == ["a!big"]


def test_a_large_part_of_a_document_is_not_held() -> None:
    data = zipped({"word/document.xml": LINE * 1000, "c": LINE})
    contents, problems = read(data, bounds=Bounds(held=5000))
    assert contents["a!c"] == LINE
    assert [problem.where for problem in problems] == ["a!word/document.xml"]


@pytest.mark.parametrize(
    "data",
    [
        zipped({"b": LINE}),
        tarred({"b": LINE}),
        STREAMS["xz"](LINE),
        sevenzipped({"b": LINE}),
        document(["text"]),
        database(["CREATE TABLE t (a)"]),
    ],
    ids=["zip", "tar", "xz", "7z", "pdf", "sqlite"],
)
def test_time(data: bytes) -> None:
    _, problems = read(data, bounds=Bounds(seconds=0.0))
    assert [problem.message for problem in problems] == [
        "the archive took longer than 0 seconds; the rest was not scanned"
    ]


def test_a_query_without_end_is_ended() -> None:
    """A view costs nothing: what a table holds is read, and no more of what somebody hostile wrote is run."""
    without_end = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    data = database(["CREATE TABLE t (a)", "INSERT INTO t VALUES ('x')", f"CREATE VIEW v AS {without_end}"])
    begun = time.monotonic()
    contents, problems = read(data)
    assert (contents["a!t"], problems) == (b"a = x\n", [])
    assert time.monotonic() - begun < 5
