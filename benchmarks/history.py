"""`make bench-history`: leakscan beside Kingfisher on one repository's history, and beside the least it could take."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import figures
from benchmarks.processes import Program, Result, compare, once
from benchmarks.programs import FOUND_OR_INCOMPLETE, ROOT, Programs
from leakscan.errors import UsageError
from leakscan.sources.repository import open_repository

_Returned = TypeVar("_Returned")
_FLOORS = {"floor: blobs": (), "floor: everything": ("--everything",)}


def main() -> int:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="leakscan-benchmark-") as temporary:
        work = Path(temporary).resolve()
        if options.synthetic is None:
            target, title = Path(options.repository).resolve(), options.repository
        else:
            target, title = work / "synthetic", f"{options.synthetic:,} synthetic blobs"
            _apart(_make, target, options.synthetic, options.seed)
        try:
            open_repository(target)
            measured = _measure(Programs(work, options.peers), target, title, work, options)
        except (UsageError, RuntimeError) as error:
            print(error, file=sys.stderr)
            return 2
    print("\n".join(_report(measured)))
    if options.json:
        Path(options.json).write_text(json.dumps(measured.as_json(), indent=1), "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("repository", nargs="?", help="the repository to scan")
    what.add_argument("--synthetic", metavar="N", type=_number, help="a made-up one of N blobs, removed afterwards")
    parser.add_argument("--seed", type=int, default=1, help="what the synthetic repository is made from")
    parser.add_argument("-n", type=_number, default=3, help="timed runs of each, after one to warm up (default 3)")
    parser.add_argument("--all-rules", action="store_true", help="Kingfisher with all its rules, too: one slow run")
    parser.add_argument("--repeat-state", action="store_true", help="leakscan again, with a --state from a first run")
    parser.add_argument("--floor-jobs", metavar="N", type=_number, default=2, help="the floors' workers (default 2)")
    parser.add_argument("--no-peers", action="store_true", help="without Kingfisher")
    parser.add_argument("--no-memory", action="store_true", help="without the run of each that memory is sampled in")
    parser.add_argument("--peers", metavar="FOLDER", type=Path, help="where Kingfisher's executable is")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as JSON too")
    return parser.parse_args()


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A first run that fills a state file, the runs after it, and the file's size in bytes."""

    first: Result
    again: Result
    size: int


@dataclass(frozen=True, slots=True)
class _Measured:
    """What came out. `contents` and `bytes` are what leakscan says that it went through, `results` leakscan first."""

    title: str
    runs: int
    contents: int
    bytes: int
    problems: Sequence[str]
    results: Sequence[Result]
    repeat: _Repeat | None

    @property
    def ratios(self) -> dict[str, float]:
        """Leakscan's time by that of each of the others."""
        own, *others = self.results
        return {other.name: own.wall / other.wall for other in others}

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        facts = {"repository": self.title, "runs": self.runs, "cores": os.cpu_count()}
        scanned = {"contents": self.contents, "bytes": self.bytes, "problems": list(self.problems)}
        results = {"results": [result.as_json() for result in self.results], "leakscan_by": self.ratios}
        repeat = None
        if self.repeat is not None:
            first, again = self.repeat.first.as_json(), self.repeat.again.as_json()
            repeat = {"first": first, "again": again, "state_bytes": self.repeat.size}
        return facts | scanned | results | {"repeat": repeat}


def _measure(programs: Programs, target: Path, title: str, work: Path, options: argparse.Namespace) -> _Measured:
    own = programs.leakscan("history", str(target), exit_codes=FOUND_OR_INCOMPLETE)
    peers = not options.no_peers and programs.has_kingfisher
    floor = str(ROOT / "benchmarks" / "floor.py")
    runners = [own]
    if peers:
        runners.append(programs.kingfisher(target, "full", name="kingfisher, one rule"))
    for name, arguments in _FLOORS.items():
        runners.append(programs.python(name, floor, str(target), f"--jobs={options.floor_jobs}", *arguments))
    stats, problems = _apart(_scanned, own)
    results = compare(runners, options.n, memory=not options.no_memory)
    repeat = _repeated(programs, target, work / "state", options) if options.repeat_state else None
    if peers and options.all_rules:
        results.append(_all_rules(programs, target, work))
    return _Measured(title, options.n, stats["contents"], stats["bytes"], problems, results, repeat)


