"""Candidates -> findings: one for each credential value, with every place where it stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from leakscan.analysis.exposure import exposure
from leakscan.analysis.pairing import Pairing, pair
from leakscan.detection.evidence import confidence
from leakscan.detection.rules import RuleSet
from leakscan.model import Candidate, Finding, Occurrence, Rule, Suppression


@dataclass(slots=True)
class Group:
    """All candidates that have one kind and one value."""

    rule: Rule
    candidates: list[Candidate]

    @property
    def best(self) -> Candidate:
        """The candidate with the strongest evidence."""
        return max(self.candidates, key=lambda candidate: candidate.score)


def findings(candidates: Iterable[Candidate], rules: RuleSet, least: float) -> tuple[Finding, ...]:
    """The findings of at least `least` confidence (0 to 1), worst first, then by place."""
    groups: dict[tuple[str, str], Group] = {}
    ordered = sorted(candidates, key=lambda each: (each.origin.path, each.place.line, each.place.column, each.rule))
    for candidate in ordered:
        rule = rules.by_id[candidate.rule]
        groups.setdefault((rule.kind, candidate.secret.reveal()), Group(rule, [])).candidates.append(candidate)
    pairings = pair([(group.rule, group.candidates) for group in groups.values()])
    found = [_finding(group, pairings[index], rules) for index, group in enumerate(groups.values())]
    kept = [finding for finding in found if finding.confidence >= least]
    return tuple(sorted(_mutual(kept), key=_order))


def _finding(group: Group, pairing: Pairing, rules: RuleSet) -> Finding:
    best = group.best
    rule = rules.by_id[best.rule]
    doubt = best.placeholder
    if rule.partner is None and pairing.partners and doubt == "published as an example":
        doubt = None
    places = {(each.origin, each.place, each.decoded): each for each in reversed(group.candidates)}
    occurrences = tuple(_occurrence(each) for each in reversed(places.values()))
    return Finding(
        rule=rule,
        secret=best.secret,
        confidence=round(confidence(best.score + pairing.lift), 3),
        evidence=best.evidence + pairing.evidence,
        occurrences=occurrences,
        severity=rule.severity,
        exposure=exposure(tuple(occurrence.path for occurrence in occurrences)),
        pair=pairing.partners,
        suppressed=Suppression("placeholder", doubt) if doubt else None,
    )


def _occurrence(candidate: Candidate) -> Occurrence:
    return Occurrence(
        path=candidate.origin.path,
        place=candidate.place,
        where=candidate.origin.where,
        decoded=candidate.decoded,
        blob=candidate.origin.blob,
        **candidate.stay._asdict(),
        excerpt=candidate.excerpt,
        allowance=candidate.allowance,
    )


def _mutual(found: list[Finding]) -> list[Finding]:
    """The same findings, each pair told on both sides, and none with what is not reported."""
    reported = {finding.fingerprint: finding for finding in found}
    others: dict[str, set[str]] = defaultdict(set)
    for mark, finding in reported.items():
        for partner in finding.pair:
            if partner in reported:
                others[mark].add(partner)
                others[partner].add(mark)
    return [finding._replace(pair=tuple(sorted(others[mark]))) for mark, finding in reported.items()]


def _order(finding: Finding) -> tuple[object, ...]:
    first = finding.occurrences[0]
    return (
        -finding.severity,
        -(finding.confidence >= 0.8),
        first.path,
        first.place.line,
        first.place.column,
        finding.rule.id,
    )
