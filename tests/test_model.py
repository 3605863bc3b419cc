"""The nouns cannot be changed."""

import pytest

from leakscan.model import Origin, Severity


def test_severities_are_ordered_and_named() -> None:
    assert [str(level) for level in sorted(Severity)] == ["info", "low", "medium", "high", "critical"]


def test_a_noun_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Origin("a").path = "b"  # type: ignore[misc]
