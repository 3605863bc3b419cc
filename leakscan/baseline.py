"""A baseline file: findings that somebody accepts, by fingerprint, with the reason, who said so, when, and until when.

It holds no values and no places that could move: `path` only helps a reader.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from leakscan.errors import ConfigError

SCHEMA = "leakscan/baseline/1"
# What an audit can find an entry to be; one that nobody has looked at has none of it.
VERDICTS = {
    "false alarm": "no credential at all",
    "harmless": "rotated, revoked, or never worth anything",
    "accepted": "real, and accepted for now",
}
_MARK_LENGTH = 16
_HEX = frozenset("0123456789abcdef")


class Entry(NamedTuple):
    """One accepted finding. `added`, `until` (its last day) and `audited` are dates as YYYY-MM-DD; empty if unknown."""

    fingerprint: str
    rule: str = ""
    path: str = ""
    reason: str = ""
    added: str = ""
    by: str = ""
    until: str = ""
    verdict: str = ""
    audited: str = ""

    def ended(self, today: date) -> bool:
        """Whether it no longer holds."""
        return bool(self.until) and date.fromisoformat(self.until) < today


class Baseline(NamedTuple):
    """The entries of a file, by fingerprint."""

    entries: Mapping[str, Entry] = MappingProxyType({})
    name: str = ""

    def holding(self, today: date) -> dict[str, Entry]:
        """The entries that hold today."""
        return {mark: entry for mark, entry in self.entries.items() if not entry.ended(today)}

    def ended(self, today: date) -> list[Entry]:
        """The entries that hold no longer, first those that ended first."""
        return sorted((each for each in self.entries.values() if each.ended(today)), key=lambda each: each.until)

    def to_json(self) -> str:
        """The file's text: entries in order, facts that are not known left out."""
        entries = [
            {name: value for name, value in entry._asdict().items() if value}
            for _, entry in sorted(self.entries.items())
        ]
        return json.dumps({"schema": SCHEMA, "entries": entries}, indent=2) + "\n"


def load(path: Path) -> Baseline:
    """The baseline in a file. Raises ConfigError that names the file and the fix."""
    try:
        table = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"cannot read baseline {path}: {error.strerror}; make one with `leakscan baseline create`"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"baseline {path} is not valid JSON: {error}") from None
    entries = table.get("entries") if isinstance(table, dict) and table.get("schema") == SCHEMA else None
    if not isinstance(entries, list):
        raise ConfigError(f"{path} is not a baseline ({SCHEMA}); make one with `leakscan baseline create`")
    read = [_entry(entry, f"{path}: entry {number}") for number, entry in enumerate(entries, 1)]
    return Baseline({entry.fingerprint: entry for entry in read}, str(path))


def _entry(plain: Any, where: str) -> Entry:
    mark = str(plain.get("fingerprint", "")) if isinstance(plain, dict) else ""
    if len(mark) != _MARK_LENGTH or not _HEX.issuperset(mark):
        raise ConfigError(f"{where} has no valid fingerprint")
    facts = {name: plain[name] for name in Entry._fields if name in plain}
    wrong = next((name for name, value in facts.items() if not isinstance(value, str)), None)
    if wrong:
        raise ConfigError(f"{where}: {wrong} is no text")
    entry = Entry(**facts)
    if entry.verdict and entry.verdict not in VERDICTS:
        raise ConfigError(f"{where}: {entry.verdict!r} is no verdict; use one of {', '.join(VERDICTS)}")
    day(entry.until, where)
    return entry


def day(text: str, where: str) -> str:
    """`text`, if it is empty or a date as YYYY-MM-DD. Raises ConfigError that names `where`."""
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{where}: {text!r} is not a date; write YYYY-MM-DD") from None
    return text
