"""One text -> candidates: its matches, each judged by what stands round it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter

from leakscan.detection.context import Context
from leakscan.detection.decoding import jwt_text, pem_text
from leakscan.detection.enclosure import distance
from leakscan.detection.evidence import Seen, Verdict, judge, path_lift
from leakscan.detection.masking import excerpt, mask
from leakscan.detection.matching import Match, matches
from leakscan.detection.placeholders import placeholder
from leakscan.detection.positions import Positions
from leakscan.detection.regions import Found, Partner
from leakscan.detection.rules import RuleSet
from leakscan.members import as_folders
from leakscan.model import Allowance, Candidate, Content, Place, Role, Rule
from leakscan.secret import Secret

# A candidate below this score (12 %) is not worth remembering: not even its other half could make it a finding.
FLOOR = -2.0
# In a content with so many matches, a list of hashes most likely, only those with such a word near them are judged.
_CROWD = 1000
_WORTH = re.compile(
    r"tok|auth|secret|pass|pwd|key|twil|login|cred|sid|(?:AC|SK|OQ)[0-9a-fA-F]{32}|segment|analytics|\|", re.IGNORECASE
)
_PREFIX = re.compile(r"(?:AC|SK|OQ|SG\.|sgp_)")
_ALLOW = re.compile(r"leakscan:allow\[([a-z0-9, -]{1,200})\][ \t:-]*([^\n\r]{0,200})")
# What is sure by its shape needs no surroundings, but for pairing; in a log with a SID on each line these few do.
_OFTEN = 50
# What stands before a value that is surely something else (a hash by its name): the next one after it is not judged.
_LEAD = 24
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_HOPELESS = -6.0
_NOWHERE = Context("", 0, 0)
# Where a candidate stands is worked out in the end: what is remembered of a text may stand elsewhere in the next one.
_UNPLACED = Place(1, 1, 1, 1)


@dataclass
class Text:
    """A content and what is known of it; `text` is `data` with one character a byte, its escapes resolved at places."""

    content: Content
    data: bytes
    known: RuleSet
    rules: tuple[Rule, ...]
    mentions: str
    places: dict[str, list[int]]
    positions: Positions
    text: str = ""
    sightings: Counter[str] = field(default_factory=Counter)
    hopeless: set[str] = field(default_factory=set)
    partners: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    borders: Sequence[int] = ()  # the last offsets of groups, each of which is remembered by itself
    dummies: set[tuple[str, int]] = field(default_factory=set)
    lift: float = 0.0  # what more may yet be known of its candidates

    def __post_init__(self) -> None:
        self.text = self.raw

    @cached_property
    def raw(self) -> str:
        """`data` with one character a byte, as it stands there."""
        return self.data.decode("latin-1")


def found_in(piece: Text, partners: list[Partner]) -> tuple[list[Found], list[Partner]]:
    """The candidates of a piece with their spans, each once, and its identifiers; `partners` are known already.

    Their places are for the caller to work out.
    """
    beside: list[Partner] = []
    spans: dict[tuple[str, str, int, int], Found] = {}
    for start, end, each in _candidates(piece, partners, beside):
        spans[each.rule, each.secret.reveal(), start, end] = (start, end, each)
    return list(spans.values()), beside


def without_repeats(spans: Iterable[Found], known: RuleSet) -> Iterator[Found]:
    """In order; of identifiers that are placeholders the first one in a content: tests have hundreds of the same."""
    told = set()
    for start, end, each in sorted(spans, key=itemgetter(0)):
        if each.placeholder and known.by_id[each.rule].role is Role.IDENTIFIER:
            if (each.rule, each.secret) in told:
                continue
            told.add((each.rule, each.secret))
        yield start, end, each


def _candidates(piece: Text, partners: list[Partner], beside: list[Partner]) -> Iterator[Found]:
    found = [match for match in matches(piece.rules, piece.text, piece.places) if not _is_cut(piece, match)]
    for match in found:
        beside += [(match.start, match.end, rule.kind) for rule in match.rules if rule.role is Role.IDENTIFIER]
    for start, end, kind in sorted((*partners, *beside)):
        piece.partners.setdefault(kind, []).append((start, end))
    if len(found) > _CROWD:
        found = [match for match in found if match.rules[0].base > 0 or _is_worth_judging(piece.text, match)]
    for match in found:
        yield from _judged(piece, match, piece.text, match.start, match.end, ())
        if match.rules[0].decoder == "jwt":
            yield from _inside_token(piece, match)


def _is_cut(piece: Text, match: Match) -> bool:
    at_start = piece.content.cut_before and match.start == 0
    if match.rules[0].decoder is None and piece.text.startswith("eyJ", match.start):
        return piece.text.startswith(".", match.end)  # the header of a JSON Web Token
    return at_start or (piece.content.cut_after and match.end == len(piece.text))


def _is_worth_judging(text: str, match: Match) -> bool:
    return _WORTH.search(text, max(0, match.start - 420), match.end + 220) is not None


def _inside_token(piece: Text, token: Match) -> Iterator[Found]:
    """The SIDs that a JSON Web Token of Twilio's names."""
    plain = jwt_text(piece.raw[token.start : token.end]) or ""
    for match in matches(tuple(piece.known.identifiers.values()), plain):
        quoted = plain[match.start - 1 : match.start] + plain[match.end : match.end + 1]
        if quoted == '""':
            yield from _judged(piece, match, plain, token.start, token.end, ("jwt",))


