"""The nouns of the program: small immutable types that every stage shares; named tuples, which are defined fastest."""

from enum import IntEnum, StrEnum
from typing import NamedTuple

from leakscan.secret import Secret


class Severity(IntEnum):
    """How bad a live credential of a kind is in the wrong hands."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    def __str__(self) -> str:
        return self.name.lower()


class Role(StrEnum):
    """A secret opens something; an identifier only names it (an Account SID without its token)."""

    SECRET = "secret"  # noqa: S105  # the name of a role
    IDENTIFIER = "identifier"


class Origin(NamedTuple):
    """Where a content comes from: a path, `/`-separated and relative to what is scanned; in git the blob or commit.

    `where` is as in the report schema. A blob's path is empty until commits tell it, and then `member` is its end.
    """

    path: str
    blob: str | None = None
    where: str = "content"
    commit: str | None = None
    member: str = ""


class Content(NamedTuple):
    """Bytes and their origin; a large file comes in pieces that overlap and start at `line` and `column` (1-based).

    With `cut_before` or `cut_after` the file goes on there: what touches such a border is whole in another piece.
    """

    data: bytes
    origin: Origin
    line: int = 1
    column: int = 1
    cut_before: bool = False
    cut_after: bool = False


class Problem(NamedTuple):
    """Something that could not be scanned. It never stops a run and never goes unsaid."""

    where: str
    message: str


class Clue(NamedTuple):
    """One piece of evidence: a pattern over one aspect of a candidate's surroundings, or a list of words.

    A list fits if one of its words stands there, also written as two (`data dog`); with `since`, only what follows
    the last mention of that text counts. `weight` is in natural log-odds, added to the rule's `base`. In `says`, the
    reason, `{name}` is the name as written. Of a rule's clues for one aspect the first that fits counts.
    """

    id: str
    aspect: str
    pattern: str
    weight: float
    says: str
    words: frozenset[str] = frozenset()
    since: str = ""


WIDEST = 128  # no anchor is taken to match more characters


class Rule(NamedTuple):
    """One kind of credential, as a rule file describes it.

    A content in which `triggers` occur is searched for the rule's `anchor`; `shape` is matched exactly round each
    place where that ends, from `width` characters before it, the most that the anchor matches, to `reach` behind it.
    `in_clients` is what to do first where clients get the value, which is then worse by one step. With `only` a match
    is no value but code that hands one over, and counts where that audience gets it.
    """

    id: str
    provider: str
    kind: str
    role: Role
    severity: Severity
    description: str
    shape: str
    anchor: str
    reach: int
    triggers: tuple[str, ...]
    base: float
    clues: tuple[str, ...]
    remediation: tuple[str, ...]
    decoder: str | None = None
    partner: str | None = None
    published: frozenset[str] = frozenset()
    width: int = WIDEST
    in_clients: tuple[str, ...] = ()
    only: str | None = None


class Place(NamedTuple):
    """A span of text: lines and columns are 1-based and count characters; `end_column` is one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


class Allowance(NamedTuple):
    """An inline comment `leakscan:allow[rule-id] reason` beside a candidate."""

    rules: tuple[str, ...]
    reason: str


class Stay(NamedTuple):
    """The time that a value stood at a path in history: which commit brought it, and which took it away, in hex.

    Dates are in ISO 8601 with zone; `removed_in` is None while the value stands in some tip; `refs` lead to `commit`.
    """

    commit: str | None = None
    author: str | None = None
    date: str | None = None
    removed_in: str | None = None
    removed_date: str | None = None
    in_head: bool | None = None
    refs: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A span that a rule's shape fits, with the evidence gathered round it.

    `score` is in natural log-odds. `name` is what the value is assigned to, in lower-case words. `excerpt` is the line
    with every value in it masked. `placeholder` says why the value cannot be a real one.
    """

    rule: str
    secret: Secret
    origin: Origin
    place: Place
    score: float
    evidence: tuple[str, ...]
    name: str = ""
    decoded: tuple[str, ...] = ()
    excerpt: str = ""
    placeholder: str | None = None
    allowance: Allowance | None = None
    stay: Stay = Stay()


class Occurrence(NamedTuple):
    """One place of a finding. Commit facts are None outside git's history."""

    path: str
    place: Place
    where: str = "content"
    decoded: tuple[str, ...] = ()
    blob: str | None = None
    commit: str | None = None
    author: str | None = None
    date: str | None = None
    removed_in: str | None = None
    removed_date: str | None = None
    in_head: bool | None = None
    refs: tuple[str, ...] = ()
    excerpt: str = ""
    allowance: Allowance | None = None


class Exposure(NamedTuple):
    """Who gets to see the place where a finding stands, and why we think so."""

    audience: str
    reason: str


class Verification(NamedTuple):
    """What the provider answered about a credential, when it was asked."""

    state: str = "unchecked"
    detail: str = ""
    checked_at: str | None = None


class Suppression(NamedTuple):
    """Why a finding does not count: `by` is baseline, inline, ignore-file, placeholder or config."""

    by: str
    reason: str


class Finding(NamedTuple):
    """One credential value with all its occurrences. Its identity is (kind, value), never a place."""

    rule: Rule
    secret: Secret
    confidence: float
    evidence: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]
    severity: Severity
    exposure: Exposure
    pair: tuple[str, ...] = ()
    verification: Verification = Verification()
    suppressed: Suppression | None = None

    @property
    def fingerprint(self) -> str:
        """The first 16 hex digits of SHA-256(kind, NUL, value)."""
        return self.secret.fingerprint(self.rule.kind)

    @property
    def remediation(self) -> tuple[str, ...]:
        """What to do, first things first."""
        first = self.rule.in_clients if self.exposure.audience == "client" else ()
        return (*first, *(step for step in self.rule.remediation if step not in first))


class Statistics(NamedTuple):
    """What a run looked at: contents and bytes scanned, wall-clock seconds, and when it began (ISO 8601, UTC)."""

    contents: int = 0
    bytes: int = 0
    seconds: float = 0.0
    started: str | None = None


class Report(NamedTuple):
    """The outcome of a run. `findings` holds the suppressed ones too; `notes` tell what configuration switched off.

    `unlisted` counts suppressed findings that a saved report counted and did not list.
    """

    command: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    statistics: Statistics
    complete: bool = True
    notes: tuple[str, ...] = ()
    unlisted: int = 0

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that nothing suppresses."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)

    @property
    def suppressed(self) -> int:
        """How many findings do not count, listed or not."""
        return len(self.findings) - len(self.counted) + self.unlisted
