"""Names that a build makes public: by their prefix, or because a configuration file hands them to client code."""

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple

from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import SCRIPTS, Survey
from leakscan.detection.naming import words

# Prefixes as words, with the tool that puts everything of that name into what it builds.
_PREFIXES = {
    "react app": "Create React App", "next public": "Next.js", "vite": "Vite", "expo public": "Expo",
    "nuxt public": "Nuxt", "gatsby": "Gatsby", "vue app": "Vue CLI", "nx public": "Nx", "storybook": "Storybook",
    "parcel public": "Parcel", "plasmo public": "Plasmo", "razzle": "Razzle", "wxt": "WXT", "rsbuild public": "Rsbuild",
    "preact app": "Preact CLI", "ng app": "Angular", "umi app": "Umi", "taro app": "Taro", "modern public": "Modern.js",
    "public env": "runtime environment",
}  # fmt: skip
_PREFIX = lazily(rf"(?:^|\b(?:env|export|set|arg|config|meta|const) )({'|'.join(_PREFIXES)}) (?=\w)")
_PUBLIC = lazily(r"(?:^|\b(?:env|export|set|arg) )public (?=\w)")
_PUBLIC_FRAMEWORKS = ("@sveltejs/kit", "astro", "@astrojs/node")
_NAME = r"[A-Za-z_][A-Za-z0-9_]{2,80}"
_ENVIRONMENT = lazily(rf"(?:process\.env|import\.meta\.env|env)(?:\.|\[[\"'])({_NAME})")
_MOST_CONFIGS = 200


class Block(NamedTuple):
    """A part of a configuration file whose values end up in client code, with what does that."""

    files: re.Pattern[str]
    opening: re.Pattern[str]
    says: str


def _block(files: str, opening: str, says: str) -> Block:
    return Block(lazily(rf"^(?:{files})$", re.IGNORECASE), lazily(opening), says)


BLOCKS = (
    _block(r"next\.config\.\w+", r"(?<![\w.])(?:env|publicRuntimeConfig)\s{0,4}:\s{0,4}\{", "Next.js builds in"),
    _block(r"nuxt\.config\.\w+", r"(?<![\w.])(?:public|publicRuntimeConfig|env)\s{0,4}:\s{0,4}\{", "Nuxt builds in"),
    _block(
        r"app\.config\.(?:js|ts|cjs|mjs)|app\.json|app\.config\.json", r"(?<![\w.])[\"']?extra[\"']?\s{0,4}:\s{0,4}\{",
        "Expo ships in the app's `extra`",
    ),
    _block(
        r"(?:vite|vitest|electron\.vite|quasar|rsbuild|esbuild|astro|farm|build|tsup|svelte)[\w.]*\.\w+",
        r"(?<![\w.])(?:define|env)\s{0,4}:\s{0,4}\{", "the bundler's `define` builds in",
    ),
    _block(
        r"(?:webpack|craco|vue|config-overrides|rspack|rollup|next)[\w.-]*\.\w+",
        r"(?:DefinePlugin|EnvironmentPlugin|replace|definitions)\s{0,4}\(\s{0,4}[\[{]|(?<![\w.])define\s{0,4}:\s{0,4}\{",
        "the bundler's DefinePlugin or EnvironmentPlugin builds in",
    ),
    _block(
        r"gatsby-config\.\w+",
        r"[\"']gatsby-plugin-[\w-]*(?:segment|analytics|gtag|gtm|tagmanager|pixel)[\w-]*[\"']\s{0,9},\s{0,9}options\s{0,9}:\s{0,9}\{",
        "Gatsby's plugin sends browsers",
    ),
    _block(r"babel\.config\.\w+|\.babelrc(?:\.\w+)?", r"[\"']?include[\"']?\s{0,4}:\s{0,4}\[", "Babel builds in"),
    _block(r"settings[\w.-]*\.json", r"[\"']public[\"']\s{0,4}:\s{0,4}\{", "Meteor sends clients in `public`"),
)  # fmt: skip
_CLOSERS = {"{": "}", "[": "]", "(": ")"}