def _judged(piece: Text, match: Match, text: str, start: int, end: int, decoded: tuple[str, ...]) -> Iterator[Found]:
    """The span and the candidate of the rule that explains `match` best, if any is good enough.

    `text` is where the match was found and `start`, `end` the span in the piece that it came from.
    """
    value = (piece.raw if text is piece.text else text)[match.start : match.end]
    sure = match.rules[0].base > 0
    dummy = sure and match.rules[0].role is Role.IDENTIFIER and _doubt(match.rules[0], value) is not None
    if dummy and _is_repeated(piece, value, match.start):
        return
    lead = _RUN.sub("", text[max(0, match.start - 80) : match.start])[-_LEAD:]
    if lead in piece.hopeless:
        return
    piece.sightings[value] += 1
    often = sure and piece.sightings[value] > _OFTEN
    around = _NOWHERE if often or dummy else Context(text, match.start, match.end)
    halves = [(rule, _partner_distance(piece, rule, start, end, around, text)) for rule in match.rules]
    best = _explained(piece, value, around, halves)
    if best is None or best[1].score < _floor(piece, best[0]):
        named_inside = around.written in lead  # what settled it is in the lead, not in a section above
        if best is not None and best[1].misnamed and best[1].score < _HOPELESS and named_inside:
            piece.hopeless.add(lead)
        return
    rule, verdict = best
    candidate = Candidate(
        rule=rule.id,
        secret=Secret("/".join(map(mask, value.split("/"))) if rule.only else value),
        origin=piece.content.origin,
        place=_UNPLACED,
        score=verdict.score,
        evidence=verdict.reasons,
        name=around.name,
        decoded=decoded,
        excerpt=excerpt(piece.data, start, end, named=rule.only is not None),
        placeholder=_doubt(rule, value),
        allowance=allowance(piece.raw, start, end),
    )
    yield start, end, candidate


def _explained(
    piece: Text, value: str, around: Context, halves: Iterable[tuple[Rule, str]]
) -> tuple[Rule, Verdict] | None:
    """The rule that explains a value best, of those that may; each comes with how near the other half stands."""
    best = None
    for rule, partner in halves:
        inside = {"jwt": jwt_text, "pem": pem_text}[rule.decoder](value) if rule.decoder else ""
        if inside is None:
            continue
        seen = Seen(
            around,
            value=value,
            file=as_folders(piece.content.origin.path),
            mentions=piece.mentions,
            decoded=inside,
            partner=partner,
        )
        verdict = judge(rule, piece.known.clues, seen)
        if best is None or verdict.score > best[1].score:
            best = (rule, verdict)
    return best


def _is_repeated(piece: Text, dummy: str, start: int) -> bool:
    """Whether a placeholder has been told of among what is remembered with it; from now on it has."""
    told = (dummy, bisect_left(piece.borders, start))
    repeated = told in piece.dummies
    piece.dummies.add(told)
    return repeated


def _floor(piece: Text, rule: Rule) -> float:
    """The least score that is worth remembering; a blob's path, which may yet add to it, is known only later."""
    unknown = piece.content.origin.blob is not None and not piece.content.origin.path
    return FLOOR - piece.lift - (max(0.0, path_lift(rule, piece.known.clues)) if unknown else 0.0)


def _partner_distance(piece: Text, rule: Rule, start: int, end: int, around: Context, text: str) -> str:
    """How near the other half stands: in the piece, or beside the value in the text that it was decoded from."""
    if rule.partner is None:
        return ""
    if text is not piece.text and around.previous:
        return "same line"
    others = piece.partners.get(rule.partner, [])
    return distance(piece.text, start, end, others)


def _doubt(rule: Rule, value: str) -> str | None:
    if rule.published and _digest(value) in rule.published:
        return "published as an example"
    if rule.decoder or rule.only:
        return None
    return placeholder(_PREFIX.sub("", value, count=1))


@lru_cache(maxsize=4096)
def _digest(value: str) -> str:
    return Secret(value).sha256


def allowance(text: str, start: int, end: int) -> Allowance | None:
    """An allow comment on the lines of the span, or alone on the line above."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    found = _ALLOW.search(text, line_start, len(text) if line_end < 0 else line_end)
    if found is None and line_start:
        above = text[text.rfind("\n", 0, line_start - 1) + 1 : line_start]
        found = _ALLOW.search(above) if re.match(r"\s*(?:#|//|/\*|<!--|--|;|%|\{#|REM\b|')", above) else None
    if found is None:
        return None
    names = tuple(name for name in re.split(r"[, ]+", found[1]) if name)
    return Allowance(names, re.sub(r"\s*(?:\*/|-->|#\})\s*$", "", found[2]).strip())
