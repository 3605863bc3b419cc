"""The action, and the jobs for each CI: they are what their formats want, and their scripts do what they say."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository import Repository

from .ci_running import github
from .hooking import leak_text, token_in

ROOT = Path(__file__).parents[2]
STARTING = ROOT / "leakscan" / "cli" / "init" / "starting"
JOBS = sorted(STARTING.glob("*.yml"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def scripts(of: Any) -> list[str]:
    """All texts of a document that a shell runs."""
    if isinstance(of, dict):
        own = [of[key] for key in ("run", "bash", "command") if isinstance(of.get(key), str)]
        listed = [each for each in of.get("script", []) if isinstance(each, str)] if "script" in of else []
        return own + listed + [text for value in of.values() for text in scripts(value)]
    return [text for each in of for text in scripts(each)] if isinstance(of, list) else []


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner's folder for temporary things, in which leakscan is installed."""
    folder = tmp_path / "runner"
    program = folder / "leakscan" / "bin" / "leakscan"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leakscan "$@"\n')
    program.chmod(0o755)
    return folder


def scan_step(
    repository: Repository, runner: Path, more: dict[str, str], inputs: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the action's second step as a runner does; what it prints, and its outputs."""
    step = STEPS[1]
    given = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | inputs
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    output = runner / "output"
    environment = {**os.environ, **more, **variables, "RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(output)}
    script = runner / "step.sh"
    script.write_text(step["run"])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    done = subprocess.run(
        command, cwd=repository.root, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    return done, output.read_text() if output.exists() else ""


def test_the_action_hands_inputs_over_as_variables_alone() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = {
        name for step in STEPS for value in step["env"].values() for name in re.findall(r"inputs\.([a-z-]+)", value)
    }
    assert used == set(ACTION["inputs"])
    assert all(spec["description"] for spec in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))


@pytest.mark.parametrize("leaks", [True, False])
def test_the_action_scans_what_a_push_brings(repository: Repository, runner: Path, *, leaks: bool) -> None:
    before, text = repository.commit("a.py"), leak_text()
    after = repository.commit("app.env", text=text if leaks else "harmless\n")
    summary = runner / "summary"
    event = github(repository.root, "push", {"before": before, "after": after}, GITHUB_STEP_SUMMARY=str(summary))
    done, output = scan_step(repository, runner, event, {})
    assert done.returncode == int(leaks), done.stderr
    assert output == f"sarif=leakscan.sarif\nexit-code={int(leaks)}\n"
    assert bool(json.loads((repository.root / "leakscan.sarif").read_text())["runs"][0]["results"]) is leaks
    assert ("::error " in done.stdout) is leaks
    assert ("app.env" in summary.read_text()) is leaks
    assert token_in(text) not in done.stdout + done.stderr + summary.read_text()


@pytest.mark.parametrize(
    "bad", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "--show-secrets", "a\nexit-code=0"]
)
def test_e11_no_input_becomes_a_part_of_a_script(repository: Repository, runner: Path, bad: str) -> None:
    before = repository.commit("a.py")
    after = repository.commit("app.env", text=leak_text())
    event = github(repository.root, "push", {"before": before, "after": after})
    for name in ("baseline", "config", "directory", "base", "fail-on"):
        done, output = scan_step(repository, runner, event, {name: bad})
        assert done.returncode in {1, 2, 3}
        assert "exit-code=0" not in output.splitlines()
        (runner / "output").unlink()
    scan_step(repository, runner, event, {"sarif": bad})
    assert "exit-code=0" not in (runner / "output").read_text().splitlines()
    assert not list(repository.root.rglob("pwned"))


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_a_job_is_yaml_that_runs_leakscan_and_fails_without_a_source(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    shell = "\n".join(scripts(document))
    assert "leakscan ci" in shell
    assert "${{" not in shell
    (install,) = {line for line in shell.replace("$${", "${").splitlines() if "pip" in line and "install" in line}
    command, empty = ["bash", "-c", install], {"LEAKSCAN_SOURCE": ""}
    said = subprocess.run(command, env=empty, check=False, capture_output=True, text=True, timeout=60)
    assert said.returncode != 0
    assert "leakscan is installed from" in said.stderr


def test_every_job_fetches_what_it_needs() -> None:
    texts = {path.stem: path.read_text() for path in JOBS}
    for name, said in (
        ("github", "fetch-depth: 0"),
        ("gitlab", 'GIT_DEPTH: "0"'),
        ("circleci", "method: full"),
        ("azure", "fetchDepth: 0"),
        ("bitbucket", "depth: full"),
    ):
        assert said in texts[name]
    assert yaml.safe_load(texts["github"])["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("name", ["github", "gitlab", "jenkins", "circleci", "azure", "bitbucket", "buildkite"])
def test_the_documentation_shows_the_jobs_as_they_are(name: str) -> None:
    (file,) = STARTING.glob(f"{name}.*")
    text = file.read_text().replace("@SOURCE@", "")
    shown = (ROOT / "docs" / "ci.md").read_text()
    assert text.strip() in shown
    if name == "gitlab":
        assert (ROOT / "docs" / "ci" / "leakscan.gitlab-ci.yml").read_text() == text
