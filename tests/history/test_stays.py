"""The stays of a value at paths: which commits brought it and took it away, and what is told of them."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.history.run import Options, scan_history
from leakscan.model import Place
from leakscan.sources.commits import select
from leakscan.sources.repository import open_repository
from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, token_line

from .reporting import on_day, place, stands


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


def remove(repository: Repository, name: str) -> str:
    """Commit without a file."""
    repository.git("rm", "--quiet", name)
    return repository.commit()


def branch(repository: Repository, name: str, start: str = "HEAD") -> None:
    """A new branch, checked out."""
    repository.git("checkout", "--quiet", "-b", name, start)


def test_what_an_ordinary_commit_brought(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("readme")
    brought = repository.commit("conf/app.env", text=f"# ours\n{token_line(token)}")
    repository.commit("later")
    found = place(shipped, repository, token)
    assert (found.path, found.where, found.place) == ("conf/app.env", "content", Place(3, 19, 3, 51))
    assert found.blob == repository.git("rev-parse", f"{brought}:conf/app.env")
    assert (found.commit, found.removed_in, found.in_head, found.refs) == (brought, None, True, ("refs/heads/main",))
    assert (found.author, found.date) == ("Ada Author <ada@example.org>", "2026-01-31T12:00:00+00:00")


def test_a_placeholder_is_told_of_in_some_of_its_blobs(repository: Repository, shipped: Prepared, token: str) -> None:
    dummy = f"AC{'0' * 32}"
    made = History()
    made.commit(
        {f"{number}.py": f'# twilio {number}\nsid = "{dummy}"\nsid = "{dummy}"\n'.encode() for number in range(60)}
    )
    made.write(repository)
    (found,) = scan_history([open_repository(repository.root)], shipped).findings
    assert found.suppressed is not None
    assert found.suppressed.by == "placeholder"
    assert len({each.path for each in found.occurrences}) == len(found.occurrences) == 20
    wanted = Options(wanted=lambda path: path == "59.py")
    (found,) = scan_history([open_repository(repository.root)], shipped, options=wanted).findings
    assert [each.path for each in found.occurrences] == ["59.py"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2026-02-03T04:05:06+05:30", "2026-02-03T04:05:06+05:30"),
        ("2026-02-03T04:05:06-08:00", "2026-02-03T04:05:06-08:00"),
        ("2026-02-03T04:05:06Z", "2026-02-03T04:05:06+00:00"),
    ],
)
def test_the_date_is_the_authors_in_the_authors_zone(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", given)
    repository.commit("a.env", text=token_line(token))
    assert place(shipped, repository, token).date == told


def test_the_author_is_not_the_committer_and_may_be_from_anywhere(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Zoë Çelik-Ñu")
    repository.commit("a.env", text=token_line(token))
    assert place(shipped, repository, token).author == "Zoë Çelik-Ñu <ada@example.org>"


def test_what_the_root_commit_brought(repository: Repository, shipped: Prepared, token: str) -> None:
    root = repository.commit("a.env", text=token_line(token))
    assert place(shipped, repository, token).commit == root


def test_what_a_merge_alone_brought(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a")
    branch(repository, "side")
    repository.commit("b")
    repository.git("checkout", "--quiet", "main")
    repository.commit("c")
    repository.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    merge = repository.commit("evil.env", text=token_line(token))
    found = place(shipped, repository, token)
    assert (found.commit, found.path, found.in_head) == (merge, "evil.env", True)


def test_what_a_merge_alone_dropped(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a")
    branch(repository, "side")
    brought = repository.commit("b.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")
    repository.commit("c")
    repository.git("merge", "--quiet", "--strategy=ours", "--message", "Not that", "side")
    repository.git("branch", "--quiet", "-D", "side")
    merge = repository.git("rev-parse", "HEAD")
    found = place(shipped, repository, token)
    assert (found.commit, found.removed_in, found.in_head, found.refs) == (brought, merge, False, ("refs/heads/main",))


def test_300_versions_with_one_value_are_one_place(repository: Repository, shipped: Prepared, token: str) -> None:
    made = History()
    for number in range(300):
        made.commit({"app.env": f"version={number}\n{token_line(token, 'AC' + 'b8' * 16)}".encode()})
    made.write(repository)
    found = place(shipped, repository, token)
    assert found.commit == repository.git("rev-list", "--max-parents=0", "main")
    assert (found.place.line, found.removed_in, found.in_head) == (3, None, True)


def test_a_value_that_moves_in_its_file_stays_where_it_came(
    repository: Repository, shipped: Prepared, token: str
) -> None:
    brought = repository.commit("a.env", text=token_line(token))
    repository.commit("a.env", text="\n" * 10 + token_line(token) * 2)
    found = place(shipped, repository, token)
    assert (found.commit, found.place.line) == (brought, 2)


def test_two_lines_of_one_version_are_two_places(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a.env", text=token_line(token) * 2)
    assert [each.place.line for each in stands(shipped, repository, token)] == [2, 4]


def test_the_strongest_evidence_of_all_versions_counts(repository: Repository, shipped: Prepared, token: str) -> None:
    brought = repository.commit("a.txt", text=f"# twilio\ntoken: {token}\n")
    assert stands(shipped, repository, token) == []
    repository.commit("a.txt", text=token_line(token))
    found = place(shipped, repository, token)
    assert (found.commit, found.place) == (brought, Place(2, 8, 2, 40))


def test_a_rename_is_two_stays(repository: Repository, shipped: Prepared, token: str) -> None:
    brought = repository.commit("old/a.env", text=token_line(token))
    (repository.root / "new").mkdir()
    repository.git("mv", "old/a.env", "new/b.env")
    renamed = repository.commit()
    new, old = stands(shipped, repository, token)
    assert (new.path, new.commit, new.removed_in, new.in_head) == ("new/b.env", renamed, None, True)
    assert (old.path, old.commit, old.removed_in, old.in_head) == ("old/a.env", brought, renamed, False)
    assert new.blob == old.blob


def test_a_copy_is_a_second_place(repository: Repository, shipped: Prepared, token: str) -> None:
    brought = repository.commit("a.env", text=token_line(token))
    copied = repository.commit("b.env", text=(repository.root / "a.env").read_text())
    found = stands(shipped, repository, token)
    assert [(each.path, each.commit, each.removed_in) for each in found] == [
        ("a.env", brought, None),
        ("b.env", copied, None),
    ]


@pytest.mark.parametrize("clean", [False, True])
def test_removed(repository: Repository, shipped: Prepared, token: str, clean: bool) -> None:
    repository.commit("readme")
    brought = repository.commit("a.env", text=token_line(token))
    repository.commit("b")
    removed = repository.commit("a.env", text="nothing\n") if clean else remove(repository, "a.env")
    repository.commit("c")
    found = place(shipped, repository, token)
    assert (found.commit, found.removed_in, found.in_head, found.refs) == (
        brought,
        removed,
        False,
        ("refs/heads/main",),
    )


def test_what_came_back_is_a_second_stay(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = []
    for day in (1, 3, 5):
        on_day(monkeypatch, day)
        brought.append(repository.commit("a.env", text=token_line(token, "AC" + "b8" * 16)))
        on_day(monkeypatch, day + 1)
        removed = remove(repository, "a.env")
    found = stands(shipped, repository, token)
    assert [each.commit for each in found] == brought
    assert len({each.removed_in for each in found}) == 3
    assert found[-1].removed_in == removed


def test_a_tag_keeps_what_was_removed(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a.env", text=token_line(token))
    repository.git("tag", "v1")
    remove(repository, "a.env")
    found = place(shipped, repository, token)
    assert (found.removed_in, found.in_head, found.refs) == (None, False, ("refs/heads/main", "refs/tags/v1"))


def test_a_merged_branch_is_one_stay(repository: Repository, shipped: Prepared, token: str) -> None:
    repository.commit("a")
    branch(repository, "side")
    brought = repository.commit("a.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")
    repository.commit("b")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    found = place(shipped, repository, token)
    assert (found.commit, found.in_head, found.refs) == (brought, True, ("refs/heads/main", "refs/heads/side"))


def test_cherry_picked_and_merged_it_came_with_the_first(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("a")
    branch(repository, "side")
    on_day(monkeypatch, 2)
    first = repository.commit("a.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")
    repository.commit("b")
    on_day(monkeypatch, 3)
    repository.git("cherry-pick", "side")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    assert place(shipped, repository, token).commit == first


def test_of_a_range_it_is_told_what_its_commits_brought(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("a.env", text=token_line(fresh()))
    branch(repository, "side")
    repository.commit("b.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")
    repository.commit("c")
    on_day(monkeypatch, 2)
    repository.git("cherry-pick", "side")
    picked = repository.git("rev-parse", "HEAD")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    main = open_repository(repository.root)
    options = Options(jobs=1, selection=select(main, "side..main", None, None))
    report = scan_history([main], shipped, options=options)
    found = [each for finding in report.findings for each in finding.occurrences]
    assert {(each.path, each.commit) for each in found} == {("b.env", picked)}
    assert token in {finding.secret.reveal() for finding in report.findings}


def test_a_merge_that_was_undone_is_not_what_is_told(
    repository: Repository, shipped: Prepared, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("a")
    branch(repository, "side")
    on_day(monkeypatch, 2)
    repository.commit("a.env", text=token_line(token))
    repository.git("checkout", "--quiet", "main")
    on_day(monkeypatch, 3)
    repository.git("cherry-pick", "side")
    picked = repository.commit("b")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    repository.git("reset", "--quiet", "--hard", picked)
    repository.git("branch", "--quiet", "-D", "side")
    found = place(shipped, repository, token)
    assert (found.commit, found.refs) == (repository.git("rev-parse", "HEAD^"), ("refs/heads/main",))