def _apart(work: Callable[..., _Returned], *arguments: Any) -> _Returned:
    """What `work` returns, done in a process of its own, so that this one stays small: see `Run`."""
    with ProcessPoolExecutor(1) as process:
        return process.submit(work, *arguments).result()


def _make(folder: Path, count: int, seed: int) -> None:
    from benchmarks import synthetic_pack

    synthetic_pack.make(folder, count, seed)


def _scanned(program: Program) -> tuple[dict[str, int], list[str]]:
    """Statistics and problems that leakscan reports. Raises RuntimeError if it fails."""
    done = subprocess.run(program.command, env=dict(program.environment), capture_output=True, check=False)
    if done.returncode not in program.exit_codes:
        raise RuntimeError(f"{program.name} failed: {done.stderr.decode(errors='replace')[-800:].strip()}")
    report = json.loads(done.stdout)
    return report["stats"], [f"{problem['where']}: {problem['message']}" for problem in report["problems"]]


def _repeated(programs: Programs, target: Path, state: Path, options: argparse.Namespace) -> _Repeat:
    arguments = ("history", str(target), "--state", str(state))
    first = once(programs.leakscan(*arguments, name="leakscan, filling --state", exit_codes=FOUND_OR_INCOMPLETE))
    program = programs.leakscan(*arguments, name="leakscan, repeated", exit_codes=FOUND_OR_INCOMPLETE)
    (again,) = compare([program], options.n, memory=not options.no_memory)
    return _Repeat(first, again, state.stat().st_size)


def _all_rules(programs: Programs, target: Path, work: Path) -> Result:
    """One run; the rules' cache is filled by a scan of an empty folder."""
    empty = work / "empty"
    empty.mkdir()
    once(programs.kingfisher(empty, "none", all_rules=True))
    return once(programs.kingfisher(target, "full", name="kingfisher, all its rules", all_rules=True))


def _report(measured: _Measured) -> list[str]:
    own, *others = measured.results
    amount = f"{measured.contents:,} contents, {measured.bytes / 1e6:,.1f} MB"
    lines = [f"{measured.title}: {amount}; median of {measured.runs}, in turn, {os.cpu_count()} cores"]
    if measured.problems:
        lines.append(f"problems that leakscan tells of: {len(measured.problems):,}, first {measured.problems[0]}")
    lines += ["", *figures.table(measured.results, measured.contents, measured.bytes, each="contents")]
    lines += ["", *figures.memory(measured.results)]
    for other in others:
        if other.name in _FLOORS:
            lines.append(f"leakscan takes {own.wall / other.wall:.2f} times the {other.name}")
        else:
            lines.append(f"{figures.ratio(own, other)}; leakscan / {other.name}: {own.wall / other.wall:.3f}")
    if measured.repeat is not None:
        lines += ["", *_repeat_lines(measured.repeat, own)]
    return lines


def _repeat_lines(repeat: _Repeat, own: Result) -> list[str]:
    first, again = repeat.first, repeat.again
    spread = f"{again.fastest:.3f} to {again.slowest:.3f}"
    return [
        f"with --state: the first run {first.wall:.3f} s; the state file has {repeat.size / 1e6:,.2f} MB",
        f"repeated with it: {again.wall:.3f} s ({spread}), CPU {again.processor:.2f} s",
        f"a repeated run takes {again.wall / own.wall:.3f} of one without --state",
        *figures.memory([again]),
    ]


if __name__ == "__main__":
    sys.exit(main())
