"""Refs, as git lists them."""

from leakscan.sources.git import references
from tests.repository import Repository


def test_a_tag_leads_to_its_commit(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("tag", "--annotate", "--message", "a tag", "v1")
    named = dict(references(repository.root / ".git"))
    assert named == {"HEAD": head, "refs/heads/main": head, "refs/tags/v1": head}


def test_a_tag_of_a_tag_leads_to_its_commit(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("tag", "--annotate", "--message", "a tag", "v1")
    repository.git("tag", "--annotate", "--message", "another tag", "v2", "v1")
    repository.git("pack-refs", "--all")
    assert dict(references(repository.root / ".git"))["refs/tags/v2"] == head


def test_a_ref_that_leads_nowhere_hides_no_other(repository: Repository) -> None:
    head = repository.commit("a")
    (repository.root / ".git" / "refs" / "heads" / "gone").write_text("1" * 40 + "\n")
    assert dict(references(repository.root / ".git"))["refs/heads/main"] == head


def test_a_damaged_tag_hides_no_other_ref(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("tag", "--annotate", "--message", "a tag", "v1")
    oid = repository.git("rev-parse", "v1")
    file = repository.root / ".git" / "objects" / oid[:2] / oid[2:]
    file.chmod(0o600)
    file.write_bytes(b"garbage")
    named = dict(references(repository.root / ".git"))
    assert (named["refs/heads/main"], named["refs/tags/v1"]) == (head, oid)


def test_a_line_separator_in_a_name_is_part_of_it(repository: Repository) -> None:
    head = repository.commit("a")
    repository.git("update-ref", "refs/heads/a\u2028b", head)
    assert "refs/heads/a\u2028b" in [name for name, _ in references(repository.root / ".git")]


def test_a_repository_without_commits_has_none(repository: Repository) -> None:
    assert references(repository.root / ".git") == ()
