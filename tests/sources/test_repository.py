"""Where the parts of a repository are, whatever a hostile one says of that."""

import os
from pathlib import Path

import pytest

from leakscan.errors import UsageError
from leakscan.model import Problem
from leakscan.sources import repository as layout
from leakscan.sources.repository import open_repository, submodules, texts
from tests.databases import read_all
from tests.histories import History
from tests.repository import Repository


def shown_texts(path: Path) -> dict[str, bytes]:
    """The texts beside the objects; a problem is an error."""
    found = {}
    for read in texts(open_repository(path)):
        assert not isinstance(read, Problem)
        found[read[0]] = read[1]
    return found


def refusal(path: Path) -> str:
    """What is said of a path that is refused: one sentence."""
    with pytest.raises(UsageError) as refused:
        open_repository(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def alternates(repository: Repository, text: str) -> Path:
    """Write the list of alternates, and return the object store that it stands in."""
    store = repository.root / ".git/objects"
    (store / "info").mkdir(exist_ok=True)
    (store / "info/alternates").write_text(text)
    return store


def add_submodule(outer: Repository, inner: Repository, name: str) -> None:
    """Make one repository a submodule of another."""
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), name)
    outer.commit()


@pytest.fixture
def inner(tmp_path: Path) -> Repository:
    """Another repository, with a commit."""
    inner = Repository(tmp_path / "inner")
    inner.commit("a")
    return inner


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == f"no such path: {tmp_path / 'none'}"


def test_a_folder_outside_of_git(tmp_path: Path) -> None:
    assert "is not a git repository; `leakscan scan` scans" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["x" * 5000, "x\0y", "loop"], ids=["long", "nul", "loop"])
def test_a_path_that_cannot_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert refusal(tmp_path / name)


@pytest.mark.parametrize("inside", ["", ".git", "folder", ".git/refs", "a"])
def test_any_place_in_a_repository_leads_to_it(repository: Repository, inside: str) -> None:
    repository.commit("a", "folder/b")
    found = open_repository(repository.root / inside)
    assert (found.own, found.common, found.work_tree) == (
        (repository.root / ".git").resolve(),
        (repository.root / ".git").resolve(),
        repository.root.resolve(),
    )


HOSTILE = {
    "nothing": "",
    "no word": "/",
    "itself": "gitdir: .git",
    "nowhere": "gitdir: ../none",
    "a folder": "gitdir: /",
    "a circle": "gitdir: loop",
    "a NUL": "gitdir: a\0b",
    "a long name": "gitdir: " + "x" * 5000,
    "lines": "gitdir: a\ngitdir: b\n",
    "no text": "gitdir: \udcff\udcfe",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_git_file_that_leads_nowhere(tmp_path: Path, text: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / ".git").write_text(text, errors="surrogateescape")
    assert "does not lead to a git repository" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["..", "", "none", "a\0b", "x" * 5000, "loop"])
def test_a_common_folder_that_leads_nowhere(repository: Repository, text: str) -> None:
    (repository.root / ".git/loop").symlink_to("loop")
    (repository.root / ".git/commondir").write_text(text)
    problems = open_repository(repository.root).problems
    assert all("is missing" in problem.message for problem in problems)


@pytest.mark.usefixtures("_time_limit")
@pytest.mark.parametrize("name", ["config", "objects/info/alternates", "commondir", "shallow", "logs/HEAD"])
def test_nothing_waits_for_a_pipe(repository: Repository, name: str) -> None:
    path = repository.root / ".git" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert f".git/{name}" not in shown_texts(repository.root)


def test_alternates_that_lead_to_each_other(repository: Repository, inner: Repository) -> None:
    first = alternates(repository, f"{inner.root}/.git/objects\n")
    second = alternates(inner, f"{first}\n{first}/../objects\n")
    found = open_repository(repository.root)
    assert found.objects == (first.resolve(), second.resolve())
    assert found.problems == ()


@pytest.mark.parametrize("line", ["/none", "none", "a\0b", "x" * 5000, "loop", "HEAD"])
def test_an_alternate_that_is_missing(repository: Repository, inner: Repository, line: str) -> None:
    store = alternates(repository, f"{line}\n{inner.root}/.git/objects\n")
    (store / "loop").symlink_to("loop")
    (problem,) = open_repository(repository.root).problems
    assert (problem.where, "is missing" in problem.message) == ("objects", True)
    assert read_all(repository.root).objects


def test_very_many_alternates(repository: Repository) -> None:
    alternates(repository, "".join(f"none{number}\n" for number in range(1000)))
    problems = open_repository(repository.root).problems
    assert len(problems) == 64
    assert problems[-1].message == "more than 64 object stores"


@pytest.mark.parametrize("name", ["a b ", " a", "é\u2028ü", "a\x1cb"])
def test_an_alternate_of_any_name(repository: Repository, tmp_path: Path, name: str) -> None:
    inner = Repository(tmp_path / name)
    alternates(repository, f"# a comment\n\n{inner.root}/.git/objects\n")
    assert open_repository(repository.root).problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n",
        "[Extensions] objectFormat=sha256\n",
        '[extensions]\n# a comment [x]\n  objectformat = "sha256"\n',
    ],
)
def test_a_repository_by_sha_256(repository: Repository, text: str) -> None:
    repository.configure(text)
    assert open_repository(repository.root).hash_size == 32


