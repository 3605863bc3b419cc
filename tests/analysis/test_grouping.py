"""One finding for one value, however many places hold it."""

import random

import pytest

from leakscan.analysis.grouping import findings
from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.rules import RuleSet
from leakscan.model import Candidate, Severity
from tests.scanning import detect, fresh, judged, token_line


@pytest.fixture(scope="module")
def detector(shipped: Prepared) -> Detector:
    """A detector of one engine: grouping comes after it."""
    return shipped.detector()


def many(detector: Detector, token: str, sid: str) -> list[Candidate]:
    """One pair in 40 files."""
    return [each for number in range(40) for each in detect(detector, token_line(token, sid), f"file{number:02}.env")]


def test_e27_forty_places_are_one_finding(detector: Detector, rules: RuleSet) -> None:
    token, sid = fresh(), fresh("account_sid")
    found = judged(many(detector, token, sid), rules)
    assert set(found) == {token, sid}
    assert [place.path for place in found[token].occurrences] == [f"file{number:02}.env" for number in range(40)]
    assert found[token].pair == (found[sid].fingerprint,)
    assert found[sid].pair == (found[token].fingerprint,)


def test_the_order_of_candidates_does_not_matter(detector: Detector, rules: RuleSet) -> None:
    candidates = many(detector, fresh(), fresh("account_sid"))
    shuffled = candidates[:]
    random.Random(1).shuffle(shuffled)
    assert findings(shuffled, rules, 0.5) == findings(candidates, rules, 0.5)


def test_the_same_place_twice_is_one_occurrence(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    candidates = detect(detector, token_line(token))
    assert len(judged(candidates * 2, rules)[token].occurrences) == 1


def test_two_values_are_two_findings(detector: Detector, rules: RuleSet) -> None:
    one, other = fresh(), fresh()
    assert {one, other} <= set(judged(detect(detector, token_line(one) + token_line(other)), rules))


def test_the_best_of_all_places_gives_the_confidence(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    good = detect(detector, token_line(token), "a.env")
    weak = detect(detector, f"twilio: maybe the token is {token}", "b.txt")
    assert judged(good + weak, rules)[token].confidence == judged(good, rules)[token].confidence


def test_less_than_the_least_is_not_reported(detector: Detector, rules: RuleSet) -> None:
    found = findings(detect(detector, token_line(fresh())), rules, 0.0)
    best = max(finding.confidence for finding in found)
    assert findings(detect(detector, token_line(fresh())), rules, best + 0.001) == ()


def test_the_worst_comes_first(detector: Detector, rules: RuleSet) -> None:
    found = findings(detect(detector, token_line(fresh())), rules, 0.5)
    assert [finding.severity for finding in found] == [Severity.CRITICAL, Severity.INFO]


def test_a_fingerprint_is_of_kind_and_value_alone(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    one = judged(detect(detector, token_line(token), "a.env"), rules)[token]
    other = judged(detect(detector, f"x\n\n{token_line(token)}", "b/c.env"), rules)[token]
    assert one.fingerprint == other.fingerprint == one.secret.fingerprint("auth_token")


def test_a_placeholder_is_reported_as_suppressed(detector: Detector, rules: RuleSet) -> None:
    (found,) = findings(detect(detector, f"TWILIO_AUTH_TOKEN={'0123456789abcdef' * 2}"), rules, 0.5)
    assert found.suppressed is not None
    assert (found.suppressed.by, bool(found.suppressed.reason)) == ("placeholder", True)
