"""Apps that are installed (Android, iOS, Flutter, .NET, desktop, games): what is built in is in their users' hands."""

import posixpath
import re
from typing import TYPE_CHECKING

from leakscan.analysis.exposure.games import game
from leakscan.analysis.exposure.names import ends_alike
from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import Survey, folders_above, joined
from leakscan.detection.naming import words
from leakscan.model import Exposure

if TYPE_CHECKING:
    from collections.abc import Callable

_ANDROID = lazily(r"com\.android\.|\bandroid\s*\{|plugins\.android|androidTarget\(|id\(?\s*[\"']android")
_ANDROID_CODE = lazily(r"^\s*import\s+(?:static\s+)?(?:android|androidx|com\.google\.android)\.", re.MULTILINE)
_JVM_SERVER = lazily(
    r"^\s*import\s+(?:org\.springframework|jakarta|javax\.(?:servlet|ws)|io\.ktor\.server|spark|io\.micronaut|io\.quarkus|play\.)",
    re.MULTILINE,
)
_JVM_DESKTOP = lazily(r"^\s*import\s+(?:javafx|javax\.swing|java\.awt|androidx\.compose\.desktop)\.", re.MULTILINE)
_QT = lazily(
    r"^\s*#include\s*<Q(?:Application|GuiApplication|MainWindow|Widget|Dialog|QmlApplicationEngine)", re.MULTILINE
)
_BUILT_IN = lazily(r"buildConfigField|resValue|manifestPlaceholders")
_SECRETS_PLUGIN = lazily(r"secrets-gradle-plugin|plugins\.secrets|\bsecrets\s*\{")
_APPLE_CODE = lazily(
    r"^\s*(?:@?import|#import)\s*[<\"]?(?:UIKit|SwiftUI|AppKit|Cocoa|WatchKit|Combine|UIKit/UIKit\.h)\b", re.MULTILINE
)
_SWIFT_SERVER = lazily(r"\b(?:Vapor|vapor|Kitura|Hummingbird|hummingbird|PerfectHTTP|AWSLambdaRuntime|swift-nio)\b")
_NET_APP_CODE = lazily(
    r"^\s*using\s+(?:Microsoft\.Maui|Xamarin|Android\.(?:App|OS|Content)|UIKit|Avalonia|System\.Windows\.(?:Forms|Controls))\b",
    re.MULTILINE,
)
_NET_CLIENT = lazily(
    r"UseMaui|Xamarin|MonoAndroid|net\d(?:\.\d)?-(?:android|ios|maccatalyst|windows)|BlazorWebAssembly|Components\.WebAssembly"
    r"|<UseWPF>\s*true|<UseWindowsForms>\s*true|Avalonia|Uno\.Sdk"
)
_NET_SERVER = lazily(r"Microsoft\.NET\.Sdk\.(?:Web|Worker|Functions)\"")
_KMP = lazily(r"(?:^|/)src/(?:common|android|ios|js|wasmJs|desktop|apple|mobile)Main/")
_OUT_OF_APP = lazily(r"(?:^|/)(?:test|integration_test|test_driver|tool|bin|functions|server|backend|api)/")
_SOURCES = (".dart", ".json", ".yaml", ".yml", ".arb", ".env")