def public_prefix(name: str, survey: Survey | None, path: str) -> str | None:
    """Why a name (in lower-case words) is public by its prefix, if it is."""
    found = _PREFIX.search(name)
    if found:
        return f"its name begins with {found[1].upper().replace(' ', '_')}_, which {_PREFIXES[found[1]]} builds in"
    if _PUBLIC.search(name):
        is_env = ".env" in posixpath.basename(path)
        if is_env or (survey and any(each.has(*_PUBLIC_FRAMEWORKS) for each in survey.manifests.values())):
            return "its name begins with PUBLIC_, which SvelteKit and Astro build in"
    return None


def bare(name: str) -> str:
    """A name (in lower-case words) without a prefix that makes it public."""
    return _PUBLIC.sub("", _PREFIX.sub("", name))


def block_at(path: str, text: str, offset: int) -> str | None:
    """What hands clients the value at `offset` of a configuration file, if it stands in such a block."""
    base = posixpath.basename(path)
    for block in BLOCKS:
        if block.files.match(base):
            for begin, end in spans(block, text):
                if begin <= offset < end:
                    return f"{block.says} what stands at this place of {path}"
    return None


def configures(path: str) -> str | None:
    """What a file with such blocks does outside of them, in words; None for other files."""
    base = posixpath.basename(path)
    outside = any(block.files.match(base) and base.endswith(SCRIPTS) for block in BLOCKS)
    return "runs where the site is built or served, and hands on only some of what stands in it" if outside else None


def spans(block: Block, text: str) -> list[tuple[int, int]]:
    """Where a block's contents begin and end."""
    return [(found.end(), closing(text, found.end() - 1)) for found in block.opening.finditer(text)][:20]


def closing(text: str, opener: int) -> int:
    """The offset of the bracket that closes the one at `opener`, texts and comments passed over; else the end."""
    depth = 0
    for found in _TOKEN.finditer(text, opener):
        sign = found[0]
        if sign in _CLOSERS:
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth <= 0:
                return found.start()
    return len(text)


# A template's text is passed over bracket by bracket, so that `${x}` stays balanced.
_TOKEN = lazily(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|(?<![:\"'`])//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|[(){}\[\]]"
)


def handed_over(survey: Survey) -> dict[str, str]:
    """The names, in lower-case words, that configuration files hand to client code, with how they do."""
    configs = [
        (path, block) for path in survey.ordered for block in BLOCKS if block.files.match(posixpath.basename(path))
    ][:_MOST_CONFIGS]
    survey.read(path for path, _ in configs)
    found: dict[str, str] = {}
    for path, block in configs:
        text = survey.text(path)
        for begin, end in spans(block, text):
            inside = text[begin:end]
            for name in (*_ENVIRONMENT.findall(inside), *_LISTED.findall(inside)):
                found.setdefault(words(name), f"{path} names it: {block.says} it")
    return found | _by_packages(survey)


_LISTED = lazily(rf"[\"']({_NAME})[\"']\s*[,\]]")


def _by_packages(survey: Survey) -> dict[str, str]:
    """Names in gradle files that become part of an Android app."""
    found: dict[str, str] = {}
    paths = survey.named("build.gradle", "build.gradle.kts")[:_MOST_CONFIGS]
    survey.read(paths)
    for path in paths:
        for line in survey.text(path)[:200_000].splitlines():
            if _BUILT_IN.search(line):
                for name in _QUOTED.findall(line[:1000]):
                    found.setdefault(words(name), f"{path} builds it into the Android app")
    return found


_BUILT_IN = lazily(r"buildConfigField|resValue|manifestPlaceholders")
_QUOTED = lazily(r"(?:[\"'\[.(]|\$\{?)([A-Za-z_][\w.]{3,80})")


@lru_cache(maxsize=4096)
def ends_alike(name: str, other: str) -> bool:
    """Whether a name (in words) ends with the words of `other`."""
    return name == other or name.endswith(" " + other)
