"""A SID without its secret: what the code calls the secret, and what has that name in another file.

`twilio(SID, word)` in one file tells what `word = '…'` in another is, of which nothing else would tell. Two looks at
the same contents: what is handed to Twilio under a name that says nothing, and then who has that name.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.detection.judging import Text, found_in
from leakscan.detection.masking import mask
from leakscan.detection.positions import Positions
from leakscan.detection.rules import RuleSet
from leakscan.model import Candidate, Content, Rule

# What being handed to Twilio adds (log-odds): to a name of the project's own, and to a word that anybody uses.
_OWN, _ANYBODYS = 8.0, 5.0
_MOST_NAMES, _MOST_VALUES = 40, 4
_LARGEST = 400_000
# From here on a secret counts as found with what a SID in another file adds to it.
_LIKELY = -1.0

_SPEAKS = re.compile(rb"(?i)twil+io")
_CALL = re.compile(
    r"(?i)\b(?:(?:twilio(?:client)?|twilio_?rest_?client|twilio\.init|twilio\.rest\.client)\s{0,2}\(\s{0,40}[^(),;{}\n]{1,80}"
    r"|(?:rest_?client|(?:rest\.|rest::)?client(?:(?:\.|::)new)?|init|connect|basic_?auth|authenticate|credentials)"
    r"\s{0,2}\(\s{0,40}[^(),;{}\n]{0,40}(?:sid|acc|AC[0-9a-f]{6}|twil)[^(),;{}\n]{0,60}),\s{0,40}([^,;\n]{1,120})"
)
# With an API key: `AccessToken(account, key, word`, `Client(key, word, account`.
_SIGNS = re.compile(
    r"(?i)\b(?:access_?token(?:\.new)?\s{0,2}\(\s{0,40}[^(),;{}\n]{1,60},\s{0,40}[^(),;{}\n]{1,60}"
    r"|(?:rest_?client|(?:rest\.|rest::)?client(?:(?:\.|::)new)?)\s{0,2}\(\s{0,40}[^(),;{}\n]{0,40}(?:key|SK[0-9a-f]{6})"
    r"[^(),;{}\n]{0,60}),\s{0,40}([^,;\n]{1,120})"
)
_ASSIGNED = re.compile(
    r"(?i)(?:auth_?token|twilio[\w.-]{0,30}(?:token|auth|pass\w{0,6}|secret))[\"'\]]{0,2}\s{0,20}(?::=|=>|[:=])\s{0,9}"
    r"((?:\$\{{1,2}|\{\{|\$)?\s?[A-Za-z_][\w.]{1,60}(?:[\[(]{1,2}[\"'][\w.-]{2,60}[\"'][\])]{1,2})?)(?=[\s,;)}!]|$)"
)
_CREDENTIALS = re.compile(
    r"(?i)\buser_?(?:name)?[\"']?\s{0,9}[:=]\s{0,9}[^,;\n]{0,40}(?:sid|acc|AC[0-9a-f]{6}|twil)[^,;\n]{0,60}[,;\n]\s{0,40}"
    r"pass(?:word)?[\"']?\s{0,9}[:=]\s{0,9}([^,;\n]{1,120})"
)
_SECRET_KEY = re.compile(
    r"(?i)name:\s{0,4}[\"']?\w{0,40}(?:twil|auth_?token)\w{0,40}[\"']?,?\s{0,40}valueFrom:\s{0,40}\{?\s{0,40}"
    r"secretKeyRef:[^}]{0,120}?\bkey:\s{0,4}[\"']?([\w.-]{2,60})"
)
_FILE = re.compile(
    r"(?i)(?:auth_?token|twilio[\w-]{0,30}(?:token|secret))"
    r"(?:_?|[\"']?:\s{0,40}\{?\s{0,4}[\"']?)(?:file|path)[\"']?\s{0,9}[:=]\s{0,9}[\"']?([\w./-]{3,120})"
)
_IDENTITY = re.compile(
    r"[\"'](?:id|uuid)[\"']\s{0,4}:\s{0,4}[\"']([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,20})[\"'][^{}]{0,300}?AC[0-9a-f]{32}"
)
# A variable that holds what a file does: embedded, included, or read.
_HELD = (
    r"//go:embed\s{{1,4}}([\w./-]{{3,120}})\s{{1,9}}var\s{{1,4}}{0}\b"
    r"|(?<![\w.]){0}\b(?::\s?&?(?:'static\s)?\w{{1,20}}\s?)?\s{{0,9}}(?::=|=)[^;\n]{{0,80}}?\b(?:open|read\w{{0,20}}|include_str!|include_bytes!|file_get_contents"
    r"|(?:File|IO|ioutil|os)\.[Rr]ead\w{{0,16}}|Path|slurp)\s{{0,2}}\(\s{{0,2}}[\"']([\w./-]{{3,120}})[\"']"
    r"|\bimport\s{{1,4}}{0}\s{{1,4}}from\s{{1,4}}[\"']([\w./-]{{3,120}})\?raw[\"']"
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*\w")
_ENDS_IN_CALL = re.compile(r"(?:\)?\.\w{1,20}\(\)){1,3}[)\s]{0,4}$")
# What stands between a name and its value: a sign, a block with a default, an object with one member.
_BETWEEN = (
    r"\s{0,9}(?::=|=>|[:=])\s{0,9}|[ \t]{1,9}|\"\s?\{[^{}]{0,200}\bdefault\s{0,9}=\s?"
    r"|[\"']?\s?:\s?\{\s?[\"'](?:token|auth\w*|secret|password)[\"']\s?:\s?"
)
_VALUE = r"(?=[A-Za-z0-9]{32}(?![A-Za-z0-9]))"
_ALONE = 80
_TELLS = re.compile(r"(?i)twil|auth_?tok")  # what has such a name is found without help
_NO_NAME = frozenset("none null nil true false undefined string str sid this self env process config value".split())
_EVERYDAY = re.compile(
    r"(?i)(?:token|password|passwd|pass|pwd|secret|key|auth|api_?key|api_?secret|credential|username|user)s?\d?"
)


class Reference(NamedTuple):
    """A name or a file's path under which something stands that Twilio is given, the file that tells, its words."""

    name: str
    where: str
    says: str


