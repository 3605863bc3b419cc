"""`leakscan baseline`: what is accepted stays accepted wherever it moves to."""

import json
from pathlib import Path

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
