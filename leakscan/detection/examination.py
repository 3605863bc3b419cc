"""A content that deserves a look -> candidates: where to look, what is encoded there, what was seen before.

Imported when the first such content turns up: most runs of a hook never need it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leakscan.detection.calling import Calling
from leakscan.detection.coded.base64_runs import base64_texts, wrapped_texts
from leakscan.detection.coded.budget import Budget
from leakscan.detection.coded.hiding import Hiding, bare
from leakscan.detection.coded.joining import flattened, joined
from leakscan.detection.coded.pictures import without_pictures
from leakscan.detection.coded.pieces import constants, has_pieces, may_have_pieces
from leakscan.detection.coded.signs import encoded
from leakscan.detection.coded.texts import Coded, in_plain
from leakscan.detection.decoding import plain_text, unescaped
from leakscan.detection.gates import BASE64_ANCHOR, CONSTANTS, DEFLATED, FLATTENED, REVERSED, SIGNED
from leakscan.detection.judging import Text, allowance, found_in, without_repeats
from leakscan.detection.masking import excerpt
from leakscan.detection.positions import Positions
from leakscan.detection.prefilter import Prefilter
from leakscan.detection.regions import LEFT, RIGHT, Found, Memory, Partner, Region, regions, within
from leakscan.detection.rules import RuleSet
from leakscan.detection.webhooks import has_signature, signatures
from leakscan.model import WIDEST, Candidate, Content, Origin

# How deep encodings may lie in each other.
DEEPEST = 8
# What of the surroundings goes with a decoded text: it is named and enclosed as its encoded form is.
_BEFORE, _BEHIND = 4_000, 1_000
# As far from a place as anything bears on it.
_FARTHEST = max(LEFT, RIGHT)
# With what is glued to it: signs go on into the name before them.
_IDENTIFIER = re.compile(r"(?:[\w.:/@-]{0,8}[=:/])?(?:AC|SK|OQ)[0-9a-fA-F]{32}\s*")
_MOST_IDENTIFIERS = 100
# Of a content of which nothing is told but that it has no candidates.
_ANYWHERE = Origin("")

# What any value has, or what encodes one: asked first of the many texts that have neither.
_COULD = re.compile(r"[A-Za-z0-9_-]{20}|\\[xu0-7]|%[2-7][0-9a-fA-F]%|&#|[0-9], ?[0-9]|[\"'] ?[+.] ?[\"']")


class Examined(NamedTuple):
    """The candidates in a content, and what could not be looked into.

    Without candidates: how far, in bytes, a change in a version of it bears on places of `anchors` and on encoded
    texts; `margin` is None if that is not to be told. `signed` is whether the content speaks of signatures.
    """

    candidates: list[Candidate]
    anchors: frozenset[str]
    margin: int | None = None
    problems: tuple[str, ...] = ()
    signed: bool = False


class Examiner:
    """Examines contents with a set of rules, of those that are called for; `anchors` are all that may be."""

    def __init__(self, known: RuleSet, prefilter: Prefilter, calling: Calling, anchors: frozenset[str]) -> None:
        self._known, self._prefilter, self._calling, self._every_anchor = known, prefilter, calling, anchors
        self._of_code = anchors.intersection(rule.anchor for rule in known.rules if rule.only)
        self._speaking = [rule.anchor for rule in known.identifiers.values()]

    def examine(self, content: Content, hits: int, memory: Memory | None = None, *, wide: bool) -> Examined:
        """The candidates in `content`, in order, in which the triggers `hits` occur; `wide` if letters may be wide.

        What `memory` knows is not worked out again, and what it does not know is added to it.
        Raises TimeoutError if a pattern exceeds its time limit.
        """
        data = plain_text(content.data, wide=wide)
        found = self._in_text(content, data, hits, memory)
        return found if data is content.data else found._replace(margin=None)

    def _in_text(self, content: Content, data: bytes, hits: int, memory: Memory | None) -> Examined:
        """What is in the text of a content."""
        called = self._calling.of(hits)
        rules, mentions, anchors = called.rules, called.mentions, called.anchors
        deflated = DEFLATED in mentions
        if not deflated:
            data = without_pictures(data)
        if not called.of_code and self._prefilter.is_bare(data):
            return Examined([], anchors, None if deflated else WIDEST)
        gates = self._prefilter.gates(data)
        places = self._prefilter.places(data, anchors)
        if not (gates or places or deflated):
            return Examined([], anchors, WIDEST)
        budget = Budget()
        coded, far = self._coded(data, mentions, gates, places.pop(BASE64_ANCHOR, []), budget)
        far |= bool(budget.problems)
        signed = SIGNED in gates
        if not places and not coded and not (signed and has_signature(data)):
            margin = None if far else _FARTHEST if self._bear_on_others(gates, data) else WIDEST
            return Examined([], anchors, margin, tuple(budget.problems), signed)
        piece = Text(content, data, self._known, rules, mentions, places, Positions(content, data))
        spans, beside, sure = self._direct(piece, memory)
        if coded:
            turned = [(each.start, each.end) for each in coded if each.encoding == REVERSED]
            spans = [each for each in spans if (each[0], each[1]) not in turned]  # nobody uses it as it stands there
            spans += self._decoded(piece, coded, hits, budget)
        if signed:
            spans += signatures(content, data, piece.positions)
        if not (spans or beside or coded or far) and sure:
            return Examined([], anchors, _FARTHEST, signed=signed)
        placed = [
            each._replace(origin=content.origin, place=piece.positions.place(start, end))
            for start, end, each in without_repeats(spans, self._known)
        ]
        return Examined(placed, anchors, None, tuple(budget.problems))

    has_signature = staticmethod(has_signature)

    @staticmethod
    def is_read_as_it_is(data: bytes) -> bool:
        """Whether offsets in binary `data`, which has no wide letters, are those in its text."""
        return plain_text(data, wide=False) is data

    def encodings(self, new: bytes) -> list[str]:
        """The gates of what is encoded or put together in what is new in a version of a content.

        In the content itself there are no two constants that could be pieces of a value.
        """
        gates = self._prefilter.gates(new)
        if CONSTANTS in gates and "join" not in gates and not self._has_pieces(new):
            gates.remove(CONSTANTS)  # the last letters of a whole value look like that, too
        return [] if gates == ["join"] else gates  # which needs pieces beside it

    def margin_without(self, data: bytes, hits: int, places: Mapping[str, list[int]], memory: Memory) -> int | None:
        """The margin of a version of a content without candidates if what stands at `places` in it makes none either.

        None if it makes some, or that is not to be told here. `hits` are the triggers that may occur in it.
        """
        if not self.is_read_as_it_is(data):
            return None  # places are of the plain text
        called = self._calling.of(hits)
        direct = dict(places)
        runs = direct.pop(BASE64_ANCHOR, [])
        if wrapped_texts(data, runs)[0] or any(map(self._promises, base64_texts(data, runs))):
            return None
        if not direct:
            return WIDEST
        content = Content(data, _ANYWHERE)
        piece = Text(content, data, self._known, called.rules, called.mentions, direct, Positions(content, data))
        try:
            spans, beside, sure = self._direct(piece, memory)
        except TimeoutError:  # which will be told of where all of it is read
            return None
        return _FARTHEST if sure and not (spans or beside) else None

    def _direct(self, piece: Text, memory: Memory | None) -> tuple[list[Found], list[Partner], bool]:
        """What stands in a text as it is: candidates, identifiers; and whether all that bears on them is near them."""
        if not piece.places:
            return [], [], True
        apart = 2 * WIDEST + max(rule.reach for rule in piece.rules)
        grouped = regions(piece.data, piece.places, self._speaking, piece.mentions, apart)
        outcomes = [memory.recall(region) if memory else None for region in grouped]
        recalled = [outcome for outcome in outcomes if outcome is not None]
        spans = [span for outcome in recalled for span in outcome.found]
        beside = [partner for outcome in recalled for partner in outcome.partners]
        unknown = [region for region, outcome in zip(grouped, outcomes, strict=True) if outcome is None]
        if unknown:
            if recalled:
                piece.places = within(piece.places, unknown)
            piece.text = _unescaped(piece.data, unknown)
            piece.borders = [region.last for region in unknown]
            found, partners = found_in(piece, beside)
            spans += found
            beside += partners
            if memory is not None:
                memory.keep(unknown, found, partners)
        return spans, beside, all(region.key for region in grouped)

    def _coded(
        self, data: bytes, mentions: str, gates: list[str], base64_places: list[int], budget: Budget
    ) -> tuple[list[Coded], bool]:
        """The encoded texts in `data` in which something could be found, in order.

        And whether there are constants: what is put together of them is told by what stands anywhere.
        """
        deflated = DEFLATED in mentions
        found, alone = wrapped_texts(data, base64_places, deflated=deflated)
        found += base64_texts(data, alone, deflated=deflated)
        named: Mapping[str, str] = {}
        if gates:
            found += encoded(data, gates)
            if FLATTENED in gates:
                data = flattened(data)
                gates = self._prefilter.gates(data)
            text = data.decode("latin-1")
            whole = "prefix" in gates
            if whole or (CONSTANTS in gates and self._may_have_pieces(data)):
                named = constants(text, whole=whole)
            found += joined(text, gates, named)
        far = bool(named) or "prefix" in gates or deflated
        return sorted({each: None for each in found if self._promises(each) and budget.takes(each)}), far

    def _bear_on_others(self, gates: list[str], data: bytes) -> bool:
        """Whether what the `gates` of `data` told of could be something together with what comes in elsewhere."""
        others = set(gates) - {SIGNED}
        return bool(others) and (others != {CONSTANTS} or self._has_pieces(data))

    def _has_pieces(self, data: bytes) -> bool:
        return self._may_have_pieces(data) and has_pieces(data.decode("latin-1"))

    def _may_have_pieces(self, data: bytes) -> bool:
        return may_have_pieces(data, self._prefilter.ends_of_pieces(data + b"\n"))

    def _promises(self, coded: Coded) -> bool:
        if not _COULD.search(coded.plain):
            return False
        plain = coded.plain.encode("latin-1")
        prefilter = self._prefilter
        if prefilter.hits(plain):
            return True
        if prefilter.is_bare(plain):
            return bool(self._of_code and prefilter.places(plain, self._of_code))
        return bool(prefilter.places(plain, self._every_anchor) or prefilter.gates(plain))

    def _decoded(self, piece: Text, coded: list[Coded], hits: int, budget: Budget, depth: int = 1) -> Iterator[Found]:
        """What stands in encoded texts, each found where its encoded form stands."""
        raw = piece.raw
        sids = [each for each in coded if _IDENTIFIER.fullmatch(each.plain)][:_MOST_IDENTIFIERS]
        if sids:  # they speak for what is beside them
            hits |= self._prefilter.hits(sids[0].plain.encode("latin-1"))
        hiding = Hiding(coded, sids)
        for text in coded:
            start, end, plain, encoding = text
            if depth > DEEPEST:
                budget.problem(f"encodings lie more than {DEEPEST} deep in each other here; the rest was not decoded")
                return
            before = bare(in_plain(piece.text, max(0, start - _BEFORE), start, sids))
            window = (len(before), len(before) + len(plain))
            inner = before + plain + in_plain(piece.text, end, end + _BEHIND, sids)
            lift, reason = hiding.tells(text, raw[start:end])
            for each in self._inside(piece.content, inner, window, hits, budget, depth, lift=lift):
                if lift and self._known.by_id[each.rule].partner:
                    each = each._replace(score=each.score + lift, evidence=(*each.evidence, *filter(None, (reason,))))  # noqa: PLW2901
                yield (
                    start,
                    end,
                    each._replace(
                        place=piece.positions.place(start, end),
                        decoded=(encoding, *each.decoded),
                        excerpt=excerpt(piece.data, start, end),
                        allowance=allowance(raw, start, end),
                    ),
                )

    def _inside(  # all that bears on one decoded text
        self,
        outer: Content,
        text: str,
        window: tuple[int, int],
        hits: int,
        budget: Budget,
        depth: int,
        *,
        lift: float,
    ) -> Iterator[Candidate]:
        """The candidates in the `window` of a text, which are those of the decoded part of it."""
        data = text.encode("latin-1")
        begin, end = window
        plain = data[begin:end]
        hits |= self._prefilter.hits(plain)
        rules, mentions, anchors, _ = self._calling.of(hits)
        places = self._prefilter.places(data, anchors)
        runs = [place for place in places.pop(BASE64_ANCHOR, []) if begin < place <= end + 1]
        content = Content(data, outer.origin)
        piece = Text(content, data, self._known, rules, mentions, places, Positions(content, data))
        piece.text, piece.lift = unescaped(data).decode("latin-1"), lift
        if places:
            found, _ = found_in(piece, [])
            yield from (each for first, last, each in found if begin <= first and last <= end)
        further, _ = self._coded(data, mentions, self._prefilter.gates(plain), runs, budget)
        inner = [each for each in further if begin <= each.start and each.end <= end and each.plain != text[begin:end]]
        if inner:
            yield from (each for _, _, each in self._decoded(piece, inner, hits, budget, depth + 1))


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
