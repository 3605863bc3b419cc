"""Which files a file brings along: imports, requires, scripts of pages; and how their names resolve."""

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import (
    FRONTMATTER,
    PAGES,
    SCRIPTS,
    Manifest,
    Survey,
    folders_above,
    joined,
    strings,
)

_ENDINGS = (*SCRIPTS, ".json")
_PLATFORMS = (".native", ".ios", ".android", ".web")
_LARGEST = 400_000

_ANY = lazily(
    r"(?<![\w.$])from\s{0,20}[\"']([^\"'\n]{1,300})[\"']"
    r"|^[ \t]*import\s*[\"']([^\"'\n]{1,300})[\"']"
    r"|\b(?:import|require|importScripts|require\.context|register|import\.meta\.glob)\("
    r"\s*(?:/\*[^*]{0,200}\*/\s*)?[\"'`]([^\"'`\n$]{1,300})[\"'`]"
    r"|\bnew URL\(\s*[\"']([^\"'\n]{1,300})[\"']"
    r"|<script\b[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'\s>]{1,300})"
    r"|<link\b[^>]{0,200}\bhref\s*=\s*[\"']([^\"'\s>]{1,300}\.m?js)[\"']",
    re.MULTILINE,
)
_AMD = lazily(r"\b(?:define|require|requirejs)\(\s*(?:[\"'][\w./-]{1,100}[\"']\s*,\s*)?\[([^\]]{1,2000})\]")
_MAIN = lazily(r"\bdata-main\s*=\s*[\"']([^\"'\s>]{1,300})")
_QUOTED = lazily(r"[\"']([\w./@-]{1,200})[\"']")
_PLAIN_COMMENT = lazily(r"^[ \t]*(?://|\*).*$", re.MULTILINE)
_ISLAND = lazily(r"<([A-Z]\w*)\b[^<]{0,500}?\bclient:")
_ASTRO_IMPORT = lazily(r"import\s+(?:\{\s*)?(\w+)[^;'\"\n]{0,200}from\s*[\"']([^\"'\n]{1,300})[\"']")


def imported(path: str, text: str) -> Iterator[str]:
    """The names of what a file brings along, as written."""
    text = without_comments(_PLAIN_COMMENT.sub("", text[:_LARGEST]))
    if path.endswith(".astro"):
        yield from _of_astro(text)
        return
    for found in _ANY.finditer(text):
        if not (found[1] and _is_of_types(text, found.start())):
            yield next(name for name in found.groups() if name)
    yield from _MAIN.findall(text)
    for listed in _AMD.findall(text):
        yield from (name if name.startswith(".") else f"./{name}" for name in _QUOTED.findall(listed))


def _is_of_types(text: str, end: int) -> bool:
    """Whether the import whose names end there is of types alone, which no compiler keeps."""
    left = text[max(0, end - 2000) : end]
    begin = max(left.rfind("import "), left.rfind("export "))
    return begin >= 0 and left[begin + 7 :].lstrip().startswith("type ")


def without_comments(text: str) -> str:
    """`text` without the comments of markup."""
    head, *rest = text.split("<!--")
    return head + "".join(part.partition("-->")[2] for part in rest)


def _of_astro(text: str) -> Iterator[str]:
    """What a component of Astro sends along: islands, the scripts in its markup, other components."""
    front = FRONTMATTER.match(text)
    markup = text[front.end() :] if front else text
    islands = set(_ISLAND.findall(markup))
    for name, target in _ASTRO_IMPORT.findall(front[1] if front else ""):
        if name in islands or target.endswith(".astro"):
            yield target
    for found in _ANY.finditer(markup):
        yield next(name for name in found.groups() if name)


