"""Candidates -> findings: one for each credential value, with every place where it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leakscan.analysis.exposure.judging import Exposures, Located, Site
from leakscan.analysis.exposure.names import bare
from leakscan.analysis.pairing import Pairing, pair
from leakscan.analysis.proof import Proof, proofs
from leakscan.detection.evidence import confidence
from leakscan.detection.naming import words
from leakscan.detection.rules import SIGNATURE, RuleSet
from leakscan.model import (
    Candidate,
    Exposure,
    Finding,
    Occurrence,
    Role,
    Rule,
    Severity,
    Suppression,
    Verification,
)
from leakscan.secret import Secret


@dataclass(slots=True)
class Group:
    """All candidates that have one kind and one value."""

    rule: Rule
    candidates: list[Candidate]

    @property
    def best(self) -> Candidate:
        """The candidate with the strongest evidence."""
        return max(self.candidates, key=lambda candidate: candidate.score)


def findings(
    candidates: Iterable[Candidate], rules: RuleSet, least: float, located: Located | None = None
) -> tuple[Finding, ...]:
    """The findings of at least `least` confidence (0 to 1), worst first, then by place.

    `located` tells where the files are among which a finding stands; without it paths alone tell who sees it.
    """
    groups: dict[tuple[str, str], Group] = {}
    ordered = sorted(candidates, key=lambda each: (each.origin.path, each.place.line, each.place.column, each.rule))
    for candidate in ordered:
        rule = rules.by_id[candidate.rule]
        groups.setdefault((rule.kind, candidate.secret.reveal()), Group(rule, [])).candidates.append(candidate)
    seen = [(group.rule, group.candidates) for group in groups.values()]
    pairings, proven, exposures = pair(seen), proofs(seen), Exposures(located)
    made = (
        _finding(group, pairings[index], proven.get(index), rules, exposures)
        for index, group in enumerate(groups.values())
        if group.rule is not SIGNATURE
    )
    found = [finding for finding in made if finding is not None and finding.confidence >= least]
    kept = list(_without_echoes(found))
    return tuple(sorted(_mutual(kept), key=_order))


def _finding(
    group: Group, pairing: Pairing, proof: Proof | None, rules: RuleSet, exposures: Exposures
) -> Finding | None:
    """What a group makes; None for code that hands a secret to clients where no client gets it."""
    if group.rule.only:
        theirs = [each for each in group.candidates if exposures.of(_site(each, rules)).audience == group.rule.only]
        if not theirs:
            return None
        group = Group(group.rule, theirs)
    best = group.best
    rule = rules.by_id[best.rule]
    doubt = best.placeholder
    if rule.partner is None and pairing.partners and doubt == "published as an example":
        doubt = None
    places = {(each.origin, each.place, each.decoded): each for each in reversed(group.candidates)}
    occurrences = tuple(_occurrence(each) for each in reversed(places.values()))
    exposure = exposures.widest(_site(each, rules) for each in group.candidates)
    finding = Finding(
        rule=rule,
        secret=best.secret,
        confidence=round(confidence(best.score + pairing.lift), 3),
        evidence=best.evidence + pairing.evidence,
        occurrences=occurrences,
        severity=_severity(rule, exposure),
        exposure=exposure,
        pair=pairing.partners,
        suppressed=Suppression("placeholder", doubt) if doubt else None,
    )
    return finding if proof is None else _proven(finding, proof)


def _proven(finding: Finding, proof: Proof) -> Finding:
    """A finding of which there is no doubt, together with whom that names which it signed."""
    says = f"it signed {proof.what}"
    partners = tuple(Secret(value).fingerprint(kind) for kind, value in proof.named)
    names = " and ".join(value for _, value in proof.named)
    return finding._replace(
        confidence=1.0,
        evidence=(*finding.evidence, says),
        pair=tuple(dict.fromkeys((*partners, *finding.pair))),
        verification=Verification("proven_offline", f"{says}, which names {names}" if names else says),
        suppressed=None,
    )


def _site(candidate: Candidate, rules: RuleSet) -> Site:
    origin = candidate.origin
    # What code is assigned to that only reads a name says nothing of that name.
    name = "" if rules.by_id[candidate.rule].only else candidate.name
    return Site(origin.path, name, candidate.secret.reveal(), candidate.place, origin.where == "content")


def _severity(rule: Rule, exposure: Exposure) -> Severity:
    """How bad a finding is: worse by one step where clients get what is not made for them."""
    raised = exposure.audience == "client" and bool(rule.in_clients)
    return Severity(min(rule.severity + raised, Severity.CRITICAL))


def _without_echoes(found: list[Finding]) -> Iterator[Finding]:
    """The findings, but for names and calls in files where the secret itself was found: they say the same again."""
    told = {
        (finding.rule.provider, place.path)
        for finding in found
        if finding.rule.role is Role.SECRET and not finding.rule.only and finding.suppressed is None
        for place in finding.occurrences
    }
    for finding in _spelled_once(found):
        if finding.rule.only:
            places = tuple(each for each in finding.occurrences if (finding.rule.provider, each.path) not in told)
            if places:
                yield finding._replace(occurrences=places)
        else:
            yield finding


def _spelled_once(found: list[Finding]) -> Iterator[Finding]:
    """The findings; names that are read once, however they are spelled: `VITE_TWILIO_TOKEN`, `twilioToken`."""
    spelled: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        if finding.rule.only and "/" not in finding.secret.reveal():
            spelled[finding.rule.id, bare(words(finding.secret.reveal()))].append(finding)
        else:
            yield finding
    for alike in spelled.values():
        first, *others = sorted(alike, key=lambda each: not each.secret.reveal().isupper())
        yield first._replace(occurrences=tuple(place for each in (first, *others) for place in each.occurrences))


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
