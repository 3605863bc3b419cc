"""A SID with its secret: same line, near lines, same file, same repository."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from leakscan.model import Candidate, Rule

# What the other half in another file of the repository adds to a secret that has none in its own (log-odds).
LIFT = 1.0
_NEAR_LINES = 400
_FILE = 1_000
_FOLDER = 10_000
# Places of one value, and identifiers before and behind it in a file, that are looked at.
_PLACES, _ROUND = 50, 50
# An account over the one that is meant, as Twilio's API tells it: `owner_account_sid`.
_ANOTHERS, _UP = re.compile(r"\b(?:owner|parent)\b"), 20
_ROLE_WORDS = frozenset(
    "account acct sid auth token tok api key secret client id password pass pwd user username twilio twillio "
    "env process const let var val string self this value default new test credentials export static final "
    "private public".split()
)


class Pairing(NamedTuple):
    """Whom a finding belongs with (fingerprints), and what that says about it."""

    partners: tuple[str, ...] = ()
    lift: float = 0.0
    evidence: tuple[str, ...] = ()


def pair(groups: Sequence[tuple[Rule, Sequence[Candidate]]]) -> list[Pairing]:
    """For each group (the candidates of one value) its pairing, in the same order.

    Nearest first, each SID once, so that blocks of several accounts stay together; then every secret that is
    left takes the nearest SID all the same. Over files a SID must be the only nearest one.
    """
    results = [Pairing() for _ in groups]
    for kind in {rule.partner for rule, _ in groups if rule.partner}:
        identifiers = [index for index, (rule, seen) in enumerate(groups) if rule.kind == kind and _is_real(seen)]
        secrets = [index for index, (rule, seen) in enumerate(groups) if rule.partner == kind and _may_be_real(seen)]
        for secret, identifier, cost in _matched(groups, secrets, identifiers):
            rule, seen = groups[identifier]
            mark = seen[0].secret.fingerprint(rule.kind)
            far = cost >= _FILE
            says = f"paired with the {rule.description} in {seen[0].origin.path}"
            results[secret] = Pairing((mark,), LIFT if far else 0.0, (says,) if far else ())
    return results


def _is_real(seen: Sequence[Candidate]) -> bool:
    return any(
        candidate.score >= 0 and candidate.placeholder in {None, "published as an example"} for candidate in seen
    )


def _may_be_real(seen: Sequence[Candidate]) -> bool:
    return all(candidate.placeholder is None for candidate in seen)


def _matched(
    groups: Sequence[tuple[Rule, Sequence[Candidate]]], secrets: list[int], identifiers: list[int]
) -> list[tuple[int, int, float]]:
    """Pairs of a secret's and an identifier's index with what keeps them apart."""
    costs = _in_one_file(groups, secrets, identifiers)
    taken: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for cost, secret, identifier in sorted((cost, *both) for both, cost in costs.items()):
        if secret not in taken and identifier not in used:
            taken[secret] = (identifier, cost)
            used.add(identifier)
    beside: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (secret, identifier), cost in costs.items():
        beside[secret].append((cost, identifier))
    for secret in secrets:
        if secret in taken or not identifiers:
            continue
        ranked = sorted(beside[secret]) or sorted(
            (_cost(groups[secret][1], groups[identifier][1]), identifier) for identifier in identifiers
        )
        cost, identifier = ranked[0]
        if cost < _FILE or len(ranked) == 1 or ranked[1][0] - cost >= 1:
            taken[secret] = (identifier, cost)
    return [(secret, identifier, cost) for secret, (identifier, cost) in sorted(taken.items())]


def _in_one_file(
    groups: Sequence[tuple[Rule, Sequence[Candidate]]], secrets: list[int], identifiers: list[int]
) -> dict[tuple[int, int], float]:
    """What keeps those apart that stand in one file: each secret and the identifiers round it."""
    standing: dict[str, list[tuple[int, int, Candidate]]] = defaultdict(list)
    for identifier in identifiers:
        for each in groups[identifier][1][:_PLACES]:
            standing[each.origin.path].append((each.place.line, identifier, each))
    for listed in standing.values():
        listed.sort(key=lambda place: place[:2])
    costs: dict[tuple[int, int], float] = {}
    for secret in secrets:
        for one in groups[secret][1][:_PLACES]:
            listed = standing.get(one.origin.path, [])
            at = bisect_left(listed, one.place.line, key=lambda place: place[0])
            for _, identifier, other in listed[max(0, at - _ROUND) : at + _ROUND]:
                both, cost = (secret, identifier), _apart(one, other)
                costs[both] = min(cost, costs.get(both, cost))
    return costs


def _cost(secret: Sequence[Candidate], identifier: Sequence[Candidate]) -> float:
    return min(_apart(one, other) for one in secret[:_PLACES] for other in identifier[:_PLACES])


def _apart(secret: Candidate, identifier: Candidate) -> float:
    """What keeps two candidates apart: lines in a file, folders in a repository; less where their names are alike."""
    alike = len(_label(secret.name) & _label(identifier.name))
    unlike = len(_label(secret.name) ^ _label(identifier.name))
    if secret.origin.path == identifier.origin.path:
        lines = abs(secret.place.line - identifier.place.line)
        columns = min(abs(secret.place.column - identifier.place.column), 10_000) / 100_000 if lines == 0 else 0
        above = _UP if _ANOTHERS.search(identifier.name) and not _ANOTHERS.search(secret.name) else 0
        return min(lines, _NEAR_LINES) + columns + 1.5 * unlike - 3 * alike + above
    ours, theirs = _path(secret.origin.path), _path(identifier.origin.path)
    shared = sum(1 for one, other in zip(ours.parts[:-1], theirs.parts[:-1], strict=False) if one == other)
    steps = len(ours.parts) + len(theirs.parts) - 2 - 2 * shared
    stage = 2 if ours.stem == theirs.stem else 0  # config/prod.json and secrets/prod.yml
    return _FOLDER + steps * 2 - stage + (0 if ours.suffix == theirs.suffix else 0.5) + 1.5 * unlike - 3 * alike


_path = lru_cache(maxsize=4096)(PurePosixPath)


@lru_cache(maxsize=4096)
def _label(name: str) -> frozenset[str]:
    """The words of a name that tell accounts apart: `prod` in `prod auth token`."""
    return frozenset(name.split()) - _ROLE_WORDS
