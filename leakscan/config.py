"""leakscan.toml, [tool.leakscan] in pyproject.toml, .leakscanignore -> Settings and IgnoreFile."""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from leakscan.errors import ConfigError

CONFIG_NAME = "leakscan.toml"
IGNORE_NAME = ".leakscanignore"
FAIL_ON = ("low", "medium", "high", "critical", "never")
_KEYS: dict[str, type | tuple[type, ...]] = {
    "exclude": list, "rules": list, "baseline": str,
    "fail-on": str, "min-confidence": (int, float), "include-ignored": bool,
}  # fmt: skip
_MARK = re.compile(r"[0-9a-f]{16}$")


class Settings(NamedTuple):
    """What a configuration file says; `source` names the file, empty for none. Paths are relative to its folder."""

    source: str = ""
    exclude: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    baseline: Path | None = None
    fail_on: str | None = None
    min_confidence: float | None = None
    include_ignored: bool | None = None


class IgnoreFile(NamedTuple):
    """The patterns and fingerprints of a `.leakscanignore`; `notes` tell of entries that no longer hold."""

    patterns: tuple[str, ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def find_config(start: Path, top: Path) -> Path | None:
    """The nearest configuration file from the folder `start` upwards to `top`; `leakscan.toml` before pyproject."""
    for folder in (start, *start.parents):
        own, project = folder / CONFIG_NAME, folder / "pyproject.toml"
        if own.is_file():
            return own
        if project.is_file() and _tool(_read(project)) is not None:
            return project
        if folder == top:
            break
    return None


def load_config(path: Path) -> Settings:
    """The settings in `path`. Raises ConfigError that names file and key."""
    tables = _read(path)
    table = tables if path.name != "pyproject.toml" else _tool(tables, {})
    where = f"{path}: [tool.leakscan]" if path.name == "pyproject.toml" else str(path)
    _check(where, table)
    baseline = table.get("baseline")
    return Settings(
        source=str(path),
        exclude=tuple(table.get("exclude", ())),
        rules=tuple(path.parent / name for name in table.get("rules", ())),
        baseline=path.parent / baseline if baseline else None,
        fail_on=table.get("fail-on"),
        min_confidence=table.get("min-confidence"),
        include_ignored=table.get("include-ignored"),
    )


def _check(where: str, table: Any) -> None:
    if not isinstance(table, dict):
        raise ConfigError(f"{where} must be a table")
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f"{where}: unknown key {key!r}; the keys are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or (isinstance(value, bool) and _KEYS[key] is not bool):
            raise ConfigError(f"{where}: {key} has a value of the wrong type")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{where}: {key} must be a list of texts")
    if table.get("fail-on", "low") not in FAIL_ON:
        raise ConfigError(f"{where}: fail-on must be one of {', '.join(FAIL_ON)}")
    if not 0 <= table.get("min-confidence", 0.5) <= 1:
        raise ConfigError(f"{where}: min-confidence must be a number from 0 to 1")


def _tool(tables: dict[str, Any], missing: Any = None) -> Any:
    """[tool.leakscan] of a pyproject.toml, or `missing`; None where `tool` is no table."""
    tool = tables.get("tool", {})
    return tool.get("leakscan", missing) if isinstance(tool, dict) else None


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None


def load_ignore_file(path: Path, today: date) -> IgnoreFile:
    """The `.leakscanignore` at `path`; nothing if there is none. Raises ConfigError that names file and line.

    A line is a path pattern as in `.gitignore`, or `FINGERPRINT [until YYYY-MM-DD] REASON`.
    """
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return IgnoreFile()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from None
    patterns, marks, notes = [], [], []
    for number, line in enumerate(text.splitlines(), 1):
        first, _, rest = line.strip().partition(" ")
        if not _MARK.match(first):
            patterns.append(line)
            continue
        until, reason = _expiry(f"{path}:{number}", rest.strip())
        if not reason:
            raise ConfigError(f"{path}:{number}: a fingerprint needs a reason after it")
        if until is not None and until < today:
            notes.append(f"{path}:{number}: the entry for {first} ended on {until} and no longer holds")
        else:
            marks.append((first, reason))
    if not any(line.strip() and not line.startswith("#") for line in patterns):
        patterns = []
    return IgnoreFile(tuple(patterns), tuple(marks), tuple(notes))


def _expiry(where: str, text: str) -> tuple[date | None, str]:
    if not text.startswith("until "):
        return None, text
    _, day, *reason = text.split(" ", 2)
    try:
        return date.fromisoformat(day), "".join(reason).strip()
    except ValueError:
        raise ConfigError(f"{where}: {day!r} is not a date; write until YYYY-MM-DD") from None


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Where compiled rules may be kept, by the XDG base directory specification; None without a home."""
    base = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    if base and os.path.isabs(base):
        return Path(base) / "leakscan"
    home = environment.get("HOME")
    return Path(home) / ".cache" / "leakscan" if home else None
