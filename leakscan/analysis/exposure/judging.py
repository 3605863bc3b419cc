"""Findings' places -> exposure: the widest audience of any of them, with the evidence for it."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from leakscan.analysis.exposure.names import block_at, configures, ends_alike, handed_over, public_prefix
from leakscan.analysis.exposure.native import native
from leakscan.analysis.exposure.paths import by_path, is_test
from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import SCRIPTS, Project, Survey
from leakscan.analysis.exposure.templates import in_script, is_rendered, is_template
from leakscan.model import Exposure, Place

if TYPE_CHECKING:
    from leakscan.analysis.exposure.graph import Graph

WORST_FIRST = ("client", "server", "config", "ci", "docs", "test", "unknown")
_WRITES_PAGES = (
    ".py",
    ".rb",
    ".go",
    ".js",
    ".ts",
    ".mjs",
    ".java",
    ".cs",
    ".pl",
    ".rs",
    ".kt",
    ".scala",
    ".ex",
    ".lua",
    ".cgi",
)
_CONFIG_FOR_APPS = lazily(r"(?:^|/)\.env[\w.-]*$")

_DEPLOYS = ("wrangler.toml", "wrangler.json", "wrangler.jsonc", "serverless.yml", "serverless.yaml")

_MOST_IN_A_FILE = 200
_ANYWHERE = Place(1, 1, 1, 1)

# Where the file at a shown path stands: its project, and its path there.
Located = Callable[[str], tuple[Project, str] | None]


class Site(NamedTuple):
    """One place of a value: its path, the name that it is assigned to in lower-case words, and where it stands."""

    path: str
    name: str
    value: str
    place: Place
    in_content: bool = True


class Exposures:
    """Judges places, and remembers what it learned of their projects."""

    def __init__(self, located: Located | None = None) -> None:
        self._located = located
        self._projects: dict[int, _Surroundings] = {}
        self._known: dict[Site, Exposure] = {}
        self._judged_in: Counter[str] = Counter()

    def widest(self, sites: Iterable[Site]) -> Exposure:
        """The exposure of the place that is worst."""
        exposures = [self.of(site) for site in sites]
        return min(exposures, key=lambda each: WORST_FIRST.index(each.audience), default=Exposure("unknown", ""))

    def of(self, site: Site) -> Exposure:
        """The exposure of one place."""
        if self._judged_in[site.path] >= _MOST_IN_A_FILE:  # a list, most likely: one place is like the other
            site = site._replace(name="", value="", place=_ANYWHERE)
        if site not in self._known:
            self._judged_in[site.path] += 1
            self._known[site] = self._judged(site)
        return self._known[site]

    def _judged(self, site: Site) -> Exposure:
        if not site.in_content:
            return by_path(site.path)
        found = self._located(site.path) if self._located else None
        if found is None:
            prefix = public_prefix(site.name, None, site.path)
            return Exposure("client", prefix) if prefix and not is_test(site.path) else by_path(site.path)
        project, path = found
        surroundings = self._projects.setdefault(id(project), _Surroundings(project))
        return surroundings.of(site._replace(path=path))


class _Surroundings:
    """One project, and what it says of places in it."""

    def __init__(self, project: Project) -> None:
        self._survey = Survey(project)

    @cached_property
    def _graph(self) -> "Graph":
        from leakscan.analysis.exposure.graph import Graph

        return Graph(self._survey)

    @cached_property
    def _handed_over(self) -> dict[str, str]:
        return handed_over(self._survey)

    def of(self, site: Site) -> Exposure:
        """The exposure of one place: what is sure first, conventions last."""
        path, survey = site.path, self._survey
        if is_test(path):
            return by_path(path)
        prefix = public_prefix(site.name, survey, path)
        if prefix:
            return Exposure("client", prefix)
        if path not in survey.paths:  # not any more, or not yet
            return self._by_names(site) or by_path(path)
        if path.endswith(".map") and path[:-4] in survey.paths:  # who gets a script gets what it was made from
            script = self.of(site._replace(path=path[:-4], place=_ANYWHERE))
            return script._replace(reason=f"{path} is the source map of a script: {script.reason}")
        text = survey.text(path)
        offset = _offset(site, text)
        in_block = block_at(path, text, offset) if text else None
        if in_block:
            return Exposure("client", in_block)
        app = native(path, text, offset, site.name, survey)
        if path.endswith(".razor") and app:  # the parts of it that are code run in the browser, too
            return app
        return (
            self._by_names(site)
            or self._by_template(path, text, offset)
            or app
            or self._by_script(path, text, offset)
            or self._by_page_writing(path, text, offset)
            or by_path(path)
        )

    def _by_names(self, site: Site) -> Exposure | None:
        """A name in a configuration that some build takes into client code."""
        base = posixpath.basename(site.path)
        if base.endswith(SCRIPTS) or not site.name:
            return None
        if _CONFIG_FOR_APPS.search(site.path):
            owner = self._survey.owner(site.path)
            if owner and owner.has("react-native-config", "react-native-dotenv"):
                return Exposure(
                    "client",
                    f"{site.path} is built into the app, on which {owner.folder or 'the'} package.json depends",
                )
        for name, says in self._handed_over.items():
            if " " in name and ends_alike(site.name, name):
                return Exposure("client", says)
        return None

    def _by_template(self, path: str, text: str, offset: int) -> Exposure | None:
        if not is_template(path, text or None):
            return None
        if not text:
            return (
                None if path.endswith((".php", ".inc")) else Exposure("client", f"{path} is rendered for the browser")
            )
        if is_rendered(path, text, offset):
            return Exposure("client", f"{path} writes it into the page that the browser gets")
        return Exposure("server", f"it stands in a part of {path} that runs on the server")

    def _by_script(self, path: str, text: str, offset: int) -> Exposure | None:
        """What the import graph says of a script."""
        if not path.endswith((*SCRIPTS, ".json")):
            return None
        from leakscan.analysis.exposure.entries import is_server_only
        from leakscan.analysis.exposure.stripping import stays_on_server

        survey = self._survey
        owner = survey.owner(path)
        if is_server_only(path, survey):
            return Exposure("server", f"{path} is kept on the server by its framework")
        chain = self._graph.reason(path) or self._of_other_builds(path)
        if chain is not None:
            if stays_on_server(path, text, offset, owner):
                return Exposure("server", f"it stands in a part of {path} that its framework keeps on the server")
            return Exposure("client", chain)
        return None if path.endswith(".json") else self._unreached(path, text)

    def _of_other_builds(self, path: str) -> str | None:
        """Why clients get a file that takes the place of another in some builds: `environment.prod.ts`."""
        found = re.fullmatch(r"((?:.*/)?environments?/environment)\.[\w.-]+\.ts", path)
        if found is None:
            return None
        usual = self._graph.reason(f"{found[1]}.ts")
        alone = self._survey.owner(path) is None and by_path(path).audience != "server"
        angular = self._survey.above(path, "angular.json") or alone
        if usual is None and f"{found[1]}.ts" not in self._survey.paths and angular:
            return f"Angular builds {path} in, as a build's environment"
        return f"{path} takes the place of {found[1]}.ts: {usual}" if usual else None

    def _unreached(self, path: str, text: str) -> Exposure | None:
        """A script to which no entry point of a client leads."""
        from leakscan.analysis.exposure.entries import front_end, is_source, only_for_clients
        from leakscan.analysis.exposure.signs import for_browsers, for_servers, of_node

        said = by_path(path)
        if said.audience in {"ci", "docs"}:
            return said
        server = for_servers(path, text)
        if server:
            return Exposure("server", f"{path} {server}")
        owner = self._survey.owner(path)
        rendering = owner is not None and owner.has("next", "astro")
        worker = self._survey.above(path, *_DEPLOYS)
        alone = owner is None and worker is None and said.audience != "server"
        browser = None if rendering else for_browsers(path, text, alone=alone)
        if browser:
            return Exposure("client", f"{path} {browser}")
        if owner is not None and only_for_clients(owner) and is_source(path, owner):
            return Exposure("client", f"{path} is source code of a package that is built for clients alone")
        if rendering or self._graph.has_clients:
            server = f"no entry point of a client leads to {path}"
        elif worker is not None:
            server = f"{path} is part of what {worker} deploys"
        elif owner is not None and not front_end(owner):
            server = f"{path} belongs to a package without anything for browsers"
        elif said.audience == "unknown" and (looks := configures(path) or of_node(text)):
            server = f"{path} {looks}"
        elif said.audience == "client":
            return said
        return Exposure("server", server) if server else None

    def _by_page_writing(self, path: str, text: str, offset: int) -> Exposure | None:
        if path.endswith(_WRITES_PAGES) and in_script(text, offset):
            return Exposure("client", f"{path} writes it into a script of the page that the browser gets")
        return None


def _offset(site: Site, text: str) -> int:
    """Where the value stands: as found by itself, or by line and column where it is encoded there."""
    begin = _line_start(text, site.place.line)
    found = text.find(site.value, begin)
    if found < 0:
        found = text.find(site.value)
    return found if found >= 0 else min(begin + site.place.column - 1, len(text))


def _line_start(text: str, line: int) -> int:
    begin = 0
    for _ in range(min(line, 200_000) - 1):
        end = text.find("\n", begin)
        if end < 0:
            return begin
        begin = end + 1
    return begin
