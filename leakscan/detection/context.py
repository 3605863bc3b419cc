"""What stands round a span of text: the name it is assigned to, what encloses it, which call it is an argument of.

No grammar of any language is used: the same few habits (name, separator, quote, value; brackets; indentation;
section headers; table headers) carry through source code, configuration, markup and prose.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

_LEFT = 400
_SCOPE = 4000
_LINE = 400
_NEAR_LINES = 6
_NEAR = 800

_WORD = re.compile(r"(?<![A-Za-z0-9])(?=_*[A-Za-z])[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|-(?!>)|::?|__)[A-Za-z_][A-Za-z0-9_]*)*")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# Words that stand between a name and its value and say nothing: types, string prefixes, wrappers, markup.
_NOISE = frozenset(
    """
    string str nsstring text varchar char const var let val final static public private protected readonly internal
    new some option optional box of from into to_string tostring toowned to_owned as is by lazy the equals eq dim
    string_view wchar_t cstr std tchar wstring number object any unknown nonnull nullable self.class byte bytes
    b r u f l n s q qq at btoa atob buffer.from base64 b64encode b64 encode strdup sprintf format fmt.sprintf
    td tr th span code b strong li p div dd dt input option param key dict array entry plist pre em samp tt kbd a i
    quot u0022 x22 amp lt gt nbsp json.dumps json.stringify encodeuricomponent urlencode literal raw verbatim
    type class placeholder constructor-arg convertto-securestring pic x xml:space preserve autocomplete maxlength size hidden readonly password= utf utf8 echo print puts
    and then currently still set default_value sensitive nullable cdata
    """.split()
)
# Words that say "the value of what was named just before": the name may stand beyond a line's or a statement's end.
_VALUE_WORDS = frozenset(
    "value values val setvalue set_value defaultvalue default default_value content contents data string stringvalue "
    "currentvalue initialvalue plaintext body text example".split()
)
# Words of a name that tell nothing about what it holds.
_NEUTRAL = frozenset(
    """
    const let var val private public protected static final readonly internal string str nsstring char my our the self
    this config cfg conf configuration settings setting options option opts params props properties env environ environment process
    test tests testing prod production dev development develop live staging stage stg qa uat sandbox demo local main
    primary secondary master old new current default fallback real backup legacy second first account acct client user sms
    phone messaging message voice call calls api app application service server backend system global value web site rest
    get set put add define def fn func function is are was as return return export import type field attr attribute
    data object obj instance inst class module name item param argument arg k s m g c p a an of for with and
    auto constexpr nonisolated lateinit companion override virtual unsigned mut pub use input variable constant credential
    credentials creds cred secrets java js ts python ruby php go swift dart kotlin tw using via by in on to it its
    authorization authentication basic http https header headers temp tmp here our hardcoded value1 value2 one two three run shell sh bash cmd echo heroku docker kubectl setx dim
    put putenv setenv getenv fetch lookup literal with_default quot nbsp tsx jsx end begin
    """.split()
)

_CLOSED_BUT_JOINED = re.compile(r"[)\]}]+[\"'`]*[?!]?\s*(?:=|:|\{|\.|\|\||\?\?|\?:|\bor\b|//|->|<-|,\s*[\"'`]|>)")
_WRAPPER = re.compile(r"(?:en|de)crypt\w*$|^(?:en|de)code\w*$|^(?:trim|unwrap_or\w*|(?:get)?or_?else\w*|getordefault|value_or|ifblank|orelseget|otherwise|fetch)$")
_CREDENTIAL = re.compile(r"auth|tok|secret|pass|twil|key$", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:quot|apos|lt|gt|amp|nbsp|#\d+|#x[0-9a-fA-F]+);")
_ACCESSORS = re.compile(r"\{\s*(?:\w+\s+)?get;[^}]{0,40}\}")
# A line that only names what stands on the next.
_LABEL = re.compile(r"(?:^|\n)[ \t#*>|-]*([A-Za-z][A-Za-z _-]{1,40}?)[ \t:*]*(?:\r?\n[ \t]*[-=]+)?\r?\n[ \t]*[\"'`>*]{0,3}$")
_SID_LIKE = re.compile(r"\b(?:sid|user ?name|username|user|login|account|acct|client id|account id|key|identifier)$")
_SID = re.compile(r"(?:AC|SK|OQ)[0-9a-fA-F]{32}$")
_SECTION = re.compile(r"^[ \t]*\[+[ \t]*([^\]\n]{1,80}?)[ \t]*\]+[ \t]*(?:[#;].*)?\r?$", re.MULTILINE)
_OPENERS = {")": "(", "]": "[", "}": "{"}
_DELIMITERS = ("\t", ",", ";", "|")
_INSERT = re.compile(r"\(([^()]{3,2000})\)\s*VALUES\s*(?:\([^()]*\)\s*,\s*)*\(([^()]*)$", re.IGNORECASE)


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

    @property
    def qualified(self) -> str:
        """Scope and name in one: `twilio / token`."""
        return f"{self.scope} / {self.name}"


def words(name: str) -> str:
    """A name in any casing as lower-case words: `twilioAuthToken`, `TWILIO_AUTH-TOKEN` -> `twilio auth token`."""
    return " ".join(part.lower() for part in _CAMEL.findall(name))


def core(name: str) -> str:
    """The words of a name that tell what it holds: `const myAccountAuthToken` -> `auth token`."""
    return " ".join(word for word in name.split() if word not in _NEUTRAL and not word.isdigit())


def context(text: str, start: int, end: int) -> Context:
    """The surroundings of `text[start:end]`."""
    line_start = max(text.rfind("\n", 0, start) + 1, start - _LINE)
    line_end = text.find("\n", end, end + _LINE)
    line_end = min(len(text), end + _LINE) if line_end < 0 else line_end
    left = _ACCESSORS.sub("", _ENTITY.sub('"', text[max(0, start - _LEFT) : start]))
    heads, call = _scope(text, start)
    written, previous, is_value = _name(left)
    if is_value:  # "value" or "default": the name is that of the pair or the block that it belongs to
        own = _name_after(text[end : end + 200]) or _name_before(left)
        block = heads[-1] if heads and not _CREDENTIAL.search(written) and _CREDENTIAL.search(heads[-1]) else ""
        written = own or block or written
    if not written:
        written = _column(text, start, line_start)
    scope = " ; ".join(dict.fromkeys(spelled for spelled in map(words, heads) if spelled))
    return Context(
        name=words(written),
        written=written,
        scope=scope,
        call=call,
        previous=previous,
        before=text[max(0, start - 160) : start],
        after=text[end : end + 100],
        line=text[line_start:line_end],
        near=_near(text, start, end),
    )


def _name(left: str) -> tuple[str, str, bool]:
    """What the text after `left` is assigned to, as written; its sibling before it; whether it is some name's "value"."""
    label = _LABEL.search(left[-120:])
    if label:
        return label[1], "", False
    position = nearest = len(left)
    crossing = False
    for word in reversed(list(_WORD.finditer(left))):
        begin, finish = word.span()
        if begin and left[begin - 1] == "\\" and left[begin] in "nrtu" and finish - begin > 1:
            begin += 1  # an escape, not a letter: "\nTOKEN"
        gap = left[finish:position]
        spelled = left[begin:finish]
        last = re.split(r"[.:]", spelled.lower())[-1]
        if _SID.search(spelled):
            return "", (spelled if _sibling(left[finish:]) else ""), crossing
        if not _bridges(gap, crossing):
            return "", "", crossing
        position = begin
        if last in _VALUE_WORDS:
            crossing = True
        elif (spelled.lower() in _NOISE or _WRAPPER.search(last)) and len(gap) <= 24:
            continue
        elif "," in gap and not crossing and not _quoted(left, finish):
            if _SID_LIKE.search(words(spelled)):
                return "", words(spelled), False
            if _CREDENTIAL.search(spelled) or spelled.isupper():
                return _phrase(left, begin, finish), "", False
        else:
            return _phrase(left, begin, finish), "", crossing
        nearest = begin
    return "", "", crossing and nearest < len(left)


