"""`make bench-hook`: a commit hook as it is felt: whole processes in turn, beside peers and an idle interpreter."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.processes import Program, Result, compare
from benchmarks.programs import Programs
from leakscan.detection.samples import Samples

_LINE = "value_{number} = compute(table[{number}], other='text {number}')  # nothing to see in line {number}\n"
_LEAK = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
_PERSON = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def main() -> int:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="leakscan-benchmark-") as temporary:
        work = Path(temporary).resolve()
        repository = work / "repository"
        files = _staged(repository, options.files, options.lines, leak=options.leak)
        programs = Programs(work, Path(options.peers) if options.peers else None)
        results = compare(_programs(programs, repository, files), options.n, memory=False)
    print("\n".join(_report(results, options.files, options.lines, options.n)))
    if options.json:
        plain = {"files": options.files, "lines": options.lines, "runs": options.n, "cores": os.cpu_count()}
        Path(options.json).write_text(
            json.dumps(plain | {"hook": [each.as_json() for each in results]}, indent=1), "utf-8"
        )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=15, help="timed runs of each program, after one more (default 15)")
    parser.add_argument("--files", type=int, default=5, help="staged files (default 5)")
    parser.add_argument("--lines", type=int, default=1000, help="lines of each (default 1000)")
    parser.add_argument("--leak", action="store_true", help="stage a secret, too: then there is a report to lay out")
    parser.add_argument("--peers", metavar="FOLDER", help="where the peers' executables are")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as JSON too")
    return parser.parse_args()


def _staged(repository: Path, count: int, lines: int, *, leak: bool) -> list[str]:
    """A repository in which so many committed files are changed and staged; their names."""
    repository.mkdir()
    _git(repository, "init", "--quiet")
    names = [f"package{number % 20}/module{number}.py" for number in range(count)]
    for version in ("old", "new"):
        for number, name in enumerate(names):
            text = "".join(_LINE.format(number=line) for line in range(lines))
            path = repository / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"# {version} {number}\n{text}", "utf-8")
        _git(repository, "add", "--all")
        if version == "old":
            _git(repository, *_PERSON, "commit", "--quiet", "--message", "Old")
    if leak:
        (repository / "settings.env").write_text(Samples(1).fill(_LEAK), "utf-8")
        _git(repository, "add", "--all")
        names.append("settings.env")
    return names


def _git(repository: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=repository, check=True, stdin=subprocess.DEVNULL)


def _programs(programs: Programs, repository: Path, files: list[str]) -> list[Program]:
    own = [programs.hook(repository, "leakscan hook"), programs.hook(repository, "leakscan hook FILES", *files)]
    kinds = {"kingfisher --staged": True, "the same, one rule": False} if programs.has_kingfisher else {}
    peers = [programs.kingfisher_staged(repository, name, all_rules=every) for name, every in kinds.items()]
    other = programs.detect_secrets_hook(repository, files)
    bare = programs.python("bare interpreter", "-I", "-c", "pass")
    return [*own, *peers, *([other] if other else []), bare]


def _report(results: list[Result], files: int, lines: int, times: int) -> list[str]:
    bare = results[-1].wall
    title = f"{files:,} staged files of {lines:,} lines; median of {times}, in turn, {os.cpu_count()} cores"
    head = f"{'':28} {'wall ms':>8} {'(range)':>15} {'CPU ms':>8} {'x bare':>7} {'x hook':>7} {'exit':>6}"
    rows = []
    for each in results:
        spread = f"{each.fastest * 1e3:.0f}-{each.slowest * 1e3:.0f}"
        ratios = f"{each.wall / bare:7.1f} {each.wall / results[0].wall:7.2f}"
        exits = "/".join(map(str, each.exit_codes))
        rows.append(
            f"{each.name:28} {each.wall * 1e3:8.1f} {spread:>15} {each.processor * 1e3:8.1f} {ratios} {exits:>6}"
        )
    return [title, "", head, *rows]


if __name__ == "__main__":
    sys.exit(main())
