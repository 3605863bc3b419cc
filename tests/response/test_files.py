"""The journal and the file for new secrets: whole, for their owner alone, and never through a link."""

import json
import os
from pathlib import Path

import pytest

from leakscan.errors import ReportError
from leakscan.response.journal import Journal
from leakscan.response.secret_file import SecretFile, written
from leakscan.secret import Secret
from tests.scanning import fresh


def journal(folder: Path, mark: str = "0" * 16) -> Journal:
    return Journal(str(folder / "j.json"), mark, "auth_token")


def test_a_journal_is_read_again(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.secret_file = "/there"
    first.put("narrow-calls", "begun", before={"calls": {"US": ["low"]}})
    first.put("narrow-calls", "done", "201")
    first.put("create-restricted", "unknown", "500", made="SK1")
    second = journal(tmp_path)
    second.load()
    assert (second.entries, second.secret_file) == (first.entries, "/there")
    assert second.entries["narrow-calls"].before == {"calls": {"US": ["low"]}}
    assert (tmp_path / "j.json").stat().st_mode & 0o777 == 0o600


def test_no_journal_yet(tmp_path: Path) -> None:
    fresh_one = journal(tmp_path)
    fresh_one.load()
    assert fresh_one.entries == {}


DAMAGED = {
    "not JSON": "{",
    "a list": "[]",
    "another schema": json.dumps({"schema": "x"}),
    "another finding": json.dumps({"schema": "leakscan/response/1", "fingerprint": "1" * 16, "steps": []}),
    "no steps": json.dumps({"schema": "leakscan/response/1", "fingerprint": "0" * 16}),
    "a state that there is not": json.dumps(
        {"schema": "leakscan/response/1", "fingerprint": "0" * 16, "steps": [{"step": "x", "state": "y", "at": ""}]}
    ),
    "a key that there is not": json.dumps(
        {"schema": "leakscan/response/1", "fingerprint": "0" * 16, "steps": [{"step": "x", "state": "done", "a": ""}]}
    ),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=list(DAMAGED))
def test_what_is_no_journal_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "j.json").write_text(text)
    with pytest.raises(ReportError, match="journal"):
        journal(tmp_path).load()


def test_a_secret_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path, value = str(tmp_path / "new.env"), Secret(fresh())
    before = os.umask(0)
    try:
        with SecretFile(path) as file:
            file.add("A", "x")
            file.add("TWILIO_AUTH_TOKEN", value)
    finally:
        os.umask(before)
    assert Path(path).stat().st_mode & 0o777 == 0o600
    assert written(path, "TWILIO_AUTH_TOKEN") == value
    assert written(path, "OTHER") is None


def test_a_file_without_a_secret_does_not_stay(tmp_path: Path) -> None:
    with SecretFile(str(tmp_path / "new.env")):
        assert (tmp_path / "new.env").exists()
    assert not (tmp_path / "new.env").exists()


def test_no_link_and_no_earlier_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("old", "link", ".", "no/where"):
        with pytest.raises(ReportError):
            SecretFile(str(tmp_path / name))
    assert (tmp_path / "old").read_text() == "x"
    (tmp_path / "to-old").symlink_to(tmp_path / "old")
    assert written(str(tmp_path / "to-old"), "x") is None
