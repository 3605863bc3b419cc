"""Values that are put together from pieces in one file: literals side by side, joined lists, constants, formats."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from leakscan.detection.encodings import Coded

JOINED = "concatenation"
_LITERAL = r"""["'`]([\w.:/=+@-]{1,120})["'`]"""
_OPERATOR = r"\)?[ \t]{0,9}(?:(?:[+.&~]|\.\.|<>|\|\||\\|\.concat\()\s{0,9}_?|\r?\n)\s{0,40}[bfurLRN@$]?"
_CHAIN = re.compile(rf"{_LITERAL}(?:{_OPERATOR}{_LITERAL}){{1,64}}")
_ONE = re.compile(_LITERAL)
_LIST = r"(?P<list>(?:\s{0,40}+" + _LITERAL + r"\s{0,4}+,?+){2,64}+)\s{0,40}+"
# An escaped quote behind a text, or behind another one: what is filled up must not come between it and the text.
_CLOSING = re.compile(rb'\\"(?:(?<=[\w.:/=+@}-]\\")|(?<=\\"\\"))')
_LONGEST_LIST = 3_000
_NOTHING = r"\s{0,4}(?:\"\"|''|``)\s{0,4}"
_QUALIFIED = re.compile(r"(?:\b\w+\.)+$")
_CALL = re.compile(r"(?:[jJ]oin|implode|concat|strcat|paste0)\b")
_LIST_JOINED = re.compile(r"\[" + _LIST + r"\]\s{0,9}\.\s{0,9}join\b(?:\s?\(" + _NOTHING + r"\)|(?!\s?\())")
_RECEIVER = re.compile(_NOTHING + r"\.\s?join\s?\(\s{0,4}[\[(]" + _LIST + r"[\])]\s{0,9}\)?")
_FUNCTION = re.compile(
    r"(?:(?:implode|[jJ]oin)\s?\((?:" + _NOTHING + r",\s{0,9}(?:\w{0,12}\s?[\[({])?|\s?\[\]string\s?\{)"
    r"|(?:concat|strcat|paste0)\s?\()" + _LIST + r"[\])}]?\s{0,9}(?:," + _NOTHING + r")?\)?"
)  # fmt: skip
_CONTINUED = re.compile(r"(?<![\w.:/=+@-])([\w.:/=+@-]{1,200})(?:\\\r?\n[ \t]{0,40}([\w.:/=+@-]{1,200})){1,20}")
_LINE_END = re.compile(r"\\\r?\n[ \t]*")
# A constant: a short text that is given to something, and the name of that, which is read from its end on: so it has
# to be tried but once.
# Two patterns, each with one sign in front, are found twice as fast as one with either.
_GIVEN = [re.compile(sign + r"""\s{0,9}["'`]([A-Za-z0-9_.-]{2,60})["'`]""") for sign in ":="]
_NAMED_BACKWARDS = re.compile(r":?\s{0,9}+(?:\w{1,20}+\s?:\s{0,9}+)?([\w.]{0,60}[A-Za-z_$@])")
_NAME = r"[A-Za-z_$@][\w.$]{0,60}"
_PART = rf"(?:{_NAME}|{_LITERAL})"
_SUM = re.compile(rf"(?<![\w.$@]){_PART}(?:\s{{0,9}}(?:\+|\.\.?|&|<>|\|\||~)\s{{0,9}}{_PART}){{1,12}}")
_TEMPLATE = re.compile(
    r"""["'`]((?:[\w.:/=+@-]{0,60}[$#%]?\{\s?[A-Za-z_$][\w.]{0,60}\s?\}){1,12}[\w.:/=+@-]{0,60})["'`]"""
)
_SHELL = re.compile(r"""(?:\$\{?[A-Za-z_]\w{0,60}\}?){2,12}""")
_SLOT = re.compile(r"[$#%]?\{\s?([A-Za-z_$][\w.]{0,60})\s?\}")
_SHELL_SLOT = re.compile(r"\$\{?([A-Za-z_]\w{0,60})\}?")
_NAMES = rf"((?:\s{{0,9}}{_NAME}\s{{0,4}},?){{2,12}})"
_FORMAT = re.compile(rf"""["'`]((?:%s|\{{\d?\}}){{2,12}})["'`]\s{{0,4}}(?:%|\.\s?format|,|-f)\s{{0,4}}\(?{_NAMES}""")
_PIECE = re.compile(rf"{_LITERAL}|({_NAME})")
# Whatever comes out has to be long enough for a value or for a half of a pair, and no piece may be as long as one.
_LONG = re.compile(r"[A-Za-z0-9_-]{24}")
_WHOLE = re.compile(r"[A-Za-z0-9+/]{64}|(?<![A-Za-z0-9])[A-Za-z0-9]{32,34}(?![A-Za-z0-9])")
_MOST = 2_000
# As far from a constant's name an expression that uses it begins or ends.
_ASIDE = 1_500


def flattened(data: bytes) -> bytes:
    """Code in string literals of JSON (source maps, notebooks, recorded requests) as code of the same length."""
    data = _CLOSING.sub(b'" ', data).replace(b'\\"', b' "')
    return data.replace(rb"\n", b" \n").replace(rb"\t", b" \t").replace(rb"\r", b"  ")


def joined(text: str, gates: Collection[str], named: Mapping[str, str]) -> Iterator[Coded]:
    """What is put together in `text`, one character a byte, with the span of its pieces; `named` are its constants."""
    for gate in gates:
        if gate == "seam":
            yield from _long(_chains(text))
        elif gate == "continued":
            continued = (Coded(*run.span(), _LINE_END.sub("", run[0]), JOINED) for run in _CONTINUED.finditer(text))
            yield from _long(continued)
        elif gate == "join" and "constants" in gates:  # pieces of a value look like constants
            yield from _long(_lists(text))
        elif gate == "constants" and named:
            for begin, end in _near_uses(text, named):
                sums = _sums(text[begin:end], named)
                yield from _long(each._replace(start=begin + each.start, end=begin + each.end) for each in sums)


def _long(found: Iterable[Coded]) -> Iterator[Coded]:
    return (each for each in found if _LONG.search(each.plain))


def _chains(text: str) -> Iterator[Coded]:
    """Literals side by side: `"ab" + "cd"`, and without an operator, as C and Python have it."""
    for chain in _CHAIN.finditer(text):
        pieces = [piece[1] for piece in _ONE.finditer(chain[0])]
        if any(map(_WHOLE.search, pieces)):
            continue
        yield Coded(chain.start() + 1, chain.end() - 1, "".join(pieces), JOINED)


def _lists(text: str) -> Iterator[Coded]:
    """Lists of literals that are joined with nothing between them; the whole expression stands for what it makes."""
    for call in _CALL.finditer(text):
        begin = text.rfind("[", max(0, call.start() - _LONGEST_LIST), call.start())
        receiver = max(text.rfind(quotes, max(0, call.start() - 8), call.start()) for quotes in ('""', "''", "``"))
        for pattern, start in ((_LIST_JOINED, begin), (_RECEIVER, receiver), (_FUNCTION, call.start())):
            found = pattern.match(text, start) if start >= 0 else None
            if found and call.start() < found.end():
                pieces = [piece[1] for piece in _ONE.finditer(found["list"])]
                whole = _QUALIFIED.search(text, max(0, found.start() - 40), found.start())
                yield Coded(whole.start() if whole else found.start(), found.end(), "".join(pieces), JOINED)
                break
        else:
            yield from _concatenated(text, call.start())


def _concatenated(text: str, at: int) -> Iterator[Coded]:
    """`"ab".concat("cd")`, whose call begins at an offset."""
    if text[max(0, at - 2) : at] not in {'".', "'.", "`."}:
        return
    begin = text.rfind(text[at - 2], max(0, at - 130), at - 2)
    chain = _CHAIN.match(text, begin) if begin >= 0 else None
    if chain:
        yield Coded(chain.start() + 1, chain.end() - 1, "".join(piece[1] for piece in _ONE.finditer(chain[0])), JOINED)


def _near_uses(text: str, named: Mapping[str, str]) -> list[tuple[int, int]]:
    """The spans of `text` in which an expression could use one of the constants that are pieces."""
    places: list[int] = []
    for name in (name for name, piece in named.items() if _is_mixed(piece)):
        found = [use.start() for use in islice(re.finditer(re.escape(name), text), _MOST)]
        if len(found) > 1:  # it stands elsewhere, too, and not only where it is defined
            places += found
    spans: list[tuple[int, int]] = []
    for place in sorted(places[:_MOST]):
        begin, end = max(0, place - _ASIDE), place + _ASIDE
        if spans and begin <= spans[-1][1]:
            begin, _ = spans.pop()
        spans.append((begin, end))
    return spans


def _sums(text: str, constants: Mapping[str, str]) -> Iterator[Coded]:
    """Expressions of constants: sums, templates, formats."""
    for found in _SUM.finditer(text):
        pieces = [piece[1] or constants.get(_last(piece[2])) for piece in _PIECE.finditer(found[0])]
        if len(pieces) > 1 and all(pieces) and any(piece[2] for piece in _PIECE.finditer(found[0])):
            yield Coded(*found.span(), "".join(piece for piece in pieces if piece), JOINED)
    for pattern, slot in ((_TEMPLATE, _SLOT), (_SHELL, _SHELL_SLOT)):
        for found in pattern.finditer(text):
            if all(_last(name[1]) in constants for name in slot.finditer(found[0])):
                group = 1 if pattern is _TEMPLATE else 0
                plain = slot.sub(lambda name: constants[_last(name[1])], found[group])
                yield Coded(*found.span(group), plain, JOINED)
    for found in _FORMAT.finditer(text):
        named = [constants.get(_last(name)) for name in re.findall(_NAME, found[2])]
        if named and all(named):
            yield Coded(*found.span(1), "".join(piece for piece in named if piece), JOINED)


def constants(text: str) -> Mapping[str, str]:
    """Names with their texts, if at least two of these are pieces: what only a part of a value looks like."""
    given = _given(text)
    if sum(_is_mixed(each[1]) for each in given) < 2:
        return {}
    found: dict[str, str] = {}
    for each in given:
        named = _NAMED_BACKWARDS.match(text[max(0, each.start() - 100) : each.start()][::-1])
        if named:
            found.setdefault(_last(named[1][::-1]), each[1])
    return found if sum(map(_is_mixed, found.values())) > 1 else {}


def has_pieces(text: str) -> bool:
    """Whether anything in `text` is given what only a part of a value looks like."""
    return any(_is_mixed(each[1]) for each in _given(text))


def _given(text: str) -> list[re.Match[str]]:
    """Short texts that are given to something, in order, with the sign that gives them."""
    return sorted((each for sign in _GIVEN for each in islice(sign.finditer(text), _MOST)), key=re.Match.start)


def _is_mixed(piece: str) -> bool:
    return 6 <= len(piece) < 32 and any(map(str.isdigit, piece)) and any(map(str.isalpha, piece))


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]
