"""What a worker process runs: it is made ready once, and then handed one unit of work after another."""

from collections.abc import Iterable

from leakscan.detection.cache import Prepared
from leakscan.history.scanning import BESIDE, Worker
from leakscan.sources.objects import Object, ObjectDatabase, Unit
from leakscan.workers import Tally

_worker: Worker | None = None


def start(prepared: Prepared, database: ObjectDatabase) -> None:
    """Make this process a worker."""
    global _worker  # noqa: PLW0603  # a worker's only state: what it scans with
    _worker = Worker.ready(prepared, database)


def worker() -> Worker:
    """The worker that `start` made."""
    assert _worker is not None
    return _worker


def scan_unit(unit: Unit) -> Tally:
    """What is found in a unit; the work of a worker process."""
    return worker().scan(unit)


def scan_objects(objects: Iterable[Object], prepared: Prepared, database: ObjectDatabase) -> Tally:
    """What is found in `objects`, and beside them: the reference that the units are held to."""
    own = Worker.ready(prepared, database)
    tally = own.scan(BESIDE)
    for read in objects:
        own.look.object(read, tally)
    return tally
