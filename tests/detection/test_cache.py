"""A cache entry that is damaged, stale, or somebody else's is made anew; a cache that cannot be used is no error."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from leakscan.detection.cache import prepare
from tests.scanning import detect, fresh, token_line

ENGINES = pytest.mark.parametrize("engine", [None, "reference"], ids=["hyperscan", "reference"])
OWN_RULE = """
provider = "twilio"
[triggers]
mine = 'MINE[0-9]{8}'
[anchors]
mine = 'MINE[0-9]{8}'
[[rule]]
id = "mine"
kind = "auth_token"
role = "secret"
severity = "low"
description = "Mine"
shape = 'MINE[0-9]{8}'
anchor = "mine"
triggers = ["mine"]
base = 4.0
remediation = []
[[rule.finds]]
text = "MINE00000000"
"""


def signed(payload: bytes) -> bytes:
    """An entry that vouches for its payload."""
    return hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no line end": lambda _: b"x",
    "truncated": lambda entry: entry[: len(entry) // 2],
    "one byte short": lambda entry: entry[:-1],
    "one byte changed": lambda entry: entry[:-9] + bytes([entry[-9] ^ 1]) + entry[-8:],
    "something after it": lambda entry: entry + b"\n",
    "zeros": lambda entry: bytes(len(entry)),
    "an empty payload": lambda _: signed(b""),
    "no rules": lambda _: signed(b"\nnull"),
    "no database": lambda entry: signed(entry.split(b"\n", 2)[1] + b"\n AAAA"),
    "no base64": lambda entry: signed(entry.split(b"\n", 2)[1] + b"\n A"),
    "no text": lambda _: signed(b"\n\xff\xfe"),
}


def only(folder: Path) -> Path:
    """The single entry of a cache."""
    (entry,) = folder.iterdir()
    return entry


@ENGINES
def test_an_entry_is_written_once_and_serves(tmp_path: Path, engine: str | None) -> None:
    first = prepare(cache=tmp_path / "cache", engine=engine)
    written = only(tmp_path / "cache").stat()
    assert prepare(cache=tmp_path / "cache", engine=engine) == first
    assert only(tmp_path / "cache").stat().st_mtime_ns == written.st_mtime_ns


@ENGINES
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_entry_is_made_anew(tmp_path: Path, engine: str | None, damage: Callable[[bytes], bytes]) -> None:
    rules = prepare(cache=tmp_path, engine=engine).rules
    good = only(tmp_path).read_bytes()
    only(tmp_path).write_bytes(damage(good))
    token = fresh()
    again = prepare(cache=tmp_path, engine=engine)
    assert again.rules == rules
    assert token in {each.secret.reveal() for each in detect(again.detector(), token_line(token))}
    assert only(tmp_path).stat().st_size == len(good)


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602], ids=oct)
def test_an_entry_that_others_may_write_is_made_anew(tmp_path: Path, mode: int) -> None:
    prepare(cache=tmp_path)
    only(tmp_path).chmod(mode)
    prepare(cache=tmp_path)
    assert only(tmp_path).stat().st_mode & 0o022 == 0


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_an_entry_of_somebody_else_is_made_anew(tmp_path: Path) -> None:
    prepare(cache=tmp_path)
    os.chown(only(tmp_path), 12345, 12345)
    prepare(cache=tmp_path)
    assert only(tmp_path).stat().st_uid == os.getuid()


def test_other_rules_do_not_use_a_stale_entry(tmp_path: Path) -> None:
    prepare(cache=tmp_path / "cache")
    mine = tmp_path / "mine.toml"
    mine.write_text(OWN_RULE)
    assert "mine" in prepare([mine], cache=tmp_path / "cache").rules.by_id
    mine.write_text(OWN_RULE.replace('id = "mine"', 'id = "yours"'))
    assert "yours" in prepare([mine], cache=tmp_path / "cache").rules.by_id
    assert "mine" not in prepare(cache=tmp_path / "cache").rules.by_id


def test_engines_do_not_share_an_entry(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    assert prepare(cache=tmp_path, engine="reference").databases is None
    assert prepare(cache=tmp_path).databases is not None
    assert len(list(tmp_path.iterdir())) == 2


@ENGINES
def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, engine: str | None) -> None:
    (tmp_path / "file").write_text("in the way")
    assert prepare(cache=tmp_path / "file" / "cache", engine=engine).rules == prepare(engine=engine).rules


def test_a_folder_in_the_place_of_an_entry_is_no_error(tmp_path: Path) -> None:
    rules = prepare(cache=tmp_path).rules
    entry = only(tmp_path)
    entry.unlink()
    entry.mkdir()
    assert prepare(cache=tmp_path).rules == rules
    assert [path.name for path in tmp_path.iterdir()] == [entry.name]


def test_the_cache_is_for_its_owner_alone(tmp_path: Path) -> None:
    prepare(cache=tmp_path / "new" / "cache")
    assert (tmp_path / "new" / "cache").stat().st_mode & 0o077 == 0
    assert only(tmp_path / "new" / "cache").stat().st_mode & 0o077 == 0
