"""Which rules the triggers in a content call for, and what these look for."""

from typing import NamedTuple

from leakscan.detection.gates import BASE64_ANCHOR
from leakscan.detection.rules import RuleSet
from leakscan.model import Rule


class Called(NamedTuple):
    """The rules that some triggers call for, the names of these triggers, and the anchors that are looked for.

    `of_code` is whether any of the rules is about code that holds no value.
    """

    rules: tuple[Rule, ...]
    mentions: str
    anchors: frozenset[str]
    of_code: bool


class Calling:
    """Tells what triggers call for; remembered, as most contents have one of a few sets of them."""

    def __init__(self, rules: RuleSet, *, values_only: bool) -> None:
        """Take the rules; with `values_only` those about code that holds no value itself are never called for."""
        self._names = tuple(rules.triggers)
        self.used = [rule for rule in rules.rules if not (values_only and rule.only)]
        number = {name: 1 << index for index, name in enumerate(self._names)}
        self._needs = [
            (rule, [sum(number[name] for name in trigger.split(" & ")) for trigger in rule.triggers])
            for rule in self.used
        ]
        self._called: dict[int, Called] = {}

    def of(self, hits: int) -> Called:
        """What the triggers of a bit set call for; bit `n` stands for the trigger of number `n`."""
        if hits not in self._called:
            rules = tuple(rule for rule, needs in self._needs if any(need & hits == need for need in needs))
            mentions = " ".join(name for index, name in enumerate(self._names) if hits >> index & 1)
            anchors = frozenset((BASE64_ANCHOR, *(rule.anchor for rule in rules)))
            self._called[hits] = Called(rules, mentions, anchors, any(rule.only for rule in rules))
        return self._called[hits]
