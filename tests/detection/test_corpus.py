"""Recall and precision over the labelled corpus, through the whole pipeline."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.corpus import Case, load
from leakscan.detection.cache import Prepared
from leakscan.model import Finding, Role
from leakscan.pipeline import scan
from leakscan.sources.files import find

CASES = load(Path(__file__).parent.parent / "corpus", seed=1)
IDENTIFIERS = {"account_sid", "api_key_sid", "oauth_client_id", "segment_write_key"}


class Outcome(NamedTuple):
    """What was said about one case."""

    case: Case
    findings: tuple[Finding, ...]

    def kinds(self, values: frozenset[tuple[str, str]]) -> list[str]:
        """The kinds of values, sorted: to be printed, where values may not be."""
        return sorted(kind for kind, _ in values)

    @property
    def found(self) -> frozenset[tuple[str, str]]:
        """The secrets that were found."""
        secrets = (f for f in self.findings if f.rule.role is Role.SECRET and not f.rule.only)
        return frozenset((f.rule.kind, f.secret.reveal()) for f in secrets)

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """The code that was said to hand a secret to clients."""
        return frozenset((f.rule.kind, f.secret.reveal()) for f in self.findings if f.rule.only)

    @property
    def exposed(self) -> dict[tuple[str, str], bool]:
        """Whether it was said of a value that clients get it, and of no other."""
        return {(f.rule.kind, f.secret.reveal()): f.exposure.audience == "client" for f in self.findings}

    @property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """The secrets that are there."""
        return frozenset(value for value in self.case.wanted if value[0] not in IDENTIFIERS)


def run(case: Case, folder: Path, prepared: Prepared) -> Outcome:
    """Write a case's files and scan them."""
    report = scan(find((str(case.write(folder)),), include_ignored=True), prepared, jobs=1)
    assert report.problems == ()
    return Outcome(case, report.counted)


@pytest.fixture(scope="module")
def outcomes(shipped: Prepared, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Every case, run once."""
    folder = tmp_path_factory.mktemp("corpus")
    return [run(case, folder, shipped) for case in CASES]


def test_recall_of_secrets(outcomes: list[Outcome]) -> None:
    missed = {each.case.id: each.kinds(each.wanted - each.found) for each in outcomes if each.wanted - each.found}
    print("missed:", *missed.items(), sep="\n  ")
    wanted = sum(len(each.wanted) for each in outcomes)
    assert 1 - sum(map(len, missed.values())) / wanted >= 0.95


def test_precision_of_secrets(outcomes: list[Outcome]) -> None:
    wrong = {each.case.id: each.kinds(each.found - each.wanted) for each in outcomes if each.found - each.wanted}
    print("wrong:", *wrong.items(), sep="\n  ")
    found = sum(len(each.found) for each in outcomes)
    assert 1 - sum(map(len, wrong.values())) / found >= 0.97


def test_pairs(outcomes: list[Outcome]) -> None:
    wrong: dict[str, int] = {}
    for case, findings in outcomes:
        by_mark = {f.fingerprint: (f.rule.kind, f.secret.reveal()) for f in findings}
        told = {frozenset((by_mark[f.fingerprint], by_mark[mark])) for f in findings for mark in f.pair}
        if case.pairs - told:
            wrong[case.id] = len(case.pairs - told)
    print("pairs missed:", *wrong.items(), sep="\n  ")
    assert sum(wrong.values()) <= 0.1 * sum(len(case.pairs) for case in CASES)


def test_whether_clients_get_a_value(outcomes: list[Outcome]) -> None:
    wrong = {
        each.case.id: kind
        for each in outcomes
        for (kind, value), audience in each.case.exposure
        if each.exposed.get((kind, value), audience == "client") != (audience == "client")
    }
    print("wrong:", *wrong.items(), sep="\n  ")
    assert len(wrong) <= 0.05 * sum(bool(case.exposure) for case in CASES)


def test_code_that_hands_a_secret_to_clients(outcomes: list[Outcome]) -> None:
    missed = {each.case.id: sorted(each.case.names - each.names) for each in outcomes if each.case.names - each.names}
    wrong = {each.case.id: sorted(each.names - each.case.names) for each in outcomes if each.names - each.case.names}
    print("missed:", *missed.items(), "wrong:", *wrong.items(), sep="\n  ")
    assert len(missed) <= 0.1 * sum(bool(case.names) for case in CASES)
    assert wrong == {}


def test_the_corpus_labels_exposure_both_ways() -> None:
    audiences = Counter("client" if told == "client" else "other" for case in CASES for _, told in case.exposure)
    assert min(audiences["client"], audiences["other"]) >= 30
    assert sum(bool(case.exposure or case.names) for case in CASES) >= 60


def test_the_corpus_is_large_and_its_ids_are_unique() -> None:
    assert len(CASES) >= 150
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []
    assert sum(not case.wanted for case in CASES) >= 50
