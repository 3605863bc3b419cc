"""Candidates of bare objects -> those worth placing: to work out where and since when one stood costs much."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from leakscan.analysis.pairing import LIFT
from leakscan.detection.evidence import logit, path_clue, path_lift
from leakscan.detection.rules import SIGNATURE, RuleSet
from leakscan.model import Candidate, Role, Rule

# In so many blobs a placeholder is told of: nobody has to do anything about it.
_MOST_DUMMIES = 20

# Rules that a name could speak for, each with the blob of that name, "" for all blobs.
Spoken = AbstractSet[tuple[str, str]]


def worth_placing(
    candidates: Iterable[Candidate], rules: RuleSet, least: float, spoken: Callable[[list[Candidate]], Spoken]
) -> list[Candidate]:
    """The candidates that can be findings, their other halves and paths speaking for them.

    `least` is the confidence (0 to 1) that a finding needs; `spoken` tells what names speak for, of those candidates
    that cannot do without.
    """
    bar = logit(least) - LIFT
    sure, by_path = [], []
    for each in candidates:
        if each.score >= bar:
            sure.append(each)
        elif each.origin.blob and each.score + path_lift(rules.by_id[each.rule], rules.clues) >= bar:
            by_path.append(each)
    if all(each.rule == SIGNATURE.id for each in sure):
        sure = []  # there is nothing that they could prove
    if not by_path:
        return sure
    said = spoken(by_path)
    return sure + [
        each
        for each in by_path
        if not said.isdisjoint(((each.rule, ""), (each.rule, each.origin.blob or "")))
        or _speaks(rules.by_id[each.rule], rules, each.origin.member)  # whose name no tree tells
    ]


def spoken_by(names: Iterable[str], candidates: Iterable[Candidate], rules: RuleSet) -> Spoken:
    """The rules of `candidates` that one of `names` speaks for, whichever blob it is of."""
    names = list(names)
    wanted = {each.rule for each in candidates}
    return {(rule, "") for rule in wanted if any(_speaks(rules.by_id[rule], rules, name) for name in names)}


def _speaks(rule: Rule, rules: RuleSet, name: str) -> bool:
    clue = path_clue(rule, rules.clues, name)
    return clue is not None and clue.weight > 0


def few_dummies(candidates: Iterable[Candidate], rules: RuleSet) -> list[Candidate]:
    """The candidates, but of each identifier that is a placeholder only those of some blobs: tests are full of them."""
    kept = []
    blobs: dict[tuple[str, str], set[str | None]] = {}
    for each in sorted(candidates, key=lambda candidate: candidate.origin.blob or ""):
        if each.placeholder and rules.by_id[each.rule].role is Role.IDENTIFIER:
            known = blobs.setdefault((each.rule, each.secret.sha256), set())
            if len(known) >= _MOST_DUMMIES and each.origin.blob not in known:
                continue
            known.add(each.origin.blob)
        kept.append(each)
    return kept
