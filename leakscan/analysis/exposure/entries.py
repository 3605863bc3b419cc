"""Where clients' code begins, by the conventions of frameworks and by what starting files say."""

import posixpath
import re
from collections.abc import Callable, Iterator

from leakscan.analysis.exposure.imports import Resolver
from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import PAGES, SCRIPTS, Manifest, Survey, joined, strings
from leakscan.analysis.exposure.signs import CLIENT_MARK

_MOUNTS = lazily(
    r"createRoot\(|hydrateRoot\(|ReactDOM\.(?:render|hydrate)\(|\bcreateApp\(|\bnew Vue\(|bootstrapApplication\("
    r"|platformBrowser\w*\(|AppRegistry\.registerComponent|registerRootComponent\(|customElements\.define\("
    r"|from ['\"]solid-js/web['\"]|\bnew App\(\{\s*target|\bmount\(App\b|createInertiaApp\(|Alpine\.start\("
    r"|React\.render\("
    r"|\brender\(\s*<|hydrate\(\s*<|Backbone\.history\.start|angular\.module\(|\bm\.mount\(|Stimulus|Application\.start\("
)
_SERVES = lazily(
    r"require\(['\"]express['\"]\)|from ['\"]express['\"]|NestFactory|createServer\(|\.listen\(\s*(?:\w+|\d+)"
)
_STARTS = lazily(
    r"(?:^|/)(?:main|index|app|client|bootstrap|entry[.-]client|renderer|popup|options|background|content|application"
    r"|start|root)\.(?:client\.|browser\.)?(?:jsx?|tsx?|mjs|coffee)$",
    re.IGNORECASE,
)
_CONFIGS = lazily(
    r"^(?:webpack|vite|rollup|rspack|rsbuild|esbuild|farm|gulpfile|craco|angular|project|parcel|build|vue|quasar|laravel)"
    r"[\w.-]*\.(?:js|cjs|mjs|ts|json)$"
)
_STRING = lazily(r"[\"'`]([\w./@-]{2,120})[\"'`]")
_FOR_NODE = lazily(r"target\s*:\s*[\"'](?:node|async-node)|platform\s*:\s*[\"']node|ssr\s*:\s*true")
_NEVER = lazily(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|cypress|e2e|coverage|node_modules)/|\.(?:test|spec|d)\.\w+$"
)
_SERVER_FILE = lazily(
    r"\.server\.\w+$|(?:^|/)\.server/|\+(?:server|page\.server|layout\.server)\.\w+$|(?:^|/)hooks\.server\.\w+$"
    r"|(?:^|/)lib/server/|\+api\.\w+$|(?:^|/)pages/api/|(?:^|/)app/(?:.*/)?route\.\w+$|(?:^|/)_document\.\w+$"
    r"|(?:^|/)server/(?:api|routes|middleware|plugins|utils)/|(?:^|/)(?:netlify|supabase)/functions/"
)
# What stands beside an app's code: the packages of apps for phones seldom have a folder of their own for that.
_TOOLS = lazily(
    r"^(?:scripts?|tools?|bin|server|backend|functions|api|ci|plugins|config|\.[\w-]+)/|\.config\.\w+$|^[\w.-]+$"
)
_NEXT = r"(?:src/)?"
_ROOTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("next",), rf"{_NEXT}pages/.*", "the Next.js page"),
    (("next",), rf"{_NEXT}instrumentation-client\.\w+", "the Next.js client hook"),
    (
        ("nuxt", "nuxt3", "nuxt-edge", "@nuxt/kit"),
        (
            r"(?:app/|src/|client/)?(?:pages|components|layouts|composables|plugins|middleware|stores?|utils|mixins)/.*"
            r"|(?:app/|src/|client/)?(?:app|error)\.vue"
        ),
        "the Nuxt module",
    ),
    (("gatsby",), r"src/(?:pages|templates)/.*|gatsby-browser\.\w+", "the Gatsby page"),
    (
        ("@sveltejs/kit",),
        r"src/routes/.*\+(?:page|layout|error)(?:@[^/]*)?\.(?:svelte|ts|js)|src/hooks(?:\.client)?\.\w+|src/service-worker\.\w+",
        "the SvelteKit page",
    ),
    (("astro",), r"src/pages/.*\.astro", "the Astro page"),
    (("astro",), r".*\.astro", "the Astro component"),  # also of pages in Markdown, whose imports are not followed
    (
        ("@remix-run/react", "@remix-run/dev", "@react-router/dev"),
        r"(?:app|src)/(?:routes/.*|root\.\w+|entry\.client\.\w+)",
        "the Remix route",
    ),
    (("@tanstack/react-start", "@solidjs/start", "@builder.io/qwik-city"), r"(?:src|app)/routes/.*", "the route"),
    (
        ("react-native", "expo", "@nativescript/core", "nativescript"),
        r"(?:src/)?(?:index|App|app|main)(?:\.(?:ios|android|native))?\.\w+",
        "the app's entry point",
    ),
    (("expo-router",), r"(?:src/)?app/.*", "the app's screen"),
    (
        ("react-scripts", "preact-cli", "react-app-rewired", "@craco/craco"),
        r"src/index\.\w+",
        "the browser entry point",
    ),
    (("@vue/cli-service", "@quasar/app", "@ionic/vue", "@ionic/react"), r"src/main\.\w+", "the browser entry point"),
    (("@angular/core", "@ionic/angular"), r"(?:.*/)?src/(?:main|polyfills)\.ts", "the browser entry point"),
    (("parcel", "parcel-bundler"), r"src/index\.html", "the page"),
    (("ember-source", "ember-cli"), r"app/.*|config/environment\.js", "the Ember module"),
    (("@11ty/eleventy",), r"src/js/.*", "the site's script"),
)
_METEOR = lazily(r"(?:^|/)client/|(?:^|/)imports/(?:ui|client|startup/client)/")
# Of a Meteor app everything else is loaded on both sides.
_METEOR_APART = lazily(r"(?:.*/)?(?:server|private|imports|tests?|public|packages|node_modules)/|.*\.config\.\w+$")
_CONVENTIONS = lazily(
    r"(?:.*/)?(?:app/javascript|app/assets/javascripts|resources/assets/js|\.storybook|(?:default|src)/(?:lwc|aura|staticresources))/"
)
_BROWSER = "the browser entry point"


