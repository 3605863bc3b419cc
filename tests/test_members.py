"""Paths of what is in archives."""

import pytest

from leakscan.members import UNNAMED, as_folders, below, with_archives


@pytest.mark.parametrize(
    ("path", "member", "joined"),
    [
        ("a.zip", "b/c", "a.zip!b/c"),
        ("a.zip", "", "a.zip"),
        ("x/a.sql.gz", UNNAMED, "x/a.sql.gz!a.sql"),
        ("x/A.SQL.GZ", UNNAMED, "x/A.SQL.GZ!A.SQL"),
        ("a.zip!b/c.xz", UNNAMED, "a.zip!b/c.xz!c"),
        ("a", UNNAMED, "a!content"),
        (".gz", UNNAMED, ".gz!content"),
        ("a.zip.gz", f"{UNNAMED}!b", "a.zip.gz!a.zip!b"),
    ],
)
def test_the_path_of_a_member(path: str, member: str, joined: str) -> None:
    assert below(path, member) == joined


def test_a_path_leads_through_archives() -> None:
    assert list(with_archives("a/b.zip!c.tar!d")) == ["a/b.zip!c.tar!d", "a/b.zip", "a/b.zip!c.tar"]
    assert list(with_archives("a/b")) == ["a/b"]


def test_archives_as_folders() -> None:
    assert as_folders("a.zip!b") == "a.zip!/b"
