"""One object of a database -> what was found in it."""

import io
from collections.abc import Iterable
from typing import NamedTuple

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Barren, Detector
from leakscan.detection.path_words import PathWords
from leakscan.history.tree_names import spoken
from leakscan.members import below
from leakscan.model import Content, Origin, Problem
from leakscan.sources import contents
from leakscan.sources.beginnings import may_be_archive
from leakscan.sources.objects import Object
from leakscan.sources.packindex import BLOB, TREE
from leakscan.sources.repository import Repository
from leakscan.workers import Tally


class Look(NamedTuple):
    """What objects are looked at with, and what their repository is called in problems."""

    detector: Detector
    words: PathWords
    repository: Repository

    @classmethod
    def ready(cls, prepared: Prepared, repository: Repository) -> "Look":
        """A process's own."""
        words = PathWords(prepared.rules, fast=prepared.databases is not None)
        return cls(prepared.detector(values_only=True), words, repository)

    def object(self, read: Object, tally: Tally) -> None:
        """What is found in one object of any kind."""
        tally.contents += 1
        tally.bytes += len(read.data)
        if read.kind == TREE:
            self.tree(read.oid, read.data, tally)
        elif read.kind != BLOB:
            self.text(read.kind, read.oid, read.data, tally)
        elif may_be_archive(read.data):
            self.archive(read.data, Origin("", read.oid), tally)
        elif self.detector.suspects(read.data):
            self.content(Content(read.data, Origin("", read.oid)), tally)

    def content(self, content: Content, tally: Tally, *, suspected: bool = False) -> Barren | None:
        """Collect the candidates in a content; what it means for its versions that there are none.

        It may be `suspected` to hold what rules look for; see `Detector.examined`.
        """
        where = content.origin.path or self._blob(content.origin)
        try:
            candidates, barren, problems = self.detector.examined(content, suspected=suspected)
        except TimeoutError:
            problems = ("a pattern took longer than its time limit here; the rest of this part was not scanned",)
            candidates, barren = [], None
        tally.candidates += candidates
        for message in problems:
            _tell(Problem(where, message), content.origin, tally)
        return barren

    def _blob(self, origin: Origin) -> str:
        """What a blob, or a member of one, is called in problems: its path is not known."""
        return below(f"{self.repository.shown}blob {origin.blob}", origin.member)

    def archive(self, data: bytes | Iterable[bytes], origin: Origin, tally: Tally) -> None:
        """What is found in an archive, which may come in pieces."""
        from leakscan.sources.archives.opening import opened  # few blobs are archives
        from leakscan.sources.archives.source import Source, reading

        source = Source.of_file(io.BytesIO(data)) if isinstance(data, bytes) else Source(reading(data))
        for read in opened(source, origin, self._blob(origin), suspects=self.detector.promises):
            if isinstance(read, Problem):
                _tell(read, origin, tally)
            else:
                self.content(read, tally)

    def text(self, kind: int, oid: str, data: bytes, tally: Tally) -> None:
        """What is found in a commit or a tag."""
        if self.detector.suspects(data):
            for content in contents.of_text(kind, oid, data, self.repository.shown):
                self.content(content, tally)

    def tree(self, oid: str, data: bytes, tally: Tally) -> None:
        """The names in a tree: those that hold something, and which rules they speak for."""
        tally.spoken |= spoken(self.words, data, self.repository.hash_size)[0]
        names = contents.names_in_tree(data, self.repository.hash_size)
        self.names(names, Origin("", oid, "file_name"), tally)

    def names(self, names: list[bytes], origin: Origin, tally: Tally) -> None:
        """Each candidate in a list of names gets the name that it stands in as its path."""
        if not names or not self.detector.places(b"\n".join(names) + b"\n"):
            return
        found = Tally()
        self.content(contents.of_names(names, origin), found)
        tally.problems += found.problems
        tally.inside += found.inside
        for candidate in found.candidates:
            name = names[candidate.place.line - 1].decode("utf-8", "surrogateescape")
            place = candidate.place._replace(line=1, end_line=1)
            tally.candidates.append(candidate._replace(origin=origin._replace(path=name), place=place))


def _tell(problem: Problem, origin: Origin, tally: Tally) -> None:
    """Tell of something wrong in an object that could be read, or beside the objects."""
    tally.problems.append(problem)
    oid = origin.blob or origin.commit
    if oid is not None:
        tally.inside.append(oid)
