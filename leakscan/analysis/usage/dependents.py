"""Where a credential is used: the lines of a repository that name the variable that holds it."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.analysis.usage.excerpts import excerpt
from leakscan.model import Finding

MOST = 200
_ASSIGNED = re.compile(r"assigned to ([\w.$@-]+)")
# A name that may well stand for something else elsewhere is no trace.
_TELLING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|\w*(?:twil?lio|sendgrid|segment|authy)\w*", re.IGNORECASE)
_USUAL = {
    "auth_token": ("TWILIO_AUTH_TOKEN",),
    "api_key_secret": ("TWILIO_API_SECRET", "TWILIO_API_KEY_SECRET", "TWILIO_API_KEY"),
    "oauth_client_secret": ("TWILIO_CLIENT_SECRET",),
    "sendgrid_api_key": ("SENDGRID_API_KEY",),
    "authy_api_key": ("AUTHY_API_KEY",),
}
# What a file is, by its path, and the pattern that makes a name in it a setting kept elsewhere.
_PLACES = (
    (re.compile(r"(?:^|/)\.github/(?:workflows|actions)/"), "GitHub Actions"),
    (re.compile(r"(?:^|/)\.gitlab-ci\.ya?ml$|(?:^|/)\.gitlab/"), "GitLab CI"),
    (
        re.compile(
            r"(?:^|/)(?:\.circleci/|azure-pipelines|bitbucket-pipelines|\.travis\.yml|Jenkinsfile|\.buildkite/)"
        ),
        "CI",
    ),
    (re.compile(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$|(?:^|/)[\w.-]*Dockerfile[\w.-]*$"), "Docker"),
    (re.compile(r"\.tf(?:vars|\.json)?$|\.hcl$"), "Terraform"),
    (re.compile(r"(?:^|/)(?:k8s|kubernetes|helm|charts?|manifests|deploy(?:ment)?s?)/.*\.ya?ml$"), "Kubernetes"),
    (re.compile(r"(?:^|/)\.env[\w.-]*$|\.env$"), "environment file"),
    (re.compile(r"\.(?:md|rst|txt|adoc)$"), "documentation"),
)
_KUBERNETES = re.compile(r"^kind:\s*(?:Secret|Deployment|StatefulSet|CronJob|Job|ConfigMap|Pod)\b", re.MULTILINE)
_SECRET = re.compile(r"\bsecrets\.(\w+)|\bvars\.(\w+)")


class Dependent(NamedTuple):
    """A line that uses a credential: by which name, and what kind of place that is."""

    path: str
    line: int
    name: str
    kind: str
    excerpt: str


def names(finding: Finding) -> tuple[str, ...]:
    """The names under which a finding's value is kept, the usual ones of its kind too."""
    said = [name for text in finding.evidence for name in _ASSIGNED.findall(text)]
    telling = [name for name in said if _TELLING.fullmatch(name)]
    return tuple(dict.fromkeys((*telling, *_USUAL.get(finding.rule.kind, ()))))


def depending(texts: Iterable[tuple[str, str]], wanted: Iterable[str]) -> tuple[Dependent, ...]:
    """The lines of these paths and texts that use one of the names, by place, the first MOST of them.

    A CI's secret that is handed on under another name (`TOKEN: ${{ secrets.X }}`) is told by both.
    """
    known = tuple(wanted)
    if not known:
        return ()
    pattern = re.compile(r"(?<![\w])(?:" + "|".join(map(re.escape, known)) + r")(?!\w)")
    found: list[Dependent] = []
    for path, text in texts:
        found += _in_text(path, text, pattern)
    return tuple(sorted(found)[:MOST])


def _in_text(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Dependent]:
    if not pattern.search(text):
        return
    kind = next((says for place, says in _PLACES if place.search(path)), "code")
    if kind == "code" and path.endswith((".yml", ".yaml")):
        kind = "Kubernetes" if _KUBERNETES.search(text) else "configuration"
    for number, line in enumerate(text.split("\n"), 1):
        found = pattern.search(line)
        if found:
            secret = _SECRET.search(line)
            told = f"{kind}, secret {secret[1] or secret[2]}" if secret and kind == "GitHub Actions" else kind
            yield Dependent(path, number, found[0], told, excerpt(line))
