"""Baseline files: what they may hold, and when an entry ends."""

import json
from datetime import date
from pathlib import Path

import pytest

from leakscan.baseline import SCHEMA, Baseline, Entry, load
from leakscan.errors import ConfigError

MARK = "0123456789abcdef"
TODAY = date(2026, 6, 1)


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_a_baseline_comes_back_as_it_was(tmp_path: Path) -> None:
    entry = Entry(MARK, "a-rule", "a/b.env", "known", "2026-01-01", "Ada", "2027-01-01", "harmless", "2026-02-01")
    (tmp_path / "base.json").write_text(Baseline({MARK: entry}).to_json())
    assert load(tmp_path / "base.json").entries == {MARK: entry}


def test_a_baseline_of_an_earlier_version(tmp_path: Path) -> None:
    entry = {"fingerprint": MARK, "rule": "a-rule", "path": "a.env", "reason": "known", "added": "2026-01-01"}
    path = write(tmp_path / "base.json", {"schema": SCHEMA, "entries": [entry]})
    assert load(path).entries == {MARK: Entry(**entry)}


def test_entries_end_after_their_last_day() -> None:
    entries = {mark: Entry(mark, until=until) for mark, until in (("a", ""), ("b", "2026-06-01"), ("c", "2026-05-31"))}
    known = Baseline(entries)
    assert (set(known.holding(TODAY)), [each.fingerprint for each in known.ended(TODAY)]) == ({"a", "b"}, ["c"])


BAD_ENTRIES: list[object] = [
    5,
    {},
    {"fingerprint": "x"},
    {"fingerprint": None},
    {"fingerprint": MARK, "reason": 5},
    {"fingerprint": MARK, "until": "soon"},
    {"fingerprint": MARK, "verdict": "maybe"},
]


@pytest.mark.parametrize(
    "content",
    [[], {}, {"schema": SCHEMA}, {"schema": "other", "entries": []}, {"schema": SCHEMA, "entries": {}}]
    + [{"schema": SCHEMA, "entries": [entry]} for entry in BAD_ENTRIES],
    ids=repr,
)
def test_what_is_no_baseline_is_told(tmp_path: Path, content: object) -> None:
    with pytest.raises(ConfigError, match=r"base\.json"):
        load(write(tmp_path / "base.json", content))


BAD_FILES = {"missing": None, "empty": b"", "cut": b"{", "no text": b"\xff", "deep": b"[" * 100_000}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=list(BAD_FILES))
def test_a_baseline_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "base.json").write_bytes(data)
    with pytest.raises(ConfigError, match=r"base\.json"):
        load(tmp_path / "base.json")
