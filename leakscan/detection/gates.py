"""What encoded text and values in pieces are told by, cheaply: patterns, made ready with those of the rules."""

from collections.abc import Mapping
from typing import TypeAlias

# A pattern, or several of which any will do: as one they would take twenty times as long to compile.
Pattern: TypeAlias = str | tuple[str, ...]

# What reads or holds text that is compressed without a header, in base64.
DEFLATED = "deflated-in-base64"
# What makes a content deserve a look though all of it is encoded. Their names count as mentions, hence `twilio`:
# the words themselves in the three ways in which base64 can have them, and in other encodings' signs.
TRIGGERS = {
    "twilio-in-base64": "0d2lsaW|R3aWxpb|dHdpbGlv|Ud2lsaW|VHdpbGlv|RXSUxJT|UV0lMSU|VFdJTElP",
    "auth-token-in-base64": "BVVRIX1RPS0VO|BdXRoVG9rZW|F1dGhUb2tlb|F1dGhfdG9rZW|FVVEhfVE9LRU|"
    "QVVUSF9UT0tFT|QXV0aFRva2Vu|YXV0aF90b2tlb|YXV0aFRva2Vu|hdXRoVG9rZW|hdXRoX3Rva2Vu",
    "twilio-in-base64-twice": "BkMmxzYV|IzYVd4cG|JYU1V4Sl|MGQybHNhV|RIZHBiR2x2|SM2FXeHBi|SWFNVeEpU|UjNhV3hwY|UlhTVXhKV|"
    "VVYwbE1TV|VVjBsTVNV|VWMGxNU1|VWQybHNhV|VZDJsc2FX|VkMmxzYV|VkZkSlRFbF|VkhkcGJHbH|WRmRKVEVsU|WSGRwYkdsd|"
    "ZEhkcGJHbH|ZGZEpURWxQ|ZIZHBiR2x2|kSGRwYkdsd|wZDJsc2FX",
    "sendgrid-in-base64": "NFTkRHUklE|NlbmRHcmlk|NlbmRncmlk|TRU5ER1JJR|TZW5kR3JpZ|"
    "U0VOREdSSU|U2VuZEdyaW|c2VuZGdyaW|zZW5kZ3JpZ",
    "twilio-in-hex": "(?i)[57]4[57]7[46]9[46]c[46]9[46]f",
    "sid-in-hex": "(?:4143|534[bB]|4[fF]51)(?:3[0-9]|6[1-6]){10}",
    "twilio-in-percent": "%[57]4%[57]7%[46]9%[46][cC]%[46]9%[46][fF]",
    "text-in-x": r"(?:\\x[2-7][0-9a-fA-F]){16}",
    "text-in-u": r"(?:\\u00[2-7][0-9a-fA-F]){16}",
    "text-in-octal": r"(?:\\[01][0-9]{2}){16}",
    "text-in-entities": "(?:&#x?[0-9a-fA-F]{2,4};){16}",
    "text-for-powershell": "(?i)-enc?[a-z]{0,12} {1,4}[A-Za-z0-9+/]{60}",
    DEFLATED: r"gzinflate\(|nflateRaw|DeflateStream|ecompress\([^()\n]{1,60}, ?-15\)|\), ?-15\)|<diagram ",
    "codes-of-twilio": r"0x[57]4,\s{0,4}0x[57]7,\s{0,4}0x[46]9,\s{0,4}0x[46][cC],"
    r"|116,\s{0,4}119,\s{0,4}105,\s{0,4}108,",
    "zlib-in-base64": r"""(?:^|["'`(> =:\n])e(?:J[w-z]|N[o-r])[A-Za-z0-9+/]{50}""",
    "sid-in-pieces": """["'](?:AC|SK|OQ)["'] ?[+.&|<>,]{1,2} ?["'][0-9a-f]{4}""",
    "key-in-pieces": """["']SG[.][A-Za-z0-9_.-]{4,60}["'] ?[+.&|<>,~]{1,2} ?["'][A-Za-z0-9_.-]{4}""",
    "zip-in-base64": "UEsDB[A-Za-z0-9+/]{40}",
    "gzip-in-base64": "(?:H4sI|SDRzS)[A-Za-z0-9+/]{40}",
}
# The rules' anchor that says where runs of base64 end.
BASE64_ANCHOR = "base64"
# What speaks of a request that Twilio signed.
SIGNED = "signed"
# What is read from its end on.
REVERSED = "reversed"
# What stands in a run of letters as long as a value.
OF_RUNS = "hex"
# The end of what may be a piece of a value, which is put together from constants.
CONSTANTS = "constants"
_PIECE_END = "(?:[0-9][a-z]|[a-z][0-9])[0-9a-zA-Z]{3,20}"
PIECE_ENDS = rf"""{_PIECE_END}["'`\r\n]"""
# Code whose quotes and line ends are escaped, as in a string literal.
FLATTENED = "flattened"
# How the literals of one value meet: a sign or a line end between them, what adds the next one, nothing, a remark.
_L, _QUOTED = "[A-Za-z0-9_-]", r"""["'`]\)?\s{0,20}"""
_BEHIND_DIGIT = f"[0-9]{_L}{{0,15}}{_QUOTED}"
_NEXT = r"""[_\s]{0,60}[bfurLRN@$]?["'`]"""
_SIGN = rf"(?:[+.&~^]|\.\.|<>|\+\+|\|\||\\|\n){_NEXT}[A-Za-z0-9_.-]"
_SEAMS = (
    rf"""(?:AC|SK|OQ|SG)["'`]\)?\s{{0,20}}{_SIGN}""",
    (
        r"""[0-9][A-Za-z0-9_-]{0,15}["'`]\)?;?\s{0,30}(?:[a-zA-Z_$]{0,20} ?[.+&]="""
        r"""|[a-zA-Z_.]{0,20}\.(?:[aA]ppend|WriteString|push_str)\()\s?["'`]"""
    ),
    """[0-9][A-Za-z0-9_-]{3,15}" "[0-9A-Za-z]{4}""",
    """[0-9a-f]{6}["'] {1,3}# """,
    r"""["'`]SG\.[A-Za-z0-9_.-]{10}""",
)
# In code that is escaped: what is before a text's quote, what may be between one and the line's end; how values begin.
_GIVEN, _CLOSED, _HEAD = r"[=(\[{,+.&|] ?", r"[\]), ;+.&]{0,6}", r"(?:AC|SK|OQ|SG\.?)"
_FLATTENED = (
    r"""(?:\\"\]?\)? ?[+.&]|['`]\]?\)? ?[+.&]) {0,9}\\["n]|[\\'`]["'`]?\\n {0,9}[+.&] ?\\?["'`]"""
    r"""|\\"\]\.join|(?:[jJ]oin|implode)\((?:\[\]string\{|\[)?\\"|\\"\\n {0,20}\\"[0-9A-Za-z]{6}"""
)
# Whether an encoding, or a way of putting pieces together, occurs at all in a content that deserves a look: by names
# that signs.py and joining.py know. In databases that are asked one after another: faster than in one, where some
# patterns without any fixed text make others slow.
GATES: tuple[dict[str, Pattern], ...] = (
    {
        "x": r"(?:\\x\{?[2-7][0-9a-fA-F]\}?){8}|(?:\\x[3-6][0-9a-fA-F][0-9a-fA-F]{0,6}){4}"
        r"|\\x(?:41(?:\\x43|C)|53(?:\\x4[bB]|K)|4[fF](?:\\x51|Q))[0-9a-f]{8}",
        "u": r"(?:\\u(?:00[2-7][0-9a-fA-F]|\{(?:00)?[2-7][0-9a-fA-F]\})){8}"
        r"|(?:\\u00[3-6][0-9a-fA-F][0-9a-fA-F]{0,6}){4}"
        r"|\\u00(?:41(?:\\u0043|C)|53(?:\\u004[bB]|K)|4[fF](?:\\u0051|Q))[0-9a-f]{8}",
        "octal": r"(?:\\[0-9]{2,4}){8}",
        "percent": "(?:%[2-7][0-9a-fA-F]){8}",
        "some": r"[A-Za-z0-9](?:(?:%|&#[xX]|\\x|\\u00)(?:2[dDeE]|5[fF]);?[A-Za-z0-9]{3}|%2[eE]%"
        "|&#(?:4[56]|95);[A-Za-z0-9]{3})",
        "entities": "(?:&#x?[0-9a-fA-F]{2,4};){8}",
        "spaced": r"(?:[2-7][0-9a-fA-F][ :-]){8}|0: {1,2}(?:(?:[2-7][0-9a-f]){2} ){4}|<(?:[2-7][0-9a-fA-F]){4} ",
        "folded": r"[0-9a-f]{5}\r?\n [0-9a-f]{5}",
        "letters": r"'[0-9A-Za-z]', ?b?'[0-9A-Za-z]', ?b?'[0-9A-Za-z]', ?b?'",
        "chr": r"(?i)chr[wb]?\$?\( ?(?:0x|&h)?[0-9a-f]{2,3} ?\)|char(?:code)?\( ?(?:0x)?[0-9a-f]{2,3} ?\)"
        r"|\[char\] ?\(?(?:0x)?[0-9a-f]{2}|#\$?[0-9a-f]{2,3}#\$?[0-9a-f]{2,3}#\$?[0-9a-f]{2,3}#",
        "quoted-printable": r"[A-Za-z0-9_-]=\r?\n[A-Za-z0-9_-]{4}|=3D[A-Za-z0-9_.-]{20}",
        "seam": (rf"{_BEHIND_DIGIT}[+.&~^|\\\n<][+.&|>_\s]{{0,60}}[bfurLRN@$]?[\"'`]", *_SEAMS),
        "continued": r"[A-Za-z0-9_.-]{6}\\\r?\n",
        REVERSED: r"""[0-9A-Za-z]{8}["'`]\)?(?:\.(?:split|chars)(?:\(["'`]{0,2}\))?)?(?:\.reverse|\[::-1\])"""
        r"""|(?:strrev|[rR]ev(?:erse[A-Za-z]{0,9})?)\( ?["'`][0-9A-Za-z]{8}""",
        FLATTENED: rf"""{_FLATTENED}|{_GIVEN}\\"(?:[0-9A-Za-z_-]{{6}}|SG\.)|[0-9A-Za-z_-]{{4}}['`]{_CLOSED}\\[nr]""",
        SIGNED: "(?i)twilio.?signature|request.?validat",
        # No sign is put between the pieces of a value but a dot: `" ".join(` makes none.
        "join": (
            r"""(?:(?:^|[^.]|[^"'`]\.|["'`]\.?["'`]\.)[jJ]oin(?:ToString)?"""
            r"""|implode|[cC]oncat!?|CONCAT|strcat|paste0) ?\("""
            r"""\s{0,20}(?:["'\[(]|[$@]?[A-Za-z_.:>-]{1,30}(?:\)|, ?["'`]{2}))"""
            r"""|join ["']{2},|mkString|\.joined\(|[\])]\.(?:join\b|concat\(\))"""
            r"""|%s["'] ?% ?["'A-Za-z_]|["'`](?:%s|\{[0-9]?\})\.?(?:%s|\{[0-9]?\})"""
        ),
        "prefix": (
            r"""["'`](?:AC|SK|OQ|SG\.?)["'`]|["'`]SG\.[A-Za-z0-9_.-]{4,60}["'`]|= ?(?:AC|SK|OQ)\r?\n"""
            r"""|(?:AC|SK|OQ|SG\.)(?:[$#%]?\{|%s|\$[A-Za-z_(]|\\\()"""
        ),
        # Two of these have no fixed text at all. As the last ones in the database they cost half of what they do alone;
        # before others they make all of it take twice as long.
        "codes": (
            r"\(byte\) ?[0-9]|[0-9a-f]u8, ?[0-9]",
            "(?:[4-9][0-9] |1[012][0-9] ){8}",
            "[0-9a-fA-F]{2}, ?" + "(?:0x)?[0-9a-fA-F]{2,3}, ?" * 3,
        ),
    },
    {OF_RUNS: "(?:[2-7][0-9a-fA-F]){24}"},
    {CONSTANTS: PIECE_ENDS},
)
# The same behind three letters at least: lock files are full of versions and names in quotes.
_BEHIND_PIECE = rf"(?:{_L}{_L}[0-9]|{_L}[0-9]{_L}|[0-9]{_L}{{2,15}})" + _QUOTED
# What is asked besides where a gate occurs: the whole pattern, which is slow to look for.
# Attributes of HTML in JSON are given texts, too, but no pieces.
CLOSER: dict[str, Pattern] = {
    "seam": (_BEHIND_PIECE + _SIGN, *_SEAMS),
    FLATTENED: (
        _FLATTENED,
        rf'{_GIVEN}\\"(?:AC|SK|OQ|SG(?:\.[A-Za-z0-9_.-]{{0,60}})?|[A-Za-z0-9_.-]{{0,56}}{_PIECE_END})\\"',
        rf"""(?:{_PIECE_END}|{_HEAD})['`]{_CLOSED}\\[nr]""",
    ),
}
# Each group is asked about by itself.
GATE_GROUPS: tuple[Mapping[str, Pattern], ...] = (*GATES, *({name: pattern} for name, pattern in CLOSER.items()))
# What letters that are wide look like; and the same in every other byte.
WIDE_LETTERS = r"(?s)(?:\x00.){14}\x00"
_WIDE = b"\0" * 15
# There are these, too, then, which is told in half the time.
_HALF_AS_WIDE = b"\0" * 7


def may_be_wide(data: bytes) -> bool:
    """Whether some letters of `data` could be wide: every other byte is NUL, or three of four are."""
    return (
        b"\0" in data
        and (_HALF_AS_WIDE in data[1::4] or _HALF_AS_WIDE in data[::4])
        and (_WIDE in data[1::2] or _WIDE in data[::2])
    )
