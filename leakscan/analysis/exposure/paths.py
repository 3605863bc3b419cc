"""What a path alone tells of who gets to see the file."""

import re

from leakscan.analysis.exposure.patterns import lazily
from leakscan.members import as_folders
from leakscan.model import Exposure

# A folder of files that hold a secret each, as Docker and its kin mount them; what is said of them is a document still.
_OF_SECRETS = r"(?:.*/)?\.?(?:secrets?|credentials)/(?!readme)[^/.]*(?:\.(?:txt|secret|token|key))?$"

# By audience the endings and the folders that tell it; of the audiences the first that fits decides.
_CLASSES = {
    "test": (
        r"(?:^|/)(?:tests?|__tests__|specs?|testdata|fixtures?|cassettes|mocks?|e2e)/",
        r"(?:[._-](?:test|spec)s?|_test)\.\w+$",
        r"(?:^|/)test_[^/]*$|(?:^|/)(?:cypress|playwright)/",
        r"(?:^|/)(?:phpunit[\w.-]*\.xml|phpunit\.[\w.]*dist|behat\.ya?ml|codeception[\w.]*\.ya?ml|pytest\.ini|tox\.ini|conftest\.py)$",
        r"(?:^|/)(?:\.env\.test(?:ing)?(?:\.local)?|(?:jest|vitest)[._-]setup\.\w+|cypress\.env\.json|application-test\.\w+)$",
    ),
    "ci": (
        r"(?:^|/)\.(?:github|circleci|buildkite|teamcity|gitea|forgejo|woodpecker)/",
        r"(?:^|/)(?:\.gitlab-ci|\.travis|azure-pipelines|bitbucket-pipelines|appveyor|\.drone|cloudbuild)[^/]*\.ya?ml$",
        r"(?:^|/)jenkinsfile|(?:^|/)jenkins(?:[_-]?home)?/(?:.*/)?(?:config|credentials)\.xml$",
    ),
    "docs": (
        r"(?:^|/)(?:docs?|documentation|examples?|samples?)/",
        r"^(?!" + _OF_SECRETS + r"|(?:.*/)?customMetadata/).*\.(?:md|txt)$",
        r"\.(?:mdx|rst|adoc|asciidoc|org|textile|(?:la)?tex|texi(?:nfo)?|lyx|bib|typ|rmd|qmd|rtf)$",
        r"\.(?:pdf|docx?|odt|pptx?|epub)(?:!|$)",
        r"(?:^|/)(?:readme|changelog|contributing)[^/]*$",
    ),
    "client": (
        r"(?:^|/)(?!.*\.(?:private|protected)\.)(?:public|static|www|wwwroot|webapp|htdocs|assets)/.*\.(?:m?js|html?|css|json|map|ts)$",
        r"\.(?:html?|xhtml|jsx|tsx|vue|svelte|astro|swift|dart|storyboard|xib|plist(?:!/text)?|xcconfig)$",
        r"(?:^|/)(?:\.svelte-kit/output/client|build/web|(?:dist|build)/client|\.output/public|_next/static)/",
        r"(?:^|/)(?:app/javascript|app/assets/javascripts|resources/(?:js|assets)|assets/js)/.*\.(?:m?js|ts)$",
        r"(?:^|/)\.storybook/|\.stories\.\w+$",
        r"\.(?:min|bundle|chunk)\.m?js$|\.js\.map$",
        r"(?:^|/)(?:dist|build)/(?!(?:.*/)?(?:server|api|functions|lambda)/).*\.(?:m?js|html?)$",
        r"(?:^|/)(?:res/(?:values|raw|xml)[^/]*/|androidmanifest\.xml)",
        r"(?:^|/)(?:lwc|aura)/[^/]+/.*\.(?:js|cmp|app)$|(?:^|/)staticresources/|\.(?:page|component)$",
        r"\.(?:apk|ipa|aab|asar|crx|xpi|vsix)(?:!|$)|(?:^|/)android/app/.*\.(?:java|kt)$|(?:^|/)ios/.*\.(?:m|mm|h)$",
        r"\.ino$|(?:^|/)(?:nodemcu|micropython|circuitpython|esp(?:32|8266)|arduino)[\w-]*/.*\.(?:c|cpp|h|hpp|lua|py)$",
    ),
    "config": (
        r"(?:^|/)config/[^/]+\.exs$|(?:^|/)grails-app/conf/|" + _OF_SECRETS,
        r"(?:^|/)(?:customMetadata|namedCredentials|externalCredentials|remoteSiteSettings)/[^/]+$",
        r"(?:^|/)(?:[\w.-]*(?:config|setting|param|propert|credential|context|beans)[\w.-]*|(?:WEB|META)-INF/.*)\.xml$",
        r"\.(?:nomad|tfstate|bicep|dhall|cue|nix|libsonnet|kdl|ron|container)$|(?:^|/)manifests/.*\.pp$",
        r"(?:^|/)(?:config|settings|secrets?)[\w-]*\.(?:b64|base64|hex)$",
        r"(?:^|/)[^/]*\.?env(?:rc)?(?:\.[\w.-]+)?$",
        r"\.(?:ya?ml|toml|ini|cfg|conf|config|properties|tfvars|tf|hcl|json5?|edn|jsonnet|reg|service|netrc|sls)$",
        r"(?:^|/)(?:dockerfile|makefile|procfile|vagrantfile|[._]netrc)[^/]*$",
    ),
    "server": (
        r"(?:^|/)(?:server|backend|api|lambda|functions|cmd|internal|controllers|models|services)/",
        r"\.(?:py|rb|php|go|rs|java|scala|cs|fs|vb|exs?|erl|clj|pl|pm|sh|bash|sql|lua|hs|cbl|cob|r|jl|groovy|tcl|nim)$",
        r"\.(?:cr|zig|ml|rkt|rake|ru|ps1|psm1|bat|cmd|trigger|apex)$|(?:^|/)classes/[^/]+\.cls$",
    ),
}
_PATTERNS = {audience: lazily("|".join(patterns), re.IGNORECASE) for audience, patterns in _CLASSES.items()}
_WORDS = {
    "test": "test",
    "ci": "CI definition",
    "docs": "document",
    "client": "file that is handed to browsers or phones",
    "config": "configuration file",
    "server": "server-side file",
}


def by_path(path: str) -> Exposure:
    """The exposure of a file, as its path tells."""
    audience = next(
        (audience for audience, pattern in _PATTERNS.items() if pattern.search(as_folders(path))), "unknown"
    )
    if audience == "unknown":
        return Exposure("unknown", "")
    return Exposure(audience, f"{path} has the path of a {_WORDS[audience]}")


def is_test(path: str) -> bool:
    """Whether a file's path is that of a test."""
    return _PATTERNS["test"].search(path) is not None
