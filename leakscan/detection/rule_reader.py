"""What rule files may say: every key checked, every reference resolved, errors that name file and rule."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from leakscan.detection.evidence import ASPECTS
from leakscan.detection.runs import widest
from leakscan.errors import RuleError
from leakscan.model import WIDEST, Clue, Role, Rule, Severity

PROVIDERS = ("twilio", "sendgrid", "segment", "authy")
KINDS = (
    "account_sid", "auth_token", "api_key_sid", "api_key_secret", "oauth_client_id", "oauth_client_secret",
    "access_token", "pkcv_private_key", "sendgrid_api_key",
    "segment_public_api_token", "segment_config_api_token", "segment_write_key",
    "authy_api_key", "client_side_credential", "client_side_api_call",
)  # fmt: skip
DECODERS = ("jwt", "pem")
AUDIENCES = ("client",)


def parse_toml(path: Path, text: bytes) -> dict[str, Any]:
    """The tables of a TOML file. Raises RuleError that names it."""
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} is not valid TOML: {error}") from None


_RULE_KEYS = {
    "id": str, "kind": str, "role": str, "severity": str, "description": str,
    "shape": str, "anchor": str, "reach": int, "triggers": list, "base": float, "clues": list,
    "remediation": list, "in_clients": list, "only": str, "decode": str, "partner": str, "published": list,
    "finds": list, "skips": list,
}  # fmt: skip
_OPTIONAL = {"reach", "clues", "in_clients", "only", "decode", "partner", "published", "skips"}
_CLUE_KEYS = {"in": str, "pattern": str, "words": list, "since": str, "weight": float, "says": str}
_TABLE_LISTS = {"rule", "finds", "skips"}
_FILE_KEYS = {"provider": str, "triggers": dict, "anchors": dict, "clues": dict, "remediation": dict, "rule": list}


class Reader:
    """Collects what several rule files say and checks that it fits together: `read` each, then ask for `rules`."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[Path, Rule]] = {}
        self.clues: dict[str, Clue] = {}
        self.triggers: dict[str, str] = {}
        self.anchors: dict[str, str] = {}
        self._remediation: dict[str, str] = {}

    def read(self, path: Path, text: bytes) -> None:
        """Take in one file. Raises RuleError that names file and rule."""
        tables = parse_toml(path, text)
        _check(str(path), tables, _FILE_KEYS, set(_FILE_KEYS))
        for what, known in (("trigger", self.triggers), ("anchor", self.anchors)):
            for name, pattern in tables.get(what + "s", {}).items():
                self._add(known, name, _pattern(f"{path}: {what} {name!r}", pattern, "re"), path, what)
        for name, step in tables.get("remediation", {}).items():
            if not isinstance(step, str):
                raise RuleError(f"{path}: remediation {name!r} must be a text")
            self._add(self._remediation, name, step, path, "remediation")
        for name, table in tables.get("clues", {}).items():
            self._add(self.clues, name, _clue(path, name, table), path, "clue")
        for table in tables.get("rule", []):
            self._read_rule(path, table, tables.get("provider"))

    def _read_rule(self, path: Path, table: dict[str, Any], provider: object) -> None:
        where = f"{path}: rule {table.get('id', '(without id)')!r}"
        _check(where, table, _RULE_KEYS, _OPTIONAL)
        if provider not in PROVIDERS:
            raise RuleError(f"{where}: the file's provider must be one of {', '.join(PROVIDERS)}")
        for entry in (*table["finds"], *table.get("skips", [])):
            _check(f"{where}: example", entry, {"text": str, "value": str, "path": str}, {"value", "path"})
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", table["id"]):
            raise RuleError(f"{where}: an id is lower-case words joined by hyphens")
        rule = Rule(
            id=table["id"],
            provider=str(provider),
            kind=_one_of(where, "kind", table["kind"], KINDS),
            role=Role(_one_of(where, "role", table["role"], tuple(Role))),
            severity=Severity[
                _one_of(where, "severity", table["severity"], [str(level) for level in Severity]).upper()
            ],
            description=table["description"],
            shape=_pattern(where, table["shape"]),
            anchor=table["anchor"],
            reach=table.get("reach", 0),
            triggers=tuple(table["triggers"]),
            base=float(table["base"]),
            clues=tuple(table.get("clues", ())),
            remediation=tuple(table["remediation"]),
            decoder=table.get("decode") and _one_of(where, "decode", table["decode"], DECODERS),
            partner=table.get("partner") and _one_of(where, "partner", table["partner"], KINDS),
            published=frozenset(table.get("published", ())),
            in_clients=tuple(table.get("in_clients", ())),
            only=table.get("only") and _one_of(where, "only", table["only"], AUDIENCES),
        )
        if rule.id in self._rules:
            raise RuleError(f"{where}: the id stands in {self._rules[rule.id][0]} already; give each rule its own")
        self._rules[rule.id] = (path, rule)

    @staticmethod
    def _add(known: dict[str, Any], name: str, value: object, path: Path, what: str) -> None:
        if name in known:
            raise RuleError(f"{path}: {what} {name!r} is defined twice; give each its own name")
        known[name] = value

    def rules(self) -> tuple[Rule, ...]:
        """The rules, all that they refer to being known. Raises RuleError that names file and rule."""
        rules = []
        for path, rule in self._rules.values():
            where = f"{path}: rule {rule.id!r}"
            names = (name for trigger in rule.triggers for name in trigger.split(" & "))
            _known(where, "anchor", (rule.anchor,), self.anchors)
            _known(where, "clue", rule.clues, self.clues)
            _known(where, "trigger", names, self.triggers)
            _known(where, "remediation", (*rule.remediation, *rule.in_clients), self._remediation)
            steps, first = (
                tuple(self._remediation[name] for name in names) for names in (rule.remediation, rule.in_clients)
            )
            width = min(WIDEST, widest(self.anchors[rule.anchor]))
            rules.append(rule._replace(remediation=steps, in_clients=first, width=width))
        return tuple(rules)


