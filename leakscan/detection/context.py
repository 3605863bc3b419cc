"""What stands round a span of text: the name it is assigned to, what encloses it, which call it is an argument of.

No grammar of any language is used: the same few habits (name, separator, quote, value; brackets; indentation;
section headers; table headers) carry through source code, configuration, markup and prose.
"""

from typing import NamedTuple

from leakscan.detection.enclosure import enclosing, near
from leakscan.detection.naming import CREDENTIAL, Named, name_after, name_before, named, words
from leakscan.detection.tables import column

_LEFT = 400
_LINE = 400


class Context(NamedTuple):
    """The surroundings of one span, each aspect a text that a clue's pattern can be tried on.

    `name` and `scope` are in lower-case words; `written` is the name as it stands there; `call` is the text
    before the parenthesis that the span is an argument of, and `previous` what stands directly before the
    span as its sibling: a SID, or the words of another argument's name.
    """

    name: str
    written: str
    scope: str
    call: str
    previous: str
    before: str
    after: str
    line: str
    near: str


def context(text: str, start: int, end: int) -> Context:
    """The surroundings of `text[start:end]`."""
    line_start = max(text.rfind("\n", 0, start) + 1, start - _LINE)
    line_end = text.find("\n", end, end + _LINE)
    line_end = min(len(text), end + _LINE) if line_end < 0 else line_end
    heads, call = enclosing(text, start)
    left = text[max(0, start - _LEFT) : start]
    found = named(left)
    written = _owner(found, left, text[end : end + 200], heads) if found.is_value else found.written
    written = column(text, start, line_start, sure=bool(written)) or written
    scope = " ; ".join(dict.fromkeys(spelled for spelled in map(words, heads) if spelled))
    return Context(
        name=words(written),
        written=written,
        scope=scope,
        call=call,
        previous=found.sibling,
        before=text[max(0, start - 160) : start],
        after=text[end : end + 100],
        line=text[line_start:line_end],
        near=near(text, start, end),
    )


def _owner(found: Named, left: str, right: str, heads: list[str]) -> str:
    """The name of what has a "value" or "default": the pair or the block that it belongs to."""
    own = name_after(right) or name_before(left)
    in_block = heads and not CREDENTIAL.search(found.written) and CREDENTIAL.search(heads[-1])
    return own or (heads[-1] if in_block else found.written)
