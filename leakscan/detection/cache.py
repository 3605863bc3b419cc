"""Rules ready to use, kept on disk between runs: the one place of detection that reads and writes a cache.

An entry holds the parsed rules and the Hyperscan database under a name made of everything that they depend on,
and its own digest: what is stale is never looked at, what is damaged is made anew. It holds no found value.
"""

import base64
import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from leakscan.detection.compiling import PatternError, compiled, hyperscan_version
from leakscan.detection.detector import Detector
from leakscan.detection.prefilter import HyperscanPrefilter, Prefilter, ReferencePrefilter
from leakscan.detection.rules import RuleSet, digest, parse_rules, read_rule_files, rule_files
from leakscan.errors import RuleError

_LAYOUT = "10"


class Prepared(NamedTuple):
    """A rule set with its compiled patterns: what a worker process needs. Without databases Hyperscan is not used.

    The databases are serialized, and have the names of `compiling`.
    """

    rules: RuleSet
    databases: Mapping[str, bytes] | None

    def prefilter(self) -> Prefilter:
        """A prefilter of this process's own."""
        if self.databases is None:
            return ReferencePrefilter(self.rules.triggers, self.rules.anchors)
        return HyperscanPrefilter(self.databases, self.rules)

    def detector(self, *, values_only: bool = False) -> Detector:
        """A detector of this process's own; with `values_only` without the rules about code that holds no value."""
        return Detector(self.rules, self.prefilter(), values_only=values_only)


def prepare(extra: Iterable[Path] = (), *, cache: Path | None = None, engine: str | None = None) -> Prepared:
    """The shipped rules and those of `extra` files, compiled; from the folder `cache` if an entry there serves.

    `engine` may be `reference` to do without Hyperscan. Raises RuleError that names file and rule.
    """
    texts = read_rule_files(rule_files(extra))
    version = None if engine == "reference" else hyperscan_version()
    name = hashlib.sha256(f"{_LAYOUT}\0{version}\0{digest(texts)}\0{_own_age()}".encode()).hexdigest()[:32]
    entry = cache / f"rules-{name}" if cache else None
    if entry is not None:
        known = _read(entry)
        if known is not None:
            return known
    rules = parse_rules(texts)
    prepared = Prepared(rules, _compiled(rules, texts) if version else None)
    if entry is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
            _write(entry, prepared)
    return prepared


def _compiled(rules: RuleSet, texts: Mapping[Path, bytes]) -> dict[str, bytes]:
    try:
        return compiled(rules)
    except PatternError as error:
        raise RuleError(f"{_file_that_defines(error.name, texts)}: {error}") from None


def _file_that_defines(name: str, texts: Mapping[Path, bytes]) -> Path:
    from leakscan.detection.rule_reader import parse_toml

    tables = {path: parse_toml(path, text) for path, text in texts.items()}
    return next(path for path, table in tables.items() if name in table.get("triggers", {}) | table.get("anchors", {}))


def _own_age() -> str:
    """Changes whenever the reader of rules or what is compiled does, in a checkout as in an installation."""
    own = Path(__file__).parent
    sources = b"".join(
        (own / name).read_bytes() for name in ("rules.py", "rule_reader.py", "gates.py", "runs.py", "compiling.py")
    )
    return hashlib.sha256(sources).hexdigest()


def _read(entry: Path) -> Prepared | None:
    """What `_write` wrote; None if it is missing, damaged, or could be somebody else's."""
    try:
        with entry.open("rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode) or (
                hasattr(os, "getuid") and (facts.st_uid != os.getuid() or facts.st_mode & 0o022)
            ):
                return None
            mark, _, payload = file.read().partition(b"\n")
        if hashlib.sha256(payload).hexdigest().encode() != mark:
            return None
        rules, *lines = payload.split(b"\n")
        known = RuleSet.from_json(rules.decode())
        prepared = Prepared(known, _databases(lines))
        prepared.prefilter()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return prepared


def _databases(lines: list[bytes]) -> dict[str, bytes] | None:
    """What `_lines` made."""
    named = [line.partition(b" ") for line in lines]
    return {name.decode(): base64.b64decode(database) for name, _, database in named} or None


def _lines(databases: Mapping[str, bytes] | None) -> list[bytes]:
    """Databases as lines, each a name and base64."""
    return [f"{name} ".encode() + base64.b64encode(each) for name, each in (databases or {}).items()]


def _write(entry: Path, prepared: Prepared) -> None:
    payload = b"\n".join([prepared.rules.to_json().encode(), *_lines(prepared.databases)])
    entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=entry.parent, prefix=".rules-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)
        os.replace(name, entry)
        _forget_old(entry.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_old(folder: Path) -> None:
    """Remove entries that nothing has written for a month; one still in use is made again."""
    oldest = time.time() - 30 * 24 * 3600
    for entry in folder.glob("rules-*"):
        if entry.stat().st_mtime < oldest:
            entry.unlink()
