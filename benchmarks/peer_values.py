"""What other scanners report in the corpus: values, or their digests, by case."""

import hashlib
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks import peers

Values = dict[str, set[str]]  # by case


def _detect_secrets(program: str, folder: Path) -> Values:
    """SHA-1 digests of the values reported, by case; one process for all cases, without its network checks."""
    command = [program, "scan", "--all-files", "--no-verify", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    by_case: Values = defaultdict(set)
    for path, found in json.loads(done.stdout)["results"].items():
        by_case[Path(path).parts[0]] |= {entry["hashed_secret"] for entry in found}
    return by_case


def _kingfisher(program: str, folder: Path) -> Values:
    """The values reported, by case; all its own rules at any confidence, every occurrence, no validation."""
    options = ["--git-history=none", "--no-validate", "--no-dedup", "--confidence=low"]
    options += ["--no-update-check", "--format=json"]
    environment = os.environ | {"KF_RULE_CACHE_DIR": str(folder.parent / "rules")}
    done = subprocess.run(
        [program, "scan", ".", *options], cwd=folder, env=environment, capture_output=True, check=False
    )
    if not done.stdout:
        said = done.stderr.decode(errors="replace")[-500:]
        raise RuntimeError(f"kingfisher failed with exit code {done.returncode}: {said}")
    by_case: Values = defaultdict(set)
    report, _ = json.JSONDecoder().raw_decode(done.stdout.decode())  # a second object, the summary, follows
    for entry in report["findings"]:
        path = Path(entry["finding"]["path"])
        inside = path.relative_to(folder) if path.is_absolute() else path
        by_case[inside.parts[0]].add(entry["finding"]["snippet"])
    return by_case


def _credsweeper(program: str, folder: Path) -> Values:
    """The values reported, by case; all its rules, its model for the doubtful ones, three encodings deep."""
    report = folder.parent / "credsweeper.json"
    options = ["--depth=3", "--pedantic", "--no-stdout", f"--save-json={report}"]
    subprocess.run([program, "--path", ".", *options], cwd=folder, capture_output=True, check=True)
    by_case: Values = defaultdict(set)
    for entry in json.loads(report.read_text("utf-8")):
        for line in entry["line_data_list"]:
            by_case[Path(line["path"]).parts[0]].add(line["value"])
    return by_case


def _sha1(value: str) -> str:
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


# How each is found, what tells its values, and what digest of a value it tells instead.
PEERS: dict[
    str,
    tuple[Callable[[Path | None], str | None], Callable[[str, Path], Values], Callable[[str], str] | None],
] = {
    "detect-secrets": (peers.detect_secrets, _detect_secrets, _sha1),
    "kingfisher": (peers.kingfisher, _kingfisher, None),
    "credsweeper": (peers.credsweeper, _credsweeper, None),
}
