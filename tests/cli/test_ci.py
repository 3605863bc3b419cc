"""`leakscan ci` in real clones: the new commits and no others, and never clean where it cannot tell."""

from pathlib import Path

import pytest

from tests.repository import Repository

from .ci_running import checkout, ci, github, report
from .hooking import leak_text, token_in

ZEROS = "0" * 40


def paths(of: dict[str, object]) -> set[str]:
    """Where the secrets of a report stand."""
    findings = of["findings"]
    assert isinstance(findings, list)
    return {place["path"] for each in findings if each["role"] == "secret" for place in each["occurrences"]}


@pytest.fixture
def origin(repository: Repository) -> Repository:
    """A repository on a server: an old secret, then two clean commits on main."""
    repository.commit("old.env", text=leak_text())
    repository.commit("a.py")
    repository.commit("b.py")
    return repository


def branched(origin: Repository) -> tuple[str, str]:
    """A branch `feature` that brings a secret and takes it away; base and head."""
    base = origin.git("rev-parse", "main")
    origin.git("checkout", "--quiet", "-b", "feature")
    origin.commit("new.env", text=leak_text())
    origin.commit("new.env", text="gone\n")
    return base, origin.git("rev-parse", "HEAD")


def request_event(base: str, head: str) -> dict[str, object]:
    """What GitHub tells of a pull request."""
    return {"pull_request": {"head": {"sha": head}, "base": {"sha": base, "ref": "main"}}}


def test_a_push_tells_of_its_commits_alone(origin: Repository, tmp_path: Path) -> None:
    before, after = branched(origin)
    clone = checkout(origin, tmp_path / "clone", after)
    found = report(clone, github(clone, "push", {"before": before, "after": after}))
    assert (found["command"], paths(found)) == ("ci", {"new.env"})


def test_a_new_branch_is_what_the_default_branch_has_not(origin: Repository, tmp_path: Path) -> None:
    _, after = branched(origin)
    clone = checkout(origin, tmp_path / "clone", after)
    event = {"before": ZEROS, "after": after, "repository": {"default_branch": "main"}}
    assert paths(report(clone, github(clone, "push", event, GITHUB_REF="refs/heads/feature"))) == {"new.env"}


def test_the_first_push_of_a_repository_is_all_of_it(origin: Repository, tmp_path: Path) -> None:
    clone = checkout(origin, tmp_path / "clone", "main")
    event = {"before": ZEROS, "after": origin.git("rev-parse", "main"), "repository": {"default_branch": "main"}}
    assert paths(report(clone, github(clone, "push", event))) == {"old.env"}


def test_a_forced_push_whose_old_end_is_gone(origin: Repository, tmp_path: Path) -> None:
    _, after = branched(origin)
    clone = checkout(origin, tmp_path / "clone", after)
    event = {"before": "1" * 40, "after": after, "forced": True, "repository": {"default_branch": "main"}}
    assert paths(report(clone, github(clone, "push", event, GITHUB_REF="refs/heads/feature"))) == {"new.env"}


@pytest.mark.parametrize("kind", ["pull_request", "pull_request_target", "merge_group"])
def test_a_pull_request_is_what_its_base_has_not(origin: Repository, tmp_path: Path, kind: str) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", "main" if kind == "pull_request_target" else head)
    group = {"merge_group": {"head_sha": head, "base_sha": base, "base_ref": "refs/heads/main"}}
    assert paths(report(clone, github(clone, kind, request_event(base, head) | group))) == {"new.env"}


def test_e29_a_pull_request_of_a_fork_needs_no_rights_and_no_network(origin: Repository, tmp_path: Path) -> None:
    fork = Repository(tmp_path / "fork")
    fork.git("fetch", "--quiet", str(origin.root), "main:refs/heads/base")
    fork.git("checkout", "--quiet", "base")
    base = fork.git("rev-parse", "HEAD")
    head = fork.commit("new.env", text=leak_text())
    origin.git("fetch", "--quiet", str(fork.root), f"{head}:refs/pull/1/head")
    origin.git("checkout", "--quiet", "--detach", "main")
    origin.git("merge", "--quiet", "--no-ff", "--no-edit", head)
    origin.git("update-ref", "refs/pull/1/merge", "HEAD")
    clone = checkout(origin, tmp_path / "clone", "refs/pull/1/merge")
    assert paths(report(clone, github(clone, "pull_request", request_event(base, head)))) == {"new.env"}


