"""What the way in which a value is written says of it: encoded like a SID beside it, hidden, or one of a table."""

import re
from collections import Counter
from collections.abc import Iterable

from leakscan.detection.coded.pieces import JOINED
from leakscan.detection.coded.texts import Coded
from leakscan.detection.gates import REVERSED

# Who encodes a SID encodes its secret in the same way: what that adds to one beside it (log-odds).
_ALIKE, _BESIDE = 3.0, 600
_ENCODED_ALIKE = "encoded like the SID beside it"
# Who writes a value by itself sign by sign, or in pieces on one line, hides it; nobody does that to one hash.
_LETTER_BY_LETTER = (
    "hex", "hex-escapes", "unicode-escapes", "octal-escapes", "decimal-escapes", "character-codes", REVERSED,
)  # fmt: skip
_HIDING = {**dict.fromkeys(_LETTER_BY_LETTER, 3.0), JOINED: 2.0}
_HIDDEN = "written so that it does not show"
_VALUE = re.compile(r"[A-Za-z0-9]{32}\s*")
# So many alike are a table of hashes.
_TABLE, _IN_TABLE = 5, -6.0


class Hiding:
    """What the encoded texts of one content say of each other; `sids` are those that are nothing but a SID."""

    def __init__(self, coded: Iterable[Coded], sids: list[Coded]) -> None:
        self._sids = sids
        self._values = Counter(each.encoding for each in coded if _VALUE.fullmatch(each.plain))

    def tells(self, each: Coded, written: str) -> tuple[float, str]:
        """What speaks for a secret that is all of an encoded text, `written` so: log-odds, and why, in words."""
        if any(sid.encoding == each.encoding and abs(sid.start - each.start) < _BESIDE for sid in self._sids):
            return _ALIKE, _ENCODED_ALIKE
        weight = _HIDING.get(each.encoding, 0.0)
        if not weight or _VALUE.fullmatch(each.plain) is None:
            return 0.0, ""
        if self._values[each.encoding] >= _TABLE:
            return _IN_TABLE, ""
        return (0.0, "") if each.encoding == JOINED and "\n" in written else (weight, _HIDDEN)
