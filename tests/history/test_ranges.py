"""Ranges: only what their commits bring is scanned and told."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.errors import UsageError
from leakscan.history.run import Options, scan_history
from leakscan.model import Report
from leakscan.sources.commits import select
from leakscan.sources.repository import open_repository
from tests.repository import Repository
from tests.scanning import fresh, places, token_line

from .reporting import on_day


def ranged(
    prepared: Prepared,
    repository: Repository,
    span: str | None = None,
    since: str | None = None,
    branch: str | None = None,
) -> Report:
    """The report on what some commits bring."""
    opened = open_repository(repository.root)
    chosen = select(opened, span, since, branch)
    return scan_history([opened], prepared, options=Options(jobs=1, selection=chosen))


def test_what_the_range_brings_is_told_and_nothing_else(repository: Repository, shipped: Prepared) -> None:
    old, new = fresh(), fresh()
    before = repository.commit("old.env", text=token_line(old))
    repository.commit("new.env", text=token_line(new))
    report = ranged(shipped, repository, f"{before}..HEAD")
    assert places(report, old) == []
    assert [place.path for place in places(report, new)] == ["new.env"]


def test_an_old_value_in_a_file_that_the_range_touches_is_not_told(repository: Repository, shipped: Prepared) -> None:
    old = fresh()
    before = repository.commit("a.env", text=token_line(old))
    repository.commit("a.env", text=token_line(old) + "OTHER=1\n")
    assert places(ranged(shipped, repository, f"{before}..HEAD"), old) == []


def test_a_value_that_comes_back_is_told(repository: Repository, shipped: Prepared) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    gone = repository.commit("a.env", text="nothing\n")
    repository.commit("a.env", text=token_line(token))
    assert len(places(ranged(shipped, repository, f"{gone}..HEAD"), token)) == 1


def test_a_merge_that_alone_brings_a_value_is_told(repository: Repository, shipped: Prepared) -> None:
    token = fresh()
    start = repository.commit("a")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("b")
    repository.git("checkout", "--quiet", "main")
    repository.commit("c")
    repository.git("merge", "--quiet", "--no-commit", "side")
    repository.commit("evil.env", text=token_line(token))
    assert len(places(ranged(shipped, repository, f"{start}..HEAD"), token)) == 1


def test_a_message_in_the_range_is_told(repository: Repository, shipped: Prepared) -> None:
    token = fresh()
    start = repository.commit("a")
    repository.git("commit", "--quiet", "--allow-empty", "--message", token_line(token))
    found = places(ranged(shipped, repository, f"{start}..HEAD"), token)
    assert [place.where for place in found] == ["commit_message"]


def test_since_a_date(repository: Repository, shipped: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = fresh(), fresh()
    on_day(monkeypatch, 1)
    repository.commit("old.env", text=token_line(old))
    on_day(monkeypatch, 20)
    repository.commit("new.env", text=token_line(new))
    report = ranged(shipped, repository, since="2026-03-10")
    assert (places(report, old), len(places(report, new))) == ([], 1)


def test_of_a_branch(repository: Repository, shipped: Prepared) -> None:
    main, side = fresh(), fresh()
    repository.commit("main.env", text=token_line(main))
    repository.git("checkout", "--quiet", "--orphan", "side")
    repository.git("rm", "--quiet", "-rf", ".")
    repository.commit("side.env", text=token_line(side))
    report = ranged(shipped, repository, branch="side")
    assert (places(report, main), len(places(report, side))) == ([], 1)


def test_a_root_commit_brings_all_its_files(repository: Repository, shipped: Prepared) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    assert len(places(ranged(shipped, repository, branch="HEAD"), token)) == 1


@pytest.mark.parametrize("span", ["nothing..HEAD", "HEAD..nothing", "--all", "", "--output=/tmp/x..HEAD"])
def test_a_range_that_cannot_be_is_one_sentence(repository: Repository, span: str) -> None:
    repository.commit("a")
    with pytest.raises(UsageError) as told:
        select(open_repository(repository.root), span, None, None)
    assert "\n" not in str(told.value)


def test_an_empty_range_is_nothing_to_scan(repository: Repository) -> None:
    repository.commit("a")
    with pytest.raises(UsageError, match="nothing to scan"):
        select(open_repository(repository.root), "HEAD..HEAD", None, None)