def test_e5_a_merge_commit_that_alone_brings_a_secret(origin: Repository, tmp_path: Path) -> None:
    before = origin.git("rev-parse", "main")
    origin.git("checkout", "--quiet", "-b", "side")
    origin.commit("c.py")
    origin.git("checkout", "--quiet", "main")
    origin.commit("d.py")
    origin.git("merge", "--quiet", "--no-commit", "side")
    after = origin.commit("evil.env", text=leak_text())
    clone = checkout(origin, tmp_path / "clone", after)
    assert paths(report(clone, github(clone, "push", {"before": before, "after": after}))) == {"evil.env"}


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("kind", ["push", "pull_request"])
def test_e20_a_shallow_clone_is_never_clean_and_says_what_to_fetch(
    origin: Repository, tmp_path: Path, depth: int, kind: str
) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", head, depth=depth)
    event = request_event(base, head) | {"before": base, "after": head}
    done = ci(clone, github(clone, kind, event), "-f", "text")
    assert done.returncode == 3
    assert "fetch-depth: 0" in done.stdout
    assert "git fetch --unshallow" in done.stdout
    assert "new.env" not in done.stdout  # it would be told of the wrong commit


def test_a_shallow_clone_that_holds_the_range_is_enough(origin: Repository, tmp_path: Path) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", head, depth=3)
    done = ci(clone, github(clone, "push", {"before": base, "after": head}), "-f", "json")
    assert done.returncode == 1
    assert '"problems": []' in done.stdout


@pytest.mark.parametrize("event", [{}, {"pull_request": {"head": {"sha": "1" * 40}, "base": {"sha": "2" * 40}}}])
def test_e1_a_pull_request_whose_commits_are_not_here_is_never_clean(
    origin: Repository, tmp_path: Path, event: dict[str, object]
) -> None:
    clone = checkout(origin, tmp_path / "clone", "main")
    done = ci(clone, github(clone, "pull_request", event), "-f", "text")
    assert (done.returncode, "is not here" in done.stdout) == (3, True)


@pytest.mark.parametrize("kind", ["schedule", "workflow_dispatch", "push"])
def test_e1_zero_commits_is_never_clean(origin: Repository, tmp_path: Path, kind: str) -> None:
    commit = origin.git("rev-parse", "main")
    clone = checkout(origin, tmp_path / "clone", "main")
    found = report(clone, github(clone, kind, {"before": commit, "after": commit}))
    assert paths(found) == {"old.env"}
    assert "the files that are checked out were scanned" in str(found["notes"])