def is_server_only(path: str, survey: Survey) -> bool:
    """Whether a framework never sends this file to clients, whatever imports it."""
    owner = survey.owner(path)
    own = path[len(owner.folder) :].lstrip("/") if owner else path
    if _SERVER_FILE.search(own):
        return True
    if owner and owner.has("nuxt", "nuxt3", "meteor", "meteor-node-stubs") and own.startswith(("server/", "private/")):
        return True
    return bool(owner and owner.has("next") and re.match(rf"{_NEXT}(?:middleware|instrumentation)\.\w+$", own))


class Entries:
    """The files where a project's client code begins: `roots` by path, with what they are in words."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._resolver = Resolver(survey)
        self.roots: dict[str, str] = {}
        scripts = [path for path in survey.ordered if path.endswith((*SCRIPTS, *PAGES)) and not _NEVER.search(path)]
        finders: tuple[Callable[[list[str]], Iterator[tuple[str, str]]], ...] = (
            self._by_convention, self._packaged, self._extensions, self._client_marks, self._configured, self._starting,
            self._pages,
        )  # fmt: skip
        for find in finders:
            for path, says in find(scripts):
                if path.endswith((*SCRIPTS, *PAGES)) and not is_server_only(path, survey):
                    self.roots.setdefault(path, says)

    def _by_convention(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        meteor = any(path.startswith(".meteor/") or "/.meteor/" in path for path in self._survey.paths)
        for path in scripts:
            if path.startswith("public/") or "/public/" in path:
                yield path, "a file that is served as it is"
            if _CONVENTIONS.match(path):
                yield path, "a browser script by its folder"
            if meteor and (_METEOR.search(path) or not _METEOR_APART.match(path)):
                yield path, "the Meteor client's module"
            owner = self._survey.owner(path)
            if owner is None:
                continue
            own = path[len(owner.folder) :].lstrip("/")
            for packages, pattern, says in _ROOTS:
                if owner.has(*packages) and re.fullmatch(pattern, own):
                    yield from self._unless_serving(path, says) if says == _BROWSER else ((path, says),)
                    break

    def _packaged(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        """What package.json names: for the browser, or as the start of an app that is shipped whole."""
        for manifest in self._survey.manifests.values():
            named = [(entry, _BROWSER) for entry in manifest.browser]
            if manifest.has("electron", "nw", "electron-builder", "electron-vite", "vscode"):
                entries = (
                    *manifest.entries,
                    "main",
                    "electron/main",
                    "src/main",
                    "src/main/index",
                    "src/preload/index",
                    "preload",
                )
                named += [(entry, "the entry point of a program that is installed,") for entry in entries]
            elif manifest.has("react-native", "expo"):
                named += [(entry, "the app's entry point") for entry in manifest.entries]
            for entry, says in named:
                if (found := self._resolver.file(joined(manifest.folder, entry))) is not None:
                    yield found, says

    def _extensions(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        for path in self._survey.named("manifest.json")[:100]:
            table = self._survey.table(path)
            if "manifest_version" not in table:
                continue
            parts = (table.get(key) for key in _EXTENSION_PARTS)
            for name in (text for part in parts for text in strings(part)):
                if (found := self._resolver.file(joined(posixpath.dirname(path), name.lstrip("/")))) is not None:
                    yield found, "the browser extension's script"

    def _client_marks(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        """Modules that say of themselves that they are for the browser, as those of Next.js do."""
        folders = [
            each for each in self._survey.manifests.values() if each.has("next", "@tanstack/react-start", "waku")
        ]
        if not folders:
            return
        self._survey.read(scripts)
        for path in scripts:
            if CLIENT_MARK.search(self._survey.text(path)[:4000]):
                yield path, "the 'use client' module"

    def _configured(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        configs = [path for path in self._survey.ordered if _CONFIGS.match(posixpath.basename(path))][:200]
        self._survey.read(configs)
        for path in configs:
            text = self._survey.text(path)[:200_000]
            if _FOR_NODE.search(text) and "entry" in text:
                continue
            folder = posixpath.dirname(path)
            owner = self._survey.owner(path)
            homes = dict.fromkeys((folder, owner.folder if owner else ""))
            for name in _STRING.findall(text):
                places = (joined(home, name.lstrip("/")) for home in homes)
                found = next((place for place in places if place in self._survey.paths), None)
                if found is not None and found != path and not _CONFIGS.match(posixpath.basename(found)):
                    yield from self._unless_serving(found, f"the entry point that {path} names,")

    def _starting(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        """Files with the name of a beginning that put something on the page."""
        names = [path for path in scripts if _STARTS.search(path)]
        self._survey.read(names)
        for path in names:
            if _MOUNTS.search(self._survey.text(path)):
                yield from self._unless_serving(path, _BROWSER)

    def _pages(self, scripts: list[str]) -> Iterator[tuple[str, str]]:
        yield from ((path, "the page") for path in scripts if path.endswith(PAGES))

    def _unless_serving(self, path: str, says: str) -> Iterator[tuple[str, str]]:
        if path.endswith(PAGES) or not _SERVES.search(self._survey.text(path)):
            yield path, says


_EXTENSION_PARTS = (
    "background", "content_scripts", "action", "browser_action", "page_action", "options_page", "options_ui",
    "devtools_page", "side_panel", "chrome_url_overrides",
)  # fmt: skip


def front_end(manifest: Manifest) -> bool:
    """Whether a package is built for browsers or phones, as its dependencies tell."""
    return manifest.has(
        "react", "react-dom", "vue", "svelte", "@angular/core", "next", "nuxt", "gatsby", "astro", "preact", "solid-js",
        "lit", "jquery", "react-native", "expo", "electron", "vite", "parcel", "react-scripts", "@ionic/core",
        "@remix-run/react", "@sveltejs/kit", "alpinejs", "ember-source", "backbone", "angular", "@stencil/core",
    )  # fmt: skip


def only_for_clients(manifest: Manifest) -> bool:
    """Whether a package is built for clients and has nothing of a server."""
    return front_end(manifest) and not manifest.has(
        "next", "nuxt", "astro", "@sveltejs/kit", "gatsby", "@remix-run/node", "@react-router/node", "express", "koa",
        "hono", "fastify", "@nestjs/core", "@hapi/hapi", "restify", "polka", "apollo-server", "@apollo/server", "micro",
        "twilio-run", "serverless", "aws-lambda", "firebase-functions", "firebase-admin", "meteor", "@vercel/node",
        "@netlify/functions",
    )  # fmt: skip


def is_source(path: str, owner: Manifest) -> bool:
    """Whether a file of a package is what that builds, as far as its folder tells, and no tool beside it."""
    own = path[len(owner.folder) :].lstrip("/")
    return own.startswith("src/") or (owner.has("react-native", "expo") and not _TOOLS.search(own))
