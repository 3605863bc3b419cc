"""`leakscan ci` in a clone, with the variables that a CI sets."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.repository import Repository

from .hooking import attempt

_FROM_HERE = ("PATH", "HOME", "XDG_CACHE_HOME", "SYSTEMROOT", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_ALL", "LANG")


def ci(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with these variables and none of a CI that may run the tests."""
    inherited = {name: os.environ[name] for name in _FROM_HERE if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "leakscan", "ci", *arguments],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def report(folder: Path, environment: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Its JSON report."""
    loaded: dict[str, Any] = json.loads(ci(folder, environment, "-f", "json", *arguments).stdout)
    return loaded


def github(folder: Path, kind: str, event: Mapping[str, Any], **more: str) -> dict[str, str]:
    """The variables of GitHub Actions, the event in a file beside the clone."""
    file = folder.parent / "event.json"
    file.write_text(json.dumps(event))
    return {
        "GITHUB_ACTIONS": "true",
        "CI": "true",
        "GITHUB_EVENT_NAME": kind,
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_REF": "refs/heads/main",
        **more,
    }


def checkout(origin: Repository, folder: Path, rev: str, *, depth: int = 0) -> Path:
    """What actions/checkout makes: a fetched repository with a detached HEAD; all branches and tags at depth 0."""
    attempt(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder))
    attempt(folder, "remote", "add", "origin", origin.root.as_uri())
    attempt(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit = origin.git("rev-parse", f"{rev}^{{commit}}")
    wanted = [f"--depth={depth}", "origin", commit] if depth else ["origin", "+refs/heads/*:refs/remotes/origin/*"]
    attempt(folder, "fetch", "--quiet", *wanted, *([] if depth else ["+refs/tags/*:refs/tags/*"]))
    attempt(folder, "fetch", "--quiet", "origin", commit, *([f"--depth={depth}"] if depth else []))
    attempt(folder, "checkout", "--quiet", "--detach", commit)
    return folder
