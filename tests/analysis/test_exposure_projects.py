"""Who gets to see a place, as the files round it tell: chains of imports in words, and hostile projects."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.analysis.exposure.judging import Exposures, Site
from leakscan.model import Exposure, Place

MAIN = "import { createRoot } from 'react-dom/client';\n"
PACKAGE = '{"dependencies": {"react": "18.2.0", "react-dom": "18.2.0"}}'


class Files(NamedTuple):
    """A project of some texts."""

    by_path: Mapping[str, str]

    def files(self) -> Sequence[str]:
        return list(self.by_path)

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        return {path: self.by_path[path] for path in paths if path in self.by_path}


def exposure(files: Mapping[str, str], path: str, name: str = "", value: str = "VALUE") -> Exposure:
    """What is said of `value` at `path` in a project of these files."""
    project = Files(files)
    line = files.get(path, "").partition(value)[0].count("\n") + 1
    judge = Exposures(lambda shown: (project, shown))
    return judge.of(Site(path, name, value, Place(line, 1, line, 2)))


def test_the_reason_names_the_importer_and_the_entry_point() -> None:
    files = {
        "web/package.json": PACKAGE,
        "web/src/index.js": MAIN + "import { send } from './sms';\ncreateRoot(root).render(send);",
        "web/src/sms.js": "const token = 'VALUE';",
    }
    assert exposure(files, "web/src/sms.js") == Exposure(
        "client", "web/src/sms.js is imported by the browser entry point web/src/index.js"
    )


def test_a_longer_chain_is_told_from_the_file_upwards() -> None:
    files = {
        "index.html": "<script type=module src=/main.js></script>",
        "main.js": "import './one.js';",
        "one.js": "export * from './two.js';",
        "two.js": "const token = 'VALUE';",
    }
    reason = exposure(files, "two.js").reason
    assert reason == "two.js is imported by one.js, main.js, which the page index.html leads to"


ALONE = {  # projects without a package.json
    "vite": ("vite.config.ts", "src/sms.ts", "client"),
    "angular": ("angular.json", "src/environments/environment.ts", "client"),
    "angular, another build": ("src/app/sms.ts", "src/environments/environment.prod.ts", "client"),
    "nest, another build": ("main.ts", "server/src/environments/environment.prod.ts", "server"),
    "nuxt": ("nuxt.config.ts", "plugins/sms.client.ts", "client"),
    "nuxt, for itself": ("plugins/a.client.ts", "nuxt.config.ts", "server"),
    "lightning": ("README", "force-app/main/default/lwc/sms/sms.js", "client"),
    "lightning, its tests": ("README", "force-app/main/default/lwc/sms/__tests__/sms.js", "test"),
    "apex": ("README", "force-app/main/default/classes/Sms.cls", "server"),
    "direnv": ("README", ".envrc", "config"),
    "elixir": ("mix.exs", "config/prod.exs", "config"),
}


@pytest.mark.parametrize(("other", "path", "audience"), ALONE.values(), ids=ALONE)
def test_what_a_project_is_shows_without_a_manifest(other: str, path: str, audience: str) -> None:
    assert exposure({other: "", path: "export const token = 'VALUE';"}, path).audience == audience


def test_a_module_that_says_it_is_for_clients_is_theirs_whatever_it_imports() -> None:
    text = "'use client';\nimport { Twilio } from 'twilio';\nexport default () => new Twilio('VALUE');"
    assert exposure({"components/call.tsx": text}, "components/call.tsx").audience == "client"
    assert exposure({"lib/call.ts": text}, "lib/call.ts").audience == "client"
    assert exposure({"lib/call.ts": text.partition(";")[2]}, "lib/call.ts").audience == "server"


LIBRARY = "const client = require('twilio')(sid, 'VALUE');"


def test_a_library_for_servers_tells_only_where_nothing_else_does() -> None:
    assert exposure({"lib/sms.js": LIBRARY}, "lib/sms.js").audience == "server"
    files = {"lib/sms.js": LIBRARY, "index.html": "<script type=module src=/lib/sms.js></script>"}
    assert exposure(files, "lib/sms.js").audience == "client"


@pytest.mark.parametrize(("listed", "audience"), [("assets/.env", "client"), ("assets/a.png", "config")])
def test_assets_may_be_listed_on_one_line(listed: str, audience: str) -> None:
    files = {
        "pubspec.yaml": f"dependencies:\n  flutter: {{sdk: flutter}}\nflutter:\n  assets: [assets/b.png, {listed}]\n",
        "assets/.env": "TOKEN=VALUE",
    }
    assert exposure(files, "assets/.env").audience == audience


def test_options_of_a_plugin_for_analytics_reach_browsers() -> None:
    plugin = "{{ resolve: '{}', options: {{ key: 'VALUE' }} }}"
    for name, audience in {"gatsby-plugin-segment-js": "client", "gatsby-source-sms": "server"}.items():
        files = {"gatsby-config.js": f"module.exports = {{ plugins: [{plugin.format(name)}] }};"}
        assert exposure(files, "gatsby-config.js").audience == audience


def test_a_circle_of_imports_ends() -> None:
    files = {
        "index.html": "<script src=a.js></script>",
        "a.js": "import './b.js';",
        "b.js": "import './a.js'; import './b.js'; const token = 'VALUE';",
    }
    assert exposure(files, "b.js").audience == "client"


@pytest.mark.parametrize(
    "manifest",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "null",
        "[]",
        '{"dependencies": [], "main": {"a": {}}, "scripts": 3}',
        "{" * 500_000,
        "\0",
    ],
    ids=["deep list", "deep object", "null", "list", "wrong types", "too large", "binary"],
)
@pytest.mark.parametrize("name", ["package.json", "tsconfig.json", "manifest.json", "app.json", "angular.json"])
def test_a_hostile_manifest_is_passed_over(manifest: str, name: str) -> None:
    files = {
        name: manifest,
        "index.html": "<script src=a.js></script>",
        "a.js": "import '@/b'; const token = 'VALUE';",
    }
    assert exposure(files, "a.js").audience == "client"


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 100_000,
        "import " * 50_000,
        "export const a = 1\n" * 20_000,
        "<script " * 40_000,
        "{" * 200_000,
        "'" * 200_001,
    ],
    ids=["comments", "imports", "exports", "scripts", "braces", "quotes"],
)
@pytest.mark.parametrize(
    "path", ["a.js", "a.astro", "a.php", "next.config.js", "build.gradle", "a.cshtml", "pages/a.js"]
)
@pytest.mark.usefixtures("_time_limit")
def test_hostile_texts_take_no_long_time(path: str, text: str) -> None:
    files = {
        "package.json": '{"dependencies": {"next": "14"}}',
        path: text + "VALUE",
        "index.html": f"<script src={path}>",
    }
    assert exposure(files, path).audience


@given(
    path=st.sampled_from(["a.js", "b.vue", "app.json", "x.php", "pubspec.yaml", ".env", "a.kt", "a.astro", "a.cs"]),
    text=st.text(max_size=200),
    other=st.text(alphabet="importexport fm'\"./{}()<>=:-\n", max_size=200),
)
def test_any_text_has_an_exposure(path: str, text: str, other: str) -> None:
    files = {path: text + "VALUE", "index.html": other, "package.json": text, "main.js": other, "build.gradle": other}
    assert exposure(files, path, name="twilio auth token").audience


def test_what_is_not_in_the_project_is_judged_by_path_and_name() -> None:
    files = {"index.html": "<p>", "package.json": PACKAGE}
    assert exposure(files, "server/gone.js").audience == "server"
    assert exposure(files, "gone/settings.yml", "next public twilio auth token").audience == "client"


@pytest.mark.parametrize("name", ["react app twilio auth token", "env vite twilio token", "expo public auth token"])
@pytest.mark.parametrize("path", [".env", "docker-compose.yml", "scripts/deploy.sh"])
def test_a_public_prefix_counts_wherever_the_value_stands(name: str, path: str) -> None:
    judged = exposure({path: "VALUE"}, path, name)
    assert judged.audience == "client"
    assert "its name begins with" in judged.reason


def test_public_alone_needs_a_framework_that_reads_it() -> None:
    name = "public twilio auth token"
    assert exposure({"app.yml": "VALUE"}, "app.yml", name).audience == "config"
    kit = {"app.yml": "VALUE", "package.json": '{"devDependencies": {"@sveltejs/kit": "2"}}'}
    assert exposure(kit, "app.yml", name).audience == "client"


def test_a_type_is_not_an_import() -> None:
    files = {
        "package.json": PACKAGE,
        "index.html": "<script type=module src=main.ts></script>",
        "main.ts": "import type { Message } from './sms';",
        "sms.ts": "const token = 'VALUE';",
    }
    assert exposure(files, "sms.ts").audience == "server"


def test_a_commented_import_is_none() -> None:
    files = {
        "package.json": PACKAGE,
        "index.html": "<script type=module src=main.ts></script>",
        "main.ts": "// import './sms';\n",
        "sms.ts": "const token = 'VALUE';",
    }
    assert exposure(files, "sms.ts").audience == "server"


def test_two_places_in_one_file_are_judged_apart() -> None:
    files = {"a.php": "<?php\n$token = 'VALUE';\n?>\n<script>var t = 'VALUE';</script>"}
    project = Files(files)
    judge = Exposures(lambda shown: (project, shown))
    first, second = (judge.of(Site("a.php", "", "VALUE", Place(line, 1, line, 2))) for line in (2, 4))
    assert (first.audience, second.audience) == ("server", "client")


def test_a_long_list_of_values_is_judged_in_no_time() -> None:
    files = {"a.php": "VALUE\n" * 50_000}
    project = Files(files)
    judge = Exposures(lambda shown: (project, shown))
    sites = [Site("a.php", "", "VALUE", Place(line, 1, line, 2)) for line in range(1, 50_001)]
    assert judge.widest(sites).audience == "client"


CALL = "export const send = (env) => fetch(url, { headers: { Authorization: 'Basic ' + btoa('VALUE') } });"
NATIVE = '{"dependencies": {"expo": "51", "react-native": "0.74"}}'
ROUTED = {"package.json": '{"main": "expo-router/entry", "dependencies": {"expo": "51"}}', "lib/sms.ts": CALL}
DEPLOYED = {
    "a page's, most likely": ({"src/sms.js": CALL}, "client"),
    "a worker's": ({"src/sms.js": CALL, "wrangler.toml": ""}, "server"),
    "a function's": ({"src/sms.js": CALL, "serverless.yml": ""}, "server"),
    "a worker by what it exports": ({"src/sms.js": CALL + "export default { async scheduled(e, env) {} };"}, "server"),
    "a page's beside a worker": (
        {"src/sms.js": CALL, "wrangler.toml": "", "a.html": "<script src=src/sms.js>"},
        "client",
    ),
    "an app's": ({"services/sms.ts": CALL, "package.json": NATIVE}, "client"),
    "a tool beside an app": ({"scripts/sms.ts": CALL, "package.json": NATIVE}, "unknown"),
    "a screen's": (ROUTED | {"app/call.tsx": "import { send } from '../lib/sms';"}, "client"),
    "Astro's markup": ({"src/parts/A.astro": "---\n---\n<p>VALUE</p>", "astro.config.mjs": ""}, "client"),
    "Astro's frontmatter": ({"src/parts/A.astro": "---\nf('VALUE')\n---\n<p></p>", "astro.config.mjs": ""}, "server"),
    "Expo's, by app.json": ({"src/sms.ts": "f('VALUE')", "app.json": '{"expo": {"name": "a"}}'}, "client"),
    "Heroku's app.json": ({"src/sms.ts": "f('VALUE')", "app.json": '{"name": "a"}'}, "unknown"),
    "a public name, read": ({"src/sms.js": "f('VALUE', process.env.REACT_APP_TWILIO_SID)"}, "client"),
    "a public name, read by a server": ({"server/sms.js": "f('VALUE', process.env.REACT_APP_TWILIO_SID)"}, "server"),
    "a Godot game's": ({"a.gd": "extends Node\nconst TOKEN := 'VALUE'\n"}, "client"),
    "a Godot game's, in C#": ({"a.cs": 'using Godot;\nvar token = "VALUE";\n'}, "client"),
    "a Godot game's scene": ({"a.tscn": "token = 'VALUE'"}, "client"),
    "a Godot game's host": ({"a.gd": "extends Node\nvar t = 'VALUE'\npeer.create_server(99)\n"}, "unknown"),
    "a plugin of Godot's editor": ({"a.gd": "@tool\nextends EditorPlugin\nvar t = 'VALUE'\n"}, "unknown"),
    "a declaration of GAP": ({"a.gd": 'DeclareGlobalFunction("VALUE");\n'}, "unknown"),
    "a game's in Lua": ({"main.lua": "function love.load()\n  token = 'VALUE'\nend\n"}, "client"),
    "a server's in Lua": ({"main.lua": "function M.load()\n  token = 'VALUE'\nend\n"}, "server"),
    "settings of Grails": ({"grails-app/conf/Config.groovy": "token = 'VALUE'"}, "config"),
}


@pytest.mark.parametrize(("files", "audience"), DEPLOYED.values(), ids=DEPLOYED)
def test_what_is_deployed_where_tells(files: Mapping[str, str], audience: str) -> None:
    path = next(path for path, text in files.items() if "VALUE" in text)
    assert exposure(files, path).audience == audience
