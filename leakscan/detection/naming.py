"""The name that a value is assigned to: name, separator, quote, value; or the value first and its name after it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from leakscan.detection.vocabulary import ASIDES, NEUTRAL, NOISE, VALUE_WORDS

_WORD = re.compile(
    r"(?<![A-Za-z0-9])(?=_*[A-Za-z])[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|-(?!>)|::?|__)[A-Za-z_][A-Za-z0-9_]*)*"
)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_CLOSED_BUT_JOINED = re.compile(r"[)\]}]+[\"'`]*[?!]?\s*(?:=|:|\{|\.|\|\||\?\?|\?:|\bor\b|//|->|<-|,\s*[\"'`]|>)")
_WRAPPER = re.compile(
    r"(?:en|de)crypt\w*$|^(?:en|de)code\w*$|"
    r"^(?:trim|unwrap_or\w*|(?:get)?or_?else\w*|getordefault|value_or|ifblank|orelseget|otherwise|fetch|"
    r"option|argument|secret_?str|attrib|from_?char_?codes?|from_?hex|unhexlify|from_?base_?64(?:_?string)?|b64decode)$"
)
# What deployment descriptors call the two halves of a pair.
_OF_PAIR = re.compile(r"^(?:param|property|env-entry|attribute|settings?|option|init-param|config|meta)[_-](?=value$)")
CREDENTIAL = re.compile(r"auth|tok|secret|pass|twil|key$", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:quot|apos|lt|gt|amp|nbsp|#\d+|#x[0-9a-fA-F]+);")
_ACCESSORS = re.compile(r"\{\s*(?:\w+\s+)?get;[^}]{0,40}\}")
_SERIALIZED = re.compile(r"[\"']\s*;\s*s:\d+:")  # PHP's own format, as WordPress keeps its options
# `name = condition ? "this" : "that"`: the condition, and before the second value the first.
_FIRST_CHOICE = re.compile(r"\?\s{0,9}[\"'`]([^\"'`\n]{0,120})[\"'`]\s{0,9}:\s{0,9}(?=[\"'`]?$)")
_CONDITION = re.compile(r"([=:(,]|\breturn\b)\s{0,9}[\w.!=&()' ]{1,60}\?\s{0,9}(?=[\"'`]?$)")
# `name: []const u8 = "`; and Robot Framework's `${NAME}    value`.
_TYPED = re.compile(r":\s{0,3}(?=[\[\]&*?])[\[\]&*?\w<> ]{1,40}=\s{0,3}(?=[\"'`]?$)")
_VARIABLE = re.compile(r"[$@&]\{([\w ]{1,60})\}[ \t]{2,20}$")
# `PIC X(32) VALUE`, and the value on a line of its own.
_WRAPPED = re.compile(r"[ \t]*\r?\n[ \t]*[\"'`]")
# A line that only names what stands on the next.
_LABEL = re.compile(
    r"(?:^|\n)[ \t#*>|-]*([A-Za-z][A-Za-z _-]{1,40}?)[ \t:*]*(?:\r?\n[ \t]*[-=]+)?\r?\n[ \t]*[\"'`>*]{0,3}$"
)
_SID_LIKE = re.compile(r"\b(?:sid|user ?name|username|user|login|account|acct|client id|account id|key|identifier)$")
_SID = re.compile(r"(?:AC|SK|OQ)[0-9a-fA-F]{32}$")
_HASH_LIKE = re.compile(r"[0-9a-fA-F]{32,}")  # a value of its own, no name
# How a table's cell looks says nothing of what is in it; `set twilio(token)` of Tcl.
_LOOKS = re.compile(
    r"<(td|th|tr|dd|dt|li|span|code|strong|b|em|i|div|p|pre|kbd|samp|tt)(?![^<>]*(?:auth|tok|secret|pass|key))"
    r"(?:\s{1,4}(?:class|style|align|valign|width|height|colspan|dir|lang)=(?:\"[^\"<>]{0,80}\"|'[^'<>]{0,80}')){1,4}\s?>",
    re.IGNORECASE,
)
_TCL_ARRAY = re.compile(r"\bset\s{1,4}([\w:]{1,40})\(([\w,.-]{1,40})\)\s{1,9}(?=[\"{]?$)")
# What a comment says of the item before it: `'AC…',  // account`.
_ITEM_COMMENT = re.compile(r",(?<=[\"'`],)[ \t]{0,20}(?://|#|/\*)[^\n]{0,80}(?=\r?\n[ \t]{0,40}[\"'`]?$)")
# What is said in brackets of which one is meant: `Auth Token (prod): `.
_ASIDE = re.compile(
    r"(?<=[A-Za-z*_])[ \t]{1,2}[(\[]([A-Za-z][\w ,./-]{1,30})[)\]]"
    r"(?=[*_`]{0,3}[ \t]{0,3}(?:=>|[:=|])[*_]{0,2}[ \t]{0,3}[\"'`]?$)"
)
# A SID that is put together where it is used: `f"AC{rest}", `, `'AC' + rest, `.
_MADE_SID = re.compile(
    r"[fF$@]?[\"'`](?:AC|SK)(?:(?:[$#]?\{[\w.$@ \[\]\"'>-]{1,40}\}|\\\([\w.]{1,40}\)|\$\w{1,40})[\"'`]"
    r"|[\"'`]\s{0,4}[+.&]\s{0,4}[\"']?[\w.$@>-]{1,40}[\"']?|[\"'`]\.concat\([\w.$]{1,40}\)"
    r"|(?:%s|\{\d?\})[\"']\s?(?:%\s?[\w.$]{1,40}|\.format\([\w.$]{1,40}\)))(?=,\s{0,40}[fF$@]?[\"'`]?$)"
)
# Who says it, in a chat: `12/05/21 21:41 - Ann: `, `[21:41] <ann> `.
_SPEAKER = re.compile(
    r"^[ \t]*\[?\d[\d./: ,T-]{3,22}(?: ?[AaPp][Mm])?\]?[ \t-]{1,3}(?:<[^<>\n]{1,40}>|[^:\n<>=\"']{1,40}:)[ \t]*",
    re.MULTILINE,
)


class Named(NamedTuple):
    """What stands before a value: the name as written, a sibling (a SID, or another argument's name in words).

    `is_value` tells that the value is called just "value" or "default", and is somebody else's.
    """

    written: str = ""
    sibling: str = ""
    is_value: bool = False


def words(name: str) -> str:
    """A name in any casing as lower-case words: `twilioAuthToken`, `TWILIO_AUTH-TOKEN` -> `twilio auth token`."""
    return " ".join(part.lower() for part in _CAMEL.findall(name))


def core(name: str) -> str:
    """The words of a name that tell what it holds: `const myAccountAuthToken2` -> `auth token`.

    A number stays where it is a part of a word, as in `auth 0 token`.
    """
    spelled = name.split()
    kept = [index for index, word in enumerate(spelled) if word not in NEUTRAL and not word.isdigit()]
    within = [index + 1 for index in kept[:-1] if spelled[index + 1].isdigit()]
    return " ".join(spelled[index] for index in sorted([*kept, *within]))


@lru_cache(maxsize=16_384)  # versions of a file have the same again and again
def named(left: str) -> Named:
    """What the text after `left` is assigned to."""
    left = _plain(left)
    label = _LABEL.search(_SPEAKER.sub("", left[-200:])[-120:] if left[-2:] in {": ", "> "} else left[-120:])
    return Named(label[1]) if label else _nearest(left)


def _plain(left: str) -> str:
    """`left` with the spellings of some languages as `name = `."""
    left = _SERIALIZED.sub('":', _ACCESSORS.sub("", _ENTITY.sub('"', left)))
    left = _TYPED.sub(" = ", _VARIABLE.sub(r"\1 = ", left))
    left = _LOOKS.sub(r"<\1>", left) if "=" in left and left.endswith(">") else left
    left = _ITEM_COMMENT.sub(",", left) if "\n" in left[-48:] else left
    left = _ASIDE.sub(_without_aside, left) if {")", "]"} & set(left[-12:]) else left
    left = _MADE_SID.sub("sid", left) if "AC" in left[-120:] or "SK" in left[-120:] else left
    left = _TCL_ARRAY.sub(r"\1.\2 = ", left) if left[-4:].rstrip('" {\t').endswith(")") else left
    return _CONDITION.sub(r"\1 ", _FIRST_CHOICE.sub("? ", left)) if "?" in left[-160:] else left


def _without_aside(aside: re.Match[str]) -> str:
    """What is left of a remark in brackets: nothing, if it tells but which of several is meant."""
    return "" if all(word in ASIDES or word.isdigit() for word in words(aside[1]).split()) else aside[0]


def _nearest(left: str) -> Named:
    """The word nearest to the end that can be a name."""
    position = nearest = len(left)
    crossing = False
    for begin, finish in _words_leftwards(left):
        gap, spelled = left[finish:position], left[begin:finish]
        if _SID.search(spelled):
            return Named("", spelled if _siblings(left[finish:]) else "", crossing)
        is_value = _last_part(spelled) in VALUE_WORDS
        joined = _bridges(gap, crossing=crossing) or (is_value and _WRAPPED.fullmatch(gap))
        if not joined or _HASH_LIKE.fullmatch(spelled):
            return Named(is_value=crossing)
        position = begin
        if is_value:
            crossing = True
        elif _says_nothing(spelled) and len(gap) <= 24:
            continue
        elif "," not in gap or crossing or (_quoted(left, finish) and gap[1:2] not in {"]", ")"}):
            return Named(_phrase(left, begin, finish), is_value=crossing)
        elif _SID_LIKE.search(words(spelled)):
            return Named(sibling=words(spelled))
        elif CREDENTIAL.search(spelled) or spelled.isupper():
            return Named(_phrase(left, begin, finish))
        nearest = begin
    return Named(is_value=crossing and nearest < len(left))


def _words_leftwards(left: str) -> Iterator[tuple[int, int]]:
    for word in reversed(list(_WORD.finditer(left))):
        begin, finish = word.span()
        escaped = begin and left[begin - 1] == "\\" and left[begin] in "nrtu" and finish - begin > 1
        yield begin + bool(escaped), finish  # in "\nTOKEN" the n is no letter of the name


def _last_part(spelled: str) -> str:
    return _OF_PAIR.sub("", re.split(r"[.:]", spelled.lower())[-1])


def _says_nothing(spelled: str) -> bool:
    return spelled.lower() in NOISE or _WRAPPER.search(_last_part(spelled)) is not None


def _siblings(gap: str) -> bool:
    """Whether only separators and words that say nothing stand between two values."""
    meant = [word for word in _WORD.findall(gap) if word.lower() not in NOISE and word.lower() not in VALUE_WORDS]
    return len(gap) <= 60 and not meant and not re.search(r"[{};]", gap)


def _quoted(left: str, finish: int) -> bool:
    return left[finish : finish + 1] in {'"', "'", "`"}


def _bridges(gap: str, *, crossing: bool) -> bool:
    """Whether `gap` can stand between a name and its value."""
    if crossing:
        return len(gap) <= 60 and gap.count("\n") <= 2
    if len(gap) > 40:
        return False
    if "\n" in gap:
        head, _, tail = gap.partition("\n")
        if "\n" in tail or not re.search(r"(?:[=:(,|>\\+{\[]|<-|=>)[\"'`>|-]*\s*$", head):
            return False
    closed = _CLOSED_BUT_JOINED.search(gap)
    rest = gap[closed.end() :] if closed else gap
    return not re.search(r"[;)\]}]", rest)


_HEAD = re.compile(r"(?<![\w$.-])([A-Za-z_$][\w$.-]{0,30})([ \t]{1,2}|->|/|\(|[ \t]{0,2}\[[\"']?)$")


def _phrase(left: str, begin: int, finish: int) -> str:
    """The name that ends at `finish`, with the words before it that belong to it: `const string authToken`."""
    start = begin
    for _ in range(4):
        head = _HEAD.search(left[:start][-60:])
        if head is None or _SID.search(head[1]) or left[max(0, start - 1) : start] == "\n":
            break
        start -= len(head[0])
    return left[start:finish].strip()


_AFTER = re.compile(
    r"^[\"'`]?\s*[,;]?\s*[\"'`]?\s*(?:\w+:|where\s+(?:[\w.`]{1,30}\s*=\s*\w{1,20}\s+and\s+)?[\w.`\"]{0,20}?)?(?:name|key|id|field|label|variable)[\"'`]?\s*[=:]>?\s*[\"'`]?([\w.:-]{2,60})",
    re.IGNORECASE,
)


def name_after(right: str) -> str:
    """The name where it follows its value: `value: …, name: TWILIO_AUTH_TOKEN`."""
    found = _AFTER.search(right)
    return found[1] if found else ""


_BEFORE = re.compile(
    r"(?s:.*)(?:\b|set_?)(?:name|key|id|field|label|variable)[\"'`]?\s*[=:(]>?\s*"
    r"[\"'`]([\w./:-]{2,80})[\"'`][^{}]{0,120}$",
    re.IGNORECASE,
)


# An element with a name, then one with the value.
_BEFORE_ELEMENT = re.compile(
    r">\s{0,20}([\w./:-]{2,80})\s{0,20}</[\w:.-]{1,40}>\s{0,60}"
    r"<[\w:.-]{1,40}(?:\s[^<>]{0,80})?>\s{0,20}$"
)


def name_before(left: str) -> str:
    """The name of the pair whose value comes next: `name="TWILIO_AUTH_TOKEN" type="string" value="`."""
    found = _BEFORE_ELEMENT.search(left[-240:]) or _BEFORE.search(left[-240:])
    return found[1] if found else ""
