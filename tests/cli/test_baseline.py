"""`leakscan baseline`: what is accepted stays accepted wherever it moves to."""

import json
from pathlib import Path

import pytest

from .running import leak, leakscan, report


def create(folder: Path) -> None:
    assert leakscan("baseline", "create", "--reason", "known", cwd=folder).returncode == 0


def test_what_is_accepted_does_not_count(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    assert leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path).returncode == 0
    assert report("--baseline", "leakscan-baseline.json", cwd=tmp_path)["stats"]["suppressed"] == 2


def test_moved_lines_and_renamed_files_stay_accepted(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    (tmp_path / "new.env").write_bytes(b"\r\n\r\n" + (tmp_path / "app.env").read_bytes().replace(b"\n", b"\r\n"))
    (tmp_path / "app.env").unlink()
    assert leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path).returncode == 0


def test_what_is_new_counts(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    leak(tmp_path, "other.env")
    assert leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path).returncode == 1


def test_a_baseline_holds_no_values(tmp_path: Path) -> None:
    samples = leak(tmp_path)
    create(tmp_path)
    text = (tmp_path / "leakscan-baseline.json").read_text()
    assert samples.value("auth_token") not in text
    assert samples.value("account_sid") not in text
    assert {entry["reason"] for entry in json.loads(text)["entries"]} == {"known"}


def test_update_keeps_reasons_and_forgets_what_is_gone(tmp_path: Path) -> None:
    leak(tmp_path)
    leak(tmp_path, "gone.env")
    create(tmp_path)
    (tmp_path / "gone.env").unlink()
    leak(tmp_path, "new.env")
    assert leakscan("baseline", "update", "--reason", "later", cwd=tmp_path).returncode == 0
    entries = json.loads((tmp_path / "leakscan-baseline.json").read_text())["entries"]
    assert sorted((entry["path"], entry["reason"]) for entry in entries) == [
        ("app.env", "known"), ("app.env", "known"), ("new.env", "later"), ("new.env", "later"),
    ]  # fmt: skip


def test_a_baseline_that_the_repository_names_is_told(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    (tmp_path / "leakscan.toml").write_text('baseline = "leakscan-baseline.json"\n')
    done = leakscan("scan", cwd=tmp_path)
    assert done.returncode == 0
    assert "names a baseline: 2 findings" in done.stderr


def test_create_does_not_overwrite(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    done = leakscan("baseline", "create", "--reason", "again", cwd=tmp_path)
    assert done.returncode == 2
    assert "update" in done.stderr


def entries(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / "leakscan-baseline.json").read_text())["entries"]
    return found


def test_who_accepts_and_until_when(tmp_path: Path) -> None:
    leak(tmp_path)
    options = ["--reason", "known", "--by", "Ada", "--until", "2999-12-31"]
    assert leakscan("baseline", "create", *options, cwd=tmp_path).returncode == 0
    assert {(entry["by"], entry["until"]) for entry in entries(tmp_path)} == {("Ada", "2999-12-31")}
    assert leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("until", ["2020-01-01", "tomorrow"])
def test_a_last_day_that_makes_no_sense(tmp_path: Path, until: str) -> None:
    leak(tmp_path)
    done = leakscan("baseline", "create", "--reason", "known", "--until", until, cwd=tmp_path)
    assert (done.returncode, until in done.stderr) == (2, True)
    assert not (tmp_path / "leakscan-baseline.json").exists()


def ended(folder: Path) -> None:
    """Let the entries of a new baseline have ended."""
    create(folder)
    file = folder / "leakscan-baseline.json"
    table = json.loads(file.read_text())
    table["entries"] = [entry | {"until": "2020-01-01"} for entry in table["entries"]]
    file.write_text(json.dumps(table))


def test_entries_that_have_ended_are_told_and_do_not_hold(tmp_path: Path) -> None:
    leak(tmp_path)
    ended(tmp_path)
    done = leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "2 entries have ended" in done.stderr


def test_update_accepts_anew_what_has_ended(tmp_path: Path) -> None:
    leak(tmp_path)
    ended(tmp_path)
    leakscan("baseline", "update", "--reason", "again", cwd=tmp_path)
    assert [(entry["reason"], entry.get("until")) for entry in entries(tmp_path)] == [("again", None)] * 2


def test_new_known_and_fixed(tmp_path: Path) -> None:
    leak(tmp_path)
    leak(tmp_path, "gone.env")
    create(tmp_path)
    (tmp_path / "gone.env").unlink()
    leak(tmp_path, "new.env")
    done = leakscan("scan", "--baseline", "leakscan-baseline.json", "--diff-baseline", cwd=tmp_path)
    assert "2 new, 2 known, 2 fixed" in done.stderr
    assert done.stderr.count("in gone.env") == 2
