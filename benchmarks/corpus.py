"""The labelled corpus as cases: texts with their slots filled, and what a scanner should find in them."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from leakscan.detection.samples import Samples

Value: TypeAlias = tuple[str, str]  # a credential's kind and its exact value

AUDIENCES = ("client", "server", "config", "ci", "test", "docs", "unknown")
_FUNCTION_SLOT = re.compile(r"@\{([^{}|]+\|[^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """Some files that belong together, as a repository of their own.

    `wanted` is what stands in them, `pairs` which of that belongs together. `encoded` maps a text that stands in
    the files to the values that it holds in another spelling (a Basic header's base64: SID and token). `exposure` is
    the class of each value that is labelled with one, and `names` (kind and name) the code that hands a secret to
    clients although no value stands there.
    """

    id: str
    category: str
    files: tuple[tuple[str, bytes], ...]
    wanted: frozenset[Value]
    pairs: frozenset[frozenset[Value]]
    encoded: tuple[tuple[str, frozenset[str]], ...] = ()
    exposure: tuple[tuple[Value, str], ...] = ()
    names: frozenset[Value] = frozenset()

    def write(self, folder: Path) -> Path:
        """Write the files into a folder of their own below `folder`, which is returned."""
        home = folder / self.id
        for name, data in self.files:
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return home


def load(folder: Path, seed: int) -> list[Case]:
    """The cases of all `*.toml` files in `folder`; `seed` and a case's id decide its values.

    Raises ValueError that names file and case for a case that cannot be read, or an id that stands twice.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("case", []):
            identity = str(entry.get("id", "without id"))
            try:
                case = _case(entry, seed)
            except (KeyError, LookupError, ValueError) as error:
                raise ValueError(f"{path.name}: case {identity}: {error!r}") from error
            if case.id in seen:
                raise ValueError(f"{path.name}: case {identity}: the id stands twice")
            seen.add(case.id)
            cases.append(case)
    return cases


def _case(entry: dict[str, Any], seed: int) -> Case:
    identity = str(entry["id"])
    samples = Samples(int.from_bytes(hashlib.sha256(f"{seed}:{identity}".encode()).digest()[:8], "big"))
    parts: list[dict[str, Any]] = entry.get("files") or [entry]
    pairs = (frozenset(_values(pair, samples)) for pair in entry.get("pairs", []))
    return Case(
        id=identity,
        category=str(entry["category"]),
        files=tuple(_file(part, entry, samples) for part in parts),
        wanted=frozenset(_values(entry["finds"], samples)),
        pairs=frozenset(pairs),
        encoded=tuple(_encoded((part["text"] for part in parts), samples)),
        exposure=tuple(_exposures(entry, samples)),
        names=frozenset(_names(entry.get("names", []), samples)),
    )


def _file(part: dict[str, Any], entry: dict[str, Any], samples: Samples) -> tuple[str, bytes]:
    text = samples.fill(part["text"])
    if part.get("newline", entry.get("newline")) == "crlf":
        text = text.replace("\n", "\r\n")
    return samples.fill(part["path"]), text.encode(part.get("encoding", entry.get("encoding", "utf-8")))


def _values(labels: Iterable[str], samples: Samples) -> Iterator[Value]:
    """Labels are `kind`, `kind:label` or `kind=slot`."""
    for label in labels:
        kind, separator, slot = label.partition("=")
        yield kind.partition(":")[0], samples.value(slot if separator else label)


def _exposures(entry: dict[str, Any], samples: Samples) -> Iterator[tuple[Value, str]]:
    """One class for all values of a case, or a table of classes by their labels."""
    told = entry.get("exposure", {})
    by_label = told if isinstance(told, dict) else dict.fromkeys(entry["finds"], told)
    for label, audience in by_label.items():
        if audience not in AUDIENCES:
            raise ValueError(f"exposure {audience!r} is none of {', '.join(AUDIENCES)}")
        (value,) = _values((label,), samples)
        yield value, str(audience)


def _names(labels: Iterable[str], samples: Samples) -> Iterator[Value]:
    """Labels are a kind, a space, and the name or the address as written, a value in it as it is shown."""
    for label in labels:
        kind, _, name = label.partition(" ")
        yield kind, samples.fill(name)


def _encoded(texts: Iterable[str], samples: Samples) -> Iterator[tuple[str, frozenset[str]]]:
    for text in texts:
        for slot in _FUNCTION_SLOT.findall(text):
            pieces = (piece for piece in slot.split("|")[1:] if samples.knows(piece.partition(":")[0]) and piece != ":")
            yield samples.value(slot), frozenset(map(samples.value, pieces))
