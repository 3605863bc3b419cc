"""One run on one screen: sources -> candidates -> findings -> judged findings -> Report."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from leakscan.analysis.suppression import Suppressions
from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.model import Candidate, Content, Origin, Problem, Report
from leakscan.sources.files import Found, Reader, Tree, streamed
from leakscan.workers import Pool, Progress, Stopwatch, Tally

if TYPE_CHECKING:
    from leakscan.analysis.exposure.judging import Located

# Forking workers costs about this long: what is done by then needs none.
_ALONE_SECONDS = 0.06
_CHUNK = 256
# What is handed on from file to file is followed for so long.
_FOLLOWING_SECONDS = 5.0
_UNFOLLOWED = (
    "a SID stands without its secret, and time was up before all files were searched for what the code hands to Twilio"
)


def scan(  # noqa: PLR0913  # what a run needs, each by its name
    found: Found,
    prepared: Prepared,
    suppressions: Suppressions | None = None,
    *,
    stdin: BinaryIO | None = None,
    excluded: Callable[[str], bool] | None = None,
    least: float = 0.5,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Scan what was found (and `stdin`), and judge it.

    `excluded` tells which shown paths are not read at all; `least` is the confidence (0 to 1) that a finding needs;
    `jobs` the number of worker processes, default one a core. An interrupt (^C) ends the run early with what
    there is: the report then says that it is not complete.
    """
    watch = Stopwatch()
    tally = Tally()
    complete = True
    progress = progress or Progress()
    read: list[Tree] = []
    chunks = _noted(_chunks(found.trees, excluded, progress), read)
    try:
        detector = prepared.detector()
        if stdin is not None:
            _examine(streamed(stdin.read, Origin("-"), detector.promises), detector, tally)
        rest = _alone(chunks, detector, found.reader, tally, progress, forever=jobs == 1)
        if rest is not None:
            start = partial(_start_worker, prepared, found.reader)
            _together(chain([rest], chunks), start, jobs or os.cpu_count() or 1, tally, progress)
        if tally.candidates:
            tally.candidates += _followed(read, found, tally.candidates, prepared)
    except KeyboardInterrupt:
        complete = False
    located = _located(found) if tally.candidates else None
    judged = (suppressions or Suppressions()).judged(tally.candidates, prepared.rules, least, located)
    problems = tuple(sorted({*tally.problems, *found.problems}, key=lambda problem: (problem.where, problem.message)))
    return Report("scan", judged, problems, watch.statistics(tally), complete, tuple(found.notes))


def _noted(chunks: Iterable[Tree], read: list[Tree]) -> Iterator[Tree]:
    for chunk in chunks:
        read.append(chunk)
        yield chunk


def _followed(chunks: list[Tree], found: Found, candidates: list[Candidate], prepared: Prepared) -> list[Candidate]:
    """What the code hands to Twilio from other files, where a SID was found without its secret."""
    from leakscan.analysis.following import Following

    following = Following(candidates, prepared.rules)
    if not following.wanted:
        return []
    deadline = time.perf_counter() + _FOLLOWING_SECONDS
    reader = found.reader()
    try:
        for look in (following.learn, following.find):
            for content in chain.from_iterable(reader.read(tree, name) for tree in chunks for name in tree.files):
                if time.perf_counter() > deadline:
                    found.notes.append(_UNFOLLOWED)
                    return following.candidates
                if isinstance(content, Content):
                    look(content)
            if not following.names:
                break
    finally:
        reader.close()
    return following.candidates


def _located(found: Found) -> "Located":
    """Where the files round a finding are; a clean run, which most are, needs none of it."""
    from leakscan.sources.surroundings import Staged, Surroundings

    return Staged(*found.index).of if found.index else Surroundings(found.targets).of


def _chunks(trees: Iterable[Tree], excluded: Callable[[str], bool] | None, progress: Progress) -> Iterator[Tree]:
    """The trees in small pieces: the unit of work that is handed to a worker process."""
    for tree in trees:
        files = tree.files
        if excluded is not None:
            files = tuple(name for name in files if not excluded(tree.path_of(name)))
        progress.expect(len(files))
        for begin in range(0, len(files), _CHUNK):
            yield tree._replace(files=files[begin : begin + _CHUNK])


def _examine(contents: Iterable[Content | Problem], detector: Detector, tally: Tally) -> None:
    """Detect in one source's contents; pieces of one content count once."""
    for content in contents:
        if isinstance(content, Problem):
            tally.problems.append(content)
            continue
        tally.contents += not content.cut_before
        tally.bytes += len(content.data)
        where = content.origin.path
        try:
            candidates, _, problems = detector.examined(content)
        except TimeoutError:
            tally.problems.append(
                Problem(where, "a pattern took longer than its time limit here; the rest of this part was not scanned")
            )
            continue
        tally.candidates += candidates
        tally.problems += (Problem(where, message) for message in problems)


def _scan_files(chunk: Tree, detector: Detector, reader: Reader) -> Tally:
    tally = Tally()
    for name in chunk.files:
        _examine(reader.read(chunk, name, detector.promises), detector, tally)
    return tally


def _alone(  # what the work needs
    chunks: Iterator[Tree],
    detector: Detector,
    open_reader: Callable[[], Reader],
    tally: Tally,
    progress: Progress,
    *,
    forever: bool,
) -> Tree | None:
    """Work in this process until it is done or worker processes would pay; what is left of a chunk comes back."""
    deadline = time.perf_counter() + _ALONE_SECONDS
    reader = open_reader()
    try:
        for chunk in chunks:
            for done, name in enumerate(chunk.files):
                if not forever and time.perf_counter() > deadline:
                    return chunk._replace(files=chunk.files[done:])
                _examine(reader.read(chunk, name, detector.promises), detector, tally)
                progress.advance(1)
    finally:
        reader.close()  # before there are workers, which would hold its ends open
    return None


# --- worker processes ---

_worker: tuple[Detector, Reader] | None = None


def _start_worker(prepared: Prepared, open_reader: Callable[[], Reader]) -> None:
    global _worker  # noqa: PLW0603  # a worker's only state: what it scans with
    _worker = (prepared.detector(), open_reader())


def _work(chunk: Tree) -> Tally:
    assert _worker is not None
    detector, reader = _worker
    return _scan_files(chunk, detector, reader)


def _together(chunks: Iterable[Tree], start: Callable[[], None], jobs: int, tally: Tally, progress: Progress) -> None:
    """Hand the chunks to `jobs` worker processes; the order of what comes back does not matter, it is sorted later."""

    def collect(chunk: Tree, result: Tally | None) -> None:
        if result is None:
            tally.problems.append(_lost(chunk))
        else:
            tally.add(result)
        progress.advance(len(chunk.files))

    pool = Pool(jobs, start, ())
    try:
        pool.run(_work, chunks, collect)
    finally:
        pool.close()


def _lost(chunk: Tree) -> Problem:
    where = f"{chunk.path_of(chunk.files[0])} and {len(chunk.files) - 1} files after it"
    return Problem(where, "the worker process that scanned them was killed; try fewer --jobs")
