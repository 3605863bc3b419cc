"""Constants of one file that could be pieces of a value, and the expressions that put them together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from string import ascii_letters, digits

from leakscan.detection.coded.texts import Coded

JOINED = "concatenation"
LITERAL = r"""["'`]([\w.:/=+@-]{1,120}+)["'`]"""
_ITEMS = rf"(?:\s{{0,40}}+{LITERAL}\s{{0,20}}+,?+(?:[ \t]{{0,9}}+(?:#|//)[^\n]{{0,120}}+(?=\n))?+){{2,64}}+"
LIST = rf"(?P<list>{_ITEMS})\s{{0,40}}+"
ONE = re.compile(LITERAL)
# A constant: a short text that is given to something, and the name of that, which is read from its end on: so it has
# to be tried but once. What names something itself, as keys in JSON do, is none.
# Patterns of one sign in front each are found twice as fast as one with any.
_GIVEN = [re.compile(sign + r"""\s{0,9}["'`]([A-Za-z0-9_.-]{2,60})["'`](?!:)""") for sign in (":", "=>?")]
_BARE = re.compile(r"=[ \t]?(AC|SK|OQ|[A-Za-z0-9_-]{8,60})\r?(?=\n|\Z)")
_LISTED = re.compile(r"""["'`]([A-Za-z0-9_-]{6,60})["'`],\s{0,40}(?=["'`]([A-Za-z0-9_-]{6,60})["'`](?!:))""")
_NAMED_BACKWARDS = re.compile(r""":?\s{0,9}+(?:\w{1,20}+\s?:\s{0,9}+)?["'`]?([\w.]{0,60}[A-Za-z_$@])""")
# What a dot goes on with is a part of a name if it begins with a letter: `$a.$b` are two, `this.$a` is one.
_STEP = r"(?:(?:\.(?=[A-Za-z_])(?!\w{1,60}::)|(?<=this)\.(?=\$)|->|::\$?+)[\w$]{1,60}+){0,6}+"
_STEPS = re.compile(r"\.|->|::")
_NAME = rf"[A-Za-z_$@][\w$]{{0,60}}+{_STEP}(?:\[\d\])?+"
_PART = rf"(?:{_NAME}|{LITERAL})"
_SUM = re.compile(rf"(?<![\w.$@]){_PART}(?:\s{{0,40}}+(?:\+|\.\.?|&|<>|\|\||~)\s{{0,9}}+{_PART}){{1,12}}+")
_PIECE = re.compile(rf"{LITERAL}|({_NAME})")
_TEXT = r"[\w.:/=+@-]{0,60}"
_SLOTS = r"""[$#%]?\{\s?([A-Za-z_$][\w.$]{0,60}(?:\[\d\])?|["'`][\w.-]{1,60}["'`])\s?\}|\\\(([A-Za-z_][\w.]{0,60})\)"""
_SHELL_SLOTS = r"\$\{?([A-Za-z_]\w{0,60}(?:\[\d\])?)\}?|\$\(([A-Za-z_]\w{0,60})\)"
_SLOT = re.compile(rf"{_SLOTS}|{_SHELL_SLOTS}")
_ANY_SLOT = re.sub(r"(?<!\\)\((?!\?)", "(?:", _SLOT.pattern)
_TEMPLATE = re.compile(rf"""["'`]((?:{_TEXT}(?:{_ANY_SLOT})){{1,12}}{_TEXT})["'`]""")
_ANY_SHELL_SLOT = re.sub(r"(?<!\\)\((?!\?)", "(?:", _SHELL_SLOTS)
_HEAD = r"(?:AC|SK|OQ|SG\.)"
_SHELL = re.compile(rf"(?:{_HEAD}(?:{_ANY_SHELL_SLOT})|(?:{_ANY_SHELL_SLOT}){{2}})(?:\.?(?:{_ANY_SHELL_SLOT})){{0,12}}")
_PLACEHOLDER = re.compile(r"%s|\{(\d?)\}")
_FORMAT = re.compile(
    rf"""["'`]((?:[\w.-]{{0,24}}(?:%s|\{{\d?\}})){{1,12}}[\w.-]{{0,24}})["'`]\s{{0,4}}(?:%|\.\s?format|,|-f)\s{{0,4}}"""
    rf"[(\[]?(\s{{0,9}}{_PART}(?:\s{{0,4}},\s{{0,9}}{_PART}){{0,11}})"
)
_FORMAT_ENDS = [re.compile(rf"""{slot}[\w.-]{{0,24}}["'`]\s{{0,4}}(?:%|\.\s?f|,|-f)""") for slot in ("%s", r"\}")]
_LONGEST_FORMAT, _LONGEST_LIST = 400, 1_600
# The call that makes a text of a format: the value is that of the name before it.
_FORMATS = re.compile(r"(?:\b\w{1,20}(?:\.|::))?\b\w{0,20}(?:[fF]ormat!?|printf)\s?\(\s{0,9}$")
# What begins like a value and goes on elsewhere; see the gate "prefix". By each beginning, which is found faster.
_PREFIXED = [
    re.compile(rf"""{head}(?:(?<![\w.].{{{width}}})(?:[$#%]?\{{|%s|\$|\\\()|(?<=["'`].{{{width}}})["'`])""", re.DOTALL)
    for head, width in (("AC", 2), ("SK", 2), ("OQ", 2), (r"SG\.", 3), ("SG", 2))
]
# A list whose items are put together by their numbers; what has no letter in front is found fast.
_INDEXED = re.compile(r"\[0\](?:\s{0,9}(?:\+|\.{1,2}|&)\s{0,9}[$@]?|\}[$#]?\{|\}\$\{)(\w{1,60})\[1\]")
_UNPACKED = re.compile(rf"=\s?[(\[]?\s?((?:{LITERAL}\s?,\s?){{1,8}}{LITERAL}(?!:))")
# Without this there is none, which is told faster.
_SEVERAL = re.compile(r"""["'`]\s?,\s?["'`]""")
_TARGETS = re.compile(
    r"\s*(?:(?:let|const|var|my|local)\s)?[(\[]?((?:[$@]?\w{1,60}\s?,\s?){1,8}[$@]?\w{1,60})[)\]]?\s?:?"
)
# The letters of a text that is given to something, and of any literal.
_GIVEN_LETTERS = (ascii_letters + digits + "_.-").encode()
_LITERAL_LETTERS = _GIVEN_LETTERS, _GIVEN_LETTERS + b":/=+@"
_LONGEST_LITERAL = 120
# The end of a text that names something itself.
_NAMING = frozenset((b'":', b"':", b"`:"))
# What is on both sides of a name where that is a text itself.
_QUOTED = re.compile(r"""(["'`])\1""")
_MOST, _MOST_LISTS = 2_000, 40
# As far from a constant's name an expression that uses it begins or ends.
_ASIDE = 1_500
_LONGEST = 32
# The parts of a SendGrid key, between dots.
_SENDGRID = (22, 43)
_HEADS = frozenset(("AC", "SK", "OQ"))
_BEGUN = "SG."  # the gate "prefix" sees it
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
# What the gate "constants" sees: where it sees nothing there is no piece of another kind.
_TURN = re.compile(r"(?:[0-9][a-z]|[a-z][0-9])[0-9a-zA-Z]{3,20}$")
_SIZE = re.compile("[0-9]{2,5}x[0-9]{2,5}")  # of a picture
_CHANGE = re.compile(r"(?<=[0-9])[A-Za-z]|(?<=[A-Za-z])[0-9]")


def constants(text: str, *, whole: bool = False) -> Mapping[str, str]:
    """Names with their texts, if one of these is a piece: what only a part of a value looks like; or if `whole`."""
    given = _given(text)
    found = _items(text) | _unpacked(text)
    if not (whole or any(_is_mixed(each[1]) for each in given) or found):
        return {}
    for each in given:
        named = _NAMED_BACKWARDS.match(text[max(0, each.start() - 100) : each.start()][::-1])
        if named:
            found.setdefault(_last(named[1][::-1]), each[1])
    return found if whole or any(map(_is_mixed, found.values())) else {}


def _items(text: str) -> dict[str, str]:
    """The items of lists that are used by their numbers: `part[0]` and what it is."""
    lists = dict.fromkeys(use[1] for use in islice(_INDEXED.finditer(text), _MOST_LISTS)) if "[0]" in text else ()
    return {f"{name}[{at}]": item for name in lists for at, item in enumerate(list_of(text, name))}


def _unpacked(text: str) -> dict[str, str]:
    """Constants that are given at once: `a, b = "…", "…"`."""
    found: dict[str, str] = {}
    if _SEVERAL.search(text) is None:
        return found
    for each in islice(_UNPACKED.finditer(text), _MOST):
        targets = _TARGETS.fullmatch(text, text.rfind("\n", max(0, each.start() - 600), each.start()) + 1, each.start())
        if targets:
            found.update(zip(re.findall(r"\w+", targets[1]), literals(each[1]), strict=False))
    return found


def literals(items: str) -> list[str]:
    """The texts of the literals in a list."""
    return [item[1] for item in ONE.finditer(items)]


def list_of(text: str, name: str) -> list[str]:
    """The literals in the list that a name is given."""
    given = re.compile(
        rf"(?<!\w){re.escape(name)}\b[^\n=(\[{{]{{0,40}}(?::?=|:)\s{{0,9}}[\w\[\]<>. ]{{0,24}}[\[({{]{LIST}[\])}}]"
    )
    for use in islice(re.finditer(re.escape(name), text), 200):
        if found := given.match(text, use.start()):
            return literals(found["list"])
    return []


def may_have_pieces(data: bytes, ends: Sequence[int]) -> bool:
    """Whether a text that ends at one of the `ends`, where the gate "constants" occurs, is like a part of a value.

    Of too many texts that is not asked: there may be one.
    """
    if len(ends) > _MOST:
        return True
    given = (end for end in ends if data[end - 1 : end + 1] not in _NAMING)
    befores = (data[max(0, end - _LONGEST_LITERAL - 1) : end - 1] for end in given)
    found = (before[len(before.rstrip(letters)) :] for before in befores for letters in _LITERAL_LETTERS)
    return any(_is_mixed(each.decode()) for each in found)


def has_pieces(text: str) -> bool:
    """Whether anything in `text` is given what only a part of a value looks like."""
    listed = (each for each in islice(_LISTED.finditer(text), _MOST) if _is_mixed(each[1]) and _is_mixed(each[2]))
    return any(_is_mixed(each[1]) for each in _given(text)) or any(listed)


def expressions(text: str, named: Mapping[str, str], *, prefixed: bool) -> Iterator[Coded]:
    """What sums, templates and formats of the constants `named` make, each with its span.

    `prefixed` tells whether what begins like a value and goes on elsewhere is worth looking for.
    """
    for begin, end in _near_uses(text, named, prefixed=prefixed):
        for each in _made(text[begin:end], named):
            yield each._replace(start=begin + each.start, end=begin + each.end)


def _given(text: str) -> list[re.Match[str]]:
    """Short texts that are given to something, in order, with the sign that gives them."""
    found = [each for sign in _GIVEN for each in islice(sign.finditer(text), _MOST)]
    found += [each for each in islice(_BARE.finditer(text), _MOST) if len(each[1]) in _SENDGRID or each[1].isalnum()]
    return sorted(found, key=re.Match.start)


def _is_mixed(piece: str) -> bool:
    """Whether a text is like a part of a value: random letters and digits, not as long as a whole value or a hash."""
    if piece.startswith(_BEGUN):
        return True
    if _TURN.search(piece) is None or _SIZE.fullmatch(piece):
        return False
    if len(piece) in _SENDGRID:
        return _are_of_all_kinds(piece)
    return len(piece) < _LONGEST and any(len(_CHANGE.findall(run)) > 1 for run in _RUN.findall(piece))


def _are_of_all_kinds(piece: str) -> bool:
    return all(any(map(kind, piece)) for kind in (str.isdigit, str.isupper, str.islower))


def _near_uses(text: str, named: Mapping[str, str], *, prefixed: bool) -> list[tuple[int, int]]:
    """The spans of `text` in which an expression could use one of the constants that are pieces."""
    places: list[int] = []
    for name in (name for name, piece in named.items() if _is_mixed(piece) or piece in _HEADS):
        word = re.escape(name)
        free = word if name.endswith("]") else rf"{word}(?!\w)(?<!\w{word})"
        found = [use.span() for use in islice(re.finditer(free, text), _MOST)]
        if len(found) > 1 or name.endswith("]"):  # it stands elsewhere, too, and not only where it is defined
            beside = ((begin, text[begin - 1 : begin] + text[end : end + 1]) for begin, end in found)
            places += [begin for begin, signs in beside if not _QUOTED.match(signs)]
    if prefixed:
        places += [found.start() for each in _PREFIXED for found in islice(each.finditer(text), _MOST)]
    return _joined_spans((max(0, place - _ASIDE), place + _ASIDE) for place in sorted(places)[:_MOST])


def _joined_spans(ordered: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order of their beginnings; those that touch are one, up to where the last of them ends."""
    spans: list[tuple[int, int]] = []
    for begin, end in ordered:
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return spans


def _made(text: str, constants: Mapping[str, str]) -> Iterator[Coded]:
    """Expressions of constants: sums, templates, formats; what cannot be there is not looked for."""
    named = any(name in text for name in constants)
    for found in _SUM.finditer(text) if named else ():
        pieces = _values(found[0], constants)
        if len(pieces) > 1 and all(pieces) and any(piece[2] for piece in _PIECE.finditer(found[0])):
            yield Coded(*found.span(), "".join(pieces), JOINED)
    shell = named and "$" in text
    for pattern, group in ((_TEMPLATE, 1), (_SHELL, 0)) if shell else ((_TEMPLATE, 1),):
        for found in pattern.finditer(text):
            filled = [_in_slot(slot, constants) for slot in _SLOT.finditer(found[group])]
            if all(filled):
                plain = _SLOT.sub(lambda slot: _in_slot(slot, constants), found[group])
                yield Coded(*found.span(group), plain, JOINED)
    yield from formats(text, constants)


def formats(text: str, constants: Mapping[str, str]) -> Iterator[Coded]:
    """What formats of literals and of `constants` make, each with its span."""
    for found in chain.from_iterable(_FORMAT.finditer(text, *span) for span in _round_formats(text)):
        pieces = _values(found[2], constants)
        if all(pieces) and (plain := _formatted(found[1], pieces)):
            call = _FORMATS.search(text, max(0, found.start() - 60), found.start())
            yield Coded(call.start() if call else found.start(1), found.end(1), plain, JOINED)


def _round_formats(text: str) -> list[tuple[int, int]]:
    """Where formats could stand: round what ends one, which is found ten times as fast as its beginning."""
    ends = sorted((found for end in _FORMAT_ENDS for found in end.finditer(text)), key=re.Match.start)
    return _joined_spans((max(0, found.start() - _LONGEST_FORMAT), found.end() + _LONGEST_LIST) for found in ends)


def _values(parts: str, constants: Mapping[str, str]) -> list[str]:
    """The texts of literals and names in order, an empty one for a name that is no constant."""
    return [piece[1] or constants.get(_last(piece[2]), "") for piece in _PIECE.finditer(parts)]


def _in_slot(slot: re.Match[str], constants: Mapping[str, str]) -> str:
    name = next(filter(None, slot.groups()))
    return name[1:-1] if name[0] in "\"'`" else constants.get(_last(name), "")


def _formatted(form: str, pieces: list[str]) -> str:
    """`form` with its placeholders filled; empty if there are too few pieces for them."""
    numbers = [int(slot[1]) if slot[1] else at for at, slot in enumerate(_PLACEHOLDER.finditer(form))]
    if max(numbers) >= len(pieces):
        return ""
    following = iter(numbers)
    return _PLACEHOLDER.sub(lambda _: pieces[next(following)], form)


def _last(name: str) -> str:
    """A name without what it belongs to, and without its language's sign of a variable."""
    return _STEPS.split(name)[-1].lstrip("$@")
