"""Work trees: what git tracks or would, whatever a hostile repository says."""

import os
import subprocess
from pathlib import Path

import pytest

from leakscan.sources.files import find
from tests.repository import Repository

from .reading import names, read
from .test_files import ODD_NAMES

ODD_FOLDERS = ["a b", "new\nline", "-n", ":(top)x", ":!x", "*", "[a]", "caf\udce9", "日本", "a\\b", "ends with space "]


def test_tracked_and_untracked_files_are_read_and_ignored_ones_not(repository: Repository) -> None:
    repository.commit("tracked", "folder/tracked")
    repository.write(".gitignore", "*.log\nbuild/\n")
    for name in ("untracked", "folder/untracked", "a.log", "build/b"):
        repository.write(name)
    assert names(repository.root) == {"tracked", "folder/tracked", "untracked", "folder/untracked", ".gitignore"}


def test_all_files_are_read_if_asked(repository: Repository) -> None:
    repository.commit("tracked")
    repository.write(".gitignore", "*.log\n")
    repository.write("a.log")
    assert names(repository.root, include_ignored=True) == {"tracked", ".gitignore", "a.log"}


def test_a_tracked_file_is_read_although_a_pattern_ignores_it(repository: Repository) -> None:
    repository.commit("a.log")
    repository.write(".gitignore", "*\n")
    assert names(repository.root) == {"a.log"}


def test_what_is_read_is_what_stands_on_disk(repository: Repository) -> None:
    repository.commit("a", text="committed")
    repository.write("a", "changed")
    assert read(repository.root) == ({"a": b"changed"}, [])


def test_a_staged_file_is_read_before_any_commit(repository: Repository) -> None:
    repository.write("a")
    repository.git("add", "--intent-to-add", "a")
    assert names(repository.root) == {"a"}


def test_an_empty_repository_has_nothing(repository: Repository) -> None:
    assert read(repository.root) == ({}, [])


def test_a_subfolder_gives_its_own_files_alone(repository: Repository) -> None:
    repository.commit("a", "folder/b", "folder/deep/c", "folder2/d")
    assert names(repository.root / "folder") == {"b", "deep/c"}


def test_a_subfolder_is_read_by_the_rules_of_the_whole(repository: Repository) -> None:
    repository.write(".gitignore", "*.log\n")
    repository.commit("folder/b")
    repository.write("folder/x.log")
    assert names(repository.root / "folder") == {"b"}
    found = find((str(repository.root / "folder"),), include_ignored=False)
    assert list(found.trees)
    assert found.notes == []


@pytest.mark.parametrize("folder", ODD_FOLDERS, ids=ascii)
def test_a_subfolder_of_any_name_is_read(repository: Repository, folder: str) -> None:
    repository.commit(f"{folder}/a", "other")
    repository.write(f"{folder}/b")
    assert names(repository.root / folder) == {"a", "b"}


def test_a_named_file_is_read_although_ignored(repository: Repository) -> None:
    repository.write(".gitignore", "*.log\n")
    path = repository.write("a.log")
    assert names(path) == {str(path)}


@pytest.mark.parametrize("folder", ["build", "build/deep"])
def test_a_named_folder_is_read_although_ignored(repository: Repository, folder: str) -> None:
    repository.write(".gitignore", "build/\n")
    repository.write(f"{folder}/a")
    assert names(repository.root / folder) == {"a"}


@pytest.mark.parametrize("name", ODD_NAMES, ids=repr)
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_a_file_of_any_name_is_read(repository: Repository, name: bytes, tracked: bool) -> None:
    repository.write(name)
    if tracked:
        repository.commit()
    assert names(repository.root) == {os.fsdecode(name)}


def test_a_deleted_file_is_no_problem(repository: Repository) -> None:
    repository.commit("a", "b")
    (repository.root / "a").unlink()
    assert names(repository.root) == {"b"}


