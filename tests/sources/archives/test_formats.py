"""Every format is told by its content and opened, and a value in it is found at its own place."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.model import Place
from leakscan.pipeline import scan
from leakscan.sources.files import Found
from tests.scanning import fresh, places, scan_paths, token_line

from .making import STREAMS, Files, database, document, found, read, sevenzipped, tarred, zipped

# Where `token_line` has its token, behind one more line.
PLACE = Place(3, 19, 3, 51)


def files(token: str) -> Files:
    """A file with a value, and others round it."""
    return {"a.txt": b"nothing\n", "b/c.env": b"# settings\n" + token_line(token).encode(), "empty": b""}


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
@pytest.mark.parametrize("name", ["a.zip", "a.jar", "a.war", "a.apk", "a.ipa", "a.whl", "a.nupkg", "picture.png"])
def test_zip(detector: Detector, name: str, method: int) -> None:
    token = fresh()
    (candidate,) = found(detector, zipped(files(token), method), token, name)
    assert (candidate.origin.path, candidate.place) == (f"{name}!b/c.env", PLACE)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_tar(detector: Detector, form: int) -> None:
    token = fresh()
    (candidate,) = found(detector, tarred(files(token), form), token, "a.tar")
    assert (candidate.origin.path, candidate.place) == ("a.tar!b/c.env", PLACE)


@pytest.mark.parametrize("end", STREAMS)
def test_a_compressed_file_has_the_name_of_its_archive(detector: Detector, end: str) -> None:
    token = fresh()
    packed = STREAMS[end](files(token)["b/c.env"])
    (candidate,) = found(detector, packed, token, f"b/c.env.{end}")
    assert (candidate.origin.path, candidate.place) == (f"b/c.env.{end}!c.env", PLACE)
    (candidate,) = found(detector, packed, token, "backup")
    assert candidate.origin.path == "backup!content"


@pytest.mark.parametrize("end", STREAMS)
def test_the_members_of_a_compressed_tar_are_those_of_the_file(detector: Detector, end: str) -> None:
    token = fresh()
    (candidate,) = found(detector, STREAMS[end](tarred(files(token))), token, f"a.t{end}")
    assert (candidate.origin.path, candidate.place) == (f"a.t{end}!b/c.env", PLACE)


@pytest.mark.parametrize("end", ["gz", "bz2", "xz", "zst"])
def test_streams_behind_each_other_are_one(end: str) -> None:
    packed = STREAMS[end](b"first ") + STREAMS[end](b"second") + bytes(512)
    assert read(packed, f"x.{end}") == ({f"x.{end}!x": b"first second"}, [])


def test_7z(detector: Detector) -> None:
    token = fresh()
    (candidate,) = found(detector, sevenzipped(files(token)), token, "a.7z")
    assert (candidate.origin.path, candidate.place) == ("a.7z!b/c.env", PLACE)


def test_sqlite_names_and_values_stand_together(detector: Detector) -> None:
    token, other = fresh(), fresh()
    data = database(
        [
            "CREATE TABLE settings (id INTEGER PRIMARY KEY, key TEXT, value TEXT)",
            f"INSERT INTO settings (key, value) VALUES ('TWILIO_AUTH_TOKEN', '{token}')",
            "CREATE TABLE accounts (name TEXT, twilio_auth_token TEXT)",
            f"INSERT INTO accounts VALUES ('Ada', '{other}')",
        ]
    )
    (candidate,) = found(detector, data, token, "a.db")
    assert (candidate.origin.path, candidate.place) == ("a.db!settings", Place(1, 21, 1, 53))
    (candidate,) = found(detector, data, other, "a.db")
    assert (candidate.origin.path, candidate.place) == ("a.db!accounts", Place(2, 21, 2, 53))


@pytest.mark.parametrize(("key", "value"), [("k", "v"), ("name", "val"), ("meta_key", "meta_value")])
def test_sqlite_settings_have_many_columns_names(key: str, value: str) -> None:
    data = database([f"CREATE TABLE t ({key} TEXT, {value} TEXT)", "INSERT INTO t VALUES ('sms_token', 'x')"])
    assert read(data)[0]["a!t"] == b"sms_token = x\n"


def test_sqlite_with_a_log_of_writes_is_read_without_it() -> None:
    data = database(["CREATE TABLE t (a)", "INSERT INTO t VALUES ('x')"])
    contents, problems = read(data[:18] + b"\2\2" + data[20:])
    assert (contents["a!t"], problems) == (b"a = x\n", [])


def test_rows_deleted_from_sqlite_are_found_in_free_pages(detector: Detector) -> None:
    token = fresh()
    data = database(
        [
            "PRAGMA secure_delete = OFF",
            "CREATE TABLE t (name TEXT)",
            *(f"INSERT INTO t VALUES ('{'x' * 3000}')" for _ in range(20)),
            "CREATE TABLE gone (text TEXT)",
            *(f"INSERT INTO gone VALUES ('{'y' * 900} TWILIO_AUTH_TOKEN={token} {'z' * 2000}')" for _ in range(3)),
            "DROP TABLE gone",
        ]
    )
    assert {each.origin.path for each in found(detector, data, token, "a.db")} == {"a.db!free pages"}


@pytest.mark.parametrize("packed", [False, True])
def test_pdf(detector: Detector, packed: bool) -> None:
    token = fresh()
    data = document(["nothing here", f"TWILIO_AUTH_TOKEN={token}"], packed=packed)
    (candidate,) = found(detector, data, token, "a.pdf")
    assert (candidate.origin.path, candidate.place) == ("a.pdf!page 2", Place(1, 19, 1, 51))


def test_attachments_and_strings_of_a_pdf(detector: Detector) -> None:
    token, other = fresh(), fresh()
    attached = zipped(files(token))
    more = [
        b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%b\nendstream" % (len(attached), attached),
        f"<< /FT /Tx /T (field) /V (TWILIO_AUTH_TOKEN={other}) >>".encode(),
    ]
    data = document(["text"], more=more)
    assert [each.origin.path for each in found(detector, data, token, "a.pdf")] == ["a.pdf!object 6!b/c.env"]
    assert [each.origin.path for each in found(detector, data, other, "a.pdf")] == ["a.pdf!objects"]


@pytest.mark.parametrize("end", ["", "gz", "zst"])
def test_layers_of_a_saved_image(detector: Detector, end: str) -> None:
    token = fresh()
    layer = tarred({"app/.env": token_line(token).encode()})
    saved = tarred(
        {
            "manifest.json": b'[{"Config": "c.json", "Layers": ["l/layer.tar"]}]',
            "c.json": b"{}",
            "l/layer.tar": STREAMS[end](layer) if end else layer,
        }
    )
    (candidate,) = found(detector, saved, token, "image.tar")
    assert candidate.origin.path == "image.tar!l/layer.tar!app/.env"


def test_blobs_of_an_oci_layout_and_the_settings_of_an_image(detector: Detector) -> None:
    token, other = fresh(), fresh()
    layout = tarred(
        {
            "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
            "blobs/sha256/0a": STREAMS["gz"](tarred({"app/.env": token_line(token).encode()})),
            "blobs/sha256/0b": f'{{"config": {{"Env": ["TWILIO_AUTH_TOKEN={other}"]}}}}'.encode(),
        }
    )
    assert [each.origin.path for each in found(detector, layout, token)] == ["a!blobs/sha256/0a!app/.env"]
    assert [each.origin.path for each in found(detector, layout, other)] == ["a!blobs/sha256/0b"]


def test_files_are_opened_from_disk_and_from_standard_input(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    (tmp_path / "a.bin").write_bytes(zipped(files(token)))
    report = scan_paths(shipped, tmp_path)
    (place,) = places(report, token)
    assert (place.path, place.place, report.problems) == ("a.bin!b/c.env", PLACE, ())
    assert report.statistics.contents == 3
    report = scan(Found(), shipped, stdin=io.BytesIO(zipped(files(token))))
    assert [place.path for place in places(report, token)] == ["-!b/c.env"]


def test_an_archive_larger_than_a_piece_is_one_archive(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    filling = {"filling": bytes(17 * 1024 * 1024)}
    (tmp_path / "a.tar").write_bytes(tarred({**filling, **files(token)}))
    (tmp_path / "b.zip").write_bytes(zipped({**filling, **files(token)}, zipfile.ZIP_STORED))
    report = scan_paths(shipped, tmp_path)
    assert [(each.path, each.place) for each in places(report, token)] == [
        ("a.tar!b/c.env", PLACE),
        ("b.zip!b/c.env", PLACE),
    ]
    assert report.problems == ()


def test_what_is_not_compressed_is_reported_once(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    (tmp_path / "a.tar").write_bytes(tarred(files(token)))
    (tmp_path / "b.zip").write_bytes(zipped(files(token), zipfile.ZIP_STORED))
    (tmp_path / "c.db").write_bytes(
        database(["CREATE TABLE t (twilio_auth_token)", f"INSERT INTO t VALUES ('{token}')"])
    )
    (tmp_path / "d.pdf").write_bytes(document([f"TWILIO_AUTH_TOKEN={token}"]))
    found_at = [place.path for place in places(scan_paths(shipped, tmp_path), token)]
    assert found_at == ["a.tar!b/c.env", "b.zip!b/c.env", "c.db!t", "d.pdf!page 1"]


@pytest.mark.parametrize(
    "data",
    [
        b"PK",
        b"BZh is how the name of a town begins\n",
        b"]\0\0\0 no dictionary\n",
        b"x" * 257 + b"ustar" + b"x" * 300,
        b"%PD",
        b"",
    ],
)
def test_what_only_looks_like_an_archive_is_read_as_it_is(data: bytes) -> None:
    assert read(data) == ({"a": data}, [])


def test_an_archive_with_nothing_in_it_counts_as_a_content() -> None:
    assert read(zipped({})) == ({"a": b""}, [])
