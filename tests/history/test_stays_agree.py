"""The stays that are reported of random histories are those that one finds by listing every commit's files."""

from collections import defaultdict
from typing import NamedTuple

import pytest

from leakscan.detection.cache import Prepared
from leakscan.model import Content, Origin
from tests.analysis.test_provenance import obvious_stays
from tests.databases import git_objects
from tests.repository import Repository

from .reporting import history
from .test_readers_agree import Story


class Stay(NamedTuple):
    """One stay, by its commits' ids."""

    value: str
    path: str
    commit: str
    removed: str | None


def expected(prepared: Prepared, repository: Repository) -> set[Stay]:
    """The stays of what stands in files, the slow way; every commit was made in a second of its own."""
    lines = repository.git("log", "--all", "--reverse", "--date-order", "--format=%ct %H %P").splitlines()
    rows = [row.split()[1:] for row in sorted(lines)]
    numbers = {row[0]: number for number, row in enumerate(rows)}
    parents = [frozenset(numbers[parent] for parent in row[1:]) for row in rows]
    tips = frozenset(numbers[oid] for oid in repository.git("rev-parse", "--branches", "HEAD").split())
    values = values_of(prepared, repository)
    standing: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, row in enumerate(rows):
        for entry in repository.git("ls-tree", "-r", "-z", row[0]).split("\0")[:-1]:
            facts, _, path = entry.partition("\t")
            for value in values.get(facts.split()[2], ()):
                standing[value, path].add(number)
    return {
        Stay(value, path, rows[first][0], None if removed is None else rows[removed][0])
        for (value, path), where in standing.items()
        for first, removed, _ in obvious_stays(parents, frozenset(where), tips)
    }


def values_of(prepared: Prepared, repository: Repository) -> dict[str, set[str]]:
    """What may be a value in each blob."""
    detector = prepared.detector()
    return {
        oid: {candidate.secret.reveal() for candidate in detector.detect(Content(data, Origin("", oid)))}
        for oid, (kind, data) in git_objects(repository.root).items()
        if kind == "blob"
    }


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("seed", range(40, 44))
def test_on_random_histories(repository: Repository, shipped: Prepared, seed: int, packed: bool) -> None:
    Story(seed).write(repository, 40)
    if packed:
        repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    report = history(shipped, repository.root)
    reported = {finding.secret.reveal() for finding in report.findings}
    wanted = {each for each in expected(shipped, repository) if each.value in reported}
    told = {
        Stay(finding.secret.reveal(), place.path, place.commit or "", place.removed_in)
        for finding in report.findings
        for place in finding.occurrences
        if place.where == "content"
    }
    assert report.problems == ()
    assert len(wanted) > 20
    assert told == wanted
