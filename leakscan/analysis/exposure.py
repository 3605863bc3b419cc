"""Who gets to see the place where a finding stands, as far as its path tells."""

import re

from leakscan.members import as_folders
from leakscan.model import Exposure

# By audience the endings and the folders that tell it; of the audiences the first that fits decides.
_CLASSES = {
    "test": (
        r"(?:^|/)(?:tests?|__tests__|specs?|testdata|fixtures?|cassettes|mocks?|e2e)/",
        r"(?:[._-](?:test|spec)s?|_test)\.\w+$",
        r"(?:^|/)test_[^/]*$",
    ),
    "ci": (
        r"(?:^|/)\.(?:github|circleci|buildkite)/",
        r"(?:^|/)(?:\.gitlab-ci|\.travis|azure-pipelines|bitbucket-pipelines|appveyor|\.drone|cloudbuild)[^/]*\.ya?ml$",
        r"(?:^|/)jenkinsfile",
    ),
    "docs": (
        r"(?:^|/)(?:docs?|documentation|examples?|samples?)/",
        r"\.(?:md|mdx|rst|adoc|asciidoc|txt|pdf|docx?)$",
        r"(?:^|/)(?:readme|changelog|contributing)[^/]*$",
    ),
    "client": (
        r"(?:^|/)(?:public|static|www|wwwroot|webapp|htdocs|assets)/.*\.(?:m?js|html?|css|json|map|ts)$",
        r"\.(?:html?|xhtml|jsx|tsx|vue|svelte|astro|swift|dart|storyboard|xib|plist|xcconfig)$",
        r"\.(?:min|bundle|chunk)\.m?js$|\.js\.map$",
        r"(?:^|/)(?:dist|build)/.*\.(?:m?js|html?)$",
        r"(?:^|/)(?:res/(?:values|raw|xml)[^/]*/|androidmanifest\.xml)",
        r"\.(?:apk|ipa|aab)(?:!|$)|(?:^|/)android/app/.*\.(?:java|kt)$|(?:^|/)ios/.*\.(?:m|mm|h)$",
    ),
    "config": (
        r"(?:^|/)[^/]*\.?env(?:\.[\w.-]+)?$",
        r"\.(?:ya?ml|toml|ini|cfg|conf|config|properties|tfvars|tf|hcl|json5?|reg|service|netrc)$",
        r"(?:^|/)(?:dockerfile|makefile|procfile|vagrantfile|[._]netrc)[^/]*$",
    ),
    "server": (
        r"(?:^|/)(?:server|backend|api|lambda|functions|cmd|internal|controllers|models|services)/",
        r"\.(?:py|rb|php|go|rs|java|scala|cs|fs|vb|ex|exs|erl|clj|pl|pm|sh|bash|sql)$",
    ),
}
_PATTERNS = {audience: re.compile("|".join(patterns), re.IGNORECASE) for audience, patterns in _CLASSES.items()}
_WORST_FIRST = ("client", "server", "config", "ci", "docs", "test", "unknown")
_WORDS = {
    "test": "test",
    "ci": "CI definition",
    "docs": "document",
    "client": "file that is handed to browsers or phones",
    "config": "configuration file",
    "server": "server-side file",
}


def exposure(paths: tuple[str, ...]) -> Exposure:
    """The widest exposure of any of `paths`, with the path that gives it."""
    classed = {_audience(path): path for path in reversed(paths)}
    audience = next(name for name in _WORST_FIRST if name in classed)
    if audience == "unknown":
        return Exposure("unknown", "")
    return Exposure(audience, f"{classed[audience]} has the path of a {_WORDS[audience]}")


def _audience(path: str) -> str:
    path = as_folders(path)
    return next((audience for audience, pattern in _PATTERNS.items() if pattern.search(path)), "unknown")
