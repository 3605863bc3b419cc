"""What each CI's variables say: which commits, and that nothing in them is taken for more than an id or a name."""

from typing import Any

import pytest

from leakscan.cli.ci.platforms import FETCH, NOWHERE, Plan, plan, platform

OLD, NEW, ZEROS = "a" * 40, "b" * 40, "0" * 40
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_SHA": NEW, "GITHUB_REF": "refs/heads/feature"}
REQUEST = {"pull_request": {"head": {"sha": NEW}, "base": {"sha": OLD, "ref": "main"}}}
GROUP = {"head_sha": NEW, "base_sha": OLD, "base_ref": "refs/heads/main"}
PUSH = {"before": OLD, "after": NEW, "repository": {"default_branch": "main"}}
GITLAB = {"GITLAB_CI": "true", "CI_COMMIT_SHA": NEW, "CI_COMMIT_BRANCH": "feature", "CI_DEFAULT_BRANCH": "main"}
JENKINS = {"JENKINS_URL": "http://ci", "GIT_COMMIT": NEW, "BRANCH_NAME": "feature"}
CIRCLECI = {"CIRCLECI": "true", "CIRCLE_SHA1": NEW, "CIRCLE_BRANCH": "feature"}
AZURE = {"TF_BUILD": "True", "BUILD_SOURCEVERSION": NEW, "BUILD_SOURCEBRANCH": "refs/heads/feature"}
BITBUCKET = {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_COMMIT": NEW, "BITBUCKET_BRANCH": "feature"}
BUILDKITE = {"BUILDKITE": "true", "BUILDKITE_COMMIT": NEW, "BUILDKITE_BRANCH": "feature"}


def said(environment: dict[str, str], event: Any = None) -> Plan:
    """The plan, without its platform's name."""
    found = plan(environment, event or {})
    assert found
    assert found.platform == platform(environment)
    assert found.platform in FETCH
    return found._replace(platform="")


@pytest.mark.parametrize(
    ("kind", "event", "expected"),
    [
        ("push", PUSH, Plan("", NEW, OLD, "main", "feature")),
        ("push", PUSH | {"before": ZEROS}, Plan("", NEW, "", "main", "feature")),
        ("push", PUSH | {"forced": True}, Plan("", NEW, OLD, "main", "feature", forced=True)),
        ("push", PUSH | {"deleted": True, "after": ZEROS}, Plan("", NEW, OLD, "main", "feature", whole=True)),
        ("push", {}, Plan("", NEW, None, "", "feature")),
        ("pull_request", REQUEST, Plan("", NEW, OLD, "main")),
        ("pull_request_target", REQUEST, Plan("", NEW, OLD, "main")),
        ("pull_request", {}, Plan("", NOWHERE)),
        ("merge_group", {"merge_group": GROUP}, Plan("", NEW, OLD, "main")),
        ("schedule", {}, Plan("", NEW, whole=True)),
        ("workflow_dispatch", {}, Plan("", NEW, whole=True)),
    ],
)
def test_github(kind: str, event: Any, expected: Plan) -> None:
    assert said(GITHUB | {"GITHUB_EVENT_NAME": kind}, event) == expected


def test_of_a_tag_the_commit_counts() -> None:
    of_tag = GITHUB | {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1"}
    assert said(of_tag, PUSH | {"after": "c" * 40, "before": ZEROS}) == Plan("", NEW, "", "main", "refs/tags/v1")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (GITLAB | {"CI_COMMIT_BEFORE_SHA": OLD}, Plan("", NEW, OLD, "main", "feature")),
        (GITLAB | {"CI_COMMIT_BEFORE_SHA": ZEROS}, Plan("", NEW, "", "main", "feature")),
        (GITLAB | {"CI_PIPELINE_SOURCE": "schedule"}, Plan("", NEW, whole=True)),
        (
            GITLAB
            | {
                "CI_MERGE_REQUEST_IID": "1",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": OLD,
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_COMMIT_BEFORE_SHA": ZEROS,
            },
            Plan("", NEW, OLD, "main"),
        ),
        (JENKINS | {"GIT_PREVIOUS_SUCCESSFUL_COMMIT": OLD}, Plan("", NEW, OLD, "", "feature", forced=True)),
        (JENKINS | {"CHANGE_TARGET": "main"}, Plan("", NEW, None, "main", "feature")),
        (JENKINS, Plan("", NEW, None, "", "feature", forced=True)),
        (CIRCLECI, Plan("", NEW, None, "", "feature")),
        (AZURE, Plan("", NEW, None, "", "feature")),
        (AZURE | {"BUILD_REASON": "Schedule"}, Plan("", NEW, None, "", "feature", whole=True)),
        (AZURE | {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, Plan("", NEW, None, "main")),
        (BITBUCKET, Plan("", NEW, None, "", "feature")),
        (
            BITBUCKET
            | {
                "BITBUCKET_PR_ID": "1",
                "BITBUCKET_PR_DESTINATION_COMMIT": OLD[:12],
                "BITBUCKET_PR_DESTINATION_BRANCH": "main",
            },
            Plan("", NEW, OLD[:12], "main", "feature"),
        ),
        (BUILDKITE, Plan("", NEW, None, "", "feature")),
        (
            BUILDKITE | {"BUILDKITE_PULL_REQUEST": "1", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
            Plan("", NEW, None, "main", "feature"),
        ),
        (
            BUILDKITE | {"BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_COMMIT": "HEAD"},
            Plan("", "", None, "", "feature"),
        ),
    ],
)
def test_the_others(environment: dict[str, str], expected: Plan) -> None:
    assert said(environment) == expected


@pytest.mark.parametrize(
    "bad", ["--output=x", "$(touch x)", "HEAD", "refs/heads/main", "abc", OLD + "^{/x}", " ", "\n" + OLD]
)
def test_what_is_no_id_is_none(bad: str) -> None:
    event = {"before": bad, "after": bad, "pull_request": {"head": {"sha": bad}, "base": {"sha": bad}}}
    assert said(GITHUB | {"GITHUB_EVENT_NAME": "push"}, event)[1:3] == (NEW, None)
    assert said(GITHUB | {"GITHUB_EVENT_NAME": "pull_request"}, event)[1:3] == (NOWHERE, None)
    assert said(GITLAB | {"CI_COMMIT_SHA": bad, "CI_COMMIT_BEFORE_SHA": bad})[1:3] == ("", None)


@pytest.mark.parametrize(
    "event", [{"pull_request": []}, {"pull_request": {"head": "x"}}, {"pull_request": {"head": {"sha": 5}}}]
)
def test_an_event_of_another_shape_leads_nowhere(event: Any) -> None:
    assert said(GITHUB | {"GITHUB_EVENT_NAME": "pull_request"}, event).new == NOWHERE


@pytest.mark.parametrize("environment", [{}, {"CI": "true"}, {"GITHUB_ACTIONS": "false"}, {"GITLAB_CI": ""}])
def test_elsewhere_nothing_is_known(environment: dict[str, str]) -> None:
    assert (platform(environment), plan(environment, {})) == ("", None)