def _sibling(gap: str) -> bool:
    """Whether only separators and words that say nothing stand between two values."""
    meant = [word for word in _WORD.findall(gap) if word.lower() not in _NOISE and word.lower() not in _VALUE_WORDS]
    return len(gap) <= 60 and not meant and not re.search(r"[{};]", gap)


def _quoted(left: str, finish: int) -> bool:
    return left[finish : finish + 1] in {'"', "'", "`"}


def _bridges(gap: str, crossing: bool) -> bool:
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


def _phrase(left: str, begin: int, finish: int) -> str:
    """The name that ends at `finish`, with the words before it that belong to it: `const string authToken`."""
    start = begin
    for _ in range(4):
        head = re.search(r"(?<![\w$.-])([A-Za-z_$][\w$.-]{0,30})([ \t]{1,2}|->|/|\(|\[[\"'])$", left[:start][-60:])
        if head is None or _SID.search(head[1]) or left[max(0, start - 1) : start] == "\n":
            break
        start -= len(head[0])
    return left[start:finish].strip()


_AFTER = re.compile(
    r"^[\"'`]?\s*[,;]?\s*[\"'`]?\s*(?:\w+:)?(?:name|key|id|field|label|variable)[\"'`]?\s*[=:]>?\s*[\"'`]?([\w.:-]{2,60})", re.IGNORECASE
)


def _name_after(right: str) -> str:
    """The name where it follows its value: `value: …, name: TWILIO_AUTH_TOKEN`."""
    found = _AFTER.search(right)
    return found[1] if found else ""


_BEFORE = re.compile(
    r"(?s:.*)(?:\b|set_?)(?:name|key|id|field|label|variable)[\"'`]?\s*[=:(]>?\s*[\"'`]([\w./:-]{2,80})[\"'`][^{}]{0,120}$", re.IGNORECASE
)


