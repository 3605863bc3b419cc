"""The files that a repository starts with: a configuration, and a job for the CI that it uses."""

from pathlib import Path
from typing import NamedTuple

from leakscan.config import CONFIG_NAME, find_config

_TEXTS = Path(__file__).parent / "starting"
_SLOT = "@SOURCE@"


class Ci(NamedTuple):
    """A CI: by which file or folder it is known, where a job goes, and the text of the job."""

    name: str
    mark: str
    file: str
    text: str


_CIS = (
    Ci("GitHub Actions", ".github", ".github/workflows/leakscan.yml", "github.yml"),
    Ci("GitLab CI", ".gitlab-ci.yml", ".gitlab-ci.yml", "gitlab.yml"),
    Ci("Jenkins", "Jenkinsfile", "Jenkinsfile", "jenkins.txt"),
    Ci("CircleCI", ".circleci", ".circleci/config.yml", "circleci.yml"),
    Ci("Azure Pipelines", "azure-pipelines.yml", "azure-pipelines.yml", "azure.yml"),
    Ci("Bitbucket Pipelines", "bitbucket-pipelines.yml", "bitbucket-pipelines.yml", "bitbucket.yml"),
    Ci("Buildkite", ".buildkite", ".buildkite/pipeline.yml", "buildkite.yml"),
)


class Proposal(NamedTuple):
    """A file to write where there is none, or what to add to one that is there; `what` says what it is for."""

    what: str
    path: Path
    text: str


def configuration(root: Path) -> Proposal | None:
    """A configuration in which nothing is switched on yet; None where there is one."""
    if find_config(root, root) is not None:
        return None
    return Proposal("configuration", root / CONFIG_NAME, (_TEXTS / "leakscan.toml").read_text("utf-8"))


def jobs(root: Path, source: str) -> list[Proposal]:
    """A job for each CI that the repository uses; `source` is what pip installs leakscan from."""
    used = [ci for ci in _CIS if (root / ci.mark).exists()]
    return [
        Proposal(ci.name, root / ci.file, (_TEXTS / ci.text).read_text("utf-8").replace(_SLOT, source)) for ci in used
    ]
