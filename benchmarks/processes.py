"""Whole processes, timed: wall clock, processor time of a process and all that it started, and memory."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

_SAMPLE_SECONDS = 0.01
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Program:
    """A command line under a name, the exit codes by which it says that it did its work, and where it is run."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    exit_codes: frozenset[int] = frozenset({0})
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `peak` is the largest memory of a single one of its processes, in bytes.

    Linux counts what the process that starts a program holds at that moment as the program's: `peak` is never less.
    """

    wall: float
    processor: float
    peak: int
    exit_code: int


@dataclass(slots=True)
class Memory:
    """Peaks in bytes, sampled from /proc in a run of its own: of each process, and of all together (shared once)."""

    processes: list[int] = field(default_factory=list)
    together: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The medians over a program's runs."""

    name: str
    wall: float
    slowest: float
    fastest: float
    processor: float
    peak: int
    exit_codes: tuple[int, ...]
    memory: Memory | None = None

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def run(program: Program) -> Run:
    """Run to the end, output thrown away. Raises RuntimeError with what it wrote to standard error if it failed."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = _start(program, errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        _check(program, process.returncode, errors.read())
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _MAXRSS_UNIT, process.returncode)


def _start(program: Program, errors: IO[bytes] | int) -> subprocess.Popen[bytes]:
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        program.command,
        cwd=program.folder,
        env=dict(program.environment),
        stdin=nothing,
        stdout=nothing,
        stderr=errors,
    )


def _check(program: Program, exit_code: int, errors: bytes) -> None:
    if exit_code not in program.exit_codes:
        said = errors.decode(errors="replace")[-800:].strip()
        raise RuntimeError(f"{program.name} failed with exit code {exit_code}: {said}")


def compare(programs: Sequence[Program], times: int, *, memory: bool = True) -> list[Result]:
    """Run the programs in turn (A B A B …), once to warm up and then `times` times."""
    runs: dict[str, list[Run]] = {program.name: [] for program in programs}
    for turn in range(times + 1):
        for program in programs:
            done = run(program)
            if turn:
                runs[program.name].append(done)
    memory = memory and Path("/proc/self").exists()
    memories = {program.name: _memory(program) if memory else None for program in programs}
    return [_result(name, done, memories[name]) for name, done in runs.items()]


def once(program: Program) -> Result:
    """A single run, nothing warmed up before."""
    return _result(program.name, [run(program)], None)


def _result(name: str, runs: list[Run], memory: Memory | None) -> Result:
    walls = [run.wall for run in runs]
    return Result(
        name=name,
        wall=statistics.median(walls),
        slowest=max(walls),
        fastest=min(walls),
        processor=statistics.median(run.processor for run in runs),
        peak=max(run.peak for run in runs),
        exit_codes=tuple(sorted({run.exit_code for run in runs})),
        memory=memory,
    )


# --- memory (Linux) -------------------------------------------------------------------------------------------------


def _memory(program: Program) -> Memory:
    """Run once more and look at its processes all the while; this run is not timed, looking costs time."""
    found = Memory()
    peaks: dict[int, int] = {}
    with _start(program, subprocess.DEVNULL) as process:
        while process.poll() is None:
            together = 0
            for pid in _family(process.pid):
                peaks[pid] = max(peaks.get(pid, 0), _kilobytes(pid, "status", "VmHWM:"))
                together += _kilobytes(pid, "smaps_rollup", "Pss:")
            found.together = max(found.together, together * 1024)
            time.sleep(_SAMPLE_SECONDS)
    found.processes = sorted((peak * 1024 for peak in peaks.values() if peak), reverse=True)
    return found


def _family(pid: int) -> list[int]:
    """A process and all below it, threads' children included."""
    family = [pid]
    for member in family:
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                family += map(int, task.read_text().split())
            except OSError:
                continue
    return family


def _kilobytes(pid: int, file: str, key: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), 0)
