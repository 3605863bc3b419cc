"""Real pushes through the hooks: before they leave (pre-push), and where they arrive (pre-receive)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.histories import History
from tests.repository import Repository

from .hooking import attempt, hooked, leak_text, token_in
from .running import leakscan

ZEROS = "0" * 40


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository to push to."""
    folder = tmp_path / "remote.git"
    attempt(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    return folder


@pytest.fixture
def pushing(repository: Repository, remote: Path) -> Repository:
    """A repository with one pushed commit, and the hook."""
    repository.git("remote", "add", "origin", str(remote))
    repository.commit("a.py")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    hooked(repository.root / ".git" / "hooks", "pre-push", "--push")
    return repository


def tip(folder: Path, ref: str = "refs/heads/main") -> str:
    """What a ref of the remote is."""
    return attempt(folder, "rev-parse", "--verify", "--quiet", ref).stdout.strip()


@pytest.mark.parametrize("target", ["main", "HEAD:refs/heads/new", "HEAD~0:refs/heads/new"])
def test_a_push_that_brings_a_secret_is_blocked(pushing: Repository, remote: Path, target: str) -> None:
    text = leak_text()
    pushing.commit("app.env", text=text)
    pushing.commit("app.env", text="gone\n")
    before = tip(remote)
    done = attempt(pushing, "push", "origin", target)
    assert (done.returncode != 0, tip(remote)) == (True, before)
    assert "app.env:2:19  (since commit" in done.stdout
    assert "the push is blocked" in done.stdout
    assert token_in(text) not in done.stdout


def test_a_push_without_one_goes_through(pushing: Repository, remote: Path) -> None:
    commit = pushing.commit("b.py")
    assert attempt(pushing, "push", "origin", "main").returncode == 0
    assert tip(remote) == commit


def test_what_the_remote_has_already_is_not_told_again(pushing: Repository) -> None:
    pushing.commit("app.env", text=leak_text())
    pushing.git("push", "--quiet", "--no-verify", "origin", "main")
    pushing.git("checkout", "--quiet", "-b", "feature")
    pushing.commit("b.py")
    assert attempt(pushing, "push", "origin", "feature").returncode == 0


def test_what_another_remote_has_is_new_to_this_one(pushing: Repository, tmp_path: Path) -> None:
    pushing.commit("app.env", text=leak_text())
    pushing.git("push", "--quiet", "--no-verify", "origin", "main")
    attempt(tmp_path, "init", "--quiet", "--bare", "public.git")
    pushing.git("remote", "add", "public", str(tmp_path / "public.git"))
    assert attempt(pushing, "push", "public", "main").returncode != 0
    assert attempt(pushing, "push", str(tmp_path / "public.git"), "main").returncode != 0


def test_every_ref_of_a_push_counts(pushing: Repository, remote: Path) -> None:
    pushing.git("checkout", "--quiet", "-b", "one")
    pushing.commit("b.py")
    pushing.git("checkout", "--quiet", "-b", "two", "main")
    pushing.commit("app.env", text=leak_text())
    assert attempt(pushing, "push", "origin", "one", "two").returncode != 0
    assert attempt(pushing, "push", "origin", "one").returncode == 0


def test_a_forced_push_counts_from_what_was_there(pushing: Repository) -> None:
    pushing.commit("app.env", text=leak_text())
    pushing.git("push", "--quiet", "--no-verify", "origin", "main")
    pushing.git("reset", "--quiet", "--hard", "HEAD~1")
    pushing.commit("b.py")
    assert attempt(pushing, "push", "--force", "origin", "main").returncode == 0
    pushing.commit("c.env", text=leak_text())
    assert attempt(pushing, "push", "--force", "origin", "main").returncode != 0


@pytest.mark.parametrize("target", ["--delete main", "main"])
def test_a_push_that_brings_nothing_is_let_through_with_a_word(pushing: Repository, remote: Path, target: str) -> None:
    if target != "main":
        attempt(remote, "config", "receive.denyDeleteCurrent", "ignore")
    done = attempt(pushing, "push", "origin", *target.split())
    assert done.returncode == 0
    assert "no new commit is pushed" in done.stdout


def test_a_tag_brings_its_message_and_its_commits(pushing: Repository) -> None:
    pushing.git("tag", "--annotate", "clean", "--message", "Released")
    pushing.git("tag", "--annotate", "leaky", "--message", leak_text())
    assert attempt(pushing, "push", "origin", "clean").returncode == 0
    done = attempt(pushing, "push", "origin", "leaky")
    assert done.returncode != 0
    assert "tag leaky" in done.stdout


def test_e5_a_merge_alone_that_brings_a_secret_is_blocked(pushing: Repository) -> None:
    pushing.git("checkout", "--quiet", "-b", "side")
    pushing.commit("b.py")
    pushing.git("checkout", "--quiet", "main")
    pushing.commit("c.py")
    pushing.git("merge", "--quiet", "--no-commit", "side")
    pushing.commit("evil.env", text=leak_text())
    assert attempt(pushing, "push", "origin", "main").returncode != 0


def test_an_old_end_that_is_not_here_narrows_nothing(pushing: Repository) -> None:
    commit = pushing.commit("app.env", text=leak_text())
    line = f"refs/heads/main {commit} refs/heads/main {'1' * 40}\n"
    assert leakscan("hook", "--push", "origin", "url", cwd=pushing.root, stdin=line.encode()).returncode == 1


@pytest.mark.parametrize("line", ["nonsense", "a b c d", f"main {ZEROS} main --upload-pack=x", "main HEAD main HEAD"])
def test_what_git_would_not_say_is_refused(pushing: Repository, line: str) -> None:
    done = leakscan("hook", "--push", "origin", "url", cwd=pushing.root, stdin=line.encode() + b"\n")
    assert done.returncode == 2
    assert "standard input" in done.stderr


def test_e1_a_commit_that_is_not_here_is_never_clean(pushing: Repository) -> None:
    line = f"refs/heads/main {'1' * 40} refs/heads/main {ZEROS}\n"
    done = leakscan("hook", "--push", cwd=pushing.root, stdin=line.encode())
    assert (done.returncode, "is not here" in done.stderr) == (2, True)


def test_a_shallow_clone_pushes_what_is_whole(pushing: Repository, remote: Path, tmp_path: Path) -> None:
    pushing.commit("b.py")
    pushing.git("push", "--quiet", "origin", "main")
    attempt(tmp_path, "clone", "--quiet", "--depth=1", remote.as_uri(), "shallow")
    shallow = Repository(tmp_path / "shallow")
    hooked(shallow.root / ".git" / "hooks", "pre-push", "--push")
    shallow.commit("c.py")
    assert attempt(shallow, "push", "origin", "main").returncode == 0
    shallow.commit("app.env", text=leak_text())
    assert attempt(shallow, "push", "origin", "main").returncode != 0


def test_a_partial_clone_pushes_what_it_holds(pushing: Repository, remote: Path, tmp_path: Path) -> None:
    pushing.commit("b.py", text="old\n")
    pushing.git("push", "--quiet", "origin", "main")
    attempt(remote, "config", "uploadpack.allowFilter", "true")
    attempt(tmp_path, "clone", "--quiet", "--filter=blob:none", remote.as_uri(), "partial")
    partial = Repository(tmp_path / "partial")
    hooked(partial.root / ".git" / "hooks", "pre-push", "--push")
    partial.commit("b.py", text="new\n")
    assert attempt(partial, "push", "origin", "main").returncode == 0
    partial.commit("app.env", text=leak_text())
    assert attempt(partial, "push", "origin", "main").returncode != 0


@pytest.mark.parametrize("names", ["PRE_COMMIT_FROM_REF PRE_COMMIT_TO_REF", "PRE_COMMIT_ORIGIN PRE_COMMIT_SOURCE"])
def test_pre_commit_tells_the_range_in_its_variables(
    pushing: Repository, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    start = pushing.commit("app.env", text=leak_text())
    end = pushing.commit("b.py")
    old, new = names.split()
    monkeypatch.setenv(old, start)
    monkeypatch.setenv(new, end)
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 0
    monkeypatch.setenv(old, f"{start}~1")
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 1
    monkeypatch.setenv(new, "--output=x")
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 2


def test_where_git_itself_calls_us_its_word_counts(pushing: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")  # a hook of pre-commit's that pushes
    pushing.git("checkout", "--quiet", "-b", "other")
    pushing.commit("app.env", text=leak_text())
    pushing.git("checkout", "--quiet", "main")
    assert attempt(pushing, "push", "origin", "other").returncode != 0


def test_pre_commit_names_a_branch_of_which_all_is_new(pushing: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    pushing.commit("app.env", text=leak_text())
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 1
    monkeypatch.setenv("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main")
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 1
    pushing.git("update-ref", "refs/remotes/origin/main", "main")
    assert leakscan("hook", "--push", cwd=pushing.root).returncode == 0


# --- where it arrives ---


@pytest.mark.parametrize("limit", ["1", "1000"])  # quarantined as a pack, or as loose objects
@pytest.mark.parametrize("target", ["main", "main:refs/heads/new"])
def test_a_server_rejects_a_push_and_says_why(repository: Repository, remote: Path, limit: str, target: str) -> None:
    repository.git("remote", "add", "origin", str(remote))
    first = repository.commit("a.py")
    repository.git("push", "--quiet", "origin", "main")
    hooked(remote / "hooks", "pre-receive", "--receive")
    attempt(remote, "config", "receive.unpackLimit", limit)
    text = leak_text()
    repository.commit("app.env", text=text)
    repository.commit("app.env", text="gone\n")
    done = attempt(repository, "push", "origin", target)
    assert (done.returncode != 0, tip(remote), tip(remote, "refs/heads/new")) == (True, first, "")
    assert "remote:" in done.stdout
    assert "app.env:2:19" in done.stdout
    assert "the push is rejected" in done.stdout
    assert token_in(text) not in done.stdout


def test_a_server_takes_what_is_clean(repository: Repository, remote: Path) -> None:
    repository.git("remote", "add", "origin", str(remote))
    hooked(remote / "hooks", "pre-receive", "--receive")
    commit = repository.commit("a.py")
    assert attempt(repository, "push", "origin", "main").returncode == 0
    assert tip(remote) == commit
    attempt(remote, "config", "receive.denyDeleteCurrent", "ignore")
    assert attempt(repository, "push", "origin", "--delete", "main").returncode == 0


def test_a_server_does_not_tell_of_what_it_has(repository: Repository, remote: Path) -> None:
    repository.git("remote", "add", "origin", str(remote))
    repository.commit("app.env", text=leak_text())
    repository.git("push", "--quiet", "origin", "main")
    hooked(remote / "hooks", "pre-receive", "--receive")
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit("b.py")
    assert attempt(repository, "push", "origin", "feature").returncode == 0


def test_a_quarantine_elsewhere_is_refused(remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(tmp_path / "elsewhere"))
    done = leakscan("hook", "--receive", cwd=remote)
    assert (done.returncode, "GIT_QUARANTINE_PATH" in done.stderr) == (2, True)


def test_many_commits_in_one_push(pushing: Repository) -> None:
    history = History()
    parent: tuple[int, ...] = ()
    for number in range(300):
        parent = (history.commit({f"{number % 50}.txt": b"%d\n" % number}, *parent, ref="refs/heads/many"),)
    history.commit({"app.env": leak_text().encode()}, *parent, ref="refs/heads/many")
    history.write(pushing)
    line = f"refs/heads/many {pushing.git('rev-parse', 'many')} refs/heads/many {ZEROS}\n"
    done = leakscan("hook", "--push", "-f", "json", "origin", "url", cwd=pushing.root, stdin=line.encode())
    assert (done.returncode, json.loads(done.stdout)["command"]) == (1, "hook")


def test_without_standard_input_there_is_a_word(pushing: Repository) -> None:
    terminal = pytest.importorskip("pty").openpty()
    command = [sys.executable, "-m", "leakscan", "hook", "--push"]
    done = subprocess.run(command, cwd=pushing.root, stdin=terminal[1], capture_output=True, check=False, timeout=60)
    assert (done.returncode, b"init --hook pre-push" in done.stderr) == (2, True)
