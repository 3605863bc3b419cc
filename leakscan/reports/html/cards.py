"""The findings as the page lists them: each with what it is filtered and grouped by, and links to its pair."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from leakscan.model import Finding, Occurrence, Report
from leakscan.reports.messages import foremost_first, name, parts
from leakscan.reports.view import View

MOST_PLACES = 200
_SUPPRESSED = "suppressed"


class Link(NamedTuple):
    """Another finding by name, and its anchor if the page lists it."""

    name: str
    anchor: str


class Card(NamedTuple):
    """One finding on the page. `facts` are what it can be filtered and grouped by."""

    finding: Finding
    anchor: str
    places: Sequence[Occurrence]
    more: int
    pair: Sequence[Link]
    facts: Mapping[str, str]

    @property
    def group(self) -> str:
        """The group that it stands in without a script's help: its severity, and apart what does not count."""
        return _SUPPRESSED if self.finding.suppressed else self.facts["severity"]


class Choice(NamedTuple):
    """What the page can be narrowed to by one fact: its name, its label, and each value with how many have it."""

    fact: str
    label: str
    values: Sequence[tuple[str, int]]


_LABELS = {
    "severity": "Severity",
    "provider": "Provider",
    "kind": "Kind",
    "exposure": "Exposure",
    "state": "Verification",
    "head": "In HEAD",
    "suppressed": "Suppressed",
}


def anchor(finding: Finding) -> str:
    """The id of a finding's element."""
    return f"f-{finding.fingerprint}"


def cards(report: Report, view: View) -> list[Card]:
    """The findings to list, the worst first, identifiers and what is suppressed behind them."""
    listed = [finding for part in parts(report, view) for finding in part]
    anchors = {finding.fingerprint: anchor(finding) for finding in listed}
    names = {finding.fingerprint: name(finding) for finding in report.findings}
    return [_card(finding, anchors, names) for finding in listed]


def _card(finding: Finding, anchors: Mapping[str, str], names: Mapping[str, str]) -> Card:
    places = foremost_first(finding)
    return Card(
        finding,
        anchor(finding),
        places[:MOST_PLACES],
        max(0, len(places) - MOST_PLACES),
        [Link(names[half], anchors.get(half, "")) for half in finding.pair if half in names],
        {
            "severity": str(finding.severity),
            "provider": finding.rule.provider,
            "kind": finding.rule.description,
            "exposure": finding.exposure.audience,
            "state": finding.verification.state.replace("_", " "),
            "head": _in_head(places),
            "suppressed": "yes" if finding.suppressed else "no",
            "path": places[0].path.rpartition("/")[0] or ".",
        },
    )


def _in_head(places: Iterable[Occurrence]) -> str:
    known = {place.in_head for place in places}
    return "yes" if True in known else "no" if False in known else "unknown"


def groups(shown: Iterable[Card]) -> Mapping[str, list[Card]]:
    """The cards by their groups, in order."""
    found: dict[str, list[Card]] = {}
    for card in shown:
        found.setdefault(card.group, []).append(card)
    return found


def choices(shown: Sequence[Card]) -> list[Choice]:
    """What the page can be narrowed to; nothing by a fact that is the same everywhere."""
    made = []
    for fact, label in _LABELS.items():
        counts = Counter(card.facts[fact] for card in shown)
        if len(counts) > 1:
            in_order = counts.items() if fact == "severity" else sorted(counts.items())
            made.append(Choice(fact, label, list(in_order)))
    return made
