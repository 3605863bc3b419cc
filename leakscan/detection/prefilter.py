"""Which contents deserve a look, and where: all triggers and anchors of the rules, each lot in one Hyperscan database.

Triggers are asked for in single-match mode, at many gigabytes a second: do they occur at all? Anchors are located
only in the few contents where triggers occur. Where Hyperscan cannot be imported, the standard library's `re` gives
the same answers, slowly.
"""

import re
import sys
from collections.abc import Mapping
from typing import Protocol


class PatternError(ValueError):
    """Hyperscan cannot compile a pattern; `name` is that of the trigger or the anchor."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Prefilter(Protocol):
    """Finds triggers and anchors, each known by its number in the order in which the filter was given them."""

    def hits(self, data: bytes) -> int:
        """A bit set: bit `n` is set if the trigger of number `n` occurs in `data`."""

    def places(self, data: bytes) -> list[tuple[int, int]]:
        """Where anchors occur in `data`: their numbers and the offsets where they end, all overlapping ones."""


class ReferencePrefilter:
    """The patterns as regular expressions of the standard library, one after another."""

    def __init__(self, triggers: Mapping[str, str], anchors: Mapping[str, str]) -> None:
        self._triggers = [re.compile(pattern.encode()) for pattern in triggers.values()]
        self._anchors = [re.compile(_overlapping(pattern)) for pattern in anchors.values()]

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        return sum(1 << number for number, pattern in enumerate(self._triggers) if pattern.search(data))

    def places(self, data: bytes) -> list[tuple[int, int]]:
        """See Prefilter."""
        return [
            (number, found.end(1)) for number, pattern in enumerate(self._anchors) for found in pattern.finditer(data)
        ]


def _overlapping(pattern: str) -> bytes:
    """`pattern` tried at every offset, as Hyperscan does; flags such as (?i) have to stay in front."""
    flags = re.match(r"\(\?[a-z]+\)", pattern)
    head = flags[0] if flags else ""
    return f"{head}(?=({pattern.removeprefix(head)}))".encode()


class HyperscanPrefilter:
    """The patterns in two Hyperscan databases."""

    def __init__(self, triggers: bytes, anchors: bytes) -> None:
        """Take what `compile_patterns` made. Raises ValueError if this machine's Hyperscan cannot use it."""
        import hyperscan

        try:
            self._triggers = hyperscan.loadb(triggers, hyperscan.HS_MODE_BLOCK)
            self._anchors = hyperscan.loadb(anchors, hyperscan.HS_MODE_BLOCK)
            self._trigger_scratch = hyperscan.Scratch(self._triggers)
            self._anchor_scratch = hyperscan.Scratch(self._anchors)
        except (hyperscan.HyperscanError, ValueError) as error:
            raise ValueError(f"unusable Hyperscan database: {error!r}") from None
        self._found = 0

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        self._found = 0
        self._triggers.scan(data, self._note, scratch=self._trigger_scratch)
        return self._found

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found |= 1 << number

    def places(self, data: bytes) -> list[tuple[int, int]]:
        """See Prefilter."""
        found: list[tuple[int, int]] = []

        def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((number, end))

        self._anchors.scan(data, note, scratch=self._anchor_scratch)
        return found


def hyperscan_version() -> str | None:
    """The version of Hyperscan, with the platform; None where it cannot be imported."""
    try:
        import hyperscan
    except ImportError:
        return None
    version: str = getattr(hyperscan, "__version__", "unknown")
    return f"{version}-{sys.platform}"


def compile_patterns(patterns: Mapping[str, str], *, once: bool) -> bytes:
    """A serialized Hyperscan database of `patterns`; `once` for single-match mode.

    Raises PatternError that names the pattern which it cannot compile.
    """
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[pattern.encode() for pattern in patterns.values()],
            ids=list(range(len(patterns))),
            flags=hyperscan.HS_FLAG_SINGLEMATCH if once else 0,
        )
    except hyperscan.HyperscanError as error:
        for name, pattern in patterns.items():
            if len(patterns) > 1:
                compile_patterns({name: pattern}, once=once)
        name, pattern = next(iter(patterns.items()))
        raise PatternError(name, f"{name!r}: Hyperscan cannot compile {pattern!r}: {error}") from None
    return bytes(hyperscan.dumpb(database))
