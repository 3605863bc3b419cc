"""The same report however a repository is stored; folders, submodules, strange names and strange files."""

import base64
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.history.run import Options, scan_history
from leakscan.model import Report
from leakscan.sources.repository import open_repository
from tests.repository import Repository
from tests.scanning import fresh, places, token_line

from .reporting import history, on_day, place, stands

Step = Callable[[], object]


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


def eventful(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history with most of what can happen in one, on 13 days."""
    tokens = [fresh() for _ in range(8)]
    steps: list[Step] = [
        lambda: repository.commit("a.env", text=token_line(tokens[0])),
        lambda: repository.commit("deep/er/b.env", text="x\n" * 300 + token_line(tokens[1])),
        lambda: repository.commit("deep/er/b.env", text="y\n" + "x\n" * 300 + token_line(tokens[1])),
        lambda: repository.git("checkout", "--quiet", "-b", "side"),
        lambda: repository.commit("c.env", text=token_line(tokens[2])),
        lambda: repository.git("checkout", "--quiet", "main"),
        lambda: repository.git("mv", "a.env", "d.env"),
        lambda: repository.commit("e.txt", text=token_line(tokens[0])),
        lambda: repository.git("merge", "--quiet", "--no-ff", "--message", token_line(tokens[3]), "side"),
        lambda: repository.commit(f"TWILIO_AUTH_TOKEN={tokens[4]}", text=token_line(tokens[5])),
        lambda: repository.git("commit", "--quiet", "--amend", "--message", "Amended"),
        lambda: repository.git("notes", "add", "--message", token_line(tokens[6])),
        lambda: repository.git("tag", "--annotate", "--message", token_line(tokens[7]), "v1"),
    ]
    for day, step in enumerate(steps, 1):
        on_day(monkeypatch, day)
        step()


def without_counts(report: Report) -> Report:
    """A report without how much was read: an object is read whole or as a delta."""
    return report._replace(statistics=report.statistics._replace(bytes=0, contents=0))


def test_packed_as_loose(repository: Repository, shipped: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    eventful(repository, monkeypatch)
    loose = history(shipped, repository.root)
    repository.git("gc", "--quiet", "--aggressive", "--prune=never")
    repository.git("repack", "--quiet", "-A", "-d", "-f", "--depth=50")
    packed = history(shipped, repository.root)
    assert len(loose.findings) >= 8
    assert without_counts(packed) == without_counts(loose)


def test_in_several_packs(repository: Repository, shipped: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    eventful(repository, monkeypatch)
    loose = history(shipped, repository.root)
    for _ in range(5):
        repository.git("repack", "--quiet", "-a", "-f")
        repository.commit("other")
    assert [each.secret for each in history(shipped, repository.root).findings] == [
        each.secret for each in loose.findings
    ]
    assert all(len(each.occurrences) < 4 for each in loose.findings)


def test_with_two_workers(repository: Repository, shipped: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    eventful(repository, monkeypatch)
    repository.git("repack", "--quiet", "-a", "-d")
    repository.commit("later", text=token_line(fresh()))
    assert history(shipped, repository.root, jobs=2) == history(shipped, repository.root)


def test_sha256(tmp_path: Path, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    repository = Repository(tmp_path / "sha256")
    brought = repository.commit("deep/a.env", text=token_line(token))
    repository.git("rm", "--quiet", "deep/a.env")
    removed = repository.commit("b")
    for _ in ("loose", "packed"):
        found = place(shipped, repository, token)
        assert (found.path, found.commit, found.removed_in, found.in_head) == ("deep/a.env", brought, removed, False)
        assert len(found.commit or "") == 64
        repository.git("repack", "--quiet", "-a", "-d")


def test_a_bare_clone(repository: Repository, shipped: Prepared, token: str, tmp_path: Path) -> None:
    brought = repository.commit("a.env", text=token_line(token))
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    (found,) = places(history(shipped, tmp_path / "bare.git"), token)
    assert (found.path, found.commit, found.in_head, found.refs) == ("a.env", brought, True, ("refs/heads/main",))


def test_a_linked_work_tree_has_a_head_and_an_index_of_its_own(
    repository: Repository, shipped: Prepared, token: str, tmp_path: Path
) -> None:
    repository.commit("readme")
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    staged = fresh()
    (tmp_path / "linked" / "a.env").write_text(token_line(token))
    for arguments in (("add", "a.env"), ("commit", "--quiet", "--message", "A commit")):
        repository.git("-C", str(tmp_path / "linked"), *arguments)
    (tmp_path / "linked" / "b.env").write_text(token_line(staged))
    repository.git("-C", str(tmp_path / "linked"), "add", "b.env")
    report = history(shipped, tmp_path / "linked")
    (found,), (other,) = places(report, token), places(report, staged)
    assert (found.in_head, found.refs, other.path) == (True, ("refs/heads/side",), "b.env")
    assert place(shipped, repository, token).in_head is False


def test_submodules_are_shown_below_their_paths(
    repository: Repository, shipped: Prepared, token: str, tmp_path: Path
) -> None:
    noted, staged, named = fresh(), fresh(), fresh()
    inner = Repository(tmp_path / "inner")
    brought = inner.commit("conf/a.env", f"TWILIO_AUTH_TOKEN={named}", text=token_line(token))
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "libs/inner")
    repository.commit("readme")
    nested = repository.root / "libs/inner"
    repository.git("-C", str(nested), "notes", "add", "--message", token_line(noted))
    (nested / "b.env").write_text(token_line(staged))
    repository.git("-C", str(nested), "add", "b.env")
    report = history(shipped, repository.root)
    assert report.problems == ()
    found = places(report, token)
    assert [each.path for each in found] == [f"libs/inner/TWILIO_AUTH_TOKEN={named}", "libs/inner/conf/a.env"]
    assert {each.commit for each in found} == {brought}
    assert places(report, named)[0].path == f"libs/inner/TWILIO_AUTH_TOKEN={named}"
    assert places(report, staged)[0].path == "libs/inner/b.env"
    assert (places(report, noted)[0].where, places(report, noted)[0].path) == ("note", f"libs/inner/{brought}")


def test_a_subtree_merge(repository: Repository, shipped: Prepared, token: str, tmp_path: Path) -> None:
    library = Repository(tmp_path / "library")
    brought = library.commit("conf/a.env", text=token_line(token))
    repository.commit("readme")
    repository.git("fetch", "--quiet", str(library.root), "main:library")
    repository.git("merge", "--quiet", "--strategy=ours", "--no-commit", "--allow-unrelated-histories", "library")
    repository.git("read-tree", "--prefix=lib/", "-u", "library")
    merge = repository.commit()
    found = stands(shipped, repository, token)
    assert [(each.path, each.commit) for each in found] == [("conf/a.env", brought), ("lib/conf/a.env", merge)]
    assert [each.in_head for each in found] == [False, True]


def test_a_sid_and_its_token_from_different_commits_and_files_are_a_pair(
    repository: Repository, shipped: Prepared, token: str
) -> None:
    sid = fresh("account_sid")
    repository.commit("conf/sid.env", text=f"TWILIO_ACCOUNT_SID={sid}\n")
    repository.git("rm", "--quiet", "conf/sid.env")
    repository.commit("conf/token.env", text=f"TWILIO_AUTH_TOKEN={token}\n")
    by_value = {each.secret.reveal(): each for each in history(shipped, repository.root).findings}
    assert by_value[token].pair == (by_value[sid].fingerprint,)
    assert by_value[sid].pair == (by_value[token].fingerprint,)


@pytest.mark.parametrize(
    "name",
    [b"caf\xe9/a.env", b"line\nend/a.env", "zoë/ü.env".encode(), b' "quoted"\t/a b.env', b"40000 x/40000 y/a.env"],
)
def test_strange_paths(repository: Repository, shipped: Prepared, token: str, name: bytes) -> None:
    brought = repository.commit(name, text=token_line(token))
    found = place(shipped, repository, token)
    assert (found.path.encode("utf-8", "surrogateescape"), found.commit) == (name, brought)


@pytest.mark.parametrize(
    "data",
    [
        b"\0\1\2\xff" * 100 + b"\nTWILIO_AUTH_TOKEN=%b\n" + b"\0\xfe" * 100,
        b"a\r\nTWILIO_AUTH_TOKEN=%b\r\n",
        b"a\n# \xe9\xe8\nTWILIO_AUTH_TOKEN=%b",
    ],
    ids=["binary", "CRLF", "Latin-1"],
)
def test_strange_files(repository: Repository, shipped: Prepared, token: str, data: bytes) -> None:
    repository.write("a.bin").write_bytes(data.replace(b"%b", token.encode()))
    brought = repository.commit()
    found = place(shipped, repository, token)
    assert (found.path, found.commit, found.place.column) == ("a.bin", brought, 19)


def test_what_is_decoded_says_so(repository: Repository, shipped: Prepared, token: str) -> None:
    code = base64.b64encode(f"{fresh('account_sid')}:{token}".encode()).decode()
    repository.commit("a.sh", text=f"curl -H 'Authorization: Basic {code}' https://api.twilio.com/x\n")
    assert place(shipped, repository, token).decoded == ("base64",)


def test_wanted_paths(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a.env", text=token_line(token))
    repository.commit("b.env", text=token_line(token))
    options = Options(jobs=1, wanted=lambda path: path == "b.env")
    report = scan_history([open_repository(repository.root)], shipped, options=options)
    assert [each.path for each in places(report, token)] == ["b.env"]


def test_an_alternate(repository: Repository, shipped: Prepared, token: str, tmp_path: Path) -> None:
    brought = repository.commit("a.env", text=token_line(token))
    repository.git("clone", "--quiet", "--shared", ".", str(tmp_path / "clone"))
    (found,) = places(history(shipped, tmp_path / "clone"), token)
    assert (found.commit, found.path) == (brought, "a.env")
    shutil.rmtree(tmp_path / "clone")
