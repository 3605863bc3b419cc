"""Why a finding does not count: one mechanism for inline comments, ignore file, configuration and baseline.

Nothing is dropped: a suppressed finding stays in the report, with who suppressed it and why.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from leakscan.detection.rules import RuleSet
from leakscan.members import with_archives
from leakscan.model import Candidate, Finding, Occurrence, Suppression

if TYPE_CHECKING:
    from leakscan.analysis.exposure.judging import Located

_NONE: Mapping[str, str] = MappingProxyType({})
Matcher = Callable[[str], bool]


class PathIgnore(NamedTuple):
    """Paths whose findings do not count. `by` and `reason` as in Suppression."""

    matches: Matcher
    by: str
    reason: str


class Suppressions(NamedTuple):
    """All that is known to switch findings off. Fingerprints map to the reason given."""

    paths: tuple[PathIgnore, ...] = ()
    ignored: Mapping[str, str] = _NONE
    baseline: Mapping[str, str] = _NONE
    least: float = 0.0
    least_reason: str = ""

    def judged(
        self, candidates: Sequence[Candidate], rules: RuleSet, least: float, located: "Located | None" = None
    ) -> tuple[Finding, ...]:
        """The findings of at least `least` confidence (0 to 1) that `candidates` make, marked where suppressed.

        `located` tells where the files are among which a finding stands; without it paths alone tell who sees it.
        """
        if not candidates:
            return ()
        from leakscan.analysis.grouping import findings  # a clean run, which most are, needs none of it

        return tuple(self.apply(finding) for finding in findings(candidates, rules, least, located))

    def apply(self, finding: Finding) -> Finding:
        """`finding`, marked as suppressed if anything suppresses it."""
        if finding.suppressed is not None:
            return finding
        return finding._replace(suppressed=self._suppression(finding))

    def _suppression(self, finding: Finding) -> Suppression | None:
        everywhere = [self._at(finding, occurrence) for occurrence in finding.occurrences]
        if all(everywhere):
            return everywhere[0]
        mark = finding.fingerprint
        if mark in self.ignored:
            return Suppression("ignore-file", self.ignored[mark])
        if mark in self.baseline:
            return Suppression("baseline", self.baseline[mark])
        if finding.confidence < self.least:
            return Suppression("config", self.least_reason)
        return None

    def _at(self, finding: Finding, occurrence: Occurrence) -> Suppression | None:
        allowance = occurrence.allowance
        if allowance is not None and finding.rule.id in allowance.rules:
            return Suppression("inline", allowance.reason or "allowed by a comment without a reason")
        for ignore in self.paths:
            if any(map(ignore.matches, with_archives(occurrence.path))):
                return Suppression(ignore.by, ignore.reason)
        return None
