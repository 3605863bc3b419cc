"""`make bench-tree`: leakscan beside Kingfisher on one tree, whole processes in turn, and what starting them costs."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import figures, synthetic
from benchmarks.processes import Program, Result, compare
from benchmarks.programs import FOUND_OR_INCOMPLETE, Programs
from leakscan.detection.samples import Samples

_SMALL = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"


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
        programs = Programs(work, Path(options.peers) if options.peers else None)
        results = compare(_scanning(programs, folder), options.n)
        small = work / "small" / "settings.env"
        small.parent.mkdir()
        small.write_text(Samples(options.seed).fill(_SMALL), "utf-8")
        starts = compare(_starting(programs, small), max(options.n, 5), memory=False)
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
    sizes = [path.stat().st_size for path in files_in(folder)]
    return len(sizes), sum(sizes)


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a tree, each folder's in order, but for git's own and links."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        yield from (path for name in sorted(names) if not (path := Path(where) / name).is_symlink())


def _scanning(programs: Programs, target: Path) -> list[Program]:
    """What scans `target`; leakscan first."""
    own = programs.leakscan("scan", str(target), exit_codes=FOUND_OR_INCOMPLETE)
    return [own, programs.kingfisher(target, "none")] if programs.has_kingfisher else [own]


def _starting(programs: Programs, small: Path) -> list[Program]:
    """The same on one small file, and a bare interpreter, which is what no Python program can be faster than."""
    return [*_scanning(programs, small), programs.python("bare interpreter", "-I", "-c", "pass")]


def _report(title: str, files: int, size: int, results: list[Result], starts: list[Result], times: int) -> list[str]:
    lines = [f"{title}: {files:,} files, {size / 1e6:,.1f} MB; median of {times}, in turn, {os.cpu_count()} cores", ""]
    lines += figures.table(results, files, size, each="files")
    lines += ["", *figures.memory(results)]
    if len(results) > 1:
        lines.append(figures.ratio(results[0], results[1]))
    lines += ["", f"start-up: one small file{'':14} {'wall ms':>8} {'CPU ms':>8}"]
    lines += [f"{result.name:38} {result.wall * 1e3:8.1f} {result.processor * 1e3:8.1f}" for result in starts]
    return lines


if __name__ == "__main__":
    sys.exit(main())
