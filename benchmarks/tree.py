"""`make bench-tree`: leakscan beside Kingfisher on one tree, whole processes in turn, and what starting them costs."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import peers, synthetic
from benchmarks.processes import Program, Result, compare
from leakscan.detection.samples import Samples

ROOT = Path(__file__).resolve().parent.parent
_RULE = r"""rules:
  - name: Twilio SID
    id: benchmark.twilio.1
    pattern: '\b((?:AC|SK)[0-9a-f]{32})\b'
    min_entropy: 0
    confidence: medium
    examples:
      - %s
"""
_SMALL = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
_FOUND = frozenset({0, 1})  # nothing found, something found
_FOUND_BY_KINGFISHER = frozenset({0, 200})


def main() -> int:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="leakscan-benchmark-") as temporary:
        work = Path(temporary).resolve()
        folder = Path(options.folder).resolve() if options.folder else _synthetic(work, options.files, options.seed)
        if not folder.is_dir():
            print(f"no such folder: {options.folder}", file=sys.stderr)
            return 2
        files, size = _measure(folder)
        programs = _Programs(work, Path(options.peers) if options.peers else None)
        results = compare(programs.scanning(folder), options.n)
        small = work / "small" / "settings.env"
        small.parent.mkdir()
        small.write_text(Samples(options.seed).fill(_SMALL), "utf-8")
        starts = compare(programs.starting(small), max(options.n, 5), memory=False)
    print("\n".join(_report(options.folder or "synthetic tree", files, size, results, starts, options.n)))
    if options.json:
        plain = {"files": files, "bytes": size, "runs": options.n, "cores": os.cpu_count()}
        parts = {"tree": [result.as_json() for result in results], "start": [result.as_json() for result in starts]}
        Path(options.json).write_text(json.dumps(plain | parts, indent=1), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", help="the tree to scan (default: a synthetic one, removed afterwards)")
    parser.add_argument("-n", type=int, default=5, help="timed runs of each program, after one to warm up (default 5)")
    parser.add_argument("--files", type=int, default=20_000, help="size of the synthetic tree (default 20000)")
    parser.add_argument("--seed", type=int, default=1, help="what the synthetic tree is made from")
    parser.add_argument("--peers", metavar="FOLDER", help="where Kingfisher's executable is")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as JSON too")
    return parser.parse_args()


def _synthetic(work: Path, files: int, seed: int) -> Path:
    folder = work / "tree"
    folder.mkdir()
    synthetic.make(folder, files, seed)
    return folder


def _measure(folder: Path) -> tuple[int, int]:
    """How many files and bytes a tree holds, git's own not counted."""
    files = size = 0
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(where) / name
            if not path.is_symlink():
                files += 1
                size += path.stat().st_size
    return files, size


class _Programs:
    """The command lines under comparison, with caches of their own that the first run fills."""

    def __init__(self, work: Path, scripts: Path | None) -> None:
        self._rule = work / "rule" / "twilio.yml"
        self._rule.parent.mkdir()
        self._rule.write_text(_RULE % Samples(1).value("account_sid"), "utf-8")
        self._leakscan = peers.leakscan_command()
        self._kingfisher = peers.kingfisher(scripts)
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        caches = {"XDG_CACHE_HOME": str(work / "cache"), "KF_RULE_CACHE_DIR": str(work / "kingfisher")}
        compiled = {"PYTHONPYCACHEPREFIX": str(work / "compiled")}  # as after an installation, and nothing left behind
        self._environment = os.environ | caches | compiled | {"PYTHONPATH": path}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def scanning(self, target: Path) -> list[Program]:
        """What scans `target`; leakscan first."""
        own = Program("leakscan", [*self._leakscan, "scan", str(target), "-f", "json"], self._environment, _FOUND)
        if self._kingfisher is None:
            print(f"Kingfisher is not installed: {peers.INSTALL}", file=sys.stderr)
            return [own]
        options = ["--git-history=none", "--no-validate", f"--rules-path={self._rule.parent}", "--load-builtins=false"]
        options += ["--no-update-check", "--quiet", "--format=json"]
        other = [self._kingfisher, "scan", str(target), *options]
        return [own, Program("kingfisher", other, self._environment, _FOUND_BY_KINGFISHER)]

    def starting(self, small: Path) -> list[Program]:
        """The same on one small file, and a bare interpreter, which is what no Python program can be faster than."""
        bare = Program("bare interpreter", [sys.executable, "-I", "-c", "pass"], self._environment)
        return [*self.scanning(small), bare]


def _report(title: str, files: int, size: int, results: list[Result], starts: list[Result], times: int) -> list[str]:
    lines = [f"{title}: {files:,} files, {size / 1e6:,.1f} MB; median of {times}, in turn, {os.cpu_count()} cores", ""]
    lines.append(f"{'':18} {'wall s':>8} {'(range)':>15} {'CPU s':>8} {'files/s':>9} {'MB/s':>8} {'peak MB':>8}  exit")
    for result in results:
        spread = f"{result.fastest:.2f}-{result.slowest:.2f}"
        rates = f"{files / result.wall:9,.0f} {size / 1e6 / result.wall:8,.0f}"
        lines.append(
            f"{result.name:18} {result.wall:8.3f} {spread:>15} {result.processor:8.2f} {rates} "
            f"{result.peak / 1e6:8.0f} {'/'.join(map(str, result.exit_codes)):>6}"
        )
    lines += ["", *(_memory_line(result) for result in results if result.memory)]
    if len(results) > 1:
        lines.append(_ratio_line(results[0], results[1]))
    lines += ["", f"start-up: one small file{'':14} {'wall ms':>8} {'CPU ms':>8}"]
    lines += [f"{result.name:38} {result.wall * 1e3:8.1f} {result.processor * 1e3:8.1f}" for result in starts]
    return lines


def _memory_line(result: Result) -> str:
    assert result.memory is not None
    peaks = ", ".join(f"{peak / 1e6:.0f}" for peak in result.memory.processes[:8])
    more = f" and {len(result.memory.processes) - 8} smaller" if len(result.memory.processes) > 8 else ""
    return f"{result.name}: memory by process {peaks}{more} MB; together at most {result.memory.together / 1e6:.0f} MB"


def _ratio_line(own: Result, other: Result) -> str:
    ratio = other.wall / own.wall
    verdict = f"{ratio:.2f} times faster" if ratio >= 1 else f"{1 / ratio:.2f} times slower"
    return f"leakscan is {verdict} than {other.name} (processor time: {other.processor / own.processor:.2f})"


if __name__ == "__main__":
    sys.exit(main())
