"""Repositories with hooks that run this very leakscan, and git commands that may be blocked."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from leakscan.detection.samples import Samples
from tests.repository import Repository

LEAK = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"


def leak_text() -> str:
    """A file with a fresh Account SID and its Auth Token."""
    return Samples().fill(LEAK)


def token_in(text: str) -> str:
    """The Auth Token of such a file."""
    return text.rsplit("=", 1)[1].strip()


def hooked(folder: Path, name: str, *arguments: str) -> None:
    """Write the hook `name` into a folder of hooks; git's own arguments follow ours."""
    script = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    given = " ".join(arguments)
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leakscan hook {given} "$@"\n')
    script.chmod(0o755)


def attempt(
    folder: Repository | Path, *arguments: str, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git, which may fail; standard output and error are both in `stdout`, as one sees them."""
    where = folder.root if isinstance(folder, Repository) else folder
    done = subprocess.run(
        ["git", *arguments],
        cwd=where,
        env={**os.environ, **(more or {})},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(errors="replace"), "")


def head(repository: Repository) -> str:
    """The commit that HEAD is, or nothing."""
    return attempt(repository, "rev-parse", "--verify", "--quiet", "HEAD").stdout.strip()


def staged(repository: Repository, name: str, text: str) -> None:
    """Stage a file."""
    repository.write(name, text)
    repository.git("--literal-pathspecs", "add", "--", name)
