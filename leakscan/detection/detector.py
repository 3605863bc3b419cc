"""Which contents deserve a look, and for which rules; those go to examination: Content -> candidates."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from leakscan.detection.calling import Calling
from leakscan.detection.gates import BASE64_ANCHOR, SIGNED, TRIGGERS
from leakscan.detection.prefilter import Prefilter
from leakscan.detection.rules import RuleSet
from leakscan.model import Candidate, Content

if TYPE_CHECKING:
    from leakscan.detection.examination import Examiner
    from leakscan.detection.regions import Memory

# A value's letters, whatever stands on either side of it, or it is encoded.
_LONG_RUN = re.compile(rb"[A-Za-z0-9+/_-]{32,}")
_DIGIT = re.compile(rb"[0-9]")
# A file as small as this may hold nothing but a value, as secrets are handed to containers: then its name tells.
_ALONE = 120
# What comes between the spans of what is new, over which no pattern reaches: a line end alone makes `href=` go on.
_BETWEEN = b"\n\1\n"


class Barren(NamedTuple):
    """That a content has no candidates, though triggers occur in it; for the sake of its next version.

    A version in which no more triggers occur, and that has no place where a value could stand within `margin` bytes
    of what is new in it, has no candidates either. If it is `binary` it is read as it is all the same; if it is
    `signed`, it speaks of signatures.
    """

    triggers: int
    anchors: frozenset[str]
    margin: int
    binary: bool = False
    signed: bool = False


class Detector:
    """Finds candidates in contents; between them it only remembers what the same surroundings gave."""

    def __init__(self, rules: RuleSet, prefilter: Prefilter, *, values_only: bool = False) -> None:
        """Take the rules; with `values_only` without those about code that holds no value itself."""
        self._rules = rules
        self._prefilter = prefilter
        self._memory: Memory | None = None
        self._examiner: Examiner | None = None
        self._calling = Calling(rules, values_only=values_only)
        self._encoded = sum(1 << index for index, name in enumerate(rules.triggers) if name in TRIGGERS)
        self._anchors = frozenset((BASE64_ANCHOR, *(rule.anchor for rule in self._calling.used)))
        self._values_only = values_only

    @property
    def margin(self) -> int | None:
        """How many bytes round a seam belong to what is new there; see `suspects`."""
        return self._rules.widest_trigger

    def suspects(self, data: bytes) -> bool:
        """Whether `detect` could find anything in a content that has `data` in it, as far as triggers tell.

        A content that is nothing but data without suspicion, and what stood in others without it, is without, too,
        if `margin` bytes round each seam were asked about (None: no margin is enough).
        """
        return b"\0" in data or self._prefilter.hits(data) != 0

    def promises(self, shown: bytes) -> bool:
        """Whether a text could hold anything of which only `shown` is known: its words, blanks between them missing.

        Unlike in `detect` a value may be glued to them.
        """
        if not self.suspects(shown):
            return False
        if not self._values_only:
            return True
        return any(map(_DIGIT.search, _LONG_RUN.findall(shown))) or bool(self._prefilter.gates(shown))

    def places(self, data: bytes) -> list[int]:
        """The offsets in `data` behind which values of any rule's could end, in no order."""
        return [end for ends in self._prefilter.places(data, self._anchors).values() for end in ends]

    def detect(self, content: Content) -> list[Candidate]:
        """The candidates in `content`, in order. Raises TimeoutError if a pattern exceeds its time limit."""
        return self.examined(content)[0]

    def examined(
        self, content: Content, *, suspected: bool = False
    ) -> "tuple[list[Candidate], Barren | None, tuple[str, ...]]":
        """The candidates in `content`, in order, or what it means for its versions that it has none; and problems.

        A content that is `suspected` to have triggers is looked at more closely at once, which is faster if it has.
        Raises TimeoutError if a pattern exceeds its time limit.
        """
        binary = b"\0" in content.data
        wide = binary and self._prefilter.may_be_wide(content.data)
        hits = self._hits(content.data, wide=wide, closely=suspected)
        if not hits and len(content.data) <= _ALONE and content.origin.path and len(content.data.split()) == 1:
            content = _named_by_its_file(content)
            hits = self._hits(content.data, wide=wide)
        barren = None if wide or self.margin is None else Barren(hits, frozenset(), self.margin, binary)
        if not hits or (not hits & self._encoded and not self._calling.of(hits).rules):
            return [], barren, ()
        # Of versions of files, whose paths are not known yet, it is remembered what they gave.
        found = self._ready().examine(content, hits, None if content.origin.path else self._remember(), wide=wide)
        if found.margin is None or wide:
            return found.candidates, None, found.problems
        return found.candidates, Barren(hits, found.anchors, found.margin, binary, found.signed), found.problems

    def still(self, known: Barren, data: bytes, changed: Sequence[tuple[int, int]] | None) -> Barren | None:
        """What is known of a version of a barren content if it is barren, too, as far as what changed tells.

        `changed` are the spans of what is new in it, with the margin round each, and both of its ends; None if they
        are not known.
        """
        if changed is None:
            return None
        new = _BETWEEN.join([data[start:end] for start, end in changed])
        if self._prefilter.may_be_wide(new) or self._prefilter.hits(new, closely=bool(known.anchors)) & ~known.triggers:
            return None
        ready = self._ready()
        if b"\0" in new and not known.binary:
            known = known._replace(binary=True)
        if (known.binary and not ready.is_read_as_it_is(data)) or (known.signed and ready.has_signature(new)):
            return None
        if not known.anchors or (self._values_only and self._prefilter.is_bare(new)):
            return known
        told = ready.encodings(new)
        if told == [SIGNED] and (known.signed or not ready.has_signature(data)):
            known = known._replace(signed=True)
        elif told:
            return None
        places = self._prefilter.places(new, known.anchors)
        if not places:
            return known
        within = {name: _placed(ends, changed) for name, ends in places.items()}
        margin = ready.margin_without(data, known.triggers, within, self._remember())
        return None if margin is None else known._replace(margin=max(known.margin, margin))

    def _ready(self) -> "Examiner":
        if self._examiner is None:
            from leakscan.detection.examination import Examiner  # most runs of a hook never get here

            self._examiner = Examiner(self._rules, self._prefilter, self._calling, self._anchors)
        return self._examiner

    def _remember(self) -> "Memory":
        if self._memory is None:
            from leakscan.detection.regions import Memory

            self._memory = Memory()
        return self._memory

    def _hits(self, data: bytes, *, wide: bool, closely: bool = False) -> int:
        hits = self._prefilter.hits(data, closely=closely)
        if wide:
            hits |= self._prefilter.hits(data.translate(None, b"\0"))
        return hits


def _named_by_its_file(content: Content) -> Content:
    """A content that is one word, as if its file's name were assigned it; places stay."""
    base = content.origin.path.replace("!", "/").rpartition("/")[2]
    name = f"{base.removesuffix('.txt')}=".encode("utf-8", "replace")
    return content._replace(data=name + content.data, column=content.column - len(name.decode()))


def _placed(ends: Iterable[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Offsets in a content, in order, of those in its `spans` put one behind the other with `_BETWEEN` between them."""
    begins = [0, *accumulate(end - start + len(_BETWEEN) for start, end in spans)]
    found = set()
    for offset in ends:
        index = bisect_left(begins, offset) - 1
        found.add(spans[index][0] + offset - begins[index])
    return sorted(found)
