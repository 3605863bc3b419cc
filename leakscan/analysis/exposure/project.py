"""What is known of the files round a finding: their list, their texts and their package manifests, read when asked."""

import json
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from leakscan.analysis.exposure.patterns import lazily

SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro", ".coffee")
PAGES = (".html", ".htm", ".xhtml")
# The part of an Astro file that runs on the server, fences and all; inside of them in a group.
FRONTMATTER = lazily(r"\A\s*---\r?\n([\s\S]*?)\r?\n---")
_MOST_MANIFESTS = 300
_CONFIG = lazily(r"\.config\.(?:[mc]?[jt]s|json)$|\.json$|\.js$")
_CONFIGURES = {
    "next": "next", "nuxt": "nuxt", "svelte": "@sveltejs/kit", "astro": "astro", "gatsby-config.js": "gatsby",
    "gatsby-config.ts": "gatsby", "angular.json": "@angular/core", "vue": "@vue/cli-service", "vite": "vite",
    "quasar": "@quasar/app", "remix": "@remix-run/dev", "ember-cli-build.js": "ember-source", "ionic": "@ionic/core",
    "app.json": "expo",
}  # fmt: skip
_STARTING = ("expo/", "expo-router/")
_LARGEST_JSON = 400_000
_COMMENT = lazily(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/')
_LAST_COMMA = lazily(r",(\s*[}\]])")


class Project(Protocol):
    """Files that belong together, as far as its reader's bounds allow. Paths are `/`-separated and relative."""

    def files(self) -> Iterable[str]:
        """The paths of all files."""

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The texts of files; without those that are missing, no regular files, too large, or over the bounds."""


class Manifest(NamedTuple):
    """A package.json: the folder that it stands in, the packages it depends on, and the files it names."""

    folder: str
    name: str
    dependencies: frozenset[str]
    entries: tuple[str, ...]
    browser: tuple[str, ...]
    scripts: str

    def has(self, *names: str) -> bool:
        """Whether it depends on any of these packages."""
        return not self.dependencies.isdisjoint(names)


class Survey:
    """A project, with everything that was read of it."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._texts: dict[str, str] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(self._project.files())

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """The paths in order."""
        return tuple(sorted(self.paths))

    def read(self, paths: Iterable[str]) -> None:
        """Read several files at once."""
        missing = [path for path in dict.fromkeys(paths) if path not in self._texts]
        if missing:
            self._texts.update(dict.fromkeys(missing, ""))
            self._texts.update(self._project.texts(missing))

    def text(self, path: str) -> str:
        """The text of a file, empty if it cannot be read."""
        self.read((path,))
        return self._texts[path]

    def named(self, *names: str) -> list[str]:
        """The paths of the files of these names, in order."""
        wanted = set(names)
        return [path for path in self.ordered if posixpath.basename(path) in wanted]

    def above(self, path: str, *names: str) -> str | None:
        """The nearest file of one of these names in the folder of `path` or above it."""
        for folder in folders_above(path):
            for name in names:
                if (candidate := joined(folder, name)) in self.paths:
                    return candidate
        return None

    def table(self, path: str) -> dict[str, Any]:
        """A JSON file's object, comments and last commas forgiven; empty if it is none."""
        return json_object(self.text(path))

    @cached_property
    def manifests(self) -> dict[str, Manifest]:
        """The package manifests by their folders."""
        paths = self.named("package.json")[:_MOST_MANIFESTS]
        self.read(paths)
        found = {(folder := posixpath.dirname(path)): _manifest(folder, self.table(path)) for path in paths}
        # Where that file is missing, a framework's own configuration tells as much.
        for path in self.ordered:
            package = _CONFIGURES.get(posixpath.basename(path).partition(".config.")[0])
            if package == "expo" and "expo" not in self.table(path):  # that of Heroku, or of React Native alone
                continue
            if package and (folder := posixpath.dirname(path)) not in found and _CONFIG.search(path):
                found[folder] = _manifest(folder, {"dependencies": {package: ""}})
        return found

    def owner(self, path: str) -> Manifest | None:
        """The manifest of the package that a file belongs to."""
        return next((self.manifests[folder] for folder in folders_above(path) if folder in self.manifests), None)


def joined(folder: str, name: str) -> str:
    """`name` in `folder`, normalised."""
    return posixpath.normpath(f"{folder}/{name}" if folder else name)


def folders_above(path: str) -> Iterable[str]:
    """The folder of `path` and all above it, the root being empty."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def json_object(text: str) -> dict[str, Any]:
    """The object that a JSON text holds, comments and last commas forgiven; empty if it holds none."""
    if len(text) > _LARGEST_JSON:
        return {}
    try:
        try:
            plain = json.loads(text)
        except ValueError:
            bare = _COMMENT.sub(lambda found: found[1] or "", text.removeprefix("\ufeff"))
            plain = json.loads(_LAST_COMMA.sub(r"\1", bare))
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def strings(value: object, most: int = 200) -> list[str]:
    """The texts in a JSON value, down to a few levels."""
    found: list[str] = []
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting and len(found) < most:
        each, depth = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, dict | list) and depth < 8:
            inner = each.values() if isinstance(each, dict) else each
            waiting += [(item, depth + 1) for item in list(inner)[:most]]
    return found


def _manifest(folder: str, table: Mapping[str, Any]) -> Manifest:
    kinds = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
    dependencies = {name for kind in kinds if isinstance(table.get(kind), dict) for name in table[kind]}
    scripts, engines, main = table.get("scripts"), table.get("engines"), table.get("main")
    if isinstance(main, str) and main.removeprefix("node_modules/").startswith(_STARTING):  # a package's own beginning
        dependencies.add(main.removeprefix("node_modules/").partition("/")[0])
    if isinstance(engines, dict):  # that of an editor, which runs the package as its extension
        dependencies |= {"vscode"} & engines.keys()
    return Manifest(
        folder=folder,
        name=str(table.get("name", "")),
        dependencies=frozenset(dependencies),
        entries=tuple(text for key in ("main", "module", "source", "exports") for text in strings(table.get(key))),
        browser=tuple(strings(table.get("browser"))),
        scripts=" ; ".join(strings(scripts)) if isinstance(scripts, dict) else "",
    )
