"""Values outside of the branches' files: unreached, staged, in messages, names and notes; refs that lead there."""

import json
from collections.abc import Callable

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.samples import Samples
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View
from tests.repository import Repository
from tests.scanning import fresh, places, token_line

from .reporting import history, place, stands

MAIN = ("refs/heads/main",)


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


@pytest.fixture
def started(repository: Repository) -> Repository:
    """A repository with a commit."""
    repository.commit("readme")
    return repository


def on_a_branch(repository: Repository, token: str) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("a.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")


def on_a_tag(repository: Repository, token: str) -> None:
    on_a_branch(repository, token)
    repository.git("tag", "--annotate", "--message", "One", "v1", "side")
    repository.git("branch", "--quiet", "-D", "side")


def on_a_tag_of_a_tag(repository: Repository, token: str) -> None:
    on_a_tag(repository, token)
    repository.git("tag", "--annotate", "--message", "Two", "v2", "v1")
    repository.git("tag", "--delete", "v1")


def in_the_stash(repository: Repository, token: str) -> None:
    repository.write("a.env", token_line(token))
    repository.git("stash", "--include-untracked")


def on_a_remote_branch(repository: Repository, token: str) -> None:
    on_a_branch(repository, token)
    repository.git("update-ref", "refs/remotes/origin/side", "side")
    repository.git("branch", "--quiet", "-D", "side")


def in_the_reflog(repository: Repository, token: str) -> None:
    repository.commit("a.env", text=token_line(token))
    repository.git("reset", "--quiet", "--hard", "HEAD^")


def amended_away(repository: Repository, token: str) -> None:
    repository.commit("a.env", text=token_line(token))
    repository.git("rm", "--quiet", "a.env")
    repository.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Nothing happened")