class Following:
    """Learns names from contents and then finds what has them; contents are those of one scan."""

    def __init__(self, candidates: Iterable[Candidate], rules: RuleSet) -> None:
        """Take what a scan found. Nothing is to be followed if `wanted` is empty: each SID has its secret."""
        self._rules = rules
        self._known = list(candidates)
        self._speaking = {each.origin.path for each in self._known}
        self.wanted = [rule for rule in rules.rules if rule.partner and not rule.only and self._lacks(rule)]
        self._references: dict[str, Reference] = {}
        self._pattern: re.Pattern[str] | None = None
        self._found: dict[str, list[Candidate]] = {}

    def _lacks(self, rule: Rule) -> bool:
        kinds = self._rules.by_id
        sids: set[str] = set()
        secrets: set[str] = set()
        for each in self._known:
            if each.placeholder is None and each.score >= _LIKELY:
                group = {rule.partner: sids, rule.kind: secrets}.get(kinds[each.rule].kind)
                if group is not None:
                    group.add(each.secret.sha256)
        return len(sids) > len(secrets)

    def learn(self, content: Content) -> None:
        """Take the names that a content hands to Twilio."""
        path = content.origin.path
        if len(content.data) > _LARGEST or not (path in self._speaking or _SPEAKS.search(content.data)):
            return
        for each in references(path, content.data.decode("latin-1")):
            if len(self._references) < _MOST_NAMES:
                self._references.setdefault(each.name, each)

    def find(self, content: Content) -> None:
        """Take what a content has under one of the names."""
        if len(content.data) > _LARGEST:
            return
        text = content.data.decode("latin-1")
        for name, begin in self._places(content.origin.path, text):
            self._found.setdefault(name, []).extend(self._at(content, begin, self._references[name]))

    def _places(self, path: str, text: str) -> Iterator[tuple[str, int]]:
        """The names in a text that a value stands behind, and where that begins."""
        if len(text) <= _ALONE and len(text.split()) == 1:  # nothing but a value: its file is its name
            for name in self._references:
                if path == name or path.endswith("/" + name):
                    yield name, len(text) - len(text.lstrip())
        if self._pattern is None:
            names = "|".join(map(re.escape, self._references))
            self._pattern = re.compile(rf"(?<![\w-])({names})[\"']?\]?(?:{_BETWEEN})[\"'`]?{_VALUE}")
        for found in self._pattern.finditer(text):
            if not _EVERYDAY.fullmatch(found[1]) or _in_line(path, self._references[found[1]].where):
                yield found[1], found.end()

    def _at(self, content: Content, begin: int, reference: Reference) -> Iterator[Candidate]:
        added = _ANYBODYS if _EVERYDAY.fullmatch(reference.name) else _OWN
        for rule in self.wanted:
            lifted = rule._replace(base=rule.base + added)
            places = {rule.anchor: [begin + 33]}
            data = content.data
            piece = Text(content, data, self._rules, (lifted,), "", places, Positions(content, data))
            says = f"{reference.where} {reference.says}"
            for start, end, candidate in found_in(piece, [])[0]:
                if start == begin:
                    place = piece.positions.place(start, end)
                    yield candidate._replace(place=place, evidence=(says, *candidate.evidence))

    @property
    def names(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._references)

    @property
    def candidates(self) -> list[Candidate]:
        """What was found, but for names under which too many values stand for one secret and its stages."""
        return [
            each
            for name, found in self._found.items()
            if len({each.secret.sha256 for each in found}) <= (1 if _EVERYDAY.fullmatch(name) else _MOST_VALUES)
            for each in found
        ]


