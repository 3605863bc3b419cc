"""The real pre-commit with this project's hooks: install, commit, --all-files, push.

The hooks run from this environment instead of one that pre-commit would have to download: all else about them is what
.pre-commit-hooks.yaml says. One test does install them as a user's pre-commit does.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository import Repository

from .hooking import attempt, head, leak_text, token_in

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of pre-commit's own, and this environment's programs."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit-home"))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"])


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of hooks: the real ones, but for where their program comes from."""
    repository = Repository(tmp_path_factory.mktemp("hooks") / "leakscan")
    python = sys.executable
    local = [
        {**hook, "language": "system", "entry": hook["entry"].replace("leakscan", f"{python} -m leakscan", 1)}
        for hook in HOOKS
    ]
    repository.write(".pre-commit-hooks.yaml", yaml.safe_dump(local))
    repository.git("-c", "user.name=A", "-c", "user.email=a@example.org", "add", "--all")
    repository.git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "Hooks")
    return repository


def pre_commit(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit."""
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(
        command,
        cwd=repository.root,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )


def configured(repository: Repository, source: Path, *ids: str) -> None:
    """A configuration with these hooks, committed, and pre-commit's own hooks installed."""
    rev = attempt(source, "rev-parse", "HEAD").stdout.strip()
    repos = [{"repo": str(source), "rev": rev, "hooks": [{"id": each} for each in ids]}]
    repository.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": repos}))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Configure")
    kinds = [part for kind in ("pre-commit", "pre-push", "pre-merge-commit") for part in ("--hook-type", kind)]
    installed = pre_commit(repository, "install", "--install-hooks", *kinds)
    assert installed.returncode == 0, installed.stdout


def test_every_hook_is_one_that_the_documentation_names() -> None:
    assert [hook["id"] for hook in HOOKS] == ["leakscan", "leakscan-staged", "leakscan-push", "leakscan-history"]
    text = (ROOT / "docs" / "hooks.md").read_text()
    for hook in HOOKS:
        assert f"`{hook['id']}`" in text
        assert hook["language"] == "python"
        assert hook["require_serial"]


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("hook", ["leakscan", "leakscan-staged"])
def test_a_commit_is_blocked_and_a_clean_one_passes(hooks: Repository, repository: Repository, hook: str) -> None:
    configured(repository, hooks.root, hook)
    before, text = head(repository), leak_text()
    repository.write("app.env", text)
    repository.git("add", "--all")
    done = attempt(repository, "commit", "--message", "x")
    assert (done.returncode, head(repository)) == (1, before)
    assert "app.env:2:19" in done.stdout
    assert "the commit is blocked" in done.stdout
    assert token_in(text) not in done.stdout
    repository.write("app.env", "harmless\n")
    repository.git("add", "--all")
    repository.write("app.env", leak_text())  # not staged
    assert attempt(repository, "commit", "--message", "x").returncode == 0


@pytest.mark.usefixtures("at_home")
def test_all_files(hooks: Repository, repository: Repository) -> None:
    repository.commit("app.env", text=leak_text())
    configured(repository, hooks.root, "leakscan")
    done = pre_commit(repository, "run", "--all-files")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)
    repository.commit("app.env", text="gone\n")
    assert pre_commit(repository, "run", "--all-files").returncode == 0


@pytest.mark.usefixtures("at_home")
def test_a_sid_and_its_secret_in_different_files_are_one_find(hooks: Repository, repository: Repository) -> None:
    configured(repository, hooks.root, "leakscan")
    sid, token = leak_text().splitlines()
    repository.write("a.env", sid + "\n")
    repository.write("b.env", token + "\n")
    for number in range(300):  # enough for pre-commit to share them out
        repository.write(f"many/file{number}.txt")
    repository.git("add", "--all")
    done = attempt(repository, "commit", "--message", "x")
    assert "Scanned 302 files" in done.stdout
    assert "pair:" in done.stdout


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("whole", [True, False])
def test_a_push_is_blocked_and_a_clean_one_passes(
    hooks: Repository, repository: Repository, tmp_path: Path, *, whole: bool
) -> None:
    configured(repository, hooks.root, "leakscan-push")
    attempt(tmp_path, "init", "--quiet", "--bare", "remote.git")
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    if not whole:
        assert attempt(repository, "push", "origin", "main").returncode == 0
    repository.commit("app.env", text=leak_text())
    repository.commit("app.env", text="gone\n")
    done = attempt(repository, "push", "origin", "main")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)


@pytest.mark.usefixtures("at_home")
def test_the_history_by_hand(hooks: Repository, repository: Repository) -> None:
    repository.commit("app.env", text=leak_text())
    repository.commit("app.env", text="gone\n")
    configured(repository, hooks.root, "leakscan-history")
    done = pre_commit(repository, "run", "--hook-stage", "manual", "leakscan-history")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)


@pytest.mark.slow
@pytest.mark.usefixtures("at_home")
@pytest.mark.skipif("LEAKSCAN_TEST_INSTALL" not in os.environ, reason="LEAKSCAN_TEST_INSTALL lets packages be fetched")
def test_pre_commit_installs_the_hooks_itself(repository: Repository, tmp_path: Path) -> None:
    source = Repository(tmp_path / "leakscan")
    source.git("fetch", "--quiet", "--depth=1", ROOT.as_uri(), "HEAD")
    source.git("checkout", "--quiet", "FETCH_HEAD")
    configured(repository, source.root, "leakscan")
    repository.write("app.env", leak_text())
    repository.git("add", "--all")
    done = attempt(repository, "commit", "--message", "x")
    assert (done.returncode, "app.env:2:19" in done.stdout) == (1, True)
