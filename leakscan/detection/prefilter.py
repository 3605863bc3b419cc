"""Which triggers occur in a content: all of them in one Hyperscan database, asked in single-match mode.

Where Hyperscan cannot be imported, the standard library's `re` gives the same answers, slowly.
"""

import re
import sys
from collections.abc import Mapping
from typing import Protocol

from leakscan.errors import RuleError


class Prefilter(Protocol):
    """Tells which triggers occur in a content, as a bit set in the order of the triggers that it was made with."""

    def hits(self, data: bytes) -> int:
        """Bit `n` is set if the trigger of number `n` occurs in `data`."""


class ReferencePrefilter:
    """The triggers as regular expressions of the standard library, one after another."""

    def __init__(self, triggers: Mapping[str, str]) -> None:
        self._patterns = [re.compile(pattern.encode()) for pattern in triggers.values()]

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        return sum(1 << number for number, pattern in enumerate(self._patterns) if pattern.search(data))


class HyperscanPrefilter:
    """The triggers in one Hyperscan database."""

    def __init__(self, serialized: bytes) -> None:
        """Take what `compile_triggers` made. Raises ValueError if this machine's Hyperscan cannot use it."""
        import hyperscan

        try:
            self._database = hyperscan.loadb(serialized, hyperscan.HS_MODE_BLOCK)
            self._scratch = hyperscan.Scratch(self._database)
        except (hyperscan.HyperscanError, ValueError) as error:
            raise ValueError(f"unusable Hyperscan database: {error!r}") from None
        self._found = 0

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        self._found = 0
        self._database.scan(data, self._note, scratch=self._scratch)
        return self._found

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found |= 1 << number


def hyperscan_version() -> str | None:
    """The version of Hyperscan, with the processor's kind; None where it cannot be imported."""
    try:
        import hyperscan
    except ImportError:
        return None
    return f"{hyperscan.__version__}-{sys.platform}"


def compile_triggers(triggers: Mapping[str, str]) -> bytes:
    """A serialized Hyperscan database of `triggers`. Raises RuleError that names the trigger it cannot compile."""
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[pattern.encode() for pattern in triggers.values()],
            ids=list(range(len(triggers))),
            flags=hyperscan.HS_FLAG_SINGLEMATCH,
        )
    except hyperscan.HyperscanError as error:
        for name, pattern in triggers.items():
            if len(triggers) > 1:
                compile_triggers({name: pattern})
        raise RuleError(f"trigger {next(iter(triggers))!r}: Hyperscan cannot compile {pattern!r}: {error}") from None
    return bytes(hyperscan.dumpb(database))
