"""`leakscan init`: what it writes, what it leaves alone, and hooks that come and go without a trace."""

import tomllib
from pathlib import Path

import pytest

from leakscan.cli.init.githooks import HOOKS
from leakscan.config import Settings, load_config
from tests.repository import Repository

from .hooking import attempt, head, leak_text
from .running import leakscan

OLD = b"#!/bin/sh\necho the old one ran $1\nexit ${OLD_CODE:-0}\n"
FOLDERS = {
    ".github": ".github/workflows/leakscan.yml",
    ".circleci": ".circleci/config.yml",
    ".buildkite": ".buildkite/pipeline.yml",
}
FILES = [".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml", ".circleci/config.yml"]


def hooks(repository: Repository) -> Path:
    """The folder of hooks."""
    folder = repository.root / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    return folder


def old_hook(repository: Repository, name: str = "pre-commit", mode: int = 0o755) -> Path:
    """A hook that somebody else wrote."""
    hook = hooks(repository) / name
    hook.write_bytes(OLD)
    hook.chmod(mode)
    return hook


def everything(repository: Repository) -> dict[str, bytes]:
    """All files in the repository's folder."""
    files = (path for path in repository.root.rglob("*") if path.is_file())
    return {str(path.relative_to(repository.root)): path.read_bytes() for path in files}


def test_a_configuration_is_written_that_says_all_keys_and_sets_none(repository: Repository) -> None:
    done = leakscan("init", cwd=repository.root)
    assert (done.returncode, done.stderr) == (0, "")
    text = (repository.root / "leakscan.toml").read_text()
    assert load_config(repository.root / "leakscan.toml")._replace(source="") == Settings()
    for line in text.splitlines():
        if " = " in line and line.startswith("# "):
            tomllib.loads(line.removeprefix("# "))
    for key in ("exclude", "baseline", "fail-on", "min-confidence", "rules", "include-ignored"):
        assert f"# {key} = " in text
    assert "leakscan init --hook" in done.stdout


@pytest.mark.parametrize("name", ["leakscan.toml", "pyproject.toml"])
def test_a_configuration_that_is_there_is_left_alone(repository: Repository, name: str) -> None:
    repository.write(name, "[tool.leakscan]\n" if name == "pyproject.toml" else "exclude = []\n")
    before = everything(repository)
    assert "left as it is" in leakscan("init", cwd=repository.root).stdout.replace("it was ", "")
    assert everything(repository) == before


@pytest.mark.parametrize("mark", FOLDERS)
def test_a_job_is_written_where_there_is_room_for_it(repository: Repository, mark: str) -> None:
    (repository.root / mark).mkdir()
    done = leakscan("init", "--source", "leakscan-at-home==1", cwd=repository.root)
    text = (repository.root / FOLDERS[mark]).read_text()
    assert "leakscan ci" in text
    assert '"leakscan-at-home==1"' in text
    assert FOLDERS[mark] in done.stdout
    before = everything(repository)
    assert leakscan("init", cwd=repository.root).returncode == 0
    assert everything(repository) == before


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_ci_is_never_touched_and_what_to_add_is_told(repository: Repository, name: str) -> None:
    repository.write(name, "mine: true\n")
    done = leakscan("init", cwd=repository.root)
    assert (repository.root / name).read_bytes() == b"mine: true\n"
    assert "leakscan" in done.stdout.partition("add this to it")[2]
    assert "LEAKSCAN_SOURCE" in done.stdout


@pytest.mark.parametrize("name", HOOKS)
def test_a_dry_run_changes_nothing(repository: Repository, name: str) -> None:
    old_hook(repository)
    (repository.root / ".github").mkdir()
    before = everything(repository)
    done = leakscan("init", "--dry-run", "--hook", name, cwd=repository.root)
    assert (done.returncode, everything(repository)) == (0, before)
    for said in (name, "leakscan.toml", "leakscan.yml"):
        assert said in done.stdout