def references(path: str, text: str) -> Iterator[Reference]:
    """The names in a text under which a secret is handed to Twilio, and which do not tell so themselves."""
    for found in _FILE.finditer(text):
        yield Reference(posixpath.normpath(found[1]), path, "names this file as that of a Twilio secret")
    for found in _IDENTITY.finditer(text):
        yield Reference(found[1], path, "has an Account SID under the same id")
    expressions = [
        found[1]
        for pattern in (_CALL, _SIGNS, _CREDENTIALS, _ASSIGNED, _SECRET_KEY)
        for found in pattern.finditer(text)
    ]
    named = dict.fromkeys(filter(None, map(_last_name, expressions)))
    for name in list(named)[:_MOST_NAMES]:
        held = re.search(_HELD.format(re.escape(name)), text)
        if held:
            file = posixpath.normpath(next(filter(None, held.groups())))
            yield Reference(file, path, "hands what is in this file to Twilio")
        source = _origin_of(name, text) or name
        if len(source) > 2 and source.lower() not in _NO_NAME and not _TELLS.search(source) and mask(source) == source:
            yield Reference(source, path, f"hands {source} to Twilio")


def _last_name(expression: str) -> str:
    """What an expression ends in: `os.environ["TOKEN"]` -> `TOKEN`, `keys.word` -> `word`."""
    names = _NAME.findall(_ENDS_IN_CALL.sub("", _balanced(expression)))
    return names[-1].rpartition(".")[2] if names and len(names[-1]) < 60 else ""


def _origin_of(name: str, text: str) -> str:
    """What a variable of this name is read from, if the text says: a setting's key, another name."""
    spelled = re.escape(name)
    injected = re.search(rf"\$\{{([\w.-]{{2,60}})\}}[\"')\s]{{1,6}}(?:\w{{1,20}}\s){{1,4}}{spelled}\b", text)
    if injected:
        return injected[1]
    read = re.search(rf"(?<![\w.]){spelled}\b(?::\s?\w{{1,20}}\s?)?\s{{0,9}}(?::=|=)\s{{0,9}}([^;\n]{{1,120}})", text)
    return _last_name(read[1]) if read and re.search(r"[.\[(]", read[1]) else ""


def _balanced(expression: str) -> str:
    """An argument, up to the parenthesis that ends its call."""
    depth = 0
    for place, sign in enumerate(expression):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return expression[:place]
    return expression


def _in_line(path: str, other: str) -> bool:
    """Whether the folder of one file is that of the other, or above it."""
    ours, theirs = (f"{folder}/" if (folder := posixpath.dirname(each)) else "" for each in (path, other))
    return ours.startswith(theirs) or theirs.startswith(ours)
