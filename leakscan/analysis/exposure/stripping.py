"""Parts of shipped modules that stay on the server: what the compilers of frameworks take out of the bundle."""

import posixpath
import re

from leakscan.analysis.exposure.names import closing
from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import FRONTMATTER, Manifest

_BY_FRAMEWORK = (
    (("next",), "getServerSideProps|getStaticProps|getStaticPaths|generateStaticParams|generateMetadata"),
    (
        ("@remix-run/react", "@remix-run/node", "@react-router/dev", "@react-router/node", "@remix-run/dev"),
        "loader|action|headers",
    ),
    (("gatsby",), "getServerData|config"),
)
_BODY = lazily(r"\s*(?::[^{=;]{0,200})?(?:=>\s*)?\{")
_IMPORT = lazily(
    r"^[ \t]*(?:import\s+([^;'\"`]{1,1500}?)\s+from\s*[\"'][^\"'\n]+[\"'];?"
    r"|(?:const|let|var)\s+([^;=\n]{1,300}?)\s*=\s*(?:await\s+)?(?:require|import)\([^)\n]{1,300}\)[^\n]{0,200})",
    re.MULTILINE,
)
_WORD = lazily(r"[A-Za-z_$][\w$]*")
_DECLARED = lazily(r"^[ \t]*(?:export\s+)?(?:const|let|var)\s+(\w+)\b[^\n]*$")
_MODULES = (".js", ".jsx", ".ts", ".tsx", ".mjs")


def server_spans(path: str, text: str, owner: Manifest | None) -> list[tuple[int, int]]:
    """The spans of a module that stay on the server although the module is shipped."""
    if path.endswith(".astro"):
        front = FRONTMATTER.match(text)
        return [front.span()] if front else []
    if not path.endswith(_MODULES):
        return []
    names = _exports(path, owner)
    if not names:
        return []
    pattern = (
        rf"^export\s+(?:async\s+)?(?:function\s*\*?\s*(?:{names})\b|(?:const|let|var)\s+(?:{names})\b[^=\n]{{0,200}}=)"
    )
    return [(start.start(), _end(text, start.end())) for start in re.finditer(pattern, text, re.MULTILINE)]


def _exports(path: str, owner: Manifest | None) -> str:
    folders = posixpath.dirname(path).split("/")
    if owner is None:  # nothing tells the framework but the names themselves
        return _BY_FRAMEWORK[0][1] if {"pages", "app"} & set(folders) else ""
    return "|".join(names for packages, names in _BY_FRAMEWORK if owner.has(*packages))


def _end(text: str, begin: int) -> int:
    """Where a function ends whose head ends at `begin`."""
    opener = text.find("(", begin, begin + 400)
    if opener < 0:
        return _line_end(text, begin)
    closed = closing(text, opener) + 1
    body = _BODY.match(text, closed)
    return closing(text, body.end() - 1) + 1 if body else _line_end(text, closed)


def _line_end(text: str, begin: int) -> int:
    end = text.find("\n", begin)
    return len(text) if end < 0 else end


def client_part(path: str, text: str, owner: Manifest | None) -> str:
    """What is left of a module in a client's bundle: without server parts and the imports that only they use."""
    spans = server_spans(path, text, owner)
    if not spans or path.endswith(".astro"):
        return text
    kept = _without(text, spans)
    used = _uses(_IMPORT.sub("", kept))

    def keep(found: re.Match[str]) -> str:
        names = set(_WORD.findall(re.sub(r"\w+\s+as\s+", "", found[1] or found[2])))
        return "" if names and names.isdisjoint(used) else found[0]

    return _IMPORT.sub(keep, kept)


def stays_on_server(path: str, text: str, offset: int, owner: Manifest | None) -> bool:
    """Whether the value at `offset` stays on the server: in such a part, or in a constant that only they use."""
    spans = server_spans(path, text, owner)
    if not spans:
        return False
    line = text[text.rfind("\n", 0, offset) + 1 : _line_end(text, offset)][:2000]
    declared = _DECLARED.match(line)
    if path.endswith(".astro"):
        inside = spans[0][0] <= offset < spans[0][1]
        return inside and not (declared and declared[1] in _uses(text[spans[0][1] :]))
    if any(begin <= offset < end for begin, end in spans):
        return True
    kept = _without(text, spans).replace(line, "", 1)
    return bool(declared) and declared[1] not in _uses(kept) if declared else False


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    ends = [0, *(end for _, end in spans)]
    starts = [*(begin for begin, _ in spans), len(text)]
    return "\n".join(text[end:start] for end, start in zip(ends, starts, strict=True) if start >= end)


def _uses(text: str) -> set[str]:
    return set(_WORD.findall(text))
