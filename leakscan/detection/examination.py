"""A content that deserves a look -> candidates: exact matching, decoding and evidence.

Imported when the first such content turns up: most runs of a hook never need it.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from leakscan.detection.context import Context
from leakscan.detection.decoding import base64_texts, jwt_text, pem_text, plain_text, unescaped
from leakscan.detection.enclosure import distance
from leakscan.detection.evidence import Seen, judge, path_lift
from leakscan.detection.masking import excerpt, mask
from leakscan.detection.matching import Match, matches
from leakscan.detection.placeholders import placeholder
from leakscan.detection.positions import Positions
from leakscan.detection.prefilter import Prefilter
from leakscan.detection.regions import LEFT, RIGHT, Found, Memory, Partner, Region, regions
from leakscan.detection.rules import RuleSet
from leakscan.model import WIDEST, Allowance, Candidate, Content, Role, Rule, Secret

# A candidate below this score (12 %) is not worth remembering: not even its other half could make it a finding.
FLOOR = -2.0
# In a content with so many matches, a list of hashes most likely, only those with such a word near them are judged.
_CROWD = 1000
_WORTH = re.compile(
    r"tok|auth|secret|pass|pwd|key|twil|login|cred|sid|(?:AC|SK|OQ)[0-9a-fA-F]{32}|segment|analytics|\|", re.IGNORECASE
)
_PREFIX = re.compile(r"(?:AC|SK|OQ|SG\.|sgp_)")
_ALLOW = re.compile(r"leakscan:allow\[([a-z0-9, -]{1,200})\][ \t:-]*([^\n\r]{0,200})")
_BASE64_ANCHOR = "base64"
# What is sure by its shape needs no surroundings, but for pairing; in a log with a SID on each line these few do.
_OFTEN = 50
# What stands before a value that is surely something else (a hash by its name): the next one after it is not judged.
_LEAD = 24
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_HOPELESS = -6.0
_NOWHERE = Context("", 0, 0)


class Examined(NamedTuple):
    """The candidates in a content; without any, how far `anchors` in a version of it bear on each other, in bytes.

    `margin` is None if that is not to be told.
    """

    candidates: list[Candidate]
    anchors: frozenset[str]
    margin: int | None = None


@dataclass
class _Text:
    """A content as text, one character a byte, and what is known of it. `raw` is the same with its escapes."""

    text: str
    raw: str
    data: bytes
    coded: list[tuple[int, int, str]]
    content: Content
    known: RuleSet
    rules: tuple[Rule, ...]
    mentions: str
    places: dict[str, list[int]]
    positions: Positions
    sightings: Counter[str] = field(default_factory=Counter)
    hopeless: set[str] = field(default_factory=set)
    partners: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def examine(  # all that bears on one content
    content: Content,
    rules: tuple[Rule, ...],
    mentions: str,
    known: RuleSet,
    prefilter: Prefilter,
    memory: Memory | None = None,
) -> Examined:
    """The candidates for `rules` in `content`, in order; `mentions` names the triggers that occur in it.

    What `memory` knows is not worked out again, and what it does not know is added to it.
    Raises TimeoutError if a pattern exceeds its time limit.
    """
    data = plain_text(content.data)
    anchors = frozenset((_BASE64_ANCHOR, *(rule.anchor for rule in rules)))
    places = prefilter.places(data, anchors)
    coded = base64_texts(data, places.pop(_BASE64_ANCHOR, []))
    if coded:
        places[_BASE64_ANCHOR] = list(coded)
    if not places:
        return Examined([], anchors, WIDEST)
    apart = 2 * WIDEST + max(rule.reach for rule in rules)
    grouped = regions(data, places, [rule.anchor for rule in known.identifiers.values()], mentions, apart)
    positions = Positions(content, data)
    known_outcomes = [memory.recall(region) if memory else None for region in grouped]
    recalled = [outcome for outcome in known_outcomes if outcome is not None]
    spans = [span for outcome in recalled for span in outcome.found]
    beside = [partner for outcome in recalled for partner in outcome.partners]
    unknown = [region for region, outcome in zip(grouped, known_outcomes, strict=True) if outcome is None]
    if unknown:
        if recalled:
            places = _within(places, unknown)
        inside = [coded[place] for place in places.get(_BASE64_ANCHOR, [])]
        text, raw = _unescaped(data, unknown), data.decode("latin-1")
        examined = _Text(text, raw, data, inside, content, known, rules, mentions, places, positions)
        found, partners = _found(examined, beside)
        spans += found
        beside += partners
        if memory is not None:
            memory.keep(unknown, found, partners)
    if not spans and not beside and all(region.key for region in grouped):
        return Examined([], anchors, max(LEFT, RIGHT))
    placed = [each._replace(origin=content.origin, place=positions.place(start, end)) for start, end, each in spans]
    return Examined(placed, anchors)


def _within(places: Mapping[str, list[int]], chosen: list[Region]) -> dict[str, list[int]]:
    """The places that stand in the chosen regions."""
    spans = [(region.first, region.last) for region in chosen]
    return {
        name: inside
        for name, ends in places.items()
        if (
            inside := [
                end for first, last in spans for end in ends[bisect_left(ends, first) : bisect_right(ends, last)]
            ]
        )
    }


def _found(piece: _Text, partners: list[Partner]) -> tuple[list[Found], list[Partner]]:
    """The candidates of a piece with their spans, each once, and its identifiers; `partners` are known already."""
    beside: list[Partner] = []
    spans: dict[tuple[str, str, int, int], Found] = {}
    for start, end, each in _candidates(piece, partners, beside):
        spans[each.rule, each.secret.reveal(), start, end] = (start, end, each)
    return list(spans.values()), beside


def _unescaped(data: bytes, grouped: list[Region]) -> str:
    """`data` as text, its escapes resolved wherever somebody will look."""
    parts = []
    done = 0
    for region in grouped:
        begin, end = max(done, region.first - LEFT), region.last + RIGHT
        if end > done:
            parts += [data[done:begin], unescaped(data[begin:end])]
            done = end
    parts.append(data[done:])
    return b"".join(parts).decode("latin-1")


def _candidates(piece: _Text, partners: list[Partner], beside: list[Partner]) -> Iterator[Found]:
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
    for start, end, plain in piece.coded:
        before, after = piece.text[max(0, start - 4000) : start], piece.text[end : end + 1000]
        inner = before + plain + after
        shift = len(before)
        for match in matches(piece.rules, inner):
            if shift <= match.start and match.end <= shift + len(plain):
                yield from _judged(piece, match, inner, start, end, ("base64",))


def _is_cut(piece: _Text, match: Match) -> bool:
    at_start = piece.content.cut_before and match.start == 0
    return at_start or (piece.content.cut_after and match.end == len(piece.text))


def _is_worth_judging(text: str, match: Match) -> bool:
    return _WORTH.search(text, max(0, match.start - 420), match.end + 220) is not None


def _inside_token(piece: _Text, token: Match) -> Iterator[Found]:
    """The SIDs that a JSON Web Token of Twilio's names."""
    plain = jwt_text(piece.raw[token.start : token.end]) or ""
    for match in matches(tuple(piece.known.identifiers.values()), plain):
        quoted = plain[match.start - 1 : match.start] + plain[match.end : match.end + 1]
        if quoted == '""':
            yield from _judged(piece, match, plain, token.start, token.end, ("jwt",))