def test_a_folder_in_the_place_of_a_tracked_file_is_read(repository: Repository) -> None:
    repository.commit("a")
    (repository.root / "a").unlink()
    repository.write("a/b")
    assert names(repository.root) == {"a/b"}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_does_not_look_at_is_read(repository: Repository, flag: str) -> None:
    repository.commit("a")
    repository.git("update-index", flag, "a")
    assert names(repository.root) == {"a"}


def test_a_conflicted_file_is_read_once(repository: Repository) -> None:
    repository.commit("a", text="base")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("a", text="side")
    repository.git("checkout", "--quiet", "main")
    repository.commit("a", text="main")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "side")
    assert names(repository.root) == {"a"}


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_no_link_is_followed(repository: Repository, tmp_path: Path, tracked: bool) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("text")
    repository.commit("a")
    (repository.root / "file").symlink_to(tmp_path / "outside" / "secret")
    (repository.root / "folder").symlink_to(tmp_path / "outside")
    if tracked:
        repository.commit()
    assert names(repository.root) == {"a"}


def test_a_tracked_folder_that_became_a_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a", "folder/secret")
    (repository.root / "folder").rename(tmp_path / "outside")
    (repository.root / "folder").symlink_to(tmp_path / "outside")
    assert names(repository.root) == {"a"}


def test_a_file_in_the_place_of_a_tracked_link_is_read(repository: Repository) -> None:
    (repository.root / "link").symlink_to("elsewhere")
    repository.commit("a")
    (repository.root / "link").unlink()
    repository.write("link")
    assert names(repository.root) == {"a", "link"}


# --- repositories in repositories -------------------------------------------------------------------------------------


def test_a_submodule_is_read_by_its_own_rules(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.write(".gitignore", "*.log\n")
    inner.commit("b")
    repository.commit("a")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "libs/inner")
    repository.write("libs/inner/c")
    repository.write("libs/inner/d.log")
    assert names(repository.root) == {"a", ".gitmodules", "libs/inner/b", "libs/inner/c", "libs/inner/.gitignore"}
    assert names(repository.root / "libs" / "inner") == {"b", "c", ".gitignore"}


def test_a_submodule_that_is_not_there_is_no_problem(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},libs/inner")
    (repository.root / "libs" / "inner").mkdir(parents=True)
    assert names(repository.root) == {"a"}


def test_files_in_the_place_of_a_submodule_are_read(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},libs/inner")
    repository.write("libs/inner/b")
    assert names(repository.root) == {"a", "libs/inner/b"}


def test_an_untracked_repository_inside_is_read(repository: Repository) -> None:
    repository.commit("a")
    Repository(repository.root / "folder" / "inner").commit("b")
    Repository(repository.root / "folder" / "inner" / "innermost").write("c")
    assert names(repository.root) == {"a", "folder/inner/b", "folder/inner/innermost/c"}
    assert names(repository.root / "folder") == {"inner/b", "inner/innermost/c"}


def test_a_repository_inside_that_git_cannot_read_is_said_or_read(repository: Repository) -> None:
    repository.commit("a")
    inner = Repository(repository.root / "inner")
    inner.write("b")
    inner.configure("[core]\n\trepositoryformatversion = 99\n")
    contents, problems = read(repository.root)
    assert "inner/b" in contents or [problem.where for problem in problems] == ["inner/"]


def test_no_link_on_the_way_to_a_submodule_is_followed(repository: Repository, tmp_path: Path) -> None:
    head = repository.commit("a")
    Repository(tmp_path / "outside" / "inner").commit("secret")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},libs/inner")
    (repository.root / "libs").symlink_to(tmp_path / "outside")
    assert names(repository.root) == {"a"}


def test_a_linked_work_tree_is_read(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a")
    repository.write(".git/info/exclude", "*.log\n")
    repository.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    (tmp_path / "other" / "b").write_text("text")
    (tmp_path / "other" / "c.log").write_text("text")
    assert names(tmp_path / "other") == {"a", "b"}
