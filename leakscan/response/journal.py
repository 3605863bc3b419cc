"""What was done, written down before and after every step: an interrupted run goes on from it. It holds no secret."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leakscan.errors import ReportError
from leakscan.reports.files import check_writable, write
from leakscan.reports.wording import visible

SCHEMA = "leakscan/response/1"
STATES = ("begun", "done", "refused", "unknown")


@dataclass
class Entry:
    """What came of a step: `made` is the SID of a new key, `before` how things were, to undo it by."""

    step: str
    state: str
    at: str
    detail: str = ""
    made: str = ""
    before: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The steps of one response, in a file that is whole at any time."""

    def __init__(
        self, path: str, fingerprint: str, kind: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path = path
        self.fingerprint, self.kind = fingerprint, kind
        self.entries: dict[str, Entry] = {}
        self.secret_file = ""
        self._now = now

    def load(self) -> None:
        """Read what an earlier run wrote, if there was one. Raises ReportError if that is of something else."""
        if not os.path.lexists(self.path):
            return
        hint = "name another file with --journal"
        try:
            data = json.loads(Path(self.path).read_bytes())
            if data["schema"] != SCHEMA:
                raise ReportError(f"{visible(self.path)} is no journal of this version of leakscan; {hint}")
            if data["fingerprint"] != self.fingerprint:
                raise ReportError(f"the journal {visible(self.path)} is about another finding; {hint}")
            entries = [_entry(each) for each in data["steps"]]
            self.secret_file = str(data.get("secret_file", ""))
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is damaged, or no journal"
            raise ReportError(f"cannot read the journal {visible(self.path)}: {reason}; {hint}") from None
        self.entries = {entry.step: entry for entry in entries}

    def check(self) -> None:
        """Raise ReportError if it could not be written."""
        check_writable(self.path)

    def state(self, step: str) -> str:
        """What came of a step; empty if it was not begun."""
        return self.entries[step].state if step in self.entries else ""

    def put(self, step: str, state: str, detail: str = "", **more: Any) -> None:
        """Write down how a step stands. Raises ReportError."""
        kept = {name: value for name, value in more.items() if value}
        before = self.entries.get(step)
        if before is not None and before.before and "before" not in kept:
            kept["before"] = before.before
        self.entries[step] = Entry(step, state, self._now().isoformat(timespec="seconds"), detail, **kept)
        write(self.path, self.text())

    def text(self) -> str:
        """The journal as JSON."""
        document = {
            "schema": SCHEMA,
            "fingerprint": self.fingerprint,
            "kind": self.kind,
            "secret_file": self.secret_file,
            "steps": [asdict(entry) for entry in self.entries.values()],
        }
        return json.dumps(document, indent=2) + "\n"


def _entry(data: dict[str, Any]) -> Entry:
    """An entry as it was written. Raises ValueError or TypeError if it is none."""
    entry = Entry(**data)
    if entry.state not in STATES:
        raise ValueError(entry.state)
    return entry
