"""Rules that a path can speak for: whether it could in this repository, as far as the names in its trees tell."""

from typing import Any

from leakscan.detection.compiling import PatternError, compile_patterns
from leakscan.detection.rules import RuleSet

# A pattern with these is about more than one name of a path: the names alone do not tell.
_MORE_THAN_A_NAME = frozenset("/^$")


class PathWords:
    """The clues on paths that speak for a value, by the rules that have them; asked of the texts of trees."""

    def __init__(self, rules: RuleSet, *, fast: bool) -> None:
        """Take the rules; without Hyperscan (`fast`) every rule counts as spoken for."""
        patterns = {
            rule.id: clue.pattern
            for rule in rules.rules
            for clue in (rules.clues[name] for name in rule.clues)
            if clue.aspect == "file" and clue.weight > 0
        }
        self._names = [rule for rule, pattern in patterns.items() if _MORE_THAN_A_NAME.isdisjoint(pattern)]
        self._always = frozenset(patterns) - frozenset(self._names)
        self._database: Any = None
        if not fast:
            self._always = frozenset(patterns)
        elif self._names:
            try:
                compiled = compile_patterns({name: patterns[name] for name in self._names}, once=False)
            except PatternError:
                self._always = frozenset(patterns)
            else:
                self._open(compiled)

    def _open(self, compiled: bytes) -> None:
        import hyperscan

        self._database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
        self._scratch = hyperscan.Scratch(self._database)

    @property
    def rules(self) -> frozenset[str]:
        """The rules that some path could speak for."""
        return self._always | frozenset(self._names)

    @property
    def always(self) -> frozenset[str]:
        """The rules that any path could speak for, as far as single names tell."""
        return self._always

    def places(self, text: bytes) -> list[tuple[str, int]]:
        """The rules that a name in `text` could speak for, each with an offset in that name or right behind it."""
        if self._database is None:
            return []
        places: list[tuple[int, int]] = []
        self._database.scan(text, _note, context=places, scratch=self._scratch)
        return [(self._names[number], end) for number, end in places if _is_in_a_name(text, end)]


def _note(number: int, _start: int, end: int, _flags: int, seen: list[tuple[int, int]]) -> None:
    seen.append((number, end))


def _is_in_a_name(text: bytes, end: int) -> bool:
    """Whether what ends at an offset is text and not a part of an id: something before it or behind it prints."""
    return _prints(text[max(0, end - 8) : end]) or _prints(text[end - 4 : end + 4])


def _prints(part: bytes) -> bool:
    return all(32 <= byte < 127 for byte in part)
