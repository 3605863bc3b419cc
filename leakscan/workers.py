"""Worker processes, and what they hand back: candidates, problems, and how much was looked at."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from leakscan.model import Candidate, Problem, Statistics
from leakscan.secret import Secret

if TYPE_CHECKING:
    from concurrent.futures import Future

_Chunk = TypeVar("_Chunk")
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Tally:
    """What has come out of the contents so far."""

    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    contents: int = 0
    bytes: int = 0
    # Rules of which a clue on paths fits a name in some tree, each with the blob of that name, or "" for all blobs.
    spoken: set[tuple[str, str]] = field(default_factory=set)
    # Of each problem with what stands in an object, not with reading it, that object's id.
    inside: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count what another tally counted."""
        self.candidates += other.candidates
        self.problems += other.problems
        self.contents += other.contents
        self.bytes += other.bytes
        self.spoken |= other.spoken
        self.inside += other.inside


class Stopwatch:
    """Knows when a run began, and how long it has taken."""

    def __init__(self) -> None:
        self._began = time.time()
        self._started = time.perf_counter()

    def statistics(self, tally: Tally) -> Statistics:
        """What the run looked at, and in which time, up to now."""
        seconds = time.perf_counter() - self._started
        began = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(self._began))
        return Statistics(tally.contents, tally.bytes, seconds, began)


class Progress:
    """Hears how far a run is, in files or in bytes; does nothing by itself."""

    def expect(self, amount: int) -> None:
        """So much more is to be done."""

    def advance(self, amount: int) -> None:
        """So much more is done."""


class Pool:
    """Some worker processes that `start(*arguments)` makes ready; with one job the work is done in this process."""

    def __init__(self, jobs: int, start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self._pool = None
        if jobs == 1:
            start(*arguments)
            return
        import multiprocessing
        import sys
        from concurrent.futures import ProcessPoolExecutor

        carry_secrets()
        gc.freeze()
        method = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._pool = ProcessPoolExecutor(jobs, method, _begin, (start, arguments))

    def run(
        self,
        work: Callable[[_Chunk], _Result],
        chunks: Iterable[_Chunk],
        collect: Callable[[_Chunk, _Result | None], None],
    ) -> None:
        """Do `work` on each chunk and `collect` what comes out, in any order; None where a worker was killed.

        An interrupt ends the workers; what they have finished is collected first.
        """
        if self._pool is None:
            for chunk in chunks:
                collect(chunk, work(chunk))
            return
        from concurrent.futures import as_completed
        from concurrent.futures.process import BrokenProcessPool

        waiting: dict[Future[_Result], _Chunk] = {}

        def finish(futures: "Iterable[Future[_Result]]") -> None:
            for future in futures:
                chunk = waiting.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    result = None
                collect(chunk, result)

        try:
            for chunk in chunks:
                try:
                    waiting[self._pool.submit(work, chunk)] = chunk
                except BrokenProcessPool:
                    collect(chunk, None)
            finish(as_completed(list(waiting)))
        except KeyboardInterrupt:
            finish([future for future in waiting if future.done()])
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001  # no public way before 3.14
                process.terminate()
            raise

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _begin(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Run first in each worker: an interrupt is the parent's to handle."""
    import signal

    gc.disable()  # there are no cycles to find, and looking for them among the parent's objects takes long
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    carry_secrets()
    start(*arguments)


def carry_secrets() -> None:
    """Let values cross between our own processes, over multiprocessing's pipes alone; any other pickle loses them."""
    from multiprocessing.reduction import ForkingPickler

    ForkingPickler.register(Secret, lambda secret: (Secret, (secret.reveal(),)))
