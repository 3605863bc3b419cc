"""What the way in which a value is written says of it, and what of it is no part of the value's name."""

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
_HIDING = {**dict.fromkeys(_LETTER_BY_LETTER, 4.0), JOINED: 2.0}
_HIDDEN = "written so that it does not show"
_VALUE = re.compile(r"[A-Za-z0-9]{32}\s*")
# So many alike are a table of hashes.
_TABLE, _IN_TABLE = 5, -6.0

# The call, or the tag of YAML, that decodes what stands in it: the value is that of the name before it.
_CALLED = re.compile(
    r"([=:,(|>][ \t]{0,9}+)(?:(?:new\s)?(?:[\w.$]{0,40}(?i:dec|b64|base64|hex|atob|buffer|from|plain|rev|string|bytes)"
    r"\w{0,20}|[\w.$]{0,20}\b\w{1,3})\s?\(\s{0,20}){1,4}(?:\[?$|(?=[bu]?[\"'`]$))"
    r"|(?<=[:-])([ \t]{1,9})!{1,2}binary\s{1,9}(?:[|>][+-]?\s{1,40}|(?=[\"']?$))(?=[\"']?$)"
)
# What a list of codes begins with, in some languages: `[`, `{`, `new byte[] {`, `[]byte{`.
_LISTED = re.compile(r"(?:(?:\bnew\s)?\b\w{1,20}\[\d{0,5}\]\s{0,4}|\[\d{0,5}\]\w{1,12})?[\[{]\s{0,40}$")
# How a value is encoded is no part of its name: `token_hex = "`.
_HOW = re.compile(
    r"(?<=[A-Za-z0-9])(?:[_-](?:hex|b64|base64|enc|encoded|bytes|chars|codes|raw|rev|reversed|parts)"
    r"|Hex|B64|Base64|Enc|Encoded|Bytes|Chars|Codes|Raw|Rev|Reversed|Parts|_HEX|_B64|_BASE64|_ENC|_ENCODED|_BYTES|_RAW)"
    r"(?=[\"'`\])]{0,2}\s{0,9}(?::=|=>|[=:]|(?<=\s))\s{0,9}[\"'`]?$)"
)


def bare(before: str) -> str:
    """What stands before an encoded text as it would before what that says: the value is that of the name there."""
    return _HOW.sub("", _CALLED.sub(r"\1\2", _LISTED.sub("", before)))


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