@pytest.mark.parametrize(
    ("make", "refs"),
    [
        (on_a_branch, ("refs/heads/side",)),
        (on_a_tag, ("refs/tags/v1",)),
        (on_a_tag_of_a_tag, ("refs/tags/v2",)),
        (in_the_stash, ("refs/stash",)),
        (on_a_remote_branch, ("refs/remotes/origin/side",)),
        (in_the_reflog, ()),
        (amended_away, ()),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_commits_beside_head(
    started: Repository, shipped: Prepared, token: str, make: Callable[[Repository, str], None], refs: tuple[str, ...]
) -> None:
    make(started, token)
    found = place(shipped, started, token)
    assert (found.path, found.refs, found.in_head, found.removed_in) == ("a.env", refs, False, None)
    assert found.commit is not None
    assert found.author == "Ada Author <ada@example.org>"


def test_a_detached_head_leads_there_too(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("checkout", "--quiet", "--detach")
    started.commit("a.env", text=token_line(token))
    found = place(shipped, started, token)
    assert (found.refs, found.in_head) == (("HEAD",), True)


def test_amended_with_the_value_is_once_reached_and_once_not(
    started: Repository, shipped: Prepared, token: str
) -> None:
    started.commit("a.env", text=token_line(token))
    started.git("commit", "--quiet", "--amend", "--message", "Better said")
    found = stands(shipped, started, token)
    assert sorted(each.refs for each in found) == [(), MAIN]


def test_a_dangling_blob(started: Repository, shipped: Prepared, token: str) -> None:
    blob = started.git("hash-object", "-w", str(started.write("gone", token_line(token))))
    (started.root / "gone").unlink()
    found = place(shipped, started, token)
    assert (found.path, found.blob, found.commit, found.refs) == (f"blob {blob}", blob, None, ())
    assert (found.author, found.date, found.removed_in, found.in_head) == (None, None, None, False)


def test_a_dangling_tree(started: Repository, shipped: Prepared, token: str) -> None:
    started.write("deep/er/a.env", token_line(token))
    started.git("add", "--all")
    started.git("write-tree")
    started.git("reset", "--quiet", "--hard")
    found = place(shipped, started, token)
    assert (found.path, found.commit, found.refs, found.in_head) == ("deep/er/a.env", None, (), False)


def test_a_tag_of_a_blob(started: Repository, shipped: Prepared, token: str) -> None:
    blob = started.git("hash-object", "-w", str(started.write("gone", token_line(token))))
    started.git("tag", "v1", blob)
    found = place(shipped, started, token)
    assert (found.path, found.refs, found.commit) == (f"blob {blob}", ("refs/tags/v1",), None)


def test_a_tag_of_a_tree(started: Repository, shipped: Prepared, token: str) -> None:
    started.write("deep/a.env", token_line(token))
    started.git("add", "--all")
    started.git("tag", "v1", started.git("write-tree"))
    started.git("reset", "--quiet", "--hard")
    found = place(shipped, started, token)
    assert (found.path, found.refs, found.commit) == ("deep/a.env", ("refs/tags/v1",), None)


def test_staged_and_never_committed(started: Repository, shipped: Prepared, token: str) -> None:
    started.write("conf/ü.env", token_line(token))
    started.git("add", "--all")
    found = place(shipped, started, token)
    assert (found.path, found.commit, found.in_head, found.refs) == ("conf/ü.env", None, False, ())


def test_staged_and_changed_since(started: Repository, shipped: Prepared, token: str) -> None:
    started.write("a.env", token_line(token))
    started.git("add", "--all")
    started.write("a.env", "nothing\n")
    started.git("add", "--all")
    assert place(shipped, started, token).path.startswith("blob ")


def test_a_note(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("notes", "add", "--message", token_line(token))
    found = place(shipped, started, token)
    assert (found.where, found.path) == ("note", started.git("rev-parse", "HEAD"))
    assert (found.refs, found.in_head) == (("refs/notes/commits",), False)


def test_a_file_that_is_called_like_a_note_is_none(started: Repository, shipped: Prepared, token: str) -> None:
    started.commit("ab/cdef", text=token_line(token))
    assert place(shipped, started, token).where == "content"


def test_a_commit_message(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("commit", "--quiet", "--allow-empty", "--message", f"Subject\n\n{token_line(token)}")
    head = started.git("rev-parse", "HEAD")
    found = place(shipped, started, token)
    assert (found.where, found.path, found.place.line) == ("commit_message", f"commit {head[:12]}", 4)
    assert (found.commit, found.refs, found.in_head, found.blob) == (head, MAIN, True, None)
    assert found.date == "2026-01-31T12:00:00+00:00"


def test_a_commit_message_that_nothing_reaches(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("commit", "--quiet", "--allow-empty", "--message", token_line(token))
    started.git("commit", "--quiet", "--allow-empty", "--amend", "--message", "Never mind")
    found = place(shipped, started, token)
    assert (found.where, found.refs, found.in_head) == ("commit_message", (), False)


def test_an_author(started: Repository, shipped: Prepared, token: str) -> None:
    name = f"TWILIO_AUTH_TOKEN={token}"
    started.git("commit", "--quiet", "--allow-empty", "--message", "x", "--author", f"{name} <a@example.org>")
    found = place(shipped, started, token)
    assert (found.where, found.commit, found.refs) == ("author", started.git("rev-parse", "HEAD"), MAIN)


def test_a_tag_message(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("tag", "--annotate", "v1", "--message", token_line(token))
    found = place(shipped, started, token)
    assert (found.where, found.path, found.commit, found.in_head) == ("tag_message", "tag v1", None, None)


def test_a_tagger(started: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_NAME", f"TWILIO_AUTH_TOKEN={token}")
    started.git("tag", "--annotate", "v1", "--message", "x")
    found = place(shipped, started, token)
    assert (found.where, found.path, found.commit, found.in_head) == ("author", "tag v1", None, None)


def test_a_name_of_a_ref(started: Repository, shipped: Prepared, token: str) -> None:
    started.git("branch", f"TWILIO_AUTH_TOKEN={token}")
    found = place(shipped, started, token)
    assert (found.where, found.commit) == ("ref_name", None)


def test_the_address_of_a_remote(started: Repository, shipped: Prepared, token: str) -> None:
    account = fresh("account_sid")
    started.git("remote", "add", "origin", f"https://{account}:{token}@api.twilio.com/x.git")
    found = place(shipped, started, token)
    assert (found.where, found.path, found.commit, found.in_head) == ("git_config", ".git/config", None, None)


def test_the_name_of_a_file(started: Repository, shipped: Prepared, token: str) -> None:
    name = f"dir/TWILIO_AUTH_TOKEN={token}"
    brought = started.commit(name)
    started.git("rm", "--quiet", name)
    removed = started.commit()
    found = place(shipped, started, token)
    assert (found.where, found.path, found.blob) == ("file_name", name, None)
    assert (found.commit, found.removed_in, found.in_head, found.refs) == (brought, removed, False, MAIN)


def test_the_name_of_a_folder(started: Repository, shipped: Prepared, token: str) -> None:
    brought = started.commit(f"a/TWILIO_AUTH_TOKEN={token}/b/c")
    found = place(shipped, started, token)
    assert (found.where, found.commit, found.in_head) == ("file_name", brought, True)
    assert found.path == f"a/TWILIO_AUTH_TOKEN={token}"


def test_a_name_and_what_stands_in_that_file(started: Repository, shipped: Prepared, token: str) -> None:
    inside = fresh()
    brought = started.commit(f"TWILIO_AUTH_TOKEN={token}", text=token_line(inside))
    found = [place(shipped, started, value) for value in (token, inside)]
    assert [each.where for each in found] == ["file_name", "content"]
    assert [each.commit for each in found] == [brought, brought]


def test_a_staged_name(started: Repository, shipped: Prepared, token: str) -> None:
    started.write(f"TWILIO_AUTH_TOKEN={token}")
    started.git("add", "--all")
    started.git("write-tree")
    assert place(shipped, started, token).path == f"TWILIO_AUTH_TOKEN={token}"


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_shows_a_value_wherever_it_stands(
    started: Repository, shipped: Prepared, token: str, form: str
) -> None:
    line = f"TWILIO_AUTH_TOKEN={token}"
    started.git("commit", "--quiet", "--allow-empty", "--message", line, "--author", f"{line} <{token}@example.org>")
    started.git("tag", "--annotate", line, "--message", line)
    started.git("notes", "add", "--message", line)
    started.git("branch", line)
    started.commit(f"{line}/{line}", text=line)
    report = history(shipped, started.root)
    text = FORMATS[form](report, View(show_all=True), "1.0")
    assert len(places(report, token)) >= 7
    assert token not in text
    assert form != "json" or json.loads(text)


PKCV = "@{pkcv_private_key}"


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
@pytest.mark.parametrize(
    ("path", "found"),
    [("keys/twilio.pem", True), ("twilio/client/key.pem", True), ("keys/server.pem", False)],
    ids=["name", "folder", "neither"],
)
def test_a_path_can_make_a_private_key_a_finding(
    repository: Repository, shipped: Prepared, path: str, found: bool, packed: bool
) -> None:
    repository.commit("keys/nothing-of-twilio.txt", text="nothing\n")
    for number in range(3):
        repository.commit(f"keys/other{number}.pem", text=f"{number}\n")
    key = Samples(11).fill(PKCV)
    repository.commit(path, text=key)
    if packed:
        repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    report = history(shipped, repository.root)
    assert [each.rule.id for each in report.findings if each.suppressed is None] == ["twilio-pkcv-private-key"] * found
