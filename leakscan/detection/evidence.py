"""What speaks for and against a candidate: a rule's clues, tried on the candidate's surroundings and added up."""

import itertools
import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from leakscan.detection.context import Context
from leakscan.detection.masking import mask
from leakscan.detection.naming import core
from leakscan.members import as_folders
from leakscan.model import Clue, Rule

# The aspects of a candidate's surroundings that a clue can look at; see docs/rules.md for what each holds.
ASPECTS = frozenset(
    "name core scope qualified position before after line near around vicinity file value decoded partner "
    "mentions".split()
)


# From this weight on a name says that the value is something else, whatever stands round it.
MISNAMED = -8.0


class Verdict(NamedTuple):
    """A score in natural log-odds, the reasons for it in words, and whether the name alone speaks against it."""

    score: float
    reasons: tuple[str, ...]
    misnamed: bool


def confidence(score: float) -> float:
    """The probability that natural log-odds stand for, 0 to 1."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))


def logit(probability: float) -> float:
    """The natural log-odds that a probability, 0 to 1, stands for."""
    return math.log(max(probability, 1e-26) / max(1 - probability, 1e-26))


class Seen:
    """Every aspect's text by its name: what stands round a candidate, and `others`, which are known otherwise."""

    def __init__(self, around: Context, **others: str) -> None:
        self._around = around
        self._texts = others

    def __getitem__(self, aspect: str) -> str:
        text = self._texts.get(aspect)
        if text is None:
            text = self._texts[aspect] = self._made(aspect)
        return text

    @property
    def written(self) -> str:
        """The candidate's name as it may be shown."""
        return mask(self._around.written)

    def _made(self, aspect: str) -> str:
        around = self._around
        match aspect:
            case "core":
                return core(around.name) or "?"
            case "qualified":
                return f"{around.scope} / {core(around.name) or around.name}"
            case "position":
                return f"{around.call} | {around.previous}" if around.call or around.previous else ""
            case "near":
                return around.near.lower()
            case "around":
                return around.near
            case _:
                text: str = getattr(around, aspect)
                return text


def judge(rule: Rule, clues: Mapping[str, Clue], seen: Seen) -> Verdict:
    """Add up the clues of `rule` that fit what is `seen`; of the clues on one aspect the first that fits counts."""
    score = rule.base
    reasons: list[str] = []
    settled: set[str] = set()
    misnamed = False
    for clue in (clues[name] for name in rule.clues):
        if clue.aspect in settled:
            continue
        text = seen[clue.aspect]
        if text and _fits(clue, text):
            settled.add(clue.aspect)
            score += clue.weight
            misnamed |= clue.aspect == "name" and clue.weight <= MISNAMED
            if clue.weight > 0 and clue.says:
                says = clue.says.replace("{name}", seen.written[-60:]) if "{name}" in clue.says else clue.says
                reasons.append(says.replace("{partner}", seen["partner"]))
    return Verdict(score, tuple(reasons), misnamed)


def path_clue(rule: Rule, clues: Mapping[str, Clue], path: str) -> Clue | None:
    """The clue of `rule` on a file's path that fits `path`, if any: what is left to judge once a path is known."""
    path = as_folders(path)
    about = (clues[name] for name in rule.clues)
    return next((clue for clue in about if clue.aspect == "file" and _fits(clue, path)), None)


def path_lift(rule: Rule, clues: Mapping[str, Clue]) -> float:
    """The most that a path could add to a candidate's score."""
    return max((clues[name].weight for name in rule.clues if clues[name].aspect == "file"), default=0.0)


def _fits(clue: Clue, text: str) -> bool:
    if clue.pattern:
        return re.search(clue.pattern, text, re.ASCII) is not None  # `re` keeps the compiled pattern
    if clue.since:
        text = text.rpartition(clue.since)[2]
    spelled = text.split()
    return not clue.words.isdisjoint(spelled) or any(
        first + second in clue.words for first, second in itertools.pairwise(spelled)
    )