def native(path: str, text: str, offset: int, name: str, survey: Survey) -> Exposure | None:
    """What the apps of a project tell of the value called `name` (in words) at `offset` of a file; None if nothing."""
    base = posixpath.basename(path).lower()
    ending = posixpath.splitext(base)[1]
    by_ending: dict[str, Callable[[], Exposure | None]] = {
        ".gradle": lambda: _gradle(path, text, offset),
        ".kts": lambda: _gradle(path, text, offset),
        ".properties": lambda: _properties(path, survey),
        ".java": lambda: _jvm(path, text, survey),
        ".kt": lambda: _jvm(path, text, survey),
        ".xml": lambda: _android_resource(path, survey),
        ".xcconfig": lambda: _xcconfig(path, name, survey),
        ".swift": lambda: _apple(path, text, survey),
        ".m": lambda: _apple(path, text, survey),
        ".mm": lambda: _apple(path, text, survey),
        ".h": lambda: _apple(path, text, survey),
        ".plist": lambda: _client(f"{path} is shipped in the app's bundle"),
        ".cs": lambda: _net(path, text, survey),
        ".xaml": lambda: _client(f"{path} is part of the app"),
        ".razor": lambda: _net(path, text, survey),
        ".config": lambda: _net_settings(path, survey),
        ".cpp": lambda: _qt(path, text),
        ".cc": lambda: _qt(path, text),
        ".strings": lambda: _client(f"{path} is shipped in the app's bundle"),
        ".rs": lambda: _tauri(path),
        ".qml": lambda: _client(f"{path} is shipped with the desktop app"),
        ".py": lambda: _python(path, survey),
    }
    if re.match(r"capacitor\.config\.|tauri\.conf\.json$", base) or (base == "config.xml" and "<widget" in text[:4000]):
        return _client(f"{path} is shipped in the app")
    if played := game(path, text, survey):
        return played
    judge = by_ending.get(ending)
    found = judge() if judge else None
    if found is None and (ending in _SOURCES or base.startswith(".env") or base == "env"):
        found = _flutter(path, text, survey)
    if found is None and ending == ".json" and base.startswith("appsettings"):
        found = _net_settings(path, survey)
    return found or _defined_for_flutter(path, text, offset, survey)


def _client(reason: str) -> Exposure:
    return Exposure("client", reason)


def _android_module(path: str, survey: Survey) -> str | None:
    """The gradle file that makes an Android app of the module of `path`."""
    for folder in folders_above(path):
        for name in ("build.gradle", "build.gradle.kts"):
            gradle = joined(folder, name)
            if gradle in survey.paths:
                return gradle if _ANDROID.search(survey.text(gradle)) else None
        if joined(folder, "AndroidManifest.xml") in survey.paths:
            return joined(folder, "AndroidManifest.xml")
        if joined(folder, "src/main/AndroidManifest.xml") in survey.paths:
            return joined(folder, "src/main/AndroidManifest.xml")
    return None


def _gradle(path: str, text: str, offset: int) -> Exposure | None:
    if not path.endswith((".gradle", ".gradle.kts")):
        return None
    line = text[text.rfind("\n", 0, offset) + 1 : offset + 300].partition("\n")[0][:1000]
    above = text[max(0, offset - 300) : offset]
    opened = list(_BUILT_IN.finditer(above))
    block = above[opened[-1].end() :] if opened else "]"
    if _BUILT_IN.search(line) or not {"]", ")"} & set(block):
        return _client(f"{path} builds it into the Android app")
    found = re.match(r"\s*(?:def|val|ext\.|set\([\"'])?\s*([A-Za-z_]\w{2,60})", line)
    lines = (other for other in text[:200_000].splitlines() if _BUILT_IN.search(other))
    if found and any(re.search(rf"\b{found[1]}\b", other[:1000]) for other in lines):
        return _client(f"{path} builds {found[1]} into the Android app")
    return Exposure("config", f"{path} is a build file and does not build it in")


def _properties(path: str, survey: Survey) -> Exposure | None:
    base = posixpath.basename(path)
    gradles = survey.named("build.gradle", "build.gradle.kts")[:100]
    survey.read(gradles)
    if base in {"local.properties", "secrets.properties", "secrets.defaults.properties"}:
        for gradle in gradles:
            if _SECRETS_PLUGIN.search(survey.text(gradle)):
                return _client(f"the secrets plugin of {gradle} builds all of {path} into the Android app")
    if re.search(r"(?:^|/)src/\w+/(?:assets|res)/", path) and _android_module(path, survey):
        return _client(f"{path} is shipped in the Android app")
    return None


