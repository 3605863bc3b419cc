"""Short ways from a text to what leakscan says about it."""

from collections.abc import Iterable
from pathlib import Path

from leakscan.analysis.grouping import findings
from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.rules import RuleSet
from leakscan.detection.samples import Samples
from leakscan.model import Candidate, Content, Finding, Occurrence, Origin, Report
from leakscan.pipeline import scan
from leakscan.sources.files import find

LEAST = 0.5


def detect(detector: Detector, data: str | bytes, path: str = "example") -> list[Candidate]:
    """The candidates in one content."""
    return detector.detect(Content(data.encode() if isinstance(data, str) else data, Origin(path)))


def judged(candidates: Iterable[Candidate], rules: RuleSet) -> dict[str, Finding]:
    """The findings that count, by value."""
    found = findings(candidates, rules, LEAST)
    return {finding.secret.reveal(): finding for finding in found if finding.suppressed is None}


def token_line(token: str, sid: str = "") -> str:
    """A line of a `.env` file that nobody doubts, after one with the Account SID."""
    return f"TWILIO_ACCOUNT_SID={sid or fresh('account_sid')}\nTWILIO_AUTH_TOKEN={token}\n"


def fresh(kind: str = "auth_token") -> str:
    """A random value of a kind."""
    return Samples().value(kind)


def scan_paths(prepared: Prepared, *targets: Path, jobs: int = 1) -> Report:
    """The report on files and folders."""
    return scan(find(tuple(map(str, targets)), include_ignored=False), prepared, jobs=jobs)


def places(report: Report, value: str) -> list[Occurrence]:
    """Where a value stands, as reported."""
    return [place for finding in report.findings if finding.secret.reveal() == value for place in finding.occurrences]
