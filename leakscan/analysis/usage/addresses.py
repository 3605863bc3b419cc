"""Requests to Twilio's REST API that are put together by hand: curl, HTTP clients, addresses in code."""

import re
from collections.abc import Iterator
from itertools import takewhile

from leakscan.analysis.usage.catalogue import shipped

_ENDINGS = frozenset("sh bash zsh fish ps1 http rest swift dart rs ex exs erl clj pl lua r yml yaml html".split())
# Between an address's parts may stand an id, a variable, or the end and the beginning of literals that are joined.
_API = re.compile(
    r"(?:api\.twilio\.com)?/2010-04-01/Accounts(?P<rest>(?:/|['\"]\s*[+.,]|\$\{|#\{|\{|%s|<)[^\s;]{0,80}[^\n;]{0,120})"
)
_PRODUCT = re.compile(r"\b(?P<product>[a-z]+)\.twilio\.com/v\d+/(?P<rest>[^\n;]{1,200})")
_SEGMENT = re.compile(r"/(?P<name>[A-Z][A-Za-z]+)\b(?P<ending>\.json)?(?P<after>/?)")
_METHOD = re.compile(
    r"(?:-X\s*|--request[ =]|method['\"]?\s*[:=]\s*|\.|Http|\b)['\"]?(?P<verb>GET|POST|DELETE|PUT|PATCH)\b['\"]?"
    r"|\.(?P<call>get|post|delete|put|patch)(?:Async)?\s*\(",
)
_DATA = re.compile(
    r"(?:^|\s)(?:-d|--data(?:-urlencode|-raw|-binary)?|-F|--form)[ =]|-Body\b|CURLOPT_POST\b|CURLOPT_POSTFIELDS"
)
_COMMAND = re.compile(r"\bcurl\s")
_LINES_BEFORE, _LINES_AFTER = 3, 6


def may_stand(path: str) -> bool:
    """Whether a file is one in which requests are written by hand, though Twilio has no library for its language."""
    name = path.rpartition("/")[2].lower()
    return name.rpartition(".")[2] in _ENDINGS or name in {"makefile", "jenkinsfile"} or "." not in name


def needs(text: str) -> Iterator[tuple[int, str]]:
    """Offsets of addresses, and the permission that each request needs, or why none will do."""
    for found in (*_API.finditer(text), *_PRODUCT.finditer(text)):
        groups = found.groupdict()
        product = groups.get("product") or "api"
        path, one = _path(groups["rest"] if product == "api" else "/" + groups["rest"])
        one = one or not path
        if product == "api" and not path and not re.match(r"/[^/\s'\"]+\.json", groups["rest"]):
            continue
        resource = next((each for each in shipped().resources if each.product == product and each.path == path), None)
        action = _action(_verb(text, found.start(), found.end()), one=one)
        permission = resource.allowing(action) if resource else None
        name = f"{product} {path}".strip()
        yield found.start(), permission or f"{action} of {name} has no permission in the catalogue that leakscan knows"


def _path(rest: str) -> tuple[str, bool]:
    """A resource's path as the catalogue has it, and whether it ends with one item of it."""
    names: list[str] = []
    one = False
    known = {each.path for each in shipped().resources}
    for segment in _SEGMENT.finditer(rest):
        if re.fullmatch(r"(?:AC|SK|SM|CA|VA)[A-Fa-f0-9X]{8,}|X+", segment["name"]):
            continue
        for joint in ("/", "/*/"):
            tried = joint.join((*names[:1], segment["name"])) if names else segment["name"]
            if any(each == tried or each.startswith(tried + "/") for each in known):
                names = [tried]
                break
        else:
            names = [*names, segment["name"]] if not names else ["/".join((names[0], segment["name"]))]
        one = bool(segment["after"]) and not segment["ending"]
    return (names[0] if names else ""), one


def _verb(text: str, start: int, end: int) -> str:
    """The method of the request in which an address stands: on its own line, else on the lines round it."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    before = text[:line_start].split("\n")[-_LINES_BEFORE - 1 : -1]
    after = text[line_start:].split("\n")[1 : _LINES_AFTER + 1]
    if _COMMAND.search(text, max(0, line_start - 300), end):  # a command goes on only where its line says so
        before = list(takewhile(lambda each: each.rstrip().endswith("\\"), reversed(before)))
        after = [each for at, each in enumerate(after) if all(e.rstrip().endswith("\\") for e in (line, *after[:at]))]
    for part in (line, "\n".join(after), "\n".join(before)):
        said = _METHOD.search(part)
        if said:
            return (said["verb"] or said["call"]).upper()
        if _DATA.search(part):
            return "POST"
    return "GET"


def _action(verb: str, *, one: bool) -> str:
    if verb == "DELETE":
        return "delete"
    if verb in {"POST", "PUT", "PATCH"}:
        return "update" if one else "create"
    return "read" if one else "list"
