"""The command lines under comparison: leakscan, Kingfisher with one Twilio rule or all its own, Python programs."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import peers
from benchmarks.processes import Program
from leakscan.detection.samples import Samples

ROOT = Path(__file__).resolve().parent.parent
FOUND = frozenset({0, 1})  # nothing found, something found
FOUND_OR_INCOMPLETE = FOUND | {3}  # what leakscan says when it had problems to tell of
_FOUND_BY_KINGFISHER = frozenset({0, 200})
_RULE = r"""rules:
  - name: Twilio SID
    id: benchmark.twilio.1
    pattern: '\b((?:AC|SK)[0-9a-f]{32})\b'
    min_entropy: 0
    confidence: medium
    examples:
      - %s
"""


class Programs:
    """Makes command lines whose caches lie in the folder `work`, empty until the first run; `scripts` has the peers."""

    def __init__(self, work: Path, scripts: Path | None = None) -> None:
        self._rule = work / "rule" / "twilio.yml"
        self._rule.parent.mkdir()
        self._rule.write_text(_RULE % Samples(1).value("account_sid"), "utf-8")
        self._leakscan = peers.leakscan_command()
        self._scripts = scripts
        self._kingfisher = peers.kingfisher(scripts)
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        caches = {"XDG_CACHE_HOME": str(work / "cache"), "KF_RULE_CACHE_DIR": str(work / "kingfisher")}
        compiled = {"PYTHONPYCACHEPREFIX": str(work / "compiled")}  # as after an installation, and nothing left behind
        self._environment = os.environ | caches | compiled | {"PYTHONPATH": path}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    @property
    def has_kingfisher(self) -> bool:
        """Whether Kingfisher is there; says on standard error how to install it if not."""
        if self._kingfisher is None:
            print(f"Kingfisher is not installed: {peers.INSTALL}", file=sys.stderr)
        return self._kingfisher is not None

    def leakscan(self, *arguments: str, name: str = "leakscan", exit_codes: frozenset[int] = FOUND) -> Program:
        """Leakscan with all its rules."""
        return Program(name, [*self._leakscan, *arguments, "-f", "json"], self._environment, exit_codes)

    def hook(self, folder: Path, name: str, *files: str) -> Program:
        """Leakscan as a commit hook, as people see it."""
        return Program(name, [*self._leakscan, "hook", *files], self._environment, FOUND, folder)

    def kingfisher(
        self, target: Path, git_history: str, *, name: str = "kingfisher", all_rules: bool = False
    ) -> Program:
        """Kingfisher without validation and update check, with one rule or with all its own; `has_kingfisher` first."""
        assert self._kingfisher is not None
        options = [f"--git-history={git_history}", "--no-validate", "--no-update-check", "--quiet", "--format=json"]
        if not all_rules:
            options += [f"--rules-path={self._rule.parent}", "--load-builtins=false"]
        command = [self._kingfisher, "scan", str(target), *options]
        return Program(name, command, self._environment, _FOUND_BY_KINGFISHER)

    def kingfisher_staged(self, repository: Path, name: str, *, all_rules: bool) -> Program:
        """The same on what is staged."""
        program = self.kingfisher(repository, "full", name=name, all_rules=all_rules)
        return replace(program, command=[*program.command, "--staged"], folder=repository)

    def detect_secrets_hook(self, folder: Path, files: Sequence[str]) -> Program | None:
        """The hook of detect-secrets on files, without verification; None where it is not installed."""
        script = peers.detect_secrets(self._scripts, "detect-secrets-hook")
        if script is None:
            return None
        command = [script, "--no-verify", "--cores", "1", *files]
        return Program("detect-secrets-hook, files", command, self._environment, FOUND, folder)

    def python(self, name: str, *arguments: str) -> Program:
        """A run of the same interpreter."""
        return Program(name, [sys.executable, *arguments], self._environment)
