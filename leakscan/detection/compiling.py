"""Patterns -> serialized Hyperscan databases: of anchors each by itself or together, and of all that there may be."""

import sys
from collections.abc import Mapping

from leakscan.detection.gates import GATES, Pattern
from leakscan.detection.rules import RuleSet
from leakscan.detection.runs import Run, as_run, covering

# The databases of the anchors that are asked for together, of what any run that another one covers has, and of all
# gates and all anchors about values, roughly.
TOGETHER, ANY_RUN, ANYTHING = "/together", "/any-run", "/anything"
# The gate of what has a run of letters, too.
_OF_RUNS = "hex"


class PatternError(ValueError):
    """Hyperscan cannot compile a pattern; `name` is that of the trigger or the anchor."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def runs_of(rules: RuleSet) -> dict[str, Run]:
    """The anchors that are runs, by name."""
    return {name: run for name, pattern in rules.anchors.items() if (run := Run.of(name, pattern))}


def together_of(rules: RuleSet) -> tuple[str, ...]:
    """The anchors of rules about values that are no runs: seldom more than one of them occurs in a content."""
    names = dict.fromkeys(rule.anchor for rule in rules.rules if not rule.only)
    return tuple(name for name in names if not as_run(rules.anchors[name]))


def anchor_databases(rules: RuleSet) -> dict[str, bytes]:
    """The Hyperscan databases that anchors are located with. Raises PatternError that names the anchor."""
    together = {name: rules.anchors[name] for name in together_of(rules)}
    databases = {TOGETHER: compile_patterns(together, once=False)}
    runs = runs_of(rules)
    any_run, covered = covering(runs.values())
    if covered:
        databases[ANY_RUN] = compile_patterns({ANY_RUN: any_run}, once=True)
    for name, pattern in rules.anchors.items():
        if run := runs.get(name):
            databases |= {each: compile_patterns({name: of_run}, once=False) for each, of_run in run.patterns().items()}
        elif name not in together:
            databases[name] = compile_patterns({name: pattern}, once=False)
    rough = {name: run.patterns()[name] for name, run in runs.items() if name not in covered}
    gates = ((name, pattern) for group in GATES for name, pattern in group.items() if name != _OF_RUNS or not covered)
    anything = {
        ANY_RUN: any_run,
        **rough,
        **together,
        **{f"{number}/{name}": pattern for number, (name, pattern) in enumerate(gates)},
    }
    databases[ANYTHING] = compile_patterns({name: pattern for name, pattern in anything.items() if pattern}, once=True)
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
