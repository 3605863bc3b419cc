"""`leakscan hook` from outside: staged content and named files; what it says, and when it is not clean."""

import json
import os
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples
from tests.repository import Repository

from .hooking import leak_text, staged, token_in
from .running import leak, leakscan

CLEAN, LEAKY = "print('hello')\n", ""


def test_what_is_staged_is_scanned_and_told_with_its_place(repository: Repository) -> None:
    text = leak_text()
    staged(repository, "app.env", text)
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 1
    assert "app.env:2:19" in done.stdout
    assert "the commit is blocked: 1 secret" in done.stderr
    assert token_in(text) not in done.stdout + done.stderr


def test_e26_a_block_says_where_why_and_what_to_do(repository: Repository) -> None:
    staged(repository, "app.env", leak_text())
    done = leakscan("hook", cwd=repository.root)
    for said in ("app.env:2:19", "assigned to TWILIO_AUTH_TOKEN", "twilio-auth-token"):
        assert said in done.stdout
    for said in ("git restore --staged", "rotate", "leakscan:allow[twilio-auth-token]", "baseline create"):
        assert said in done.stderr
    assert "--no-verify" not in done.stderr


@pytest.mark.parametrize(("on_disk", "in_index", "code"), [(CLEAN, LEAKY, 1), (LEAKY, CLEAN, 0)])
def test_e6_the_index_is_scanned_and_never_the_disk(
    repository: Repository, on_disk: str, in_index: str, code: int
) -> None:
    staged(repository, "a.env", in_index or leak_text())
    repository.write("a.env", on_disk or leak_text())
    assert leakscan("hook", cwd=repository.root).returncode == code


def test_only_what_differs_from_head_counts(repository: Repository) -> None:
    repository.commit("old.env", text=leak_text())
    staged(repository, "new.py", CLEAN)
    done = leakscan("hook", "-f", "json", cwd=repository.root)
    assert done.returncode == 0
    assert json.loads(done.stdout)["stats"]["contents"] == 1
    assert json.loads(done.stdout)["command"] == "hook"


@pytest.mark.parametrize("folder", [".", "sub/folder"])
def test_from_a_folder_inside_all_that_is_staged_is_scanned(repository: Repository, folder: str) -> None:
    (repository.root / folder).mkdir(parents=True, exist_ok=True)
    staged(repository, "app.env", leak_text())
    done = leakscan("hook", cwd=repository.root / folder)
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)


