"""Which contents deserve a look, and where: the triggers and the anchors of the rules, compiled by Hyperscan.

Triggers are asked for in single-match mode, at many gigabytes a second: do they occur at all? Anchors are located
only in the few contents where triggers occur. Where Hyperscan cannot be imported, the standard library's `re` gives
the same answers, slowly.
"""

import re
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from leakscan.detection.gates import GATES
from leakscan.detection.rules import widest


class PatternError(ValueError):
    """Hyperscan cannot compile a pattern; `name` is that of the trigger or the anchor."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


# An anchor of this form is a run of letters of one class: its least length and its most, if there is one; or its
# length, and in front groups that say what else it has to be.
_RUN = re.compile(r"(?P<letters>\[[^\]]+\])\{(?P<least>\d+),(?P<most>\d*)\}")
_FITTING_RUN = re.compile(r"(?P<fitting>(?:\(\?.+\)\??)+)(?P<letters>\[[^\]]+\])\{(?P<least>\d+)\}")


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


class ReferencePrefilter:
    """The patterns as regular expressions of the standard library, one after another."""

    def __init__(self, triggers: Mapping[str, str], anchors: Mapping[str, str]) -> None:
        self._triggers = [re.compile(pattern.encode()) for pattern in triggers.values()]
        self._gates = {name: re.compile(pattern.encode()) for gates in GATES for name, pattern in gates.items()}
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
        return [name for name, gate in self._gates.items() if gate.search(data)]


def _as_run(pattern: str) -> re.Match[str] | None:
    """The parts of an anchor that is a run; None for any other."""
    return _RUN.fullmatch(pattern) or _FITTING_RUN.fullmatch(pattern)


def _overlapping(pattern: str) -> bytes:
    """`pattern` tried at every offset, as Hyperscan does; flags such as (?i) have to stay in front."""
    run = _as_run(pattern)
    if run:
        letters = run["letters"]
        return f"(?<!{letters})({pattern})(?!{letters})()".encode()
    flags = re.match(r"\(\?[a-z]+\)", pattern)
    head = flags[0] if flags else ""
    return f"{head}(?=({pattern.removeprefix(head)}))".encode()


class HyperscanPrefilter:
    """The triggers in one Hyperscan database; each anchor in one of its own, for seldom are all of them asked for."""

    def __init__(
        self, triggers: bytes, anchors: Mapping[str, bytes], gates: Iterable[bytes], patterns: Mapping[str, str]
    ) -> None:
        """Take what `compile_patterns` made. Raises ValueError if this machine's Hyperscan cannot use it."""
        import hyperscan

        try:
            self._triggers = hyperscan.loadb(triggers, hyperscan.HS_MODE_BLOCK)
            self._scratch = hyperscan.Scratch(self._triggers)
        except (hyperscan.HyperscanError, ValueError) as error:
            raise ValueError(f"unusable Hyperscan database: {error!r}") from None
        self._anchors = anchors
        self._gates = list(zip(gates, map(tuple, GATES), strict=True))
        self._gates_ready: list[tuple[Any, Any, tuple[str, ...]]] = []
        self._patterns = patterns
        self._runs = {name: run for name, pattern in patterns.items() if (run := _Run.of(name, pattern))}
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
        framed = b"\n" + data + b"\n"
        found = {}
        for name in self._patterns if names is None else names:
            run = self._runs.get(name)
            if run is None:
                ends: list[int] = []
                database, scratch = self._database(name)
                database.scan(framed, _append, context=ends, scratch=scratch)
                ends = [end - 1 for end in ends]
            else:
                ends = self._ends_of_runs(run, framed)
            if ends:
                found[name] = ends
        return found

    def gates(self, data: bytes) -> list[str]:
        """See Prefilter."""
        import hyperscan

        if not self._gates_ready:
            for compiled, names in self._gates:
                database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
                self._gates_ready.append((database, hyperscan.Scratch(database), names))
        found = []
        for database, scratch, names in self._gates_ready:
            self._found = 0
            database.scan(data, self._note, scratch=scratch)
            found += [name for number, name in enumerate(names) if self._found >> number & 1]
        return found

    def _ends_of_runs(self, run: "_Run", data: bytes) -> list[int]:
        """Where runs of the right length end."""
        import hyperscan

        database, scratch = self._database(run.name)
        ends: list[int] = []
        try:
            database.scan(data, _append_few, context=ends, scratch=scratch)
            ends = _last_ends(ends)
        except hyperscan.ScanTerminated:  # so many that a match for each run is better, though it is slower to find
            ends = []
            database, scratch = self._database(run.name + _MANY)
            database.scan(data, _append, context=ends, scratch=scratch)
            ends = [end - 1 for end in ends]
        return ends if run.most == sys.maxsize else [end for end in ends if run.fits(data, end)]

    def _database(self, name: str) -> tuple[Any, Any]:
        if name not in self._ready:
            import hyperscan

            database = hyperscan.loadb(self._anchors[name], hyperscan.HS_MODE_BLOCK)
            self._ready[name] = (database, hyperscan.Scratch(database))
        return self._ready[name]


# With more matches than this a content is one of many runs.
_FEW = 1_500
_MANY = "/many"


class _Run(NamedTuple):
    """An anchor that is a run: the bytes that it may hold, its least and greatest length, and what it has to fit."""

    name: str
    letters: bytes
    least: int
    most: int
    fitting: re.Pattern[bytes] | None

    @classmethod
    def of(cls, name: str, pattern: str) -> "_Run | None":
        """The run that an anchor's pattern describes, if it does."""
        found = _as_run(pattern)
        if found is None:
            return None
        letters = b"".join(re.findall(found["letters"].encode(), bytes(range(256)), re.DOTALL))
        least = int(found["least"])
        if found.re is _RUN:
            return cls(name, letters, least, int(found["most"] or sys.maxsize), None)
        return cls(name, letters, least, widest(pattern), re.compile(pattern.encode()))

    def fits(self, data: bytes, end: int) -> bool:
        """Whether the run that ends at an offset, and is long enough, is not too long, and fits."""
        before = data[max(0, end - self.most - 1) : end]
        length = len(before) - len(before.rstrip(self.letters))
        if length > self.most:
            return False
        return self.fitting is None or self.fitting.fullmatch(data, end - length, end) is not None


def _append(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> None:
    seen.append(end)


def _append_few(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> bool:
    """The same, until there are too many."""
    seen.append(end)
    return len(seen) > _FEW


def _last_ends(ends: list[int]) -> list[int]:
    """Where runs end, of the ends of all their pieces that are long enough."""
    following = [*ends[1:], -1]
    return [end for end, after in zip(ends, following, strict=False) if after != end + 1]


def compilable(anchors: Mapping[str, str]) -> dict[str, str]:
    """Anchors as Hyperscan has to look for them: of a run each piece of the least length, or else its end."""
    patterns = {}
    for name, pattern in anchors.items():
        run = _as_run(pattern)
        patterns[name] = f"{run['letters']}{{{run['least']}}}" if run else pattern
        if run:
            patterns[name + _MANY] = f"{patterns[name]}[^{run['letters'][1:]}"
    return patterns


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