@pytest.mark.parametrize("text", ["[x]\nobjectformat = sha256\n", "[extensions]\n#objectformat = sha256\n[x]\n"])
def test_no_other_setting_changes_the_hash(repository: Repository, text: str) -> None:
    repository.configure(text)
    assert open_repository(repository.root).hash_size == 20


def test_loose_objects_of_another_hash_are_told_of(repository: Repository) -> None:
    oid = repository.commit("a")
    repository.configure("[extensions]\n\tobjectformat = sha256\n")
    assert f"object {oid[:16]}" in {problem.where for problem in read_all(repository.root).problems}


def test_a_shallow_clone_is_told_of(inner: Repository, tmp_path: Path) -> None:
    inner.commit("b")
    inner.git("clone", "--quiet", "--depth=1", f"file://{inner.root}", str(tmp_path / "clone"))
    (problem,) = open_repository(tmp_path / "clone").problems
    assert "`git fetch --unshallow`" in problem.message


def test_a_partial_clone_is_told_of(inner: Repository, tmp_path: Path) -> None:
    inner.git("config", "uploadpack.allowFilter", "true")
    inner.git(
        "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{inner.root}", str(tmp_path / "clone")
    )
    (problem,) = open_repository(tmp_path / "clone").problems
    assert "`git fetch --refetch --no-filter`" in problem.message


def test_a_whole_clone_has_no_problem(inner: Repository, tmp_path: Path) -> None:
    inner.git("clone", "--quiet", f"file://{inner.root}", str(tmp_path / "clone"))
    assert open_repository(tmp_path / "clone").problems == ()


def test_submodules_of_submodules(repository: Repository, inner: Repository, tmp_path: Path) -> None:
    middle = Repository(tmp_path / "middle")
    add_submodule(middle, inner, "deep/inner")
    add_submodule(repository, middle, "lib/middle")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive")
    assert [found.shown for found in submodules(open_repository(repository.root))] == [
        "lib/middle/",
        "lib/middle/deep/inner/",
    ]


def test_the_submodules_of_a_linked_work_tree(repository: Repository, inner: Repository, tmp_path: Path) -> None:
    add_submodule(repository, inner, "lib")
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", str(linked))
    allow = ("-c", "protocol.file.allow=always")
    repository.git("-C", str(linked), *allow, "submodule", "--quiet", "update", "--init")
    for place in (repository.root, linked):
        assert len(list(submodules(open_repository(place)))) == 2


def test_a_submodule_that_leads_to_what_holds_it(repository: Repository) -> None:
    inside = repository.root / ".git/modules/x"
    inside.mkdir(parents=True)
    (inside / "HEAD").write_text("ref: refs/heads/main\n")
    (inside / "commondir").write_text("../..")
    assert list(submodules(open_repository(repository.root))) == []


def test_links_to_submodules_are_not_followed(repository: Repository, inner: Repository) -> None:
    modules = repository.root / ".git/modules"
    modules.mkdir()
    (modules / "x").symlink_to(inner.root / ".git")
    assert list(submodules(open_repository(repository.root))) == []


def test_a_link_in_the_place_of_submodules_is_not_followed(
    repository: Repository, inner: Repository, tmp_path: Path
) -> None:
    (tmp_path / "modules").mkdir()
    (inner.root / ".git").rename(tmp_path / "modules/x")
    (repository.root / ".git/modules").symlink_to(tmp_path / "modules")
    assert list(submodules(open_repository(repository.root))) == []


def test_the_texts_beside_the_objects(repository: Repository) -> None:
    repository.commit("a")
    repository.git("branch", "a/b")
    found = shown_texts(repository.root)
    assert {".git/config", ".git/logs/HEAD", ".git/logs/refs/heads/main", ".git/logs/refs/heads/a/b"} <= found.keys()
    assert found[".git/config"] == (repository.root / ".git/config").read_bytes()


def test_the_texts_of_every_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a")
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert ".git/worktrees/linked/logs/HEAD" in shown_texts(repository.root)
    assert shown_texts(tmp_path / "linked") == shown_texts(repository.root)


@pytest.mark.parametrize("name", ["logs", "logs/HEAD", "logs/refs", "config", "info", "worktrees"])
def test_links_to_texts_are_not_followed(repository: Repository, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    for inside in ("HEAD", "refs", "x/logs/HEAD"):
        (elsewhere / inside).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / inside).write_text("foreign")
    place = repository.root / ".git" / name
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere / "HEAD" if name in {"logs/HEAD", "config"} else elsewhere)
    assert b"foreign" not in shown_texts(repository.root).values()


def test_a_text_that_is_too_large_is_told_of(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_LARGEST_TEXT", 1000)
    (repository.root / ".git/FETCH_HEAD").write_bytes(b"x" * 1001)
    problems = [read for read in texts(open_repository(repository.root)) if isinstance(read, Problem)]
    assert [problem.where for problem in problems] == [".git/FETCH_HEAD"]


def test_an_empty_history_is_no_error(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "new")
    History().write(repository)
    assert read_all(repository.root) == ({}, [])
