"""Which contents deserve a look, and where: the triggers and the anchors of the rules, compiled by Hyperscan.

Triggers are asked for in single-match mode, at many gigabytes a second: do they occur at all? Anchors are located
only in the few contents where triggers occur. Where Hyperscan cannot be imported, the standard library's `re` gives
the same answers, slowly.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from leakscan.detection.compiling import ANY_RUN, ANYTHING, TOGETHER, alternatives, runs_of, together_of
from leakscan.detection.gates import CLOSER, GATES
from leakscan.detection.rules import RuleSet
from leakscan.detection.runs import MANY, Run, appending, as_run, covering, last_ends

_MOST_NAMES = 1 << 15
# Up to this length asking for all at once is faster than one after another, even if something is there.
_SHORT = 4_096


class Prefilter(Protocol):
    """Finds triggers and anchors. Triggers are known by their numbers in the order in which the filter got them."""

    def hits(self, data: bytes) -> int:
        """A bit set: bit `n` is set if the trigger of number `n` occurs in `data`."""

    def places(self, data: bytes, names: Collection[str] | None = None) -> dict[str, list[int]]:
        """Where the anchors `names` (default: all) occur in `data`: the offsets one behind their ends, in order.

        Of a run there is one place, behind its end; of other patterns all overlapping ones. An anchor without any
        is not among them. Values at both ends of `data` have their borders.
        """

    def gates(self, data: bytes) -> list[str]:
        """The names of the encodings and ways of joining that `data` may hold; see `GATES`."""

    def is_bare(self, data: bytes) -> bool:
        """Whether `data` is short and has no gate, nor an anchor of a rule about values: that is told at once."""


GATE_GROUPS = (*GATES, *({name: pattern} for name, pattern in CLOSER.items()))


def _gates(occur: Callable[[int, bytes], list[str]], data: bytes) -> list[str]:
    """The gates in `data`, if `occur` tells those of one of the groups."""
    found = list(dict.fromkeys(name for group in range(len(GATES)) for name in occur(group, data)))
    for group, name in enumerate(CLOSER, len(GATES)):
        if name in found and not occur(group, data):
            found.remove(name)
    return found


class ReferencePrefilter:
    """The patterns as regular expressions of the standard library, one after another."""

    def __init__(self, triggers: Mapping[str, str], anchors: Mapping[str, str]) -> None:
        self._triggers = [re.compile(pattern.encode()) for pattern in triggers.values()]
        self._gates = [
            {name: re.compile("|".join(alternatives(each)).encode()) for name, each in group.items()}
            for group in GATE_GROUPS
        ]
        self._anchors = {name: re.compile(_overlapping(pattern)) for name, pattern in anchors.items()}

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        return sum(1 << number for number, pattern in enumerate(self._triggers) if pattern.search(data))

    def places(self, data: bytes, names: Collection[str] | None = None) -> dict[str, list[int]]:
        """See Prefilter."""
        framed = b"\n" + data + b"\n"
        found = {}
        for name in self._anchors if names is None else names:
            run = self._anchors[name].groups == 2
            ends = sorted({match.end(1) - (not run) for match in self._anchors[name].finditer(framed)})
            if ends:
                found[name] = ends
        return found

    def gates(self, data: bytes) -> list[str]:
        """See Prefilter."""
        return _gates(self._gates_of, data)

    def is_bare(self, data: bytes) -> bool:
        """See Prefilter."""
        return len(data) <= _SHORT and not (self.places(data) or self.gates(data))

    def _gates_of(self, group: int, data: bytes) -> list[str]:
        return [name for name, gate in self._gates[group].items() if gate.search(data)]


def _overlapping(pattern: str) -> bytes:
    """`pattern` tried at every offset, as Hyperscan does; flags such as (?i) have to stay in front."""
    run = as_run(pattern)
    if run:
        letters = run["letters"]
        return f"(?<!{letters})({pattern})(?!{letters})()".encode()
    flags = re.match(r"\(\?[a-z]+\)", pattern)
    head = flags[0] if flags else ""
    return f"{head}(?=({pattern.removeprefix(head)}))".encode()


class HyperscanPrefilter:
    """The triggers in one Hyperscan database, anchors and gates in those of `anchor_databases` and `GATE_GROUPS`."""

    def __init__(self, triggers: bytes, anchors: Mapping[str, bytes], gates: Iterable[bytes], rules: RuleSet) -> None:
        """Take what `compile_patterns` made. Raises ValueError if this machine's Hyperscan cannot use it."""
        import hyperscan

        try:
            self._triggers = hyperscan.loadb(triggers, hyperscan.HS_MODE_BLOCK)
            self._scratch = hyperscan.Scratch(self._triggers)
        except (hyperscan.HyperscanError, ValueError) as error:
            raise ValueError(f"unusable Hyperscan database: {error!r}") from None
        self._anchors = anchors
        self._gates = tuple(gates)
        self._gates_ready: dict[int, tuple[Any, Any]] = {}
        self._every = frozenset(rules.anchors)
        self._runs = runs_of(rules)
        self._covered = covering(self._runs.values())[1]
        self._fitting = {name: lru_cache(maxsize=_MOST_NAMES)(run.fits) for name, run in self._runs.items()}
        self._together = together_of(rules)
        self._ready: dict[str, tuple[Any, Any]] = {}
        self._found = 0

    def hits(self, data: bytes) -> int:
        """See Prefilter."""
        self._found = 0
        self._triggers.scan(data, self._note, scratch=self._scratch)
        return self._found

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found |= 1 << number

    def places(self, data: bytes, names: Collection[str] | None = None) -> dict[str, list[int]]:
        """See Prefilter."""
        wanted = self._every.intersection(self._every if names is None else names)
        framed = b"\n" + data + b"\n"
        found = {}
        if len(wanted & self._covered) > 1 and not self._ends(ANY_RUN, framed):
            wanted -= self._covered
        for name in wanted.difference(self._together):
            run = self._runs.get(name)
            ends = self._ends_of_runs(run, framed) if run else [end - 1 for end in self._ends(name, framed)]
            if ends:
                found[name] = ends
        if not wanted.isdisjoint(self._together):
            by_number: dict[int, list[int]] = {}
            self._scan(TOGETHER, framed, _collect, by_number)
            named = ((self._together[number], ends) for number, ends in by_number.items())
            found.update((name, ends) for name, ends in named if name in wanted)
        return found

    def gates(self, data: bytes) -> list[str]:
        """See Prefilter."""
        return _gates(self._gates_of, data)

    def is_bare(self, data: bytes) -> bool:
        """See Prefilter."""
        return len(data) <= _SHORT and not self._ends(ANYTHING, b"\n" + data + b"\n")

    def _gates_of(self, group: int, data: bytes) -> list[str]:
        if group not in self._gates_ready:
            import hyperscan

            database = hyperscan.loadb(self._gates[group], hyperscan.HS_MODE_BLOCK)
            self._gates_ready[group] = (database, hyperscan.Scratch(database))
        database, scratch = self._gates_ready[group]
        self._found = 0
        database.scan(data, self._note, scratch=scratch)
        return [name for number, name in enumerate(GATE_GROUPS[group]) if self._found >> number & 1]

    def _ends_of_runs(self, run: Run, framed: bytes) -> list[int]:
        """Where runs of the right length end, in the text in the frame."""
        import hyperscan

        few: list[int] = []
        try:
            self._scan(run.name, framed, appending(few, len(framed)))
            ends = last_ends(few)
        except hyperscan.ScanTerminated:  # so many that a match for each run is better, though it is slower to find
            ends = [end - 1 for end in self._ends(run.name + MANY, framed)]
        if run.most == sys.maxsize:
            return ends
        fits, seen = self._fitting[run.name], run.seen
        return [end for end in ends if fits(framed[max(0, end - seen) : end])]

    def _ends(self, name: str, framed: bytes) -> list[int]:
        """Where the matches of a database's patterns end, in the text in its frame."""
        ends: list[int] = []
        self._scan(name, framed, _append, ends)
        return ends

    def _scan(self, name: str, data: bytes, note: Callable[..., bool | None], context: object = None) -> None:
        if name not in self._ready:
            import hyperscan

            database = hyperscan.loadb(self._anchors[name], hyperscan.HS_MODE_BLOCK)
            self._ready[name] = (database, hyperscan.Scratch(database))
        database, scratch = self._ready[name]
        database.scan(data, note, context=context, scratch=scratch)


def _append(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> None:
    seen.append(end)


def _collect(number: int, _start: int, end: int, _flags: int, seen: dict[int, list[int]]) -> None:
    seen.setdefault(number, []).append(end - 1)