def _clue(path: Path, name: str, table: object) -> Clue:
    where = f"{path}: clue {name!r}"
    _check(where, table, _CLUE_KEYS, {"pattern", "words", "since", "says"})
    assert isinstance(table, dict)
    if ("pattern" in table) == ("words" in table):
        raise RuleError(f"{where}: give either a pattern or words")
    return Clue(
        id=name,
        aspect=_one_of(where, "in", table["in"], sorted(ASPECTS)),
        pattern=_pattern(where, table["pattern"], "re") if "pattern" in table else "",
        weight=float(table["weight"]),
        says=table.get("says", ""),
        words=frozenset(table.get("words", ())),
        since=table.get("since", ""),
    )


def _check(where: str, table: object, keys: Mapping[str, type], optional: set[str]) -> None:
    if not isinstance(table, dict):
        raise RuleError(f"{where} must be a table")
    for key, value in table.items():
        if key not in keys:
            raise RuleError(f"{where}: unknown key {key!r}; the keys are {', '.join(keys)}")
        wanted = (int, float) if keys[key] is float else keys[key]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise RuleError(f"{where}: {key!r} must be of type {keys[key].__name__}")
        items = dict if key in _TABLE_LISTS else str
        if isinstance(value, list) and not all(isinstance(item, items) for item in value):
            raise RuleError(f"{where}: {key!r} must be a list of {'tables' if items is dict else 'texts'}")
    for key in keys:
        if key not in table and key not in optional:
            raise RuleError(f"{where}: {key!r} is missing")


def _one_of(where: str, key: str, value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise RuleError(f"{where}: {key} {value!r} must be one of {', '.join(allowed)}")
    return value


def _known(where: str, what: str, names: Iterable[object], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            raise RuleError(f"{where}: there is no {what} {name!r}")


def _pattern(where: str, pattern: object, module: str = "regex") -> str:
    """`pattern` if `module` can compile it: shapes are matched with `regex`, everything else with `re`."""
    engine = import_module(module)
    if not isinstance(pattern, str):
        raise RuleError(f"{where}: a pattern must be a text")
    try:
        found = engine.compile(pattern, engine.ASCII)
    except engine.error as error:
        raise RuleError(f"{where}: bad pattern: {error}") from None
    if found.search(""):
        raise RuleError(f"{where}: bad pattern: it matches the empty text")
    return pattern
