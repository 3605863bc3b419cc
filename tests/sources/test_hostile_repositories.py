"""A hostile repository runs nothing, hides nothing, and leads nowhere."""

import os
from pathlib import Path

import pytest

from leakscan.sources.files import find
from tests.repository import Repository

from .reading import names

COMMANDS = {
    "fsmonitor": '[core]\n\tfsmonitor = "touch {marker}"\n',
    "hooks": "[core]\n\thooksPath = {hooks}\n\tfsmonitor = true\n",
    "filter": '[filter "x"]\n\tclean = touch {marker}\n\tsmudge = touch {marker}\n\tprocess = touch {marker}\n',
    "diff": '[diff]\n\texternal = touch {marker}\n[diff "x"]\n\ttextconv = touch {marker}\n',
    "alias": "[alias]\n\tls-files = !touch {marker}\n\tcheck-ignore = !touch {marker}\n",
    "pager": "[core]\n\tpager = touch {marker}\n[pager]\n\tls-files = touch {marker}\n",
    "ssh": '[core]\n\tsshCommand = touch {marker}\n[remote "origin"]\n\turl = ext::touch {marker}\n\tpromisor = true\n',
    "credentials": "[credential]\n\thelper = !touch {marker}\n[core]\n\taskPass = touch {marker}\n",
    "trace": "[trace2]\n\teventTarget = {marker}\n\tnormalTarget = {marker}\n",
    "included": "[include]\n\tpath = {hooks}/included\n",
}
HIDING = {
    "a work tree elsewhere": "[core]\n\tworktree = {elsewhere}\n",
    "excludes": "[core]\n\texcludesFile = {hooks}/everything\n",
    "attributes": "[core]\n\tattributesFile = {hooks}/everything\n",
    "bare": "[core]\n\tbare = true\n",
    "included excludes": "[include]\n\tpath = {hooks}/excluding\n",
    "sparse": "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n[index]\n\tsparse = true\n",
    "a format of the future": "[core]\n\trepositoryformatversion = 99\n",
    "an extension of the future": "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tfuture = true\n",
    "untracked cache": "[core]\n\tuntrackedCache = true\n",
    "quoted names": "[core]\n\tquotePath = true\n\tprecomposeUnicode = true\n",
    "not a configuration": "[[[\n",
}


def arm(repository: Repository, tmp_path: Path, text: str) -> Path:
    """Commit files, then set the trap; returns the marker that no command may make."""
    marker, hooks = tmp_path / "marker", tmp_path / "hooks"
    hooks.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (hooks / "everything").write_text("*\n")
    (hooks / "excluding").write_text(f"[core]\n\texcludesFile = {hooks}/everything\n")
    (hooks / "included").write_text(f'[core]\n\tfsmonitor = "touch {marker}"\n')
    for name in ("fsmonitor-watchman", "query-watchman", "post-index-change", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    repository.write(".gitattributes", "* filter=x diff=x\n")
    repository.commit("tracked", "folder/é")
    repository.write("untracked")
    repository.configure(text.format(marker=marker, hooks=hooks, elsewhere=tmp_path / "elsewhere"))
    return marker


@pytest.mark.parametrize("text", [*COMMANDS.values(), *HIDING.values()], ids=[*COMMANDS, *HIDING])
@pytest.mark.parametrize("folder", [".", "folder"])
def test_a_hostile_configuration_runs_nothing_and_hides_nothing(
    repository: Repository, tmp_path: Path, text: str, folder: str
) -> None:
    marker = arm(repository, tmp_path, text)
    found = names(repository.root / folder)
    assert not marker.exists()
    assert found == ({"tracked", "folder/é", "untracked", ".gitattributes"} if folder == "." else {"é"})


def test_a_hostile_configuration_of_a_repository_inside_runs_nothing(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(repository.root / "inner")
    marker = arm(inner, tmp_path, COMMANDS["fsmonitor"])
    assert "inner/untracked" in names(repository.root)
    assert not marker.exists()


@pytest.mark.parametrize("damage", ["index", "HEAD", "config"])
def test_a_repository_that_git_cannot_read_is_read_whole(repository: Repository, damage: str) -> None:
    repository.write(".gitignore", "*.log\n")
    repository.commit("a")
    repository.write("b.log")
    (repository.root / ".git" / damage).write_bytes(b"\xff[\n damaged")
    found = find((str(repository.root),), include_ignored=False)
    assert {name for tree in found.trees for name in tree.files} >= {"a", ".gitignore"}
    assert found.notes or damage == "HEAD"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_somebody_else_is_read(repository: Repository) -> None:
    repository.commit("a")
    repository.write(".gitignore", "*.log\n")
    repository.write("b.log")
    for path in (repository.root, repository.root / ".git"):
        os.chown(path, 12345, 12345)
    assert names(repository.root) == {"a", ".gitignore"}


@pytest.mark.parametrize(
    "name",
    [
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE"),
        *(pytest.param(name) for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")),
    ],
)
def test_the_environment_of_a_hook_does_not_lead_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    repository.commit("a")
    repository.write(".git/info/exclude", "a\n")
    monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert names(repository.root) == {"a"}
    found = find((str(repository.root),), include_ignored=False)
    assert list(found.trees)
    assert found.notes == []
