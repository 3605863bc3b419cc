"""What does not count stays in the report, with who says so and why."""

from collections.abc import Callable

import pytest

from leakscan.analysis.suppression import PathIgnore, Suppressions
from leakscan.detection.rules import load_rules
from leakscan.model import Allowance, Exposure, Finding, Occurrence, Place, Suppression
from leakscan.secret import Secret
from tests.scanning import fresh

RULE = load_rules().by_id["twilio-auth-token"]
ALLOWED = Allowance(("twilio-auth-token",), "made up")


def finding(*places: Occurrence, confidence: float = 0.9) -> Finding:
    """A finding of a random token."""
    return Finding(RULE, Secret(fresh()), confidence, (), places or (place(),), RULE.severity, Exposure("unknown", ""))


def place(path: str = "a.py", allowance: Allowance | None = None) -> Occurrence:
    """An occurrence in a file."""
    return Occurrence(path, Place(1, 1, 1, 33), allowance=allowance)


def below(folder: str, by: str = "ignore-file") -> PathIgnore:
    """Findings below a folder do not count."""
    return PathIgnore(lambda path: path.startswith(folder), by, f"{folder} is ignored")


def test_nothing_is_suppressed_by_nothing() -> None:
    assert Suppressions().apply(finding()).suppressed is None


@pytest.mark.parametrize(
    ("names", "suppressed"),
    [
        (("twilio-auth-token",), True),
        (("other", "twilio-auth-token"), True),
        (("other",), False),
        (("twilio",), False),
        ((), False),
    ],
)
def test_a_comment_counts_for_the_rule_that_it_names(names: tuple[str, ...], suppressed: bool) -> None:
    judged = Suppressions().apply(finding(place(allowance=Allowance(names, "made up"))))
    assert judged.suppressed == (Suppression("inline", "made up") if suppressed else None)


def test_a_comment_without_a_reason_is_told_as_such() -> None:
    judged = Suppressions().apply(finding(place(allowance=ALLOWED._replace(reason=""))))
    assert judged.suppressed is not None
    assert "without a reason" in judged.suppressed.reason


def test_a_comment_at_one_of_two_places_is_not_enough() -> None:
    both = finding(place(allowance=ALLOWED), place("b.py"))
    assert Suppressions().apply(both).suppressed is None


@pytest.mark.parametrize("by", ["ignore-file", "config"])
def test_a_path_counts_with_its_source(by: str) -> None:
    judged = Suppressions((below("vendor/", by),)).apply(finding(place("vendor/a.py")))
    assert judged.suppressed == Suppression(by, "vendor/ is ignored")


def test_every_place_must_be_ignored() -> None:
    ignoring = Suppressions((below("vendor/"),))
    assert ignoring.apply(finding(place("vendor/a"), place("b"))).suppressed is None
    assert ignoring.apply(finding(place("vendor/a"), place("vendor/b"))).suppressed is not None


def test_a_comment_and_a_path_together_cover_all_places() -> None:
    judged = Suppressions((below("vendor/"),)).apply(finding(place("vendor/a"), place("b", ALLOWED)))
    assert judged.suppressed is not None


BY_MARK: dict[str, Callable[[str], Suppressions]] = {
    "ignore-file": lambda mark: Suppressions(ignored={mark: "known"}),
    "baseline": lambda mark: Suppressions(baseline={mark: "known"}),
}


@pytest.mark.parametrize("by", BY_MARK)
def test_e30_a_fingerprint_counts_wherever_the_value_stands(by: str) -> None:
    known = finding(place("a"), place("b"))
    assert BY_MARK[by](known.fingerprint).apply(known).suppressed == Suppression(by, "known")
    assert BY_MARK[by](known.fingerprint).apply(finding()).suppressed is None


@pytest.mark.parametrize(("confidence", "suppressed"), [(0.79, True), (0.8, False), (0.81, False)])
def test_too_little_confidence_is_suppressed_by_configuration(confidence: float, suppressed: bool) -> None:
    judged = Suppressions(least=0.8, least_reason="below 0.8").apply(finding(confidence=confidence))
    assert judged.suppressed == (Suppression("config", "below 0.8") if suppressed else None)


def test_what_is_suppressed_already_stays_so() -> None:
    earlier = finding()._replace(suppressed=Suppression("placeholder", "made up"))
    assert Suppressions(baseline={earlier.fingerprint: "known"}).apply(earlier) is earlier


def test_nothing_but_the_mark_changes() -> None:
    known = finding()
    judged = Suppressions(baseline={known.fingerprint: "known"}).apply(known)
    assert judged._replace(suppressed=None) == known
