"""Values that are put together from pieces in one file: literals side by side, joined lists; and see pieces.py."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from leakscan.detection.coded.pieces import JOINED, LIST, LITERAL, ONE, expressions, formats, list_of, literals
from leakscan.detection.coded.texts import Coded
from leakscan.detection.gates import CONSTANTS

# What stands between two literals that are put together: a sign, a line end, nothing, or what adds the next one.
# Nothing is tried twice in it, as it is asked for behind each literal.
_LINE_END = r"(?:[ \t]{0,20}+(?:(?:#|//|--)[^\n]{0,120}+|_))?+\r?\n"
_SIGN = r"(?:\+{1,2}|[.&~^]|\.\.|<>|\|\||\\|\.concat\()\s{0,9}+_?+"
_ADDED = (
    r";?+\s{0,40}+(?:[\w$@.>-]{0,40}\s?(?:\.(?:[aA]ppend|push|concat|WriteString|write_str|push_str)\(|[.+&~]=|<<)"
    r"|[\w$]{1,40}+\s?+=\s?+[\w$]{1,40}+\s?+[+.&])"
)
_MEETING = rf"(?:{_LINE_END}\s{{0,40}}+)?{_SIGN}|{_LINE_END}|{_ADDED}|(?=[\"'`])"
_OPERATOR = rf"\)?+[ \t]{{0,9}}+(?:{_MEETING})\s{{0,60}}+[bfurLRN@$]?+"
_CHAIN = re.compile(rf"{LITERAL}(?:{_OPERATOR}{LITERAL}){{1,64}}+")
_BUILDER = re.compile(r"(?:new\s)?\w{0,40}\(\)\s{0,40}\.append\([\"'`]$")
# An escaped quote behind a text, or behind another one: what is filled up must not come between it and the text. Behind
# a sign a text may also begin, as in `a=\"b\"`.
_CLOSING = re.compile(rb'\\"(?:(?<=[\w}]\\")|(?<=[.:/=+@-]\\")(?!\w)|(?<=\\"\\"))')
_LONGEST_LIST = 3_000
# Nothing or a dot, as between the parts of a SendGrid key.
_NOTHING = r"\s{{0,4}}(?:\"(?P<{0}>\.?)\"|'(?P<{0}a>\.?)'|`(?P<{0}b>\.?)`)\s{{0,4}}"
_BETWEEN, _BEHIND = _NOTHING.format("s"), _NOTHING.format("t")
_QUALIFIED = re.compile(r"(?:\b\w+\.)+$")
_CALLED = re.compile(r"\b[\w.]{1,40}$")
_JOINS = r"join(?:ed|ToString)?\b", r"Join(?:ed|ToString)?\b"
_CALLS = (*_JOINS, *(rf"{word}\b" for word in "mkString implode concat Concat CONCAT strcat paste0".split()))
_FORMATTED = re.compile(r"(?<=%s)[\"'] ?% ?(?=\w)")
_JOINED = (
    rf"\.\s{{0,9}}(?:(?:join(?:ToString)?|mkString)\b(?:\s?\({_BETWEEN}\)|(?!\s?\())"
    rf"|concat\(\)|joined\s?\((?:\s?separator:{_BEHIND})?\))"
)
_LIST_JOINED = re.compile(rf"(?:\[|\w{{0,20}}\(){LIST}[\])]\s{{0,9}}{_JOINED}")
_WORDS_JOINED = re.compile(rf"%[wW][\[({{](?P<list>(?:\s{{0,9}}[\w.-]{{1,120}}){{2,64}})\s{{0,9}}[\])}}]\s?{_JOINED}")
_RECEIVER = re.compile(rf"{_BETWEEN}\.\s?join\s?\(\s{{0,4}}[\[(]{LIST}[\])](?:\s{{0,9}}\))?")
_FUNCTION = re.compile(
    rf"(?:(?:implode\s?\(|[jJ]oin\s?\(?)(?:{_BETWEEN},\s{{0,9}}(?:\w{{0,12}}\s?[\[({{])?|\s?\[\]string\s?\{{)"
    rf"|(?:[cC]oncat!?|CONCAT|strcat|paste0)\s?\(){LIST}[\])}}]?(?:\s{{0,9}},{_BEHIND})?(?:\s{{0,9}}\))?"
)
# A list of its own, joined by its name.
_NAME = r"(?:[\w$]{1,40}(?:::|->|\.)){0,2}[$@]?(?P<name>[A-Za-z_$][\w$]{0,60})"
_NAME_JOINED = re.compile(rf"{_NAME}\s{{0,9}}{_JOINED}")
_NAME_GIVEN = re.compile(
    rf"(?:{_BETWEEN}\.\s?join\s?\(\s?{_NAME}\s?\)"
    rf"|(?:implode|[jJ]oin|concat)\s?\((?:{_BEHIND},\s?)?{_NAME.replace('name', 'named')}(?:,\s?(?:\"\"|''))?\s?\))"
)
_FILLED = re.compile(rf"[\"'](?:%s){{2,12}}[\"'] ?% ?{_NAME}")
_MOST_LISTS = 40
# The gates of what pieces of a value look like.
_PIECES = frozenset((CONSTANTS, "prefix"))
# A line that goes on in the next one: behind a backslash; in LDIF and calendars where that begins with a blank.
_LINES = {
    gate: (
        re.compile(rf"(?<![\w.:/=+@-])([\w.:/=+@-]{{1,200}})(?:{end}([\w.:/=+@-]{{1,200}})){{1,20}}"),
        re.compile(end),
    )
    for gate, end in (("continued", r"\\\r?\n[ \t]{0,40}"), ("folded", r"\r?\n "))
}
# Whatever comes out has to be long enough for a value or for a half of a pair, and no piece may be as long as one.
_LONG = re.compile(r"[A-Za-z0-9_-]{24}")
_WHOLE = re.compile(r"[A-Za-z0-9+/]{64}|(?<![A-Za-z0-9])[A-Za-z0-9]{32,34}(?![A-Za-z0-9])")
_LEAST_WHOLE = 32
_SID = re.compile(r"(?:AC|SK|OQ)[0-9a-f]{32}")
_LEAST_LINE = 40
# The letters of a SID before the rest of it, which is put together.
_HEAD = re.compile(r"[\"'`](AC|SK|OQ)[\"'`]\s{0,9}(?:[+.&]|<>|\|\||\.\.)\s{0,9}$")
_REST = re.compile(r"[0-9a-f]{32}")


def flattened(data: bytes) -> bytes:
    """Code in string literals of JSON (source maps, notebooks, recorded requests) as code of the same length."""
    data = _CLOSING.sub(b'" ', data).replace(b'\\"', b' "')
    return data.replace(rb"\n", b" \n").replace(rb"\t", b" \t").replace(rb"\r", b"  ")


def joined(text: str, gates: Collection[str], named: Mapping[str, str]) -> Iterator[Coded]:
    """What is put together in `text`, one character a byte, with the span of its pieces; `named` are its constants."""
    for gate in gates:
        if gate == "seam":
            yield from _long(_chains(text))
        elif gate in _LINES:
            lines, line_end = _LINES[gate]
            yield from _long(Coded(*run.span(), line_end.sub("", run[0]), JOINED) for run in lines.finditer(text))
        elif gate == "join" and not _PIECES.isdisjoint(gates):
            yield from _long(_headed(text, each) for each in chain(_lists(text), formats(text, {})))
    if named or "prefix" in gates:
        yield from _long(_headed(text, each) for each in expressions(text, named, prefixed="prefix" in gates))


def _long(found: Iterable[Coded]) -> Iterator[Coded]:
    return (each for each in found if _LONG.search(each.plain))


def _headed(text: str, rest: Coded) -> Coded:
    """The whole SID, where only its rest was put together."""
    if _REST.fullmatch(rest.plain) is None:
        return rest
    head = _HEAD.search(text, max(0, rest.start - 30), rest.start)
    return rest._replace(start=head.start() + 1, plain=head[1] + rest.plain) if head else rest


def _chains(text: str) -> Iterator[Coded]:
    """Literals side by side: `"ab" + "cd"`, and without an operator, as C and Python have it."""
    for run in _CHAIN.finditer(text):
        pieces = [piece[1] for piece in ONE.finditer(run[0])]
        plain = "".join(pieces)
        if any(_WHOLE.search(piece) for piece in pieces if len(piece) >= _LEAST_WHOLE) and not (
            _SID.fullmatch(plain) or _are_lines(pieces)
        ):
            continue
        called = text.startswith("(", run.start() - 1)
        builder = _BUILDER.search(text, max(0, run.start() - 80), run.start() + 1) if called else None
        yield Coded(builder.start() if builder else run.start() + 1, run.end() - 1, plain, JOINED)


def _are_lines(pieces: list[str]) -> bool:
    """Whether a long text was cut into lines of the same length."""
    return len(pieces[0]) >= _LEAST_LINE and len({*map(len, pieces[:-1])}) == 1 and len(pieces) > 2


def _lists(text: str) -> Iterator[Coded]:
    """Lists of literals that are joined with nothing between them; the whole expression stands for what it makes."""
    listed: dict[str, list[str]] = {}
    for call in chain(_calls(text), _FORMATTED.finditer(text) if "%s%s" in text else ()):
        least = max(0, call.start() - _LONGEST_LIST)
        begin = max(text.rfind("[", least, call.start()), text.rfind("(", least, call.start()))
        receiver = max(text.rfind(quote, max(0, call.start() - 9), call.start()) for quote in ('"', "'", "`"))
        receiver = text.rfind(text[receiver], max(0, receiver - 2), receiver) if receiver > 0 else -1
        tried = (
            (_LIST_JOINED, begin), (_WORDS_JOINED, begin - 2), (_RECEIVER, receiver), (_FUNCTION, call.start()),
        )  # fmt: skip
        for pattern, start in tried:
            found = pattern.match(text, start) if start >= 0 else None
            if found and call.start() < found.end():
                pieces = found["list"].split() if pattern is _WORDS_JOINED else literals(found["list"])
                whole = (_CALLED if found[0].startswith("(") else _QUALIFIED).search(
                    text, max(0, found.start() - 40), found.start()
                )
                begin = whole.start() if whole else found.start()
                yield Coded(begin, found.end(), _separator(found).join(pieces), JOINED)
                break
        else:
            yield from _concatenated(text, call.start())
            yield from _by_name(text, call.start(), receiver, listed)


def _calls(text: str) -> Iterator[re.Match[str]]:
    """What joins, in order; each word is looked for by itself, as one pattern of all takes ten times as long."""
    found = (call for word in _CALLS for call in re.finditer(word, text))
    return iter(sorted(found, key=re.Match.start))


def _separator(found: re.Match[str]) -> str:
    return next((text for name, text in found.groupdict().items() if name[0] in "st" and len(name) < 3 and text), "")


def _concatenated(text: str, at: int) -> Iterator[Coded]:
    """`"ab".concat("cd")`, whose call begins at an offset."""
    if text[max(0, at - 2) : at] not in {'".', "'.", "`."}:
        return
    begin = text.rfind(text[at - 2], max(0, at - 130), at - 2)
    run = _CHAIN.match(text, begin) if begin >= 0 else None
    if run:
        yield Coded(run.start() + 1, run.end() - 1, "".join(piece[1] for piece in ONE.finditer(run[0])), JOINED)


def _by_name(text: str, at: int, receiver: int, listed: dict[str, list[str]]) -> Iterator[Coded]:
    """`NAME.join("")` and its like, whose call begins at an offset; `listed` are the lists that were looked up."""
    word = re.search(r"[A-Za-z_$][\w$]{0,60}\s{0,9}\.\s{0,9}$", text[max(0, at - 90) : at])
    own = at - len(word[0]) if word else -1
    filled = text.rfind(text[at], max(0, at - 40), at) if text[at] in "\"'" else -1
    for pattern, start in ((_NAME_JOINED, own), (_NAME_GIVEN, receiver), (_NAME_GIVEN, at), (_FILLED, filled)):
        found = pattern.match(text, start) if start >= 0 else None
        if found is None or found.end() <= at:
            continue
        name = found.groupdict().get("named") or found["name"]
        if name not in listed:
            if len(listed) >= _MOST_LISTS:
                return
            listed[name] = list_of(text, name)
        if listed[name]:
            separator = "" if pattern is _FILLED else _separator(found)
            yield Coded(*found.span(), separator.join(listed[name]), JOINED)
        return
