"""Calls of Twilio's libraries: where they stand in a text, and the permission that each needs, or why none will do.

Python, JavaScript, Ruby and PHP walk to a resource (`client.verify.services(sid).verifications.create`), the libraries
for Java and C# have a class for each, and the one for Go a method for each.
"""

import re
from collections.abc import Iterator

from leakscan.analysis.usage.catalogue import Resource, shipped
from leakscan.analysis.usage.chains import before

_ENDINGS = frozenset(
    "py js jsx mjs cjs ts tsx mts cts vue svelte rb rake php java kt kts scala groovy cs vb fs go".split()
)
_ACTION = re.compile(
    r"(?:\.|->|::)\s*(create|list|stream|page|iter|each|fetch|read|update|delete|remove)(?:_?async)?\b(?!\s*=[^=>])",
    re.IGNORECASE,
)
_ACTIONS = frozenset("create list stream page iter each fetch read update delete remove".split())
# PHP's `read` lists.
_MEANS = dict.fromkeys(("stream", "page", "iter", "each", "read"), "list") | {"remove": "delete", "fetch": "read"}
_JVM = re.compile(r"\b([A-Z]\w+)\s*\.\s*(creator|fetcher|reader|updater|deleter)\s*\(")
_DOTNET = re.compile(r"\b([A-Z]\w+)Resource\s*\.\s*(Create|Fetch|Read|Update|Delete)(?:Async)?\s*\(")
_OF_CLASS = {
    "creator": "create",
    "fetcher": "read",
    "reader": "list",
    "updater": "update",
    "deleter": "delete",
    "Create": "create",
    "Fetch": "read",
    "Read": "list",
    "Update": "update",
    "Delete": "delete",
}
_GO = re.compile(r"\.\s*(Api|[A-Z][a-z]+V\d+)\s*\.\s*(Create|Fetch|List|Stream|Page|Update|Delete)([A-Z]\w*)\(")
_PACKAGE = re.compile(r"\btwilio[./]rest[./](\w+)", re.IGNORECASE)
# Which variables hold a client of Twilio's, and which something else.
_ASSIGNED = (
    r"(?<![\w@$])[@$]{0,2}(\w{1,80})\s{0,9}(?::\s{0,9}[\w.\\]{1,80}\s{0,9})?:?=\s{0,9}(?:await\s{1,9})?(?:new\s{1,9})?"
)
_CLIENT = re.compile(
    _ASSIGNED + r"(?:require\(\s*['\"]twilio['\"]\s*\)\s*\("
    r"|(?:\\?\w{1,80}[.:\\]{1,2}){0,5}(?:[Tt]wilio\w{0,80}|Client|NewRestClient\w{0,80})\s{0,9}(?:\(|\.new\b))"
)
_MADE = re.compile(_ASSIGNED + r"([\w.:\\]{0,80}[A-Z]\w{0,60})\s{0,9}(?:\(|\.new\b)")
_OURS = re.compile(r"twilio|client", re.IGNORECASE)
_OTHERS = re.compile(
    r"anthropic|openai|stripe|mongo|boto|slack|discord|telegram|vonage|plivo|redis|prisma|pusher|zulip", re.IGNORECASE
)


def may_use(path: str) -> bool:
    """Whether a file is in a language that Twilio has a library for."""
    return path.rpartition(".")[2].lower() in _ENDINGS


def needs(text: str) -> Iterator[tuple[int, str]]:
    """Offsets of calls, and the permission that each needs, or why none will do."""
    yield from _walked(text)
    yield from _of_classes(text)
    for found in _GO.finditer(text):
        product = re.sub(r"V\d+$", "", found[1]).lower()
        nouns = shipped().by_noun.get(found[3], [])
        action = _MEANS.get(found[2].lower(), found[2].lower())
        resource = next((each for each in nouns if each.product == product), None)
        yield found.start(2), _needed(resource, action, f"{product} {found[3]}")


def _needed(resource: Resource | None, action: str, name: str) -> str:
    permission = resource.allowing(action) if resource else None
    return permission or f"{action} of {name} has no permission in the catalogue that leakscan knows"


def _walked(text: str) -> Iterator[tuple[int, str]]:
    clients = {found[1] for found in _CLIENT.finditer(text)}
    made = {found[1] for found in _MADE.finditer(text) if _OTHERS.search(found[2]) or not _OURS.search(found[2])}
    foreign = made - clients
    for found in _ACTION.finditer(text):
        chain = before(text, found.start(1))
        root = chain.root.lstrip("@$") if chain else ""
        if chain is None or root in foreign or _OTHERS.search(root):
            continue
        steps, known = _resource_steps(chain.steps, known=root in clients)
        if not steps or _ACTIONS & set(steps):
            continue
        action = found[1].lower()
        resource = shipped().at(steps)
        ours = known or (steps[0] in shipped().unknown and bool(_OURS.search(root)))
        if resource is not None or ours:
            yield found.start(1), _needed(resource, _MEANS.get(action, action), ".".join(steps))


def _resource_steps(steps: tuple[str, ...], *, known: bool) -> tuple[tuple[str, ...], bool]:
    """The steps from the client on: `self.client.messages` is the same as `client.messages`."""
    for at, step in enumerate(steps):
        if _OURS.search(step):
            return steps[at + 1 :], True
    return steps, known


def _of_classes(text: str) -> Iterator[tuple[int, str]]:
    products = {found[1].lower() for found in _PACKAGE.finditer(text)}
    for pattern in (_JVM, _DOTNET):
        for found in pattern.finditer(text):
            nouns = shipped().by_noun.get(found[1], [])
            fitting = [each for each in nouns if each.product in products] if len(nouns) > 1 else nouns
            resource = fitting[0] if len(fitting) == 1 else None
            if nouns or pattern is _DOTNET or products:
                yield found.start(2), _needed(resource, _OF_CLASS[found[2]], found[1])