class Resolver:
    """Tells which file of a project is meant by an import in another."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._aliases: dict[str, list[tuple[str, str]]] = {}

    def resolve(self, importer: str, name: str) -> Iterator[str]:
        """The files that `name` in `importer` may mean: one, as a rule; several where a folder is meant."""
        name = name.partition("?")[0].partition("#")[0] if not name.startswith("#") else name
        if not name or "://" in name or name.startswith(("//", "data:", "node:")):
            return
        if "*" in name:
            yield from self._globbed(importer, name)
            return
        for place in self._places(importer, name):
            if (found := self.file(place)) is not None:
                yield found
                return

    def file(self, place: str) -> str | None:
        """The file at `place`, whose ending may be left out, or be that of what it is compiled to."""
        paths = self._survey.paths
        if place in paths:
            return place
        stem, ending = posixpath.splitext(place)
        if ending in {".js", ".jsx", ".mjs"}:
            for other in (".ts", ".tsx", ".mts", ".jsx"):
                if stem + other in paths:
                    return stem + other
        for ending in _ENDINGS:
            if place + ending in paths:
                return place + ending
        for platform in _PLATFORMS:
            for ending in _ENDINGS[:4]:
                if place + platform + ending in paths:
                    return place + platform + ending
        inside = f"{place}/index" if place not in {"", "."} else "index"
        return next((inside + ending for ending in _ENDINGS if inside + ending in paths), None)

    def _globbed(self, importer: str, name: str) -> Iterator[str]:
        folder = joined(posixpath.dirname(importer), name.partition("*")[0]) if name.startswith(".") else ""
        if folder and not folder.startswith(".."):
            yield from [path for path in self._survey.ordered if path.startswith(folder)][:200]

    def _places(self, importer: str, name: str) -> Iterator[str]:
        folder = posixpath.dirname(importer)
        if name.startswith("."):
            yield joined(folder, name)
            return
        owner = self._survey.owner(importer)
        home = owner.folder if owner else ""
        if name.startswith("/"):
            for above in (folder, *folders_above(importer), home):
                yield from (joined(above, part + name.lstrip("/")) for part in ("", "public/", "static/", "www/"))
            return
        yield from self._by_alias(home, importer, name)
        if importer.endswith(PAGES):
            yield joined(folder, name)
        head, _, rest = name.partition("/")
        if head in {"@", "~", "~~", "@@", "$lib", "#", "src", "app"}:
            yield from self._short(home, head, rest)
        yield from self._of_workspace(name)
        if name.endswith(SCRIPTS):
            yield joined(folder, name)

    @staticmethod
    def _short(home: str, head: str, rest: str) -> Iterator[str]:
        """The folders that common abbreviations stand for."""
        bases = {"$lib": ("src/lib/",), "src": ("src/",), "app": ("app/", "src/app/")}.get(head, ("src/", "", "app/"))
        yield from (joined(home, base + rest) for base in bases)

    def _by_alias(self, home: str, importer: str, name: str) -> Iterator[str]:
        for above in folders_above(importer):
            for pattern, target in self._aliases_of(above):
                head, star, tail = pattern.partition("*")
                if star and name.startswith(head) and name.endswith(tail):
                    inner = name[len(head) : len(name) - len(tail)] if tail else name[len(head) :]
                    yield joined(above, target.replace("*", inner, 1))
                elif name == pattern:
                    yield joined(above, target)
            if above == home:
                break

    def _aliases_of(self, folder: str) -> list[tuple[str, str]]:
        """The path aliases of the tsconfig or jsconfig files in a folder."""
        if folder not in self._aliases:
            found: list[tuple[str, str]] = []
            for name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.app.json"):
                if (path := joined(folder, name)) in self._survey.paths:
                    found += _aliases(self._survey.table(path))
            self._aliases[folder] = found
        return self._aliases[folder]

    def _of_workspace(self, name: str) -> Iterator[str]:
        parts = name.split("/")
        count = 2 if name.startswith("@") else 1
        manifest = self._by_name.get("/".join(parts[:count]))
        if manifest is None:
            return
        rest = "/".join(parts[count:])
        if rest:
            yield from (joined(manifest.folder, base + rest) for base in ("", "src/", "lib/"))
            return
        yield from (joined(manifest.folder, entry) for entry in manifest.entries)
        yield from (joined(manifest.folder, entry) for entry in ("src/index", "index", "lib/index", "src/main"))

    @cached_property
    def _by_name(self) -> dict[str, Manifest]:
        return {manifest.name: manifest for manifest in self._survey.manifests.values() if manifest.name}


def _aliases(table: dict[str, Any]) -> list[tuple[str, str]]:
    options = table.get("compilerOptions")
    if not isinstance(options, dict):
        return []
    base = options.get("baseUrl") if isinstance(options.get("baseUrl"), str) else "."
    paths = options.get("paths")
    found = []
    for pattern, targets in list(paths.items())[:200] if isinstance(paths, dict) else ():
        found += [(str(pattern), f"{base}/{target}") for target in strings(targets, 10)]
    if "baseUrl" in options:
        found.append(("*", f"{base}/*"))
    return found