@pytest.mark.parametrize("event", ["", "[]", "{", None])
def test_an_event_that_cannot_be_read_is_an_error(origin: Repository, tmp_path: Path, event: str | None) -> None:
    environment = github(origin.root, "push", {})
    path = Path(environment["GITHUB_EVENT_PATH"])
    path.unlink() if event is None else path.write_text(event)
    done = ci(origin.root, environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "GITHUB_EVENT_PATH" in done.stderr


OTHERS = {
    "gitlab branch": {"GITLAB_CI": "true", "CI_COMMIT_SHA": "HEAD", "CI_COMMIT_BEFORE_SHA": "BASE"},
    "gitlab new branch": {
        "GITLAB_CI": "true",
        "CI_COMMIT_SHA": "HEAD",
        "CI_COMMIT_BEFORE_SHA": ZEROS,
        "CI_COMMIT_BRANCH": "feature",
        "CI_DEFAULT_BRANCH": "main",
    },
    "gitlab request": {"GITLAB_CI": "true", "CI_COMMIT_SHA": "HEAD", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "BASE"},
    "jenkins": {"JENKINS_URL": "x", "GIT_COMMIT": "HEAD", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": "BASE"},
    "jenkins first": {"JENKINS_URL": "x", "GIT_COMMIT": "HEAD", "BRANCH_NAME": "feature"},
    "jenkins request": {"JENKINS_URL": "x", "GIT_COMMIT": "HEAD", "CHANGE_TARGET": "main"},
    "circleci": {"CIRCLECI": "true", "CIRCLE_SHA1": "HEAD", "CIRCLE_BRANCH": "feature"},
    "azure request": {"TF_BUILD": "True", "BUILD_SOURCEVERSION": "HEAD", "SYSTEM_PULLREQUEST_TARGETBRANCH": "main"},
    "azure": {"TF_BUILD": "True", "BUILD_SOURCEVERSION": "HEAD", "BUILD_SOURCEBRANCH": "refs/heads/feature"},
    "bitbucket": {
        "BITBUCKET_BUILD_NUMBER": "1",
        "BITBUCKET_COMMIT": "HEAD",
        "BITBUCKET_PR_ID": "1",
        "BITBUCKET_PR_DESTINATION_COMMIT": "BASE",
    },
    "buildkite": {"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "1", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_platforms(origin: Repository, tmp_path: Path, name: str) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", head)
    environment = {key: value.replace("BASE", base).replace("HEAD", head) for key, value in OTHERS[name].items()}
    assert paths(report(clone, environment)) == {"new.env"}


@pytest.mark.parametrize(
    ("name", "said"), [("gitlab branch", "GIT_DEPTH"), ("bitbucket", "depth: full"), ("jenkins", "shallow")]
)
def test_each_platform_is_told_in_its_own_words(origin: Repository, tmp_path: Path, name: str, said: str) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", head, depth=1)
    environment = {key: value.replace("BASE", base).replace("HEAD", head) for key, value in OTHERS[name].items()}
    done = ci(clone, environment)
    assert (done.returncode, said in done.stdout) == (3, True)


@pytest.mark.parametrize(
    "target", ["--upload-pack=touch x", "$(touch x)", "main^{/x}", "../../main", "\x1b[31m", "x..y"]
)
def test_a_branch_of_any_name_is_only_compared(origin: Repository, tmp_path: Path, target: str) -> None:
    clone = checkout(origin, tmp_path / "clone", "main")
    done = ci(clone, {"JENKINS_URL": "x", "CHANGE_TARGET": target, "GIT_COMMIT": origin.git("rev-parse", "main")})
    assert (done.returncode, "is not here" in " ".join(done.stdout.split())) == (3, True)
    assert "\x1b" not in done.stdout
    assert not (clone / "x").exists()


def test_a_base_of_the_users_own(origin: Repository, tmp_path: Path) -> None:
    base, head = branched(origin)
    clone = checkout(origin, tmp_path / "clone", head)
    assert paths(report(clone, OTHERS["circleci"] | {"CIRCLE_SHA1": head}, "--base", base)) == {"new.env"}
    assert paths(report(clone, {}, "--base", "origin/main")) == {"new.env"}
    assert paths(report(clone, {}, "--range", f"{base}..{head}")) == {"new.env"}
    assert ci(clone, {}, "--base", "--all").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "named"), [((), "--range"), (("--range", "a..b", "--base", "c"), "--base"), (("nowhere",), "nowhere")]
)
def test_what_cannot_run_says_why_in_a_sentence(origin: Repository, arguments: tuple[str, ...], named: str) -> None:
    done = ci(origin.root, {"CI": "true"}, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_e11_no_secret_is_in_the_log(origin: Repository, tmp_path: Path) -> None:
    base = origin.git("rev-parse", "main")
    text = leak_text()
    head = origin.commit("new.env", text=text)
    clone = checkout(origin, tmp_path / "clone", head)
    done = ci(clone, OTHERS["gitlab branch"] | {"CI_COMMIT_SHA": head, "CI_COMMIT_BEFORE_SHA": base})
    assert done.returncode == 1
    assert "new.env:2:19" in done.stdout
    assert token_in(text) not in done.stdout + done.stderr
