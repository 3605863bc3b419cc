"""Start-up time is the product: what a run may import, by what it does."""

import subprocess
import sys
from pathlib import Path

from leakscan.detection.samples import Samples

from .repository import Repository

HEAVY = {
    "rich",
    "git",
    "jinja2",
    "regex",
    "json.tool",
    "numpy",
    "tomllib",
    "multiprocessing",
    "concurrent",
    "pathspec",
    "tempfile",
}
CLEAN = {
    "leakscan", "leakscan.__main__",
    "leakscan.cli", "leakscan.cli.main", "leakscan.cli.options", "leakscan.cli.output", "leakscan.cli.progress",
    "leakscan.cli.running", "leakscan.cli.scan",
    "leakscan.analysis", "leakscan.analysis.suppression", "leakscan.config", "leakscan.errors", "leakscan.model",
    "leakscan.members", "leakscan.pipeline", "leakscan.secret", "leakscan.workers",
    "leakscan.detection", "leakscan.detection.cache", "leakscan.detection.calling", "leakscan.detection.compiling",
    "leakscan.detection.detector", "leakscan.detection.gates", "leakscan.detection.prefilter",
    "leakscan.detection.rules", "leakscan.detection.runs",
    "leakscan.sources", "leakscan.sources.beginnings", "leakscan.sources.files", "leakscan.sources.segments",
    "leakscan.sources.walking",
    "leakscan.reports", "leakscan.reports.files", "leakscan.reports.formats", "leakscan.reports.masking",
    "leakscan.reports.text", "leakscan.reports.view", "leakscan.reports.wording",
    "leakscan.sources.hardening",
}  # fmt: skip
HOOK = {"leakscan.cli.hook", "leakscan.cli.hook.command", "leakscan.cli.hook.staging"}
STAGED = {"leakscan.sources.index", "leakscan.sources.quickgit", "leakscan.sources.repository"}


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that a second run of `leakscan` imports, its cache being warm."""
    script = (
        "import sys; from leakscan.cli.main import run; code = run(sys.argv[1:]);"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, *arguments]
    for _ in range(2):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stderr.split())


def test_a_clean_scan_of_a_file_imports_only_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print()\n")
    modules = imported(tmp_path, "scan", "a.py")
    assert {name for name in modules if name.startswith("leakscan")} <= CLEAN
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


def test_a_scan_with_a_finding_needs_no_git_and_no_processes(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text(Samples().fill("TWILIO_AUTH_TOKEN=@{auth_token}\n"))
    modules = imported(tmp_path, "scan", "a.env")
    assert not {name.partition(".")[0] for name in modules} & (HEAVY - {"rich", "regex", "tempfile"})


def test_a_hook_imports_only_what_it_needs(repository: Repository) -> None:
    repository.write("a.py", "print()\n")
    repository.git("add", "a.py")
    for arguments, more in ((("hook", "a.py"), HOOK), (("hook",), HOOK | STAGED)):
        modules = imported(repository.root, *arguments)
        assert {name for name in modules if name.startswith("leakscan")} <= CLEAN | more
        assert {name.partition(".")[0] for name in modules} & HEAVY == set()
