"""What stands round a span of text: the name it is assigned to, what encloses it, which call it is an argument of.

No grammar of any language is used: the same few habits (name, separator, quote, value; brackets; indentation;
section headers; table headers) carry through source code, configuration, markup and prose.
"""

import re
from functools import cached_property

from leakscan.detection.enclosure import enclosing, near
from leakscan.detection.naming import CREDENTIAL, Named, name_after, name_before, named, words
from leakscan.detection.tables import Cell, cell

_LEFT = 400
_LINE = 400
_WIDE = 2000
# `Client("AC…", word)`, `twilio(accountSid, word`: what a client is given beside a SID.
_HANDED = re.compile(
    r"(?i)\b((?:\w{1,20}(?:\.|::|\\)){0,3}\w{0,20}(?:twil+io|client)(?:[\"'`]\)|\.new|\.init)?"
    r"|init|basic_?auth|auth\s?=)\s?\(\s{0,40}"
    r"[$@f]?[\"'`]?(?:((?:AC|SK)[0-9a-f]{32})|(?P<sid>[\w.$]{0,40}(?:sid|account))"
    # … or one that is put together there: `f"AC{rest}"`, `'AC' + rest`.
    r"|(?-i:AC|SK)(?:[$#]?\{[\w.$ ]{1,40}\}|\\\([\w.]{1,40}\)|\$\w{1,40}|[\"'`]\s?[+.&]\s?[$@]?[\w.]{1,40}))[\"'`]?"
    r",\s{0,40}(?:self\.|this\.|\$this->|[$@])?(?P<word>[a-z_]\w{0,60})\s{0,4}[,)]"
)
# `validateRequest(word`: what requests are checked with.
_CHECKS = re.compile(
    r"(?i)((?:request_?validator(?:\.new)?|validate_?request(?:_?with_?body)?|validate_?(?:express|incoming)_?request"
    r"\(\s{0,9}[\w.]{1,40}\s{0,9},|twilio\.webhook)[\s(]\s{0,9})(?:self\.|this\.|\$this->|[$@])?(?P<word>[a-z_]\w{0,60})\s{0,4}[,)]"
)
_OWN_NAME = re.compile(
    r"(?:(?<![\w.>-])|(?<=self\.)|(?<=this\.)|(?<=this->))([A-Za-z_]\w{0,60})\s{0,9}(?::\s?\w{1,20}\s{0,9})?:?=\s{0,9}[@buf]?[\"'`]?$"
)
# A value in JSON, which stands in a cell of a table as a whole, has a name of its own.
_KEYED = re.compile(r"\w[\"']{1,2}\s?:\s?[\"']{1,2}$")

# `sb.append(`, `return (`, `{` alone; and what stands before brackets, but is no function.
_BUILT = re.compile(r"(?i)(?:return\s)?([\w$]{1,40})\.(?:append|push(?:_str)?|concat|write\w{0,6})")
_RETURNED = re.compile(r"""(?i)(?:\breturn\s{0,4}\(?|[)\w>]\s{0,4}\{)\s{0,40}[@bfu]?["'`]$""")
_NO_FUNCTION = re.compile(
    r"(?i)(?:if|else|for|foreach|while|switch|case|try|catch|with|return|do|when|unless|elsif|elif)\b|get$"
)


class Context:
    """The surroundings of one span, each aspect a text that a clue's pattern can be tried on, made when asked for."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """The surroundings of `text[start:end]`."""
        self._text, self._start, self._end = text, start, end

    @cached_property
    def name(self) -> str:
        """The name that the span is assigned to, in lower-case words."""
        return words(self.written)

    @cached_property
    def written(self) -> str:
        """The name as it stands there."""
        found = self._named
        written = self._owner() if found.is_value else self._returned_by() or found.written
        header = self._cell.header
        decides = (
            header
            and not _KEYED.search(self._left[-60:])
            and (self._cell.sure or not written or CREDENTIAL.search(header))
        )
        return header if decides else written

    @cached_property
    def scope(self) -> str:
        """What encloses the span, outermost first, in lower-case words; in a table the rest of its row."""
        heads = (self._cell.row, *self._enclosing[0])
        return " ; ".join(dict.fromkeys(spelled for spelled in map(words, heads) if spelled))

    @property
    def call(self) -> str:
        """The text before the parenthesis that the span is an argument of."""
        return self._enclosing[1] or self._handed[0]

    @property
    def previous(self) -> str:
        """What stands directly before the span as its sibling: a SID, or the words of another argument's name."""
        return self._named.sibling or self._handed[1]

    @property
    def before(self) -> str:
        """The text before the span."""
        return self._text[max(0, self._start - 160) : self._start]

    @property
    def after(self) -> str:
        """The text behind the span."""
        return self._text[self._end : self._end + 100]

    @property
    def line(self) -> str:
        """The line of the span, as far as it is near."""
        line_end = self._text.find("\n", self._end, self._end + _LINE)
        return self._text[self._line_start : min(len(self._text), self._end + _LINE) if line_end < 0 else line_end]

    @property
    def vicinity(self) -> str:
        """The text within some screens of the span."""
        return self._text[max(0, self._start - _WIDE) : self._end + _WIDE]

    @cached_property
    def near(self) -> str:
        """The lines round the span."""
        return near(self._text, self._start, self._end)

    @cached_property
    def _line_start(self) -> int:
        return max(self._text.rfind("\n", 0, self._start) + 1, self._start - _LINE)

    @cached_property
    def _cell(self) -> Cell:
        return cell(self._text, self._start, self._end, self._line_start)

    @cached_property
    def _enclosing(self) -> tuple[list[str], str]:
        return enclosing(self._text, self._start)

    @cached_property
    def _handed(self) -> tuple[str, str]:
        """The call of a client that the span is handed to further down, by its name, and the SID before it there."""
        own = None if self._named.sibling else _OWN_NAME.search(self._left[-90:])
        if own is None or self._text.find(own[1], self._end, self._end + _WIDE) < 0:
            return "", ""
        calls = _HANDED.finditer(self._text, self._end, self._end + _WIDE)
        call = next((call for call in calls if call["word"] == own[1]), None)
        if call is None:
            checks = _CHECKS.finditer(self._text, self._end, self._end + _WIDE)
            return next((f"{check[1].rstrip()}{own[1]}" for check in checks if check["word"] == own[1]), ""), ""
        return call[1], call[2] or words(call["sid"] or "sid")

    @cached_property
    def _left(self) -> str:
        return self._text[max(0, self._start - _LEFT) : self._start]

    @cached_property
    def _named(self) -> Named:
        return named(self._left)

    def _returned_by(self) -> str:
        """The name of what gets a value that is returned, or put together by calls: a variable's, a function's."""
        built = _BUILT.fullmatch(self._named.written)
        if not built and not _RETURNED.search(self._left[-60:]):
            return ""
        if built and CREDENTIAL.search(built[1]):
            return built[1]
        heads = [head for head in self._enclosing[0] if not _NO_FUNCTION.match(head) and head != self._named.written]
        function = heads[-1].partition("->")[0] if heads else ""
        return function if CREDENTIAL.search(function) else ""

    def _owner(self) -> str:
        """The name of what has a "value" or "default": the pair or the block that it belongs to."""
        own = name_after(self._text[self._end : self._end + 200]) or name_before(self._left)
        heads, written = self._enclosing[0], self._named.written
        in_block = heads and not CREDENTIAL.search(written) and CREDENTIAL.search(heads[-1])
        return own or (heads[-1] if in_block else written)
