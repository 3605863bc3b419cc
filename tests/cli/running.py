"""The real command in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from leakscan.detection.samples import Samples


def leakscan(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run `leakscan` with `arguments` in the folder `cwd`."""
    done = subprocess.run(
        [sys.executable, "-m", "leakscan", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def report(*arguments: str, cwd: Path) -> dict[str, Any]:
    """The JSON report of `leakscan scan` with `arguments`."""
    loaded: dict[str, Any] = json.loads(leakscan("scan", "-f", "json", *arguments, cwd=cwd).stdout)
    return loaded


def leak(folder: Path, name: str = "app.env", before: str = "") -> Samples:
    """Write a file with an Account SID and its Auth Token; the values are in what comes back."""
    samples = Samples()
    text = f"{before}TWILIO_ACCOUNT_SID=@{{account_sid}}\nTWILIO_AUTH_TOKEN=@{{auth_token}}\n"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(samples.fill(text))
    return samples
