"""Every layout of an index is read, and a hostile repository or environment leads nowhere."""

import json
from pathlib import Path

import pytest

from tests.repository import Repository

from .ci_running import ci
from .hooking import leak_text, staged
from .running import leakscan


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("split", [False, True])
def test_every_version_of_the_index(repository: Repository, version: str, *, split: bool) -> None:
    repository.commit(*(f"folder/file{number}.py" for number in range(20)))
    repository.git("update-index", "--index-version", version, *(["--split-index"] if split else []))
    staged(repository, "folder/app.env", leak_text())
    if version == "3":
        repository.write("later")
        repository.git("add", "--intent-to-add", "later")
    assert leakscan("hook", cwd=repository.root).returncode == 1


def test_a_sparse_index(repository: Repository) -> None:
    repository.commit("inside/a.py", "outside/b.py")
    repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "inside")
    staged(repository, "inside/app.env", leak_text())
    done = leakscan("hook", "-f", "json", cwd=repository.root)
    assert (done.returncode, json.loads(done.stdout)["stats"]["contents"]) == (1, 1)


def test_a_repository_by_sha_256(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    repository = Repository.__new__(Repository)
    repository.root = root
    root.mkdir()
    repository.git("init", "--quiet", "--object-format=sha256")
    staged(repository, "app.env", leak_text())
    assert leakscan("hook", cwd=root).returncode == 1


def test_a_hostile_configuration_runs_nothing(repository: Repository, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    trap.chmod(0o755)
    first = repository.commit("a.py")
    commit = repository.commit("b.env", text=leak_text())
    repository.write(".gitattributes", "* filter=x diff=x\n")
    staged(repository, "app.env", leak_text())
    repository.configure(
        f"[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n\thooksPath = {tmp_path}\n\tsshCommand = {trap}\n"
        f'[filter "x"]\n\tclean = {trap}\n\tsmudge = {trap}\n[diff]\n\texternal = {trap}\n'
        f'[diff "x"]\n\ttextconv = {trap}\n[alias]\n\tdiff-index = !{trap}\n\tcat-file = !{trap}\n'
    )
    assert leakscan("hook", cwd=repository.root).returncode == 1
    assert leakscan("hook", "app.env", cwd=repository.root).returncode == 1
    assert leakscan("init", "--hook", cwd=repository.root).returncode == 2
    line = f"refs/heads/main {commit} refs/heads/main {'0' * 40}\n".encode()
    assert leakscan("hook", "--push", "origin", "url", cwd=repository.root, stdin=line).returncode == 1
    assert ci(repository.root, {}, "--base", first).returncode == 1
    assert not marker.exists()


def test_e2_a_repository_of_somebody_else_is_scanned_all_the_same(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged(repository, "app.env", leak_text())
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert leakscan("hook", cwd=repository.root).returncode == 1


def test_an_index_elsewhere_is_refused(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged(repository, "app.env", leak_text())
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    done = leakscan("hook", cwd=repository.root)
    assert done.returncode == 2
    assert "GIT_INDEX_FILE" in done.stderr


@pytest.mark.parametrize("name", ["GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH", "GIT_ALTERNATE_OBJECT_DIRECTORIES"])
def test_other_variables_of_git_lead_nowhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    staged(repository, "app.env", leak_text())
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(name, str(tmp_path / "empty"))
    assert leakscan("hook", cwd=repository.root).returncode == 1