def _name_before(left: str) -> str:
    """The name of the pair whose value comes next: `name="TWILIO_AUTH_TOKEN" type="string" value="`."""
    found = _BEFORE.search(left[-240:])
    return found[1] if found else ""


def _column(text: str, start: int, line_start: int) -> str:
    """The column header of a value in a table: CSV, a Markdown table, or an SQL INSERT with its column list."""
    insert = _INSERT.search(text, max(0, start - 3000), start)
    if insert:
        headers, index = insert[1].split(","), insert[2].count(",")
        return headers[index].strip(" `\"'\n[]") if index < len(headers) else ""
    before = text[line_start:start]
    for delimiter in _DELIMITERS:
        index = before.count(delimiter)
        if not index:
            continue
        header = _header(text, line_start, delimiter)
        cells = header.split(delimiter)
        if len(cells) > index and not re.search(r"[=({]|AC[0-9a-f]{32}", header):
            return cells[index].strip(" *`\"'\r")
    return ""


def _header(text: str, line_start: int, delimiter: str) -> str:
    """The first line of the block of lines with `delimiter` above `line_start`, within reach."""
    lines = text[max(0, line_start - 20_000) : line_start].splitlines()
    header = ""
    for line in reversed(lines):
        if delimiter not in line:
            break
        header = line
    return header


def _scope(text: str, start: int) -> tuple[list[str], str]:
    """What encloses a position, as written, innermost last; and the text before the parenthesis that it stands in."""
    floor = max(0, start - _SCOPE)
    found, call = _brackets(text, start, floor)
    found = [*_indentation(text, start, floor), *found]
    sections = list(_SECTION.finditer(text, floor, start))
    if sections:
        found.insert(0, sections[-1][1])
    return found, call


_BRACKET = re.compile(r"[()\[\]{}]")


def _brackets(text: str, start: int, floor: int) -> tuple[list[str], str]:
    """The texts before the unclosed brackets to the left, outermost first; and that of the innermost if it is a call."""
    depth: list[str] = []
    heads: list[str] = []
    call = ""
    for bracket in reversed(list(_BRACKET.finditer(text, floor, start))):
        sign = bracket[0]
        if sign in _OPENERS:
            depth.append(_OPENERS[sign])
            continue
        if depth:
            if depth[-1] == sign:
                depth.pop()
            continue
        head = _head(text, bracket.start(), floor)
        if sign == "(" and not heads:
            call = head
        heads.append(head)
        if len(heads) == 6:
            break
    return heads[::-1], call


def _head(text: str, opener: int, floor: int) -> str:
    """What stands before an opening bracket, back to the last sign that ends a statement or an item."""
    snippet = text[max(floor, opener - 80) : opener].rstrip()
    if snippet.endswith(("(", "{", "[")):
        return ""
    return re.split(r"[;{}\n]|,(?!\s*$)|[(\[](?![^()\[\]]*[)\]])", snippet)[-1].strip()


def _indentation(text: str, start: int, floor: int) -> list[str]:
    """The lines above that are indented less, as in YAML, Python and XML, outermost first."""
    lines = text[floor:start].split("\n")
    current = _indent(lines[-1])
    found: list[str] = []
    for line in reversed(lines[:-1][-80:]):
        if current == 0:
            break
        stripped = line.strip()
        indent = _indent(line)
        if not stripped or indent >= current or stripped[0] in "})]#/*":
            continue
        current = indent
        if not re.match(r"(?:if|else|for|while|try|return|catch|with)\b", stripped):
            found.append(re.split(r"[=:]\s*[\"'\w]|(?<=\w)\(", stripped)[0][:80] if indent else stripped[:80])
    return found[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t-"))


def _near(text: str, start: int, end: int) -> str:
    """The lines round a span, in lower case."""
    first = start
    for _ in range(_NEAR_LINES + 1):
        first = text.rfind("\n", max(0, start - _NEAR), first)
        if first < 0:
            first = max(0, start - _NEAR)
            break
    last = end
    for _ in range(_NEAR_LINES + 1):
        found = text.find("\n", last + 1, end + _NEAR)
        if found < 0:
            last = min(len(text), end + _NEAR)
            break
        last = found
    return text[first:last].lower()


def distance(text: str, start: int, end: int, others: Sequence[tuple[int, int]]) -> str:
    """How near the nearest of `others` (sorted spans) stands to `text[start:end]`, in words; empty if there is none."""
    if not others:
        return ""
    index = bisect_left(others, (start, end))
    best = min(
        (abs_lines(text, start, end, *other) for other in others[max(0, index - 2) : index + 2]),
    )
    if best == 0:
        return "same line"
    if best == 1:
        return "adjacent line"
    if best <= 3:
        return f"{best} lines away"
    return f"{best} lines off" if best <= 12 else "same file"


def abs_lines(text: str, start: int, end: int, other_start: int, other_end: int) -> int:
    """The number of line ends between two spans."""
    if other_end <= start:
        return text.count("\n", other_end, start)
    return text.count("\n", end, other_start) if end <= other_start else 0
