"""leakscan finds Twilio credentials (and those of SendGrid, Segment and Authy) in repositories.

import leakscan
report = leakscan.scan(leakscan.find(("path",), include_ignored=False), leakscan.prepare())
for finding in report.counted: ...
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leakscan.detection.cache import prepare
    from leakscan.detection.rules import load_rules
    from leakscan.history.run import scan_history
    from leakscan.model import Finding, Occurrence, Problem, Report, Rule, Severity
    from leakscan.pipeline import scan
    from leakscan.secret import Secret
    from leakscan.sources.files import find
    from leakscan.sources.repository import open_repository

__version__ = "0.1.0"
__all__ = [
    "Finding", "Occurrence", "Problem", "Report", "Rule", "Secret", "Severity",
    "__version__", "find", "load_rules", "open_repository", "prepare", "scan", "scan_history",
]  # fmt: skip

_HOMES = {
    "prepare": "leakscan.detection.cache",
    "load_rules": "leakscan.detection.rules",
    "scan": "leakscan.pipeline",
    "find": "leakscan.sources.files",
    "open_repository": "leakscan.sources.repository",
    "scan_history": "leakscan.history.run",
    **dict.fromkeys(("Finding", "Occurrence", "Problem", "Report", "Rule", "Severity"), "leakscan.model"),
    "Secret": "leakscan.secret",
}


def __getattr__(name: str) -> Any:
    """Import on first use: a hook pays for every module that it loads."""
    if name not in _HOMES:
        raise AttributeError(f"module 'leakscan' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
