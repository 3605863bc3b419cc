"""Real commits through the hook: blocked or made, whatever way git makes them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repository import Repository

from .hooking import attempt, head, hooked, leak_text, token_in


@pytest.fixture
def guarded(repository: Repository) -> Repository:
    """A repository with one commit and the hook."""
    repository.commit("a.py", "b.py", text="print()\n" * 5)
    hooked(repository.root / ".git" / "hooks", "pre-commit")
    hooked(repository.root / ".git" / "hooks", "pre-merge-commit")
    return repository


def commit_all(repository: Repository) -> None:
    """Try to commit all that is in the work tree."""
    repository.git("add", "--all")
    attempt(repository, "commit", "--message", "x")


def commit_file(repository: Repository) -> None:
    """Try to commit one file by name, past what is staged: git uses another index for that."""
    repository.write("b.py", "staged\n")
    repository.git("add", "b.py")
    attempt(repository, "commit", "--message", "x", "--", "a.py")


def commit_tracked(repository: Repository) -> None:
    """Try to commit all tracked files at once."""
    attempt(repository, "commit", "--all", "--message", "x")


def commit_amended(repository: Repository) -> None:
    """Try to put it into the last commit."""
    repository.git("add", "a.py")
    attempt(repository, "commit", "--amend", "--no-edit")


def commit_from_inside(repository: Repository) -> None:
    """Try to commit from a folder inside."""
    folder = repository.root / "folder"
    folder.mkdir()
    attempt(folder, "commit", "--all", "--message", "x")


WAYS = [commit_all, commit_file, commit_tracked, commit_amended, commit_from_inside]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("leaks", [True, False])
def test_a_commit_with_a_secret_is_blocked_and_one_without_is_made(
    guarded: Repository, way: Callable[[Repository], None], *, leaks: bool
) -> None:
    before = head(guarded)
    guarded.write("a.py", leak_text() if leaks else "changed\n")
    way(guarded)
    assert (head(guarded) == before) is leaks


def test_what_a_blocked_commit_says(guarded: Repository) -> None:
    text = leak_text()
    guarded.write("a.py", text)
    done = attempt(guarded, "commit", "-am", "x")
    assert "a.py:2:19" in done.stdout
    assert "the commit is blocked" in done.stdout
    assert token_in(text) not in done.stdout


def test_a_named_file_is_committed_past_a_staged_secret(guarded: Repository) -> None:
    guarded.write("secret.env", leak_text())
    guarded.git("add", "secret.env")
    guarded.write("a.py", "changed\n")
    assert attempt(guarded, "commit", "--message", "x", "--", "a.py").returncode == 0
    assert attempt(guarded, "commit", "--message", "x").returncode == 1


@pytest.mark.parametrize("staged_part", [True, False])
def test_e6_a_part_of_a_file_is_committed(guarded: Repository, *, staged_part: bool) -> None:
    leaky, clean = leak_text(), "changed\n"
    guarded.write("a.py", leaky if staged_part else clean)
    guarded.git("add", "a.py")
    guarded.write("a.py", clean if staged_part else leaky)
    assert attempt(guarded, "commit", "--message", "x").returncode == (1 if staged_part else 0)


def test_the_first_commit(repository: Repository) -> None:
    hooked(repository.root / ".git" / "hooks", "pre-commit")
    repository.write("app.env", leak_text())
    commit_all(repository)
    assert head(repository) == ""
    repository.write("app.env")
    commit_all(repository)
    assert head(repository)


def test_an_empty_commit_is_made(guarded: Repository) -> None:
    done = attempt(guarded, "commit", "--allow-empty", "--message", "x")
    assert done.returncode == 0
    assert "nothing with content is staged" in done.stdout


def test_a_renamed_file_is_scanned_at_its_new_place(guarded: Repository) -> None:
    guarded.write("old.env", leak_text())
    guarded.git("add", "--all")
    guarded.git("commit", "--quiet", "--no-verify", "--message", "x")
    guarded.git("mv", "old.env", "new.env")
    done = attempt(guarded, "commit", "--message", "x")
    assert (done.returncode, "new.env:2:19" in done.stdout) == (1, True)


@pytest.mark.parametrize("by_itself", [True, False])
def test_e5_a_merge_that_brings_a_secret_is_blocked(guarded: Repository, *, by_itself: bool) -> None:
    guarded.git("checkout", "--quiet", "-b", "side")
    guarded.write("side.env", leak_text())
    guarded.git("add", "--all")
    guarded.git("commit", "--quiet", "--no-verify", "--message", "x")
    guarded.git("checkout", "--quiet", "main")
    guarded.write("a.py", "changed\n")
    guarded.git("commit", "--quiet", "--all", "--message", "x")
    before = head(guarded)
    if by_itself:
        attempt(guarded, "merge", "--no-edit", "side")  # git runs pre-merge-commit
    else:
        guarded.git("merge", "--quiet", "--no-commit", "side")
        attempt(guarded, "commit", "--no-edit")
    assert head(guarded) == before


def test_a_linked_work_tree(guarded: Repository, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    guarded.git("worktree", "add", "--quiet", str(linked), "-b", "linked")
    (linked / "app.env").write_text(leak_text())
    attempt(linked, "add", "--all")
    done = attempt(linked, "commit", "--message", "x")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)
    (linked / "a.py").write_text("changed\n")
    assert attempt(linked, "commit", "--message", "x", "--", "a.py").returncode == 0


def test_a_work_tree_away_from_its_repository(guarded: Repository, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "app.env").write_text(leak_text())
    places = (f"--git-dir={guarded.root}/.git", f"--work-tree={away}")
    attempt(away, *places, "add", "--all")
    done = attempt(away, *places, "commit", "--message", "x")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)


def test_a_submodule_has_a_hook_of_its_own(guarded: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit("a.py")
    guarded.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    hooked(guarded.root / ".git" / "modules" / "module" / "hooks", "pre-commit")
    inside = guarded.root / "module"
    (inside / "app.env").write_text(leak_text())
    attempt(inside, "add", "--all")
    assert attempt(inside, "commit", "--message", "x").returncode == 1
    assert attempt(guarded, "commit", "--message", "x").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="no modes there")
def test_a_change_of_mode_alone_is_scanned_once_more(guarded: Repository) -> None:
    (guarded.root / "a.py").chmod(0o755)
    assert attempt(guarded, "commit", "-am", "x").returncode == 0
