"""A large file comes in pieces, and is found to hold what it would in one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared, prepare
from leakscan.model import Content, Occurrence, Origin, Place
from leakscan.pipeline import scan
from leakscan.sources import files, segments
from leakscan.sources.files import Found, Reader, Tree
from tests.scanning import detect, fresh, places, scan_paths

REFERENCE = prepare(engine="reference").detector()


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SEGMENT", 1000)
    monkeypatch.setattr(segments, "OVERLAP", 300)


def found(prepared: Prepared, folder: Path, data: bytes, token: str) -> list[Occurrence]:
    """The places of a value in a file of this content."""
    (folder / "big").write_bytes(data)
    return places(scan_paths(prepared, folder / "big"), token)


@pytest.mark.parametrize("offset", range(-90, 30, 8))
def test_a_value_across_a_border_is_found_once_at_its_place(shipped: Prepared, tmp_path: Path, offset: int) -> None:
    token = fresh()
    data = (
        b"# comment\n" * 90
        + b"x" * (100 + offset)
        + f"\nTWILIO_AUTH_TOKEN = '{token}'\n".encode()
        + b"# comment\n" * 150
    )
    (occurrence,) = found(shipped, tmp_path, data, token)
    assert occurrence.place == Place(92, 22, 92, 54)


@pytest.mark.parametrize("offset", [0, 50, 83, 150, 295, 700])
def test_columns_go_on_over_borders_of_one_long_line(shipped: Prepared, tmp_path: Path, offset: int) -> None:
    token = fresh()
    data = b"a " * 900 + b"x" * offset + f";TWILIO_AUTH_TOKEN = '{token}';".encode() + b"b " * 900
    wanted = 1800 + offset + len(";TWILIO_AUTH_TOKEN = '") + 1
    assert {each.place for each in found(shipped, tmp_path, data, token)} == {Place(1, wanted, 1, wanted + 32)}


@pytest.mark.parametrize("offset", [1, 3, 5, *(pytest.param(offset) for offset in (0, 2, 4))])
def test_columns_count_letters_of_two_bytes_over_borders(shipped: Prepared, tmp_path: Path, offset: int) -> None:
    token = fresh()
    data = ("x" * offset + "é" * 900 + f" TWILIO_AUTH_TOKEN = '{token}'").encode()
    wanted = offset + 900 + len(" TWILIO_AUTH_TOKEN = '") + 1
    assert {each.place.column for each in found(shipped, tmp_path, data, token)} == {wanted}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_lines_of_utf_16_are_counted_over_borders(shipped: Prepared, tmp_path: Path, encoding: str) -> None:
    token = fresh()
    data = ("# comment\n" * 150 + f"TWILIO_AUTH_TOKEN = '{token}'\n").encode(encoding)
    assert {each.place for each in found(shipped, tmp_path, data, token)} == {Place(151, 22, 151, 54)}


@pytest.mark.parametrize("offset", range(0, 40, 3))
def test_a_long_line_gives_one_occurrence(shipped: Prepared, tmp_path: Path, offset: int) -> None:
    token = fresh()
    data = b"a " * 350 + b"x" * offset + f";TWILIO_AUTH_TOKEN = '{token}';".encode() + b"b " * 900
    assert len(found(shipped, tmp_path, data, token)) == 1


def test_a_value_cut_at_a_border_is_not_another_value(shipped: Prepared, tmp_path: Path) -> None:
    name = b"TWILIO_AUTH_TOKEN = '"
    digest = fresh("hex64")
    data = b"#" * (1000 - 32 - len(name)) + b"\n" + name + digest.encode() + b"'\n" + b"# comment\n" * 200
    (tmp_path / "big").write_bytes(data)
    report = scan_paths(shipped, tmp_path / "big")
    assert [finding.rule.id for finding in report.findings] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.sampled_from(["# a comment", "é" * 30, "", "\t", "x = 'y'", "{}", "{}"]), max_size=120),
    crlf=st.booleans(),
)
def test_pieces_hold_the_same_as_the_whole(tmp_path: Path, lines: list[str], crlf: bool) -> None:
    texts = [f"TWILIO_AUTH_TOKEN = '{fresh()}'" if line == "{}" else line for line in lines]
    data = ("\r\n" if crlf else "\n").join(texts).encode()
    (tmp_path / "big").write_bytes(data)
    pieces = list(Reader().read(Tree(str(tmp_path), ("big",)), "big"))
    inside = {
        (each.secret, each.place) for piece in pieces if isinstance(piece, Content) for each in REFERENCE.detect(piece)
    }
    assert inside == {(each.secret, each.place) for each in detect(REFERENCE, data)}


def test_pieces_of_one_file_count_as_one_content(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"# comment\n" * 500)
    assert scan_paths(shipped, tmp_path / "big").statistics.contents == 1


def test_standard_input_comes_in_pieces_too(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    (tmp_path / "big").write_bytes(b"# comment\n" * 99 + f"TWILIO_AUTH_TOKEN = '{token}'\n".encode())
    with (tmp_path / "big").open("rb") as stream:
        report = scan(Found(), shipped, stdin=stream)
    assert [each.place for each in places(report, token)] == [Place(100, 22, 100, 54)]
    assert {each.path for each in places(report, token)} == {Origin("-").path}
