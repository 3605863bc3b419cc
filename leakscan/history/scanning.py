"""One unit of an object database -> what was found in it. This is what a worker process does."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.model import Content, Origin, Problem
from leakscan.sources import contents, git, repository
from leakscan.sources.files import SEGMENT, segments
from leakscan.sources.objects import LOOSE, Object, ObjectDatabase, Reader, Unit
from leakscan.sources.packfile import Broken, Large
from leakscan.sources.packindex import BLOB, TREE
from leakscan.workers import Tally

# So much of short texts is asked about at once.
_TOGETHER = 64 * 1024
# In deltas the operation that goes on with a long insertion may cut a name: the byte that begins it is taken out.
_FULL_INSERTION = re.compile(rb"\x7f(.{127})[\x01-\x7f]", re.DOTALL)
_SHORT = 128

# Texts beside the objects and the names of refs: a piece of work without objects.
BESIDE = Unit("beside", LOOSE, 0, 0, 0)


class Worker(NamedTuple):
    """What a worker process scans with."""

    reader: Reader
    detector: Detector

    @classmethod
    def ready(cls, prepared: Prepared, database: ObjectDatabase) -> "Worker":
        """A worker of this process's own."""
        return cls(Reader(database), prepared.detector())

    def scan(self, unit: Unit) -> Tally:
        """What is found in the objects of a unit."""
        tally = Tally()
        if unit.group == "beside":
            self._beside(tally)
        elif unit.pack == LOOSE:
            self._loose(unit, tally)
        else:
            try:
                {"blobs": self._blobs, "texts": self._texts, "trees": self._trees}[unit.group](unit, tally)
            except (OSError, ValueError) as error:
                path = self.reader.database.packs[unit.pack].path
                tally.problems.append(Problem(f"{self._shown}{path.name}", f"cannot be read: {error}"))
        return tally

    @property
    def _shown(self) -> str:
        return self.reader.database.repository.shown

    def _look(self, content: Content, tally: Tally) -> None:
        try:
            tally.candidates += self.detector.detect(content)
        except TimeoutError:
            where = content.origin.path or f"{self._shown}blob {content.origin.blob}"
            tally.problems.append(
                Problem(where, "a pattern took longer than its time limit here; the rest of this part was not scanned")
            )

    def _oid(self, unit: Unit, number: int) -> str:
        return self.reader.database.packs[unit.pack].oid(number)

    def _blobs(self, unit: Unit, tally: Tally) -> None:
        """Blobs along their delta chains: of one whose base is without suspicion only what is new is asked about."""
        file = self.reader.file(unit.pack)
        skipped = self.reader.skipped(unit)
        suspects, margin = self.detector.suspects, self.detector.margin
        suspected: set[int] = set()
        for read in file.chains(self.reader.members(unit), margin):
            if isinstance(read, Broken):
                tally.problems.append(self.reader.problem(unit, read))
                continue
            if isinstance(read, Large):
                self._large(unit, read.number, tally)
                continue
            number, data, fresh, base = read
            if base in suspected or suspects(fresh):
                suspected.add(number)
            else:
                tally.contents += 1
                tally.bytes += len(data)
                continue
            if skipped is not None and skipped[number]:
                continue
            tally.contents += 1
            tally.bytes += len(data)
            self._look(Content(data, Origin("", self._oid(unit, number))), tally)

    def _large(self, unit: Unit, number: int, tally: Tally) -> None:
        origin = Origin("", self._oid(unit, number))
        pieces = self.reader.file(unit.pack).pieces(number, SEGMENT)
        try:
            for content in segments(next(pieces, b""), lambda: next(pieces, b""), origin):
                self._look(content, tally)
            tally.contents += 1
            tally.bytes += int(self.reader.database.packs[unit.pack].sizes[number])
        except ValueError as error:
            tally.problems.append(self.reader.problem(unit, Broken(number, str(error))))

    def _texts(self, unit: Unit, tally: Tally) -> None:
        pack = self.reader.database.packs[unit.pack]
        skipped = self.reader.skipped(unit)
        waiting: list[tuple[int, bytes]] = []
        size = 0
        for read in self.reader.file(unit.pack).chains(self.reader.members(unit), None):
            if isinstance(read, Broken):
                tally.problems.append(self.reader.problem(unit, read))
                continue
            if isinstance(read, Large) or (skipped is not None and skipped[read.number]):
                continue
            waiting.append((read.number, read.data))
            size += len(read.data)
            if size > _TOGETHER:
                self._few_texts(unit, waiting, tally)
                waiting, size = [], 0
        self._few_texts(unit, waiting, tally)
        tally.contents += len(self.reader.members(unit))
        tally.bytes += int(pack.sizes[self.reader.members(unit)].sum())

    def _few_texts(self, unit: Unit, texts: list[tuple[int, bytes]], tally: Tally) -> None:
        if not self.detector.suspects(b"\n".join([data for _, data in texts])):
            return
        kinds = self.reader.database.packs[unit.pack].kinds
        for number, data in texts:
            self._text(int(kinds[number]), self._oid(unit, number), data, tally)

    def _text(self, kind: int, oid: str, data: bytes, tally: Tally) -> None:
        if self.detector.suspects(data):
            for content in contents.of_text(kind, oid, data, self._shown):
                self._look(content, tally)

    def _trees(self, unit: Unit, tally: Tally) -> None:
        """File names: only trees into which a long one comes are put together."""
        file = self.reader.file(unit.pack)
        members = self.reader.members(unit)
        streams = file.streams(members)
        for read in streams:
            if isinstance(read, Broken):
                tally.problems.append(self.reader.problem(unit, read))
        tally.contents += len(members)
        tally.bytes += sum(len(read) for read in streams if isinstance(read, bytes))
        for place in self._with_values(list(map(joined_insertions, streams))):
            number = int(members[place])
            try:
                data = file.resolve(number)
            except ValueError as error:
                tally.problems.append(self.reader.problem(unit, Broken(number, str(error))))
                continue
            self._tree(self._oid(unit, number), data, tally)

    def _with_values(self, streams: list[bytes]) -> list[int]:
        """Which of `streams` hold a name that a value could end in and that none before them holds."""
        text = b"\0\0".join(streams)
        ends = sorted(self.detector.places(text + b"\0"))
        if not ends:
            return []
        starts = list(accumulate((len(stream) + 2 for stream in streams), initial=0))
        known: set[bytes] = set()
        chosen = []
        for end in ends:
            name = text[text.rfind(b"\0", 0, end - 1) + 1 : end]
            if name not in known:
                known.add(name)
                chosen.append(bisect_right(starts, end - 1) - 1)
        return sorted(set(chosen))

    def _tree(self, oid: str, data: bytes, tally: Tally) -> None:
        names = contents.names_in_tree(data, self.reader.database.repository.hash_size)
        self._names(names, Origin("", oid, "file_name"), tally)

    def _names(self, names: list[bytes], origin: Origin, tally: Tally) -> None:
        """Each candidate in a list of names gets the name that it stands in as its path."""
        if not self.detector.places(b"\n".join(names) + b"\n"):
            return
        found = Tally()
        self._look(contents.of_names(names, origin), found)
        tally.problems += found.problems
        for candidate in found.candidates:
            name = names[candidate.place.line - 1].decode("utf-8", "surrogateescape")
            place = candidate.place._replace(line=1, end_line=1)
            tally.candidates.append(candidate._replace(origin=origin._replace(path=name), place=place))

    def _loose(self, unit: Unit, tally: Tally) -> None:
        for read in self.reader.loose(unit):
            if isinstance(read, Problem):
                tally.problems.append(read)
            else:
                self.object(read, tally)

    def object(self, read: Object, tally: Tally) -> None:
        """What is found in one object of any kind."""
        tally.contents += 1
        tally.bytes += len(read.data)
        if read.kind == TREE:
            self._tree(read.oid, read.data, tally)
        elif read.kind != BLOB:
            self._text(read.kind, read.oid, read.data, tally)
        elif self.detector.suspects(read.data):
            self._look(Content(read.data, Origin("", read.oid)), tally)

    def _beside(self, tally: Tally) -> None:
        """The texts beside the objects, and the names of refs."""
        where = self.reader.database.repository
        for path, data in repository.texts(where):
            tally.contents += 1
            tally.bytes += len(data)
            self._look(Content(data, Origin(path, None, "git_config")), tally)
        try:
            refs = git.references(where.own)
        except git.GitError as error:
            tally.problems.append(Problem(f"{self._shown}refs", f"git could not list them: {error}"))
            return
        names = [name.encode("utf-8", "surrogateescape") for name, _ in refs]
        self._names(names, Origin("", None, "ref_name"), tally)


def joined_insertions(stream: "bytes | Broken") -> bytes:
    """What a tree's stream holds, long insertions of a delta in one piece; nothing of one that is broken."""
    if isinstance(stream, Broken):
        return b""
    return _FULL_INSERTION.sub(rb"\1", stream) if len(stream) > _SHORT and b"\x7f" in stream else stream


_worker: Worker | None = None


def start(prepared: Prepared, database: ObjectDatabase) -> None:
    """Make this process a worker."""
    global _worker  # noqa: PLW0603  # a worker's only state: what it scans with
    _worker = Worker.ready(prepared, database)


def worker() -> Worker:
    """This process's worker."""
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
        own.object(read, tally)
    return tally