def _jvm(path: str, text: str, survey: Survey) -> Exposure:
    if _JVM_SERVER.search(text):
        return Exposure("server", f"{path} is part of a server, as its imports tell")
    if _KMP.search(path):
        return _client(f"{path} is code that is shared with the app")
    gradle = _android_module(path, survey)
    if gradle:
        return _client(f"{path} is part of the Android app that {gradle} builds")
    if _JVM_DESKTOP.search(text) or _ANDROID_CODE.search(text):
        return _client(f"{path} is part of a program that is installed, as its imports tell")
    bare = not any(each.endswith((".gradle", ".gradle.kts", "pom.xml")) for each in survey.paths)
    if bare and re.search(r"(?:^|/)app/src/main/", path):
        return _client(f"{path} has the path of an Android app's code")
    return Exposure("server", f"{path} is no part of an app")


def _android_resource(path: str, survey: Survey) -> Exposure | None:
    if re.search(r"(?:^|/)(?:res|assets)/", path) or posixpath.basename(path) == "AndroidManifest.xml":
        gradle = _android_module(path, survey)
        return _client(f"{path} is part of the Android app that {gradle} builds") if gradle else None
    return None


def _xcconfig(path: str, name: str, survey: Survey) -> Exposure:
    plists = [each for each in survey.ordered if each.endswith(".plist")][:100]
    survey.read(plists)
    for plist in plists:
        keys = re.findall(r"\$[({](\w{2,80})[)}]", survey.text(plist))
        if any(ends_alike(name, words(key)) for key in keys):
            return _client(f"{plist} takes it from {path} into the app's bundle")
    if plists and name:
        return Exposure("config", f"{path} is a build setting that no property list takes into the app")
    return _client(f"{path} is a build setting of an app")


def _apple(path: str, text: str, survey: Survey) -> Exposure | None:
    if _APPLE_CODE.search(text):
        return _client(f"{path} is part of an app, as its imports tell")
    package = survey.above(path, "Package.swift")
    project = any(".xcodeproj/" in each or ".xcworkspace/" in each for each in survey.paths)
    if path.endswith(".swift"):
        manifest = survey.text(package) if package else ""
        if _SWIFT_SERVER.search(manifest) or _SWIFT_SERVER.search(text):
            return Exposure("server", f"{package or path} is that of a server in Swift")
        if "executableTarget" in manifest and not project:
            return Exposure("server", f"{package} builds a command, not an app")
        return _client(f"{path} is part of an app in Swift")
    if project or re.search(r"#import\s*[<\"]", text):
        return _client(f"{path} is part of an app in Objective-C")
    return None


def _net(path: str, text: str, survey: Survey) -> Exposure | None:
    if _NET_APP_CODE.search(text):
        return _client(f"{path} is part of an app, as its imports tell")
    project = _net_project(path, survey)
    if project is None:
        return None
    written = survey.text(project)
    if _NET_CLIENT.search(written):
        return _client(f"{path} is part of the app that {project} builds")
    if _NET_SERVER.search(written) and not path.endswith(".razor"):
        return Exposure("server", f"{project} builds a server")
    return None


def _qt(path: str, text: str) -> Exposure | None:
    return _client(f"{path} is part of a desktop program, as its includes tell") if _QT.search(text) else None


def _net_project(path: str, survey: Survey) -> str | None:
    """The nearest project file of .NET above `path`."""
    projects = {posixpath.dirname(each): each for each in survey.ordered if each.endswith((".csproj", ".fsproj"))}
    return next((projects[folder] for folder in folders_above(path) if folder in projects), None)


def _net_settings(path: str, survey: Survey) -> Exposure | None:
    project = _net_project(path, survey)
    written = survey.text(project) if project else ""
    if re.search(r"(?:^|/)wwwroot/", path):
        return _client(f"{path} is served as it is, and Blazor reads it in the browser")
    if _NET_CLIENT.search(written):
        return _client(f"{path} is shipped with the app that {project} builds")
    return None


