"""Whether the fast path finds in a repository just what is found in every object as git reads it."""

from pathlib import Path
from typing import NamedTuple

from leakscan.detection.cache import Prepared
from leakscan.history.working import scan_objects
from leakscan.model import Candidate, Place
from leakscan.sources.objects import Object
from leakscan.sources.packindex import NUMBERS
from tests.databases import Scanned, database_of, git_objects, scan_units


class Found(NamedTuple):
    """What one candidate says; the trees in which a file name stands are many, and the fast path names one."""

    rule: str
    value: str
    where: str
    object: str | None
    path: str
    place: Place
    score: float | None


def said(candidate: Candidate) -> Found:
    """A candidate as it can be compared."""
    origin = candidate.origin
    name = origin.where == "file_name"  # whose neighbours, which are part of its score, are other ones in each tree
    return Found(
        candidate.rule,
        candidate.secret.reveal(),
        origin.where,
        None if name else origin.blob or origin.commit,
        origin.path,
        candidate.place,
        None if name else round(candidate.score, 6),
    )


def check(prepared: Prepared, path: Path) -> Scanned:
    """Both ways find the same in the repository at `path`."""
    ours = scan_units(prepared, path)
    objects = (Object(NUMBERS[kind], oid, data) for oid, (kind, data) in git_objects(path).items())
    reference = scan_objects(objects, prepared, database_of(path))
    assert ours.problems == reference.problems == []
    assert set(map(said, ours.candidates)) == set(map(said, reference.candidates))
    return ours
