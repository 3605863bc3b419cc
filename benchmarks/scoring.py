"""What counts as right: reports of any scanner against the labels of a case."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.corpus import Case, Value

_KEY_HEADER = "BEGIN PRIVATE KEY"
_NO_CHANCE = 24  # a part this long is no accident


@dataclass(frozen=True, slots=True)
class Reported:
    """What a scanner found in one case, as the values themselves (or what stands for them, see `judge`)."""

    secrets: frozenset[Value] = frozenset()
    identifiers: frozenset[Value] = frozenset()
    optional: frozenset[Value] = frozenset()
    pairs: frozenset[frozenset[Value]] = frozenset()
    names: frozenset[Value] = frozenset()
    exposure: tuple[tuple[Value, str], ...] = ()


@dataclass(slots=True)
class Score:
    """Counts, from which the ratios come. They add up over cases."""

    cases: int = 0
    secrets: int = 0
    found: int = 0
    false: int = 0
    kinds: int = 0
    identifiers: int = 0
    identifiers_found: int = 0
    identifiers_false: int = 0
    pairs: int = 0
    pairs_found: int = 0
    pairs_false: int = 0
    exposures: int = 0
    exposures_right: int = 0
    names: int = 0
    names_found: int = 0
    names_false: int = 0
    misses: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Count what another score counted."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float | None:
        """How many of the secrets were reported, as secrets."""
        return _ratio(self.found, self.secrets)

    @property
    def precision(self) -> float | None:
        """How many of the values reported as secrets are labelled ones."""
        return _ratio(self.found, self.found + self.false)

    @property
    def kind_accuracy(self) -> float | None:
        """How many of the secrets found are reported as their own kind and no other."""
        return _ratio(self.kinds, self.found)

    @property
    def pair_accuracy(self) -> float | None:
        """Right pairs among those that should be reported and those that are but should not."""
        return _ratio(self.pairs_found, self.pairs + self.pairs_false)

    @property
    def exposure_accuracy(self) -> float | None:
        """Of how many of the values found it was rightly told whether clients get them."""
        return _ratio(self.exposures_right, self.exposures)

    @property
    def name_recall(self) -> float | None:
        """How much of the code that hands a secret to clients was reported."""
        return _ratio(self.names_found, self.names)

    @property
    def name_precision(self) -> float | None:
        """How much of the code that is said to hand a secret to clients does."""
        return _ratio(self.names_found, self.names_found + self.names_false)

    @property
    def identifier_recall(self) -> float | None:
        """How many of the identifiers were reported."""
        return _ratio(self.identifiers_found, self.identifiers)

    @property
    def identifier_precision(self) -> float | None:
        """How many of the identifiers reported are labelled ones."""
        return _ratio(self.identifiers_found, self.identifiers_found + self.identifiers_false)

    def as_json(self) -> dict[str, Any]:
        """Counts, ratios and the case ids, for `--json`."""
        return asdict(self) | {name: getattr(self, name) for name in _RATIOS}


_RATIOS = (
    "recall", "precision", "kind_accuracy", "pair_accuracy", "identifier_recall", "identifier_precision",
    "exposure_accuracy", "name_recall", "name_precision",
)  # fmt: skip


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def judge(case: Case, reported: Reported, identifiers: frozenset[str], exact: Callable[[str], str]) -> Score:
    """Score a scanner that tells kinds, roles and pairs; `exact` makes of a value what the report has for it."""
    wanted = {(kind, exact(value)) for kind, value in case.wanted}
    secrets = {value: kind for kind, value in wanted if kind not in identifiers}
    names = {value: kind for kind, value in wanted if kind in identifiers}
    score = Score(cases=1, secrets=len(secrets), identifiers=len(names))
    told = _kinds_by_value(reported.secrets)
    for value, kinds in told.items():
        score.found += value in secrets
        score.kinds += value in secrets and kinds == {secrets[value]}
        if value not in secrets:
            score.false += 1
            label = f" (labelled {names[value]})" if value in names else ""
            score.false_alarms.append(f"{case.id}: {'/'.join(sorted(kinds))}{label}")
        elif kinds != {secrets[value]}:
            score.remarks.append(f"{case.id}: {secrets[value]} reported as {'/'.join(sorted(kinds))}")
    score.misses += [f"{case.id}: {kind}" for value, kind in secrets.items() if value not in told]
    _judge_identifiers(case, score, names, reported)
    _judge_pairs(case, score, reported, exact)
    _judge_exposure(case, score, reported, exact)
    return score


def _judge_exposure(case: Case, score: Score, reported: Reported, exact: Callable[[str], str]) -> None:
    """Whether clients get what was found, and whether code that hands a secret to them was told from its likes."""
    told = dict(reported.exposure)
    for (kind, value), wanted in case.exposure:
        audience = told.get((kind, exact(value)))
        if audience is not None:
            score.exposures += 1
            score.exposures_right += (audience == "client") == (wanted == "client")
            if audience != wanted:
                score.remarks.append(f"{case.id}: {kind} is {wanted}, not {audience}")
    names = {(kind, exact(name)): f"{kind} {name}" for kind, name in case.names}
    score.names, score.names_found = len(names), len(names.keys() & reported.names)
    score.names_false = len(reported.names - names.keys())
    score.remarks += [f"{case.id}: {name} not reported" for key, name in names.items() if key not in reported.names]
    score.remarks += [f"{case.id}: a {kind} reported but not labelled" for kind, _ in reported.names - names.keys()]


def _judge_identifiers(case: Case, score: Score, names: dict[str, str], reported: Reported) -> None:
    told = _kinds_by_value(reported.identifiers)
    optional = {value for _, value in reported.optional}
    score.identifiers_found = len(names.keys() & told.keys())
    false = told.keys() - names.keys() - optional
    score.identifiers_false = len(false)
    score.remarks += [f"{case.id}: {kind} not reported" for value, kind in names.items() if value not in told]
    score.remarks += [f"{case.id}: {'/'.join(sorted(told[value]))} reported but not labelled" for value in false]


def _judge_pairs(case: Case, score: Score, reported: Reported, exact: Callable[[str], str]) -> None:
    """A pair one half of which stands nowhere but inside a token is neither right nor wrong."""
    right = {frozenset((kind, exact(value)) for kind, value in pair) for pair in case.pairs}
    told = {pair for pair in reported.pairs if not pair & reported.optional}
    score.pairs, score.pairs_found, score.pairs_false = len(right), len(right & told), len(told - right)
    for word, pairs in (("missing", right - told), ("wrong", told - right)):
        score.remarks += [f"{case.id}: {word} pair {' + '.join(sorted(kind for kind, _ in pair))}" for pair in pairs]


def _kinds_by_value(values: Iterable[Value]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, value in values:
        kinds.setdefault(value, set()).add(kind)
    return kinds


def judge_values(
    case: Case, values: Iterable[str], identifiers: frozenset[str], digest: Callable[[str], str] | None = None
) -> Score:
    """Score a scanner that knows no kinds, kindly: a value counts for every labelled value that it holds.

    `digest` is for a scanner that reports digests instead of values: there only whole values can be told.
    """
    secrets = {value for kind, value in case.wanted if kind not in identifiers}
    names = {value for kind, value in case.wanted if kind in identifiers} - secrets
    score = Score(cases=1, secrets=len(secrets), identifiers=len(names))
    told: set[str] = set()
    for value in set(values):
        meant = _digested(value, case, digest) if digest else _held(value, case)
        told |= meant
        if not meant:
            score.false += 1
            score.false_alarms.append(f"{case.id}: {value}" if digest else f"{case.id}: {len(value)} characters")
    score.found, score.identifiers_found = len(secrets & told), len(names & told)
    score.misses += [f"{case.id}: {kind}" for kind, value in case.wanted if value in secrets - told]
    return score


def _held(value: str, case: Case) -> set[str]:
    """The labelled values that `value` holds, or of which it is a part that cannot be a chance."""
    value = "".join(value.split())
    held = {own for _, own in case.wanted if _same("".join(own.split()), value)}
    return held.union(
        *(own for text, own in case.encoded if text in value or (len(value) >= _NO_CHANCE and value in text))
    )


def _same(own: str, value: str) -> bool:
    header = own.startswith("-----") and _KEY_HEADER.replace(" ", "") in value
    return own in value or (len(value) >= _NO_CHANCE and value in own) or header


def _digested(value: str, case: Case, digest: Callable[[str], str]) -> set[str]:
    meant = {
        own for _, own in case.wanted if value in (digest(own), digest(_KEY_HEADER) if own.startswith("-----") else "")
    }
    return meant.union(*(own for text, own in case.encoded if digest(text) == value))
