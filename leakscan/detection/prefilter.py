"""Which contents deserve a look, and where: the triggers and the anchors of the rules, compiled by Hyperscan.

Triggers are asked for in single-match mode, at many gigabytes a second: do they occur at all? Anchors are located
only in the few contents where triggers occur. Where Hyperscan cannot be imported, the standard library's `re` gives
the same answers, slowly.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol

from leakscan.detection.gates import CLOSER, GATES
from leakscan.detection.rules import RuleSet
from leakscan.detection.runs import MANY, Run, appending, as_run, covering, last_ends


class PatternError(ValueError):
    """Hyperscan cannot compile a pattern; `name` is that of the trigger or the anchor."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


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
        self._gates = [{name: re.compile(each.encode()) for name, each in group.items()} for group in GATE_GROUPS]
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
        self._runs = _runs(rules)
        self._covered = covering(self._runs.values())[1]
        self._together = _together(rules)
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
        if len(wanted & self._covered) > 1 and not self._any_covered(framed):
            wanted -= self._covered
        for name in wanted.difference(self._together):
            run = self._runs.get(name)
            ends = self._ends_of_runs(run, framed) if run else [end - 1 for end in self._ends(name, framed)]
            if ends:
                found[name] = ends
        if not wanted.isdisjoint(self._together):
            by_number: dict[int, list[int]] = {}
            self._scan(_TOGETHER, framed, _collect, by_number)
            named = ((self._together[number], ends) for number, ends in by_number.items())
            found.update((name, ends) for name, ends in named if name in wanted)
        return found

    def gates(self, data: bytes) -> list[str]:
        """See Prefilter."""
        return _gates(self._gates_of, data)

    def _gates_of(self, group: int, data: bytes) -> list[str]:
        if group not in self._gates_ready:
            import hyperscan

            database = hyperscan.loadb(self._gates[group], hyperscan.HS_MODE_BLOCK)
            self._gates_ready[group] = (database, hyperscan.Scratch(database))
        database, scratch = self._gates_ready[group]
        self._found = 0
        database.scan(data, self._note, scratch=scratch)
        return [name for number, name in enumerate(GATE_GROUPS[group]) if self._found >> number & 1]

    def _any_covered(self, framed: bytes) -> bool:
        any_: list[int] = []
        self._scan(_ANY_RUN, framed, _append, any_)
        return bool(any_)

    def _ends_of_runs(self, run: Run, framed: bytes) -> list[int]:
        """Where runs of the right length end, in the text in the frame."""
        import hyperscan

        few: list[int] = []
        try:
            self._scan(run.name, framed, appending(few, len(framed)))
            ends = last_ends(few)
        except hyperscan.ScanTerminated:  # so many that a match for each run is better, though it is slower to find
            ends = [end - 1 for end in self._ends(run.name + MANY, framed)]
        return ends if run.most == sys.maxsize else [end for end in ends if run.fits(framed, end)]

    def _ends(self, name: str, framed: bytes) -> list[int]:
        """Where the matches of a database's one pattern end, in the text in its frame."""
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


# The databases of the anchors that are asked for together, and of what any run that another one covers has.
_TOGETHER, _ANY_RUN = "/together", "/any-run"


def _runs(rules: RuleSet) -> dict[str, Run]:
    return {name: run for name, pattern in rules.anchors.items() if (run := Run.of(name, pattern))}


def _together(rules: RuleSet) -> tuple[str, ...]:
    """The anchors of rules about values that are no runs: seldom more than one of them occurs in a content."""
    names = dict.fromkeys(rule.anchor for rule in rules.rules if not rule.only)
    return tuple(name for name in names if not as_run(rules.anchors[name]))


def anchor_databases(rules: RuleSet) -> dict[str, bytes]:
    """The Hyperscan databases that anchors are located with. Raises PatternError that names the anchor."""
    together = {name: rules.anchors[name] for name in _together(rules)}
    databases = {_TOGETHER: compile_patterns(together, once=False)}
    runs = _runs(rules)
    any_run, covered = covering(runs.values())
    if covered:
        databases[_ANY_RUN] = compile_patterns({_ANY_RUN: any_run}, once=True)
    for name, pattern in rules.anchors.items():
        if run := runs.get(name):
            databases |= {each: compile_patterns({name: of_run}, once=False) for each, of_run in run.patterns().items()}
        elif name not in together:
            databases[name] = compile_patterns({name: pattern}, once=False)
    return databases


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