def _tauri(path: str) -> Exposure | None:
    return _client(f"{path} is compiled into the desktop app") if re.search(r"(?:^|/)src-tauri/", path) else None


def _python(path: str, survey: Survey) -> Exposure | None:
    spec = survey.above(path, "buildozer.spec")
    return _client(f"{path} is packed into the app that {spec} builds") if spec else None


def _flutter(path: str, text: str, survey: Survey) -> Exposure | None:
    pubspec = survey.above(path, "pubspec.yaml")
    written = survey.text(pubspec) if pubspec else ""
    if pubspec is None or not _FLUTTER.search(written):
        return _dart(path, text, written, survey) if path.endswith(".dart") else None
    own = path[len(posixpath.dirname(pubspec)) :].lstrip("/")
    if path.endswith(".dart"):
        if _OUT_OF_APP.match(own):
            return None
        return _client(f"{path} is part of the Flutter app of {pubspec}")
    listed = written.partition("assets:")[2]
    inline = re.match(r"\s*\[([^\]]{1,2000})\]", listed)
    assets = (
        re.findall(r"[\w./-]{1,120}", inline[1])
        if inline
        else re.findall(r"^\s*-\s*(?:path:\s*)?[\"']?([\w./-]{1,120})", listed, re.MULTILINE)
    )
    for asset in assets:
        if own == asset or (asset.endswith("/") and own.startswith(asset)):
            return _client(f"{pubspec} lists {own} among the app's assets")
    if posixpath.basename(path).startswith(".env") and re.search(r"^\s*envied\b", written, re.MULTILINE):
        return _client(f"envied compiles {path} into the Flutter app of {pubspec}")
    return None


def _dart(path: str, text: str, pubspec: str, survey: Survey) -> Exposure | None:
    """What is to say of code in Dart whose own package does not name Flutter."""
    if _DART_SERVER.search(pubspec) or _DART_SERVER.search(text):
        return Exposure("server", f"{path} is code of a server in Dart")
    if "package:flutter" in text:
        return _client(f"{path} is part of a Flutter app, as its imports tell")
    others = survey.named("pubspec.yaml")
    survey.read(others)
    if pubspec and not any(_FLUTTER.search(survey.text(each)) for each in others):
        return Exposure("server", f"{path} is code of a Dart program without Flutter")
    return None if _OUT_OF_APP.search(path) else _client(f"{path} has the path of an app's code in Dart")


_FLUTTER = lazily(r"sdk:\s*flutter|^flutter:", re.MULTILINE)
_DART_SERVER = lazily(r"\b(?:shelf|dart_frog|serverpod|angel3_\w+|functions_framework|HttpServer)\b")
_DEFINE = lazily(r"--dart-define=[\"']?\w*=?[^\s]{0,80}$")


def _defined_for_flutter(path: str, text: str, offset: int, survey: Survey) -> Exposure | None:
    """A value that a build command hands to a Flutter app: on its line, or in a file that it names."""
    before = text[max(text.rfind("\n", 0, offset) + 1, offset - 400) : offset]
    if _DEFINE.search(before):
        return _client(f"{path} hands it to the Flutter app with --dart-define")
    if path.endswith((".json", ".env")) and survey.named("pubspec.yaml"):
        base = posixpath.basename(path)
        tellers = [each for each in survey.ordered if _BUILD_TEXT.search(each)][:60]
        survey.read(tellers)
        for teller in tellers:
            if re.search(rf"--dart-define-from-file[= \"',]+[\w./-]*{re.escape(base)}", survey.text(teller)):
                return _client(f"{teller} hands {path} to the Flutter app with --dart-define-from-file")
    return None


_BUILD_TEXT = lazily(
    r"(?:^|/)(?:Makefile|README\.md|launch\.json|[\w.-]+\.sh|codemagic\.yaml)$|^\.github/workflows/|\.gitlab-ci\.yml$"
)
