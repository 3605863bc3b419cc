"""What a CI says of itself: environment and event -> which commits are new. Nothing here runs or reads anything.

Whoever opens a pull request chooses the names of branches: they are only ever compared, and ids have to be hex.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_ID = re.compile(r"[0-9a-f]{7,64}")  # some platforms shorten them
NOWHERE = "0" * 40  # where a platform owes us a commit: HEAD may be another one

GITHUB, GITLAB, JENKINS, CIRCLECI = "GitHub Actions", "GitLab CI", "Jenkins", "CircleCI"
AZURE, BITBUCKET, BUILDKITE = "Azure Pipelines", "Bitbucket Pipelines", "Buildkite"
# How each is told to fetch all that a range needs.
FETCH = {
    "": "fetch the whole history",
    GITHUB: "give actions/checkout `fetch-depth: 0` (for pull_request_target also `ref: refs/pull/NUMBER/head`)",
    GITLAB: 'set the variable `GIT_DEPTH: "0"` for the job',
    JENKINS: "switch off shallow clones and the narrow refspec of the Git plugin (Advanced clone behaviours)",
    CIRCLECI: "give the checkout step `method: full`",
    AZURE: "give the step `checkout: self` the line `fetchDepth: 0`",
    BITBUCKET: "give the step `clone: { depth: full }`",
    BUILDKITE: "clear --depth and --single-branch in BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS",
}
_MARKS = {
    "GITHUB_ACTIONS": GITHUB,
    "GITLAB_CI": GITLAB,
    "JENKINS_URL": JENKINS,
    "CIRCLECI": CIRCLECI,
    "TF_BUILD": AZURE,
    "BITBUCKET_BUILD_NUMBER": BITBUCKET,
    "BUILDKITE": BUILDKITE,
}


class Plan(NamedTuple):
    """What a run is about. `new` is the id of the newest commit, empty for HEAD; `old` what was there before it.

    `old` is None where the platform does not tell, and empty where there was nothing; `target` is the branch that it is
    to go into, or the one that all others come from; `branch` its own. With `forced` what was there may be gone.
    `whole` asks for the files that are checked out: nothing is new, as on a schedule.
    """

    platform: str
    new: str = ""
    old: str | None = None
    target: str = ""
    branch: str = ""
    whole: bool = False
    forced: bool = False


def platform(environment: Mapping[str, str]) -> str:
    """The CI that runs us; empty for none that we know."""
    return next((name for mark, name in _MARKS.items() if environment.get(mark, "") not in {"", "false"}), "")


def plan(environment: Mapping[str, str], event: Mapping[str, Any]) -> Plan | None:
    """What this run is about; None on a platform that is not known. `event` is what GitHub says that happened."""
    name = platform(environment)
    return _PLANS[name](environment, event) if name else None


def _github(environment: Mapping[str, str], event: Mapping[str, Any]) -> Plan:
    kind, made = environment.get("GITHUB_EVENT_NAME", ""), Plan(GITHUB, _id(environment.get("GITHUB_SHA")))
    if kind in {"pull_request", "pull_request_target", "pull_request_review"}:
        head, base = (_id(_text(event, "pull_request", side, "sha")) for side in ("head", "base"))
        return made._replace(new=head or NOWHERE, old=base or None, target=_text(event, "pull_request", "base", "ref"))
    if kind == "merge_group":
        head, base = (_id(_text(event, "merge_group", key)) for key in ("head_sha", "base_sha"))
        return made._replace(
            new=head or NOWHERE, old=base or None, target=_branch(_text(event, "merge_group", "base_ref"))
        )
    if kind == "push":
        ref = environment.get("GITHUB_REF", "")
        return made._replace(
            # What is told of an annotated tag is its own id, and checkouts have the commit alone.
            new=(not ref.startswith("refs/tags/") and _id(_text(event, "after"))) or made.new,
            old=_before(_text(event, "before")),
            target=_text(event, "repository", "default_branch"),
            branch=_branch(ref),
            whole=event.get("deleted") is True,
            forced=event.get("forced") is True,
        )
    return made._replace(whole=True)


def _gitlab(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    made = Plan(GITLAB, _id(environment.get("CI_COMMIT_SHA")))
    base = _id(environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
    if base or environment.get("CI_MERGE_REQUEST_IID"):
        head = _id(environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")) or made.new
        target = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
        return made._replace(new=head, old=base or None, target=target)
    if environment.get("CI_PIPELINE_SOURCE", "push") not in {"push", "external_pull_request_event"}:
        return made._replace(whole=True)
    return made._replace(
        old=_before(environment.get("CI_COMMIT_BEFORE_SHA")),
        target=environment.get("CI_DEFAULT_BRANCH", ""),
        branch=environment.get("CI_COMMIT_BRANCH", ""),
    )


def _jenkins(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    made = Plan(JENKINS, _id(environment.get("GIT_COMMIT")), branch=environment.get("BRANCH_NAME", ""))
    if environment.get("CHANGE_TARGET"):
        return made._replace(target=environment["CHANGE_TARGET"])
    return made._replace(old=_id(environment.get("GIT_PREVIOUS_SUCCESSFUL_COMMIT")) or None, forced=True)


def _circleci(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    return Plan(CIRCLECI, _id(environment.get("CIRCLE_SHA1")), branch=environment.get("CIRCLE_BRANCH", ""))


def _azure(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    made = Plan(AZURE, _id(environment.get("BUILD_SOURCEVERSION")))
    if environment.get("SYSTEM_PULLREQUEST_TARGETBRANCH"):
        head = _id(environment.get("SYSTEM_PULLREQUEST_SOURCECOMMITID")) or made.new
        return made._replace(new=head, target=_branch(environment["SYSTEM_PULLREQUEST_TARGETBRANCH"]))
    whole = environment.get("BUILD_REASON") in {"Schedule", "Manual"}
    return made._replace(branch=_branch(environment.get("BUILD_SOURCEBRANCH", "")), whole=whole)


def _bitbucket(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    made = Plan(BITBUCKET, _id(environment.get("BITBUCKET_COMMIT")), branch=environment.get("BITBUCKET_BRANCH", ""))
    if environment.get("BITBUCKET_PR_ID"):
        base = _id(environment.get("BITBUCKET_PR_DESTINATION_COMMIT")) or None
        return made._replace(old=base, target=environment.get("BITBUCKET_PR_DESTINATION_BRANCH", ""))
    return made


def _buildkite(environment: Mapping[str, str], _: Mapping[str, Any]) -> Plan:
    made = Plan(BUILDKITE, _id(environment.get("BUILDKITE_COMMIT")), branch=environment.get("BUILDKITE_BRANCH", ""))
    if environment.get("BUILDKITE_PULL_REQUEST", "false") != "false":
        return made._replace(target=environment.get("BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""))
    return made._replace(whole=environment.get("BUILDKITE_SOURCE") == "schedule")


_PLANS = {
    GITHUB: _github,
    GITLAB: _gitlab,
    JENKINS: _jenkins,
    CIRCLECI: _circleci,
    AZURE: _azure,
    BITBUCKET: _bitbucket,
    BUILDKITE: _buildkite,
}


def _text(event: Mapping[str, Any], *keys: str) -> str:
    """A text inside an event; empty where something else stands there."""
    found: Any = event
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _id(text: str | None) -> str:
    """An object's id; empty for what is none, and for that of nothing."""
    return text if text and _ID.fullmatch(text) and text.strip("0") else ""


def _before(text: str | None) -> str | None:
    """What a platform says was there before: an id, nothing (zeros), or None where it does not say."""
    return _id(text) or ("" if text and not text.strip("0") else None)


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")
