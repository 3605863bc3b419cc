"""Which contents deserve a look, and where: the triggers and the anchors of the rules, compiled by Hyperscan.

Triggers are asked for in single-match mode, at many gigabytes a second: do they occur at all? Anchors are located
only in the few contents where triggers occur. Where Hyperscan cannot be imported, the standard library's `re` gives
the same answers, slowly.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Protocol

from leakscan.detection.compiling import (
    ANYTHING,
    AT_ONCE,
    PIECES,
    TOGETHER,
    TRIGGERS,
    WIDE,
    alternatives,
    gates_of,
    runs_of,
    together_of,
)
from leakscan.detection.gates import CLOSER, GATE_GROUPS, GATES, OF_RUNS, PIECE_ENDS, may_be_wide
from leakscan.detection.rules import RuleSet
from leakscan.detection.runs import ANY_RUN, RunFinder, as_run, families
from leakscan.model import WIDEST

# Up to this length asking for all at once is faster than one after another, even if something is there.
_SHORT = 1_500


class Prefilter(Protocol):
    """Finds triggers and anchors. Triggers are known by their numbers in the order in which the filter got them."""

    def hits(self, data: bytes, *, closely: bool = False) -> int:
        """A bit set: bit `n` is set if the trigger of number `n` occurs in `data`.

        With `closely` it is told together with the gates, which are asked about next in any case.
        """

    def places(self, data: bytes, names: Collection[str] | None = None) -> dict[str, list[int]]:
        """Where the anchors `names` (default: all) occur in `data`: the offsets one behind their ends, in order.

        Of a run there is one place, behind its end; of other patterns all overlapping ones. An anchor without any
        is not among them. Values at both ends of `data` have their borders.
        """

    def gates(self, data: bytes) -> list[str]:
        """The names of the encodings and ways of joining that `data` may hold; see `GATES`."""

    def ends_of_pieces(self, data: bytes) -> list[int]:
        """The offsets one behind the ends of what the gate of constants tells of, in order."""

    def is_bare(self, data: bytes) -> bool:
        """Whether `data` is short and has no gate, nor an anchor of a rule about values: that is told at once."""

    def may_be_wide(self, data: bytes) -> bool:
        """See `gates.may_be_wide`."""


def _gates(occur: Callable[[int, bytes], list[str]], data: bytes) -> list[str]:
    """The gates in `data`, if `occur` tells those of one of the groups."""
    found: list[str] = []
    for group in range(len(GATES)):
        found += occur(group, data)
    if found:
        found = list(dict.fromkeys(found))
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

    def hits(self, data: bytes, *, closely: bool = False) -> int:  # nothing is faster together
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

    def ends_of_pieces(self, data: bytes) -> list[int]:
        """See Prefilter."""
        return [found.end() for found in re.finditer(PIECE_ENDS.encode(), data)]

    def is_bare(self, data: bytes) -> bool:
        """See Prefilter."""
        return len(data) <= _SHORT and not (self.places(data) or self.gates(data))

    may_be_wide = staticmethod(may_be_wide)

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
    """The same by Hyperscan, with the databases of `compiling`.

    Of the text that was asked about last it is remembered which triggers and gates it has, and whether any run.
    """

    def __init__(self, databases: Mapping[str, bytes], rules: RuleSet) -> None:
        """Take what `compiled` made of the rules. Raises ValueError if this machine's Hyperscan cannot use it."""
        import hyperscan

        self._databases = databases
        self._ready: dict[str, tuple[Any, Any]] = {}
        try:
            self._triggers, self._scratch = self._opened(TRIGGERS)
        except (hyperscan.HyperscanError, ValueError) as error:
            raise ValueError(f"unusable Hyperscan database: {error!r}") from None
        self._together = together_of(rules)
        self._every_trigger = (1 << len(rules.triggers)) - 1
        self._gates_at = len(rules.triggers) + len(self._together)
        self._every_together = (1 << self._gates_at) - 1 - self._every_trigger
        self._every = frozenset(rules.anchors)
        self._families = [
            (family, RunFinder(family, partial(self._occurs, family.widest.name)))
            for family in families(runs_of(rules))
        ]
        self._of_runs = -1
        if ANY_RUN in databases:
            self._of_runs = next(at for at, group in enumerate(GATE_GROUPS) if OF_RUNS in group)
        self._hit, self._hits = b"", 0
        self._asked = b""
        self._answers: dict[str, int] = {}
        self._found = 0

    def hits(self, data: bytes, *, closely: bool = False) -> int:
        """See Prefilter."""
        if closely and len(data) > _SHORT:
            return self._which(AT_ONCE, data) & self._every_trigger
        if self._hit is not data:  # asked of everything, so it is remembered by itself
            self._found = 0
            self._triggers.scan(data, self._note, scratch=self._scratch)
            self._hit, self._hits = data, self._found
        return self._hits

    def gates(self, data: bytes) -> list[str]:
        """See Prefilter."""
        return _gates(self._gates_of, data)

    def _gates_of(self, group: int, data: bytes) -> list[str]:
        if group == 0:
            found = self._which(AT_ONCE, data) >> self._gates_at
        elif group == self._of_runs and not self._which(ANY_RUN, data):
            found = 0
        else:
            found = self._which(gates_of(group), data)
        return [name for number, name in enumerate(GATE_GROUPS[group]) if found >> number & 1] if found else []

    def ends_of_pieces(self, data: bytes) -> list[int]:
        """See Prefilter."""
        return self._ends(PIECES, data)

    def is_bare(self, data: bytes) -> bool:
        """See Prefilter."""
        return len(data) <= _SHORT and not self._occurs(ANYTHING, b"\n" + data + b"\n")

    def may_be_wide(self, data: bytes) -> bool:
        """See Prefilter."""
        return b"\0" in data and self._occurs(WIDE, data)

    def places(self, data: bytes, names: Collection[str] | None = None) -> dict[str, list[int]]:
        """See Prefilter."""
        wanted = self._every.intersection(self._every if names is None else names)
        found = {}
        for family, finder in self._families:
            names = wanted.intersection(run.name for run in family.runs)
            wanted -= names
            if names and self._which(family.widest.name, data):
                found.update(finder.ends(data, names))
        if not wanted.isdisjoint(self._together) and not self._may_have_together(data):
            wanted = wanted.difference(self._together)
        if wanted:
            found.update(self._located(b"\n" + data + b"\n", wanted))
        return found

    def _may_have_together(self, data: bytes) -> bool:
        """Whether one of the anchors that are located together may occur, as far as is known."""
        if self._asked is not data or AT_ONCE not in self._answers or self._answers[AT_ONCE] & self._every_together:
            return True
        # That was asked without the borders that values at both ends have.
        return self._occurs(TOGETHER, b"\n".join((b"", data[:WIDEST], data[-WIDEST:], b"")))

    def _located(self, framed: bytes, wanted: frozenset[str]) -> dict[str, list[int]]:
        """Where anchors that are no runs occur in the text in the frame."""
        found = {}
        for name in wanted.difference(self._together):
            ends = self._ends(name, framed)
            if ends:
                found[name] = [end - 1 for end in ends]
        if not wanted.isdisjoint(self._together):
            by_number: dict[int, list[int]] = {}
            self._scan(TOGETHER, framed, _collect, by_number)
            named = ((self._together[number], ends) for number, ends in by_number.items())
            found.update((name, ends) for name, ends in named if name in wanted)
        return found

    def _occurs(self, name: str, data: bytes) -> bool:
        """Whether a pattern of a database occurs in a text; that is not remembered."""
        return bool(self._ends(name, data))

    def _ends(self, name: str, framed: bytes) -> list[int]:
        """Where the matches of a database's patterns end, in the text in its frame."""
        ends: list[int] = []
        self._scan(name, framed, _append, ends)
        return ends

    def _which(self, name: str, data: bytes) -> int:
        """A bit set of the patterns of a database in single-match mode that occur in `data`, by their numbers."""
        if self._asked is not data:
            self._asked, self._answers = data, {}
        found = self._answers.get(name)
        if found is None:
            self._found = 0
            self._scan(name, data, self._note)
            found = self._answers[name] = self._found
        return found

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found |= 1 << number

    def _scan(self, name: str, data: bytes, note: Callable[..., bool | None], context: object = None) -> None:
        database, scratch = self._ready.get(name) or self._opened(name)
        database.scan(data, note, context=context, scratch=scratch)

    def _opened(self, name: str) -> tuple[Any, Any]:
        import hyperscan

        database = hyperscan.loadb(self._databases[name], hyperscan.HS_MODE_BLOCK)
        self._ready[name] = (database, hyperscan.Scratch(database))
        return self._ready[name]


def _append(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> None:
    seen.append(end)


def _collect(number: int, _start: int, end: int, _flags: int, seen: dict[int, list[int]]) -> None:
    seen.setdefault(number, []).append(end - 1)