def test_nothing_staged_is_said_and_does_not_block(repository: Repository) -> None:
    repository.commit("a.py")
    repository.write("b.env", leak_text())
    done = leakscan("hook", cwd=repository.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing with content is staged" in done.stderr


def test_a_commit_that_only_deletes_is_not_blocked(repository: Repository) -> None:
    repository.commit("a.env", text=leak_text())
    repository.git("rm", "--quiet", "a.env")
    assert leakscan("hook", cwd=repository.root).returncode == 0


def test_an_identifier_alone_does_not_block(repository: Repository) -> None:
    staged(repository, "a.py", Samples().fill("sid = '@{account_sid}'\n"))
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 0
    assert "Account SID" in done.stdout
    assert "blocked" not in done.stderr


def test_e1_an_index_that_cannot_be_read_is_never_clean(repository: Repository) -> None:
    staged(repository, "a.py", CLEAN)
    (repository.root / ".git" / "index").write_bytes(b"DIRC, and then nothing\n")
    done = leakscan("hook", cwd=repository.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot read what is staged" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_e1_a_staged_blob_that_is_gone_blocks_and_says_the_way_out(repository: Repository) -> None:
    staged(repository, "a.py", CLEAN)
    oid = repository.git("rev-parse", ":a.py")
    (repository.root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 3
    assert "a.py" in done.stdout
    assert "could not be scanned" in done.stderr
    assert "--no-verify" in done.stderr


def test_a_path_in_conflict_is_not_clean(repository: Repository) -> None:
    repository.commit("a.py", text="one\n")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("a.py", text="two\n")
    repository.git("checkout", "--quiet", "main")
    repository.commit("a.py", text="three\n")
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "side")
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 3
    assert "a.py: it is in conflict" in done.stdout


def test_an_entry_that_is_only_intended_holds_nothing_yet(repository: Repository) -> None:
    repository.commit("a.py")
    repository.write("b.env", leak_text())
    repository.git("add", "--intent-to-add", "b.env")
    assert leakscan("hook", cwd=repository.root).returncode == 0


def test_links_and_submodules_are_no_files(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit("a.env", text=leak_text())
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    (repository.root / "link").symlink_to("module/a.env")
    repository.git("add", "--all")
    done = leakscan("hook", "-f", "json", cwd=repository.root)
    assert done.returncode == 0
    assert json.loads(done.stdout)["stats"]["contents"] == 2  # .gitmodules, and where the link leads as a text


@pytest.mark.parametrize("name", ["café.env", "a\nb.env", "-f", "--push", "::error::x", "$(touch x).env", "<b>|.env"])
def test_files_of_any_name(repository: Repository, name: str) -> None:
    staged(repository, name, leak_text())
    assert leakscan("hook", cwd=repository.root).returncode == 1
    done = leakscan("hook", "--", name, cwd=repository.root)
    assert done.returncode == 1
    assert "a\nb.env" not in done.stdout


def test_a_name_that_is_not_utf_8(repository: Repository) -> None:
    repository.write(b"caf\xe9.env", leak_text())
    repository.git("add", "--all")
    assert leakscan("hook", cwd=repository.root).returncode == 1
    assert leakscan("hook", os.fsdecode(b"caf\xe9.env"), cwd=repository.root).returncode == 1


def test_e23_line_ends_of_windows_change_nothing(repository: Repository) -> None:
    text = leak_text()
    staged(repository, "app.env", text)
    unix = json.loads(leakscan("hook", "-f", "json", cwd=repository.root).stdout)["findings"]
    staged(repository, "app.env", text.replace("\n", "\r\n"))
    windows = json.loads(leakscan("hook", "-f", "json", cwd=repository.root).stdout)["findings"]
    assert [each["fingerprint"] for each in unix] == [each["fingerprint"] for each in windows]
    assert {each["occurrences"][0]["line"] for each in windows} == {1, 2}


def test_staged_content_has_its_blob_in_the_report(repository: Repository) -> None:
    staged(repository, "app.env", leak_text())
    found = json.loads(leakscan("hook", "-f", "json", cwd=repository.root).stdout)["findings"]
    assert found[0]["occurrences"][0]["blob"] == repository.git("rev-parse", ":app.env")


def test_an_archive_that_is_staged_is_opened(repository: Repository) -> None:
    import zipfile

    with zipfile.ZipFile(repository.root / "a.zip", "w") as archive:
        archive.writestr("app.env", leak_text())
    repository.git("add", "a.zip")
    done = leakscan("hook", cwd=repository.root)
    assert (done.returncode, "a.zip!app.env" in done.stdout) == (1, True)


def test_ignore_file_baseline_and_configuration_hold_and_are_told(repository: Repository) -> None:
    staged(repository, "app.env", leak_text())
    assert leakscan("baseline", "create", "--reason", "known", cwd=repository.root).returncode == 0
    staged(repository, "leakscan.toml", 'baseline = "leakscan-baseline.json"\n')
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 0
    assert "2 findings that it accepts" in done.stderr
    staged(repository, "tests/app.env", leak_text())
    assert leakscan("hook", cwd=repository.root).returncode == 1
    staged(repository, ".leakscanignore", "tests/\n")
    assert leakscan("hook", cwd=repository.root).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("hook",), "not a git repository"),
        (("hook", "--push", "--receive"), "--push or --receive"),
        (("hook", "--receive", "a.py"), "--receive"),
        (("hook", "folder"), "`leakscan scan`"),
        (("hook", "--push", "a", "b", "c"), "pre-push"),
    ],
)
def test_what_cannot_run_says_why_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], named: str) -> None:
    (tmp_path / "folder").mkdir()
    done = leakscan(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_named_files_are_scanned_as_they_are_on_disk(tmp_path: Path) -> None:
    leak(tmp_path)
    (tmp_path / "b.py").write_text(CLEAN)
    done = leakscan("hook", "app.env", str(tmp_path / "b.py"), cwd=tmp_path)
    assert (done.returncode, "Scanned 2 files" in done.stdout) == (1, True)


def test_an_absolute_name_is_ignored_as_the_relative_one(tmp_path: Path) -> None:
    leak(tmp_path, "tests/app.env")
    (tmp_path / ".leakscanignore").write_text("/tests/\n")
    assert leakscan("hook", str(tmp_path / "tests" / "app.env"), cwd=tmp_path).returncode == 0


def test_e6_names_of_another_folder_are_not_clean(repository: Repository) -> None:
    repository.commit("web/a.py")
    done = leakscan("hook", "a.py", cwd=repository.root)
    assert done.returncode == 3
    assert "a.py: there is no such file" in done.stdout


def test_what_is_staged_as_deleted_and_links_may_be_named(repository: Repository) -> None:
    repository.commit("a.env", text=leak_text())
    repository.git("rm", "--quiet", "a.env")
    (repository.root / "link").symlink_to("nowhere")
    done = leakscan("hook", "a.env", "link", cwd=repository.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing to scan" in done.stderr


def test_e7_nothing_is_read_but_what_is_staged(repository: Repository) -> None:
    names = [f"{number}.txt" for number in range(50)]
    for name in names:
        repository.write(name, f"{name}\n")
    repository.commit()
    for name in names:  # whoever reads one of these fails
        oid = repository.git("rev-parse", f"HEAD:{name}")
        (repository.root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        (repository.root / name).unlink()
    repository.write("new.py")
    repository.git("add", "new.py")
    done = leakscan("hook", "-f", "json", cwd=repository.root)
    assert (done.returncode, json.loads(done.stdout)["stats"]["contents"]) == (0, 1)
