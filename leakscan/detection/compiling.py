"""Patterns -> serialized Hyperscan databases: of triggers, gates and anchors, by themselves and together."""

import sys
from collections.abc import Mapping
from functools import cache

from leakscan.detection.gates import CONSTANTS, GATE_GROUPS, GATES, OF_RUNS, PIECE_ENDS, WIDE_LETTERS, Pattern
from leakscan.detection.rules import RuleSet
from leakscan.detection.runs import ANY_RUN, Run, as_run, families

# The databases that are not of one anchor, a group of gates or a family of runs: of triggers; of all that is asked at
# once of a content that deserves a look; of anchors that are located together; of all gates and anchors about values;
# of ends of pieces, to be located; and of wide letters.
TRIGGERS, AT_ONCE, TOGETHER, ANYTHING = "/triggers", "/at-once", "/together", "/anything"
PIECES, WIDE = "/pieces", "/wide"


class PatternError(ValueError):
    """Hyperscan cannot compile a pattern; `name` is that of the trigger or the anchor."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def runs_of(rules: RuleSet) -> list[Run]:
    """The anchors that are runs."""
    return [run for name, pattern in rules.anchors.items() if (run := Run.of(name, pattern))]


def together_of(rules: RuleSet) -> tuple[str, ...]:
    """The anchors of rules about values that are no runs: seldom more than one of them occurs in a content."""
    names = dict.fromkeys(rule.anchor for rule in rules.rules if not rule.only)
    return tuple(name for name in names if not as_run(rules.anchors[name]))


@cache
def gates_of(group: int) -> str:
    """The name of the database of one of the groups of gates; the first is asked about in `AT_ONCE`."""
    return f"/gates-{group}"


def compiled(rules: RuleSet) -> dict[str, bytes]:
    """The Hyperscan databases of a set of rules, by name: those above, of groups of gates, and one for each anchor.

    Raises PatternError that names the trigger or the anchor.
    """
    databases = {TRIGGERS: compile_patterns(rules.triggers, once=True)}
    together = {name: rules.anchors[name] for name in together_of(rules)}
    databases[TOGETHER] = compile_patterns(together, once=False)
    named = [family.widest for family in families(runs_of(rules))]
    databases |= {run.name: compile_patterns({run.name: run.piece}, once=True) for run in named}
    others = (name for name, pattern in rules.anchors.items() if name not in together and not as_run(pattern))
    databases |= {name: compile_patterns({name: rules.anchors[name]}, once=False) for name in others}
    located = {f"{TOGETHER}/{name}": pattern for name, pattern in together.items()}  # which may have triggers' names
    first = {f"{gates_of(0)}/{name}": pattern for name, pattern in GATE_GROUPS[0].items()}
    databases[AT_ONCE] = compile_patterns({**rules.triggers, **located, **first}, once=True)
    databases |= {gates_of(at): compile_patterns(group, once=True) for at, group in enumerate(GATE_GROUPS) if at}
    databases[PIECES] = compile_patterns({CONSTANTS: PIECE_ENDS}, once=False)
    databases[WIDE] = compile_patterns({WIDE: WIDE_LETTERS}, once=True)
    rough = {run.name: run.piece for run in named}
    gates = {
        f"{gates_of(at)}/{name}": pattern
        for at, group in enumerate(GATES)
        for name, pattern in group.items()
        if name != OF_RUNS or ANY_RUN not in rough
    }
    databases[ANYTHING] = compile_patterns({**rough, **together, **gates}, once=True)
    return databases


def hyperscan_version() -> str | None:
    """The version of Hyperscan, with the platform; None where it cannot be imported."""
    try:
        import hyperscan
    except ImportError:
        return None
    version: str = getattr(hyperscan, "__version__", "unknown")
    return f"{version}-{sys.platform}"


def alternatives(pattern: Pattern) -> tuple[str, ...]:
    """The patterns of which any will do."""
    return (pattern,) if isinstance(pattern, str) else pattern


def compile_patterns(patterns: Mapping[str, Pattern], *, once: bool) -> bytes:
    """A serialized Hyperscan database of `patterns`; `once` for single-match mode.

    Raises PatternError that names the pattern which it cannot compile.
    """
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    listed = [(number, each) for number, pattern in enumerate(patterns.values()) for each in alternatives(pattern)]
    try:
        database.compile(
            expressions=[pattern.encode() for _, pattern in listed],
            ids=[number for number, _ in listed],
            flags=hyperscan.HS_FLAG_SINGLEMATCH if once else 0,
        )
    except hyperscan.HyperscanError as error:
        for name, pattern in patterns.items():
            if len(patterns) > 1:
                compile_patterns({name: pattern}, once=once)
        name, pattern = next(iter(patterns.items()))
        raise PatternError(name, f"{name!r}: Hyperscan cannot compile {pattern!r}: {error}") from None
    return bytes(hyperscan.dumpb(database))