def _judged(piece: _Text, match: Match, text: str, start: int, end: int, decoded: tuple[str, ...]) -> Iterator[Found]:
    """The span and the candidate of the rule that explains `match` best, if any is good enough.

    `text` is where the match was found and `start`, `end` the span in the piece that it came from.
    """
    lead = _RUN.sub("", text[max(0, match.start - 80) : match.start])[-_LEAD:]
    if lead in piece.hopeless:
        return
    value = (piece.raw if text is piece.text else text)[match.start : match.end]
    piece.sightings[value] += 1
    often = match.rules[0].base > 0 and piece.sightings[value] > _OFTEN
    around = _NOWHERE if often else Context(text, match.start, match.end)
    best = None
    for rule in match.rules:
        inside = {"jwt": jwt_text, "pem": pem_text}[rule.decoder](value) if rule.decoder else ""
        if inside is None:
            continue
        partner = _partner_distance(piece, rule, start, end, around, text)
        seen = Seen(
            around,
            value=value,
            file=piece.content.origin.path,
            mentions=piece.mentions,
            decoded=inside,
            partner=partner,
        )
        verdict = judge(rule, piece.known.clues, seen)
        if best is None or verdict.score > best[1].score:
            best = (rule, verdict)
    if best is None or best[1].score < _floor(piece, best[0]):
        named_inside = len(around.written) < _LEAD  # what settled it is in the lead, not in a section above
        if best is not None and best[1].misnamed and best[1].score < _HOPELESS and named_inside:
            piece.hopeless.add(lead)
        return
    rule, verdict = best
    candidate = Candidate(
        rule=rule.id,
        secret=Secret("/".join(map(mask, value.split("/"))) if rule.only else value),
        origin=piece.content.origin,
        place=piece.positions.place(start, end),
        score=verdict.score,
        evidence=verdict.reasons,
        name=around.name,
        decoded=decoded,
        excerpt=excerpt(piece.data, start, end, named=rule.only is not None),
        placeholder=_doubt(rule, value),
        allowance=_allowance(piece.raw, start, end),
    )
    yield start, end, candidate


def _floor(piece: _Text, rule: Rule) -> float:
    """The least score that is worth remembering; a blob's path, which may yet add to it, is known only later."""
    unknown = piece.content.origin.blob is not None and not piece.content.origin.path
    return FLOOR - max(0.0, path_lift(rule, piece.known.clues)) if unknown else FLOOR


def _partner_distance(piece: _Text, rule: Rule, start: int, end: int, around: Context, text: str) -> str:
    """How near the other half stands: in the piece, or beside the value in the text that it was decoded from."""
    if rule.partner is None:
        return ""
    if text is not piece.text and around.previous:
        return "same line"
    others = piece.partners.get(rule.partner, [])
    return distance(piece.text, start, end, others)


def _doubt(rule: Rule, value: str) -> str | None:
    if Secret(value).sha256 in rule.published:
        return "published as an example"
    if rule.decoder or rule.only:
        return None
    return placeholder(_PREFIX.sub("", value, count=1))


def _allowance(text: str, start: int, end: int) -> Allowance | None:
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
