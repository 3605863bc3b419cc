"""Who gets to see the place where a finding stands, as far as its path tells."""

import re

from leakscan.model import Exposure

# The first that fits decides.
_CLASSES = (
    ("test", r"(?:^|/)(?:tests?|__tests__|specs?|testdata|fixtures?|cassettes|mocks?|e2e)/|(?:[._-](?:test|spec)s?|_test)\.\w+$|(?:^|/)test_[^/]*$"),
    ("ci", r"(?:^|/)\.github/|(?:^|/)\.circleci/|(?:^|/)\.buildkite/|(?:^|/)(?:\.gitlab-ci|\.travis|azure-pipelines|bitbucket-pipelines|appveyor|\.drone|cloudbuild)[^/]*\.ya?ml$|(?:^|/)jenkinsfile"),
    ("docs", r"(?:^|/)(?:docs?|documentation|examples?|samples?)/|\.(?:md|mdx|rst|adoc|asciidoc|txt|pdf|docx?)$|(?:^|/)(?:readme|changelog|contributing)[^/]*$"),
    ("client", r"(?:^|/)(?:public|static|www|wwwroot|webapp|htdocs|assets)/.*\.(?:m?js|html?|css|json|map|ts)$|\.(?:html?|xhtml|jsx|tsx|vue|svelte|astro|swift|dart|storyboard|xib|plist|xcconfig)$|\.(?:min|bundle|chunk)\.m?js$|\.js\.map$|(?:^|/)(?:res/(?:values|raw|xml)[^/]*/|androidmanifest\.xml)|(?:^|/)(?:dist|build)/.*\.(?:m?js|html?)$|\.(?:apk|ipa|aab)(?:!|$)|(?:^|/)android/app/.*\.(?:java|kt)$|(?:^|/)ios/.*\.(?:m|mm|h)$"),
    ("config", r"(?:^|/)\.?env(?:\.[\w.-]+)?$|(?:^|/)[^/]*\.env(?:\.[\w-]+)?$|\.(?:ya?ml|toml|ini|cfg|conf|config|properties|tfvars|tf|hcl|env|json5?|plist|reg|service|netrc)$|(?:^|/)(?:dockerfile|makefile|procfile|vagrantfile|\.netrc|_netrc)[^/]*$"),
    ("server", r"(?:^|/)(?:server|backend|api|lambda|functions|cmd|internal|controllers|models|services)/|\.(?:py|rb|php|go|rs|java|scala|cs|fs|vb|ex|exs|erl|clj|pl|pm|sh|bash|sql)$"),
)  # fmt: skip
_PATTERNS = [(audience, re.compile(pattern, re.IGNORECASE)) for audience, pattern in _CLASSES]
_WORST_FIRST = ("client", "server", "config", "ci", "docs", "test", "unknown")


def exposure(paths: tuple[str, ...]) -> Exposure:
    """The widest exposure of any of `paths`, with the path that gives it."""
    classed = {_audience(path): path for path in reversed(paths)}
    audience = next(name for name in _WORST_FIRST if name in classed)
    if audience == "unknown":
        return Exposure("unknown", "")
    return Exposure(audience, f"{classed[audience]} has the path of a {_WORDS[audience]}")


_WORDS = {
    "test": "test",
    "ci": "CI definition",
    "docs": "document",
    "client": "file that is handed to browsers or phones",
    "config": "configuration file",
    "server": "server-side file",
}


def _audience(path: str) -> str:
    return next((audience for audience, pattern in _PATTERNS if pattern.search(path)), "unknown")
