"""`leakscan baseline`: what is accepted stays accepted wherever it moves to."""

import json
from pathlib import Path

import pytest

from tests.repository import Repository

from .running import leak, leakscan, report


def create(folder: Path) -> None:
    assert leakscan("baseline", "create", "--reason", "known", cwd=folder).returncode == 0


def test_what_is_accepted_does_not_count(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    assert leakscan("scan", "--baseline", "leakscan-baseline.json", cwd=tmp_path).returncode == 0
    assert report("--baseline", "leakscan-baseline.json", cwd=tmp_path)["stats"]["suppressed"] == 2


def test_e3_moved_lines_renamed_files_and_line_ends_stay_accepted(tmp_path: Path) -> None:
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


def test_e3_a_history_that_was_rewritten_stays_accepted(repository: Repository) -> None:
    samples = leak(repository.root)
    repository.commit()
    create(repository.root)
    baseline = str(repository.root / "leakscan-baseline.json")
    repository.git("checkout", "--quiet", "--orphan", "squashed")
    (repository.root / "moved").mkdir()
    (repository.root / "app.env").rename(repository.root / "moved" / "app.env")
    repository.commit()
    repository.git("branch", "--quiet", "-D", "main")
    done = leakscan("history", "--baseline", baseline, cwd=repository.root)
    assert (done.returncode, samples.value("auth_token") in done.stdout) == (0, False)


def test_e4_entries_that_nobody_audited_are_counted(tmp_path: Path) -> None:
    leak(tmp_path)
    create(tmp_path)
    done = leakscan("scan", "--baseline", "leakscan-baseline.json", "--diff-baseline", cwd=tmp_path)
    assert "2 of its entries were never audited" in done.stderr


def test_e10_an_ignore_file_a_baseline_and_a_comment_each_hold_and_are_counted(tmp_path: Path) -> None:
    leak(tmp_path, "accepted.env")
    create(tmp_path)
    leak(tmp_path, "ignored.env")
    (tmp_path / ".leakscanignore").write_text("ignored.env\n")
    allowed = "# leakscan:allow[twilio-auth-token, twilio-account-sid] an example\n"
    samples = leak(tmp_path, "allowed.env")
    lines = samples.fill("TWILIO_ACCOUNT_SID=@{account_sid}\n"), samples.fill("TWILIO_AUTH_TOKEN=@{auth_token}\n")
    (tmp_path / "allowed.env").write_text("".join(allowed + line for line in lines))
    done = leakscan("scan", "--baseline", "leakscan-baseline.json", "-f", "json", "--all", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert (done.returncode, found["stats"]["findings"], found["stats"]["suppressed"]) == (0, 0, 6)
    assert {each["suppressed"]["by"] for each in found["findings"]} == {"baseline", "ignore-file", "inline"}


def test_e24_rules_of_a_repository_come_on_top_and_never_instead(tmp_path: Path) -> None:
    leak(tmp_path)
    (tmp_path / "none.toml").write_text('provider = "twilio"\n')
    (tmp_path / "leakscan.toml").write_text('rules = ["none.toml"]\n')
    assert leakscan("scan", "app.env", cwd=tmp_path).returncode == 1


def test_e25_a_secret_counts_whose_other_half_came_in_an_older_commit(repository: Repository) -> None:
    samples = leak(repository.root)
    first, second = (repository.root / "app.env").read_text().splitlines(keepends=True)
    repository.write("sid.env", first)
    (repository.root / "app.env").unlink()
    before = repository.commit()
    repository.write("token.env", second)
    repository.commit()
    done = leakscan("ci", "--range", f"{before}..HEAD", "-f", "json", cwd=repository.root)
    kinds = [each["kind"] for each in json.loads(done.stdout)["findings"]]
    assert (done.returncode, kinds, samples.value("auth_token") in done.stdout) == (1, ["auth_token"], False)