def test_nothing_is_written_through_a_link(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (repository.root / "leakscan.toml").symlink_to(tmp_path / "nowhere")
    (repository.root / ".github" / "workflows").mkdir(parents=True)
    (repository.root / ".github" / "workflows" / "leakscan.yml").symlink_to(tmp_path / "victim")
    leakscan("init", cwd=repository.root)
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_nothing_is_written_into_a_folder_elsewhere(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository.root / ".circleci").symlink_to(tmp_path / "elsewhere")
    done = leakscan("init", cwd=repository.root)
    assert (done.returncode, list((tmp_path / "elsewhere").iterdir())) == (2, [])
    assert "link" in done.stderr


def test_the_hook_blocks_a_secret_and_lets_the_rest_through(repository: Repository) -> None:
    assert leakscan("init", "--hook", cwd=repository.root).returncode == 0
    repository.write("app.env", leak_text())
    repository.git("add", "--all")
    done = attempt(repository, "commit", "--message", "x")
    assert (done.returncode, head(repository), "app.env:2:19" in done.stdout) == (1, "", True)
    repository.write("app.env")
    assert attempt(repository, "commit", "--all", "--message", "x").returncode == 0


def test_a_repository_with_a_package_of_our_name_is_not_imported(repository: Repository, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    leakscan("init", "--hook", cwd=repository.root)
    for name in ("leakscan/__init__.py", "leakscan/__main__.py", "click.py", "typing.py", "sitecustomize.py"):
        repository.write(name, f"open({str(marker)!r}, 'w')\n")
    repository.write("app.env", leak_text())
    repository.git("add", "--all")
    assert attempt(repository, "commit", "--message", "x").returncode == 1
    assert not marker.exists()


@pytest.mark.parametrize("code", [0, 7])
def test_a_hook_that_was_there_runs_first_and_its_exit_code_counts(repository: Repository, code: int) -> None:
    old_hook(repository)
    leakscan("init", "--hook", cwd=repository.root)
    repository.write("a.py")
    repository.git("add", "--all")
    done = attempt(repository, "commit", "--message", "x", more={"OLD_CODE": str(code)})
    assert "the old one ran" in done.stdout
    assert bool(head(repository)) is (code == 0)
    repository.write("app.env", leak_text())
    repository.git("add", "--all")
    assert attempt(repository, "commit", "--message", "x").returncode != 0


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644])
def test_hooks_go_without_a_trace(repository: Repository, mode: int) -> None:
    old_hook(repository, mode=mode)
    hook = hooks(repository) / "pre-commit"
    before = everything(repository), hook.stat().st_mode
    for _ in range(2):  # to do it twice changes nothing
        assert leakscan("init", "--no-ci", "--hook", "--hook", "pre-push", cwd=repository.root).returncode == 0
    assert (hooks(repository) / "pre-push").exists()
    (repository.root / "leakscan.toml").unlink()
    done = leakscan("init", "--remove-hook", cwd=repository.root)
    assert (done.returncode, everything(repository), hook.stat().st_mode) == (0, *before)
    assert "there is no hook of ours" in leakscan("init", "--remove-hook", cwd=repository.root).stdout


def test_a_hook_that_is_a_link_comes_back_as_one(repository: Repository) -> None:
    repository.write("tools/hook", "#!/bin/sh\n").chmod(0o755)
    hook = hooks(repository) / "pre-commit"
    hook.symlink_to("../../tools/hook")
    leakscan("init", "--hook", cwd=repository.root)
    assert not hook.is_symlink()
    leakscan("init", "--remove-hook", cwd=repository.root)
    assert str(hook.readlink()) == "../../tools/hook"


def test_two_hooks_in_the_way_are_not_lost(repository: Repository) -> None:
    old_hook(repository)
    leakscan("init", "--hook", cwd=repository.root)
    old_hook(repository)  # somebody has written over ours
    done = leakscan("init", "--hook", cwd=repository.root)
    assert (done.returncode, "move one of them away" in done.stderr) == (2, True)
    assert (hooks(repository) / "pre-commit").read_bytes() == OLD


@pytest.mark.parametrize("where", [".husky/_", "/somewhere/else"])
def test_hooks_that_are_elsewhere_are_told_and_not_written(repository: Repository, where: str) -> None:
    repository.git("config", "core.hooksPath", where)
    before = everything(repository)
    done = leakscan("init", "--hook", cwd=repository.root)
    assert (done.returncode, everything(repository)) == (2, before)
    assert "core.hooksPath" in done.stderr
    assert "`leakscan hook`" in done.stderr


def test_a_push_hook_hands_on_what_git_says(repository: Repository, tmp_path: Path) -> None:
    attempt(tmp_path, "init", "--quiet", "--bare", "remote.git")
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    hook = old_hook(repository, "pre-push")
    hook.write_bytes(OLD.replace(b"exit", b"cat\nexit"))
    leakscan("init", "--hook", "pre-push", cwd=repository.root)
    repository.commit("app.env", text=leak_text())
    done = attempt(repository, "push", "origin", "main")
    assert done.returncode != 0
    assert "the old one ran origin" in done.stdout
    assert f"refs/heads/main {head(repository)} refs/heads/main" in done.stdout
    assert "the push is blocked" in done.stdout


def test_a_server_gets_its_hook(repository: Repository, tmp_path: Path) -> None:
    attempt(tmp_path, "init", "--quiet", "--bare", "remote.git")
    assert leakscan("init", "--hook", "pre-receive", "remote.git", cwd=tmp_path).returncode == 0
    repository.commit("app.env", text=leak_text())
    done = attempt(repository, "push", str(tmp_path / "remote.git"), "main")
    assert (done.returncode != 0, "the push is rejected" in done.stdout) == (True, True)


def test_a_linked_work_tree_shares_the_hooks(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a.py")
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert leakscan("init", "--hook", cwd=tmp_path / "linked").returncode == 0
    assert (hooks(repository) / "pre-commit").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("init", "--hook", "post-commit"), "pre-commit"),
        (("init", "nowhere"), "nowhere"),
        (("init",), "not a git repository"),
        (("init", "--source", "x\ny"), "--source"),
    ],
)
def test_what_cannot_run_says_why_in_a_sentence(
    repository: Repository, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    done = leakscan(*arguments, cwd=repository.root if "--source" in arguments else tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr
