"""rules/*.toml -> RuleSet, with messages that name file and rule."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from leakscan.detection.gates import TRIGGERS
from leakscan.detection.runs import widest
from leakscan.errors import RuleError
from leakscan.model import Clue, Role, Rule, Severity

# No rule of a rule file: what it stands for is evidence, and never a finding.
SIGNATURE = Rule(
    id="twilio-signature",
    provider="twilio",
    kind="signature",
    role=Role.SECRET,
    severity=Severity.INFO,
    description="Signature of a request of Twilio's",
    shape="",
    anchor="",
    reach=0,
    triggers=(),
    base=0.0,
    clues=(),
    remediation=(),
    only="proof",
)
# A trigger that may match more bytes than this counts as unbounded.
_WIDE = 1000


class Example(NamedTuple):
    """A text of a rule file with slots (see samples.py); `value` is what the rule finds there, None for nothing."""

    rule: str
    text: str
    value: str | None
    path: str


@dataclass(frozen=True)
class RuleSet:
    """All rules of a run with what they refer to: clues by id, trigger patterns by name."""

    rules: tuple[Rule, ...]
    clues: Mapping[str, Clue]
    triggers: Mapping[str, str]
    anchors: Mapping[str, str]
    digest: str

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """The rules by their ids, and what is evidence alone."""
        return {rule.id: rule for rule in (*self.rules, SIGNATURE)}

    @cached_property
    def identifiers(self) -> dict[str, Rule]:
        """The rules of role identifier by their kinds."""
        return {rule.kind: rule for rule in self.rules if rule.role is Role.IDENTIFIER}

    @cached_property
    def widest_trigger(self) -> int | None:
        """The most bytes that a trigger can match, and one on either side for what it asserts; None if unbounded."""
        widths = [widest(pattern) for pattern in self.triggers.values()]
        return max(widths) + 2 if max(widths) < _WIDE else None

    def to_json(self) -> str:
        """A text that `from_json` reads much faster than TOML is parsed."""
        plain = {
            "rules": [rule._asdict() | {"published": sorted(rule.published)} for rule in self.rules],
            "clues": [clue._asdict() | {"words": sorted(clue.words)} for clue in self.clues.values()],
            "triggers": dict(self.triggers),
            "anchors": dict(self.anchors),
            "digest": self.digest,
        }
        return json.dumps(plain)

    @classmethod
    def from_json(cls, text: str) -> "RuleSet":
        """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError on anything else."""
        plain = json.loads(text)
        return cls(
            tuple(_rule_from(entry) for entry in plain["rules"]),
            {entry["id"]: Clue(**entry | {"words": frozenset(entry["words"])}) for entry in plain["clues"]},
            plain["triggers"],
            plain["anchors"],
            plain["digest"],
        )


def rules_directory() -> Path:
    """Where the shipped rule files are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def rule_files(extra: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The shipped rule files in order, then `extra` ones. Raises RuleError if the shipped ones are missing."""
    shipped = sorted(rules_directory().glob("*.toml"))
    if not shipped:
        raise RuleError(f"no rule files in {rules_directory()}: reinstall leakscan")
    return (*shipped, *extra)


def read_rule_files(paths: Iterable[Path]) -> dict[Path, bytes]:
    """The bytes of each file. Raises RuleError if one cannot be read."""
    texts: dict[Path, bytes] = {}
    for path in paths:
        try:
            texts[path] = path.read_bytes()
        except OSError as error:
            raise RuleError(f"cannot read rule file {path}: {error.strerror}; name a readable TOML file") from None
    return texts


def digest(texts: Mapping[Path, bytes]) -> str:
    """SHA-256 over the rule files' contents in order, hex."""
    hashed = hashlib.sha256()
    for text in texts.values():
        hashed.update(hashlib.sha256(text).digest())
    return hashed.hexdigest()


def load_rules(extra: Iterable[Path] = ()) -> RuleSet:
    """The shipped rules and those of `extra` files. Raises RuleError that names file and rule."""
    return parse_rules(read_rule_files(rule_files(extra)))


def parse_rules(texts: Mapping[Path, bytes]) -> RuleSet:
    """The rule set of these files together. Raises RuleError that names file and rule."""
    from leakscan.detection.rule_reader import Reader  # not needed where a cached rule set serves

    reader = Reader()
    reader.triggers.update(TRIGGERS)
    for path, text in texts.items():
        reader.read(path, text)
    return RuleSet(reader.rules(), reader.clues, reader.triggers, reader.anchors, digest(texts))


def parse_examples(path: Path, text: bytes) -> tuple[Example, ...]:
    """The tests that the rules of one file carry. The file must be one that `parse_rules` accepts."""
    from leakscan.detection.rule_reader import parse_toml

    examples: list[Example] = []
    for table in parse_toml(path, text).get("rule", []):
        default = "example"
        for outcome in ("finds", "skips"):
            examples.extend(
                Example(table["id"], entry["text"], entry.get("value"), entry.get("path", default))
                for entry in table.get(outcome, [])
            )
    return tuple(examples)


def _rule_from(entry: dict[str, Any]) -> Rule:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    plain["role"] = Role(plain["role"])
    plain["severity"] = Severity(plain["severity"])
    plain["published"] = frozenset(plain["published"])
    return Rule(**plain)
