"""One unit of an object database -> what was found in it."""

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leakscan.detection.cache import Prepared
from leakscan.history.alike import Alike
from leakscan.history.looking import Look
from leakscan.history.tree_names import spoken, telling
from leakscan.model import Content, Origin, Problem
from leakscan.sources import contents, git, repository
from leakscan.sources.beginnings import may_be_archive
from leakscan.sources.entries import Broken, Entry, Large
from leakscan.sources.hardening import GitError
from leakscan.sources.objects import APART, LOOSE, ObjectDatabase, Reader, Unit
from leakscan.sources.segments import SEGMENT, segments
from leakscan.workers import Tally

if TYPE_CHECKING:
    from leakscan.detection.detector import Barren

# So much of short texts is asked about at once.
_TOGETHER = 64 * 1024
# A name and what is round it in a tree.
_LONGEST_NAME = 300
# The streams of so many bytes of trees are held at once.
_TREES_TOGETHER = 256 * 1024 * 1024

# Texts beside the objects and the names of refs: a piece of work without objects.
BESIDE = Unit("beside", LOOSE, 0, 0, 0)


class Worker(NamedTuple):
    """What a worker process scans with."""

    reader: Reader
    look: Look
    alike: Alike

    @classmethod
    def ready(cls, prepared: Prepared, database: ObjectDatabase) -> "Worker":
        """A worker of this process's own."""
        return cls(Reader(database), Look.ready(prepared, database.repository), Alike())

    def scan(self, unit: Unit) -> Tally:
        """What is found in the objects of a unit."""
        tally = Tally()
        if unit.group == "beside":
            self._beside(tally)
        elif unit.group == APART:
            self._apart(unit, tally)
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

    @property
    def _hash_size(self) -> int:
        return self.reader.database.repository.hash_size

    def _oid(self, unit: Unit, number: int) -> str:
        return self.reader.database.packs[unit.pack].oid(number)

    def _blobs(self, unit: Unit, tally: Tally) -> None:
        """Blobs along their delta chains: of one whose base is without suspicion only what is new is asked about."""
        file = self.reader.file(unit.pack)
        skipped = self.reader.skipped(unit)
        detector = self.look.detector
        suspects, margin = detector.suspects, detector.margin
        contents = size = 0
        suspected: dict[int, Barren | None] = {}
        for read in file.chains(self.reader.members(unit)):
            looked = skipped is None or not skipped[read.number]
            if not isinstance(read, Entry):
                self._not_held(unit, read, tally, looked=looked)
                continue
            number, data, base, _ = read
            if may_be_archive(data):
                suspected[number] = None
                if looked:
                    self.look.archive(data, Origin("", self._oid(unit, number)), tally)
            elif base in suspected or suspects(read.fresh(margin)):
                known = suspected.get(base)
                barren = known and detector.still(known, data, read.changed(known.margin))
                if looked and barren is None:
                    barren = self.alike.still(data, detector)
                if looked and barren is None:
                    content = Content(data, Origin("", self._oid(unit, number)))
                    barren = self.look.content(content, tally, suspected=known is None or bool(known.anchors))
                if barren is not None:
                    self.alike.keep(data, barren)
                suspected[number] = barren
            if looked:
                contents += 1
                size += len(data)
        tally.contents += contents
        tally.bytes += size

    def _not_held(self, unit: Unit, read: Broken | Large, tally: Tally, *, looked: bool) -> None:
        if isinstance(read, Broken):
            self._broken(unit, read, tally)
        elif looked:
            self._large(unit, read.number, tally)

    def _broken(self, unit: Unit, broken: Broken, tally: Tally) -> None:
        """Tell of an object that cannot be read, and scan another copy of it if there is one."""
        if broken.number in self.reader.database.packs[unit.pack].broken:
            return  # told of already, and copies of it are read like any other object
        tally.problems.append(self.reader.problem(unit, broken))
        skipped = self.reader.skipped(unit)
        copy = None if skipped is not None and skipped[broken.number] else self.reader.copy(unit, broken)
        if copy is not None:
            self.look.object(copy, tally)

    def _large(self, unit: Unit, number: int, tally: Tally) -> None:
        origin = Origin("", self._oid(unit, number))
        pieces = self.reader.file(unit.pack).pieces(number, SEGMENT)
        try:
            first = next(pieces, b"")
            if may_be_archive(first):
                self.look.archive(chain([first], pieces), origin, tally)
            else:
                for content in segments(first, lambda: next(pieces, b""), origin):
                    self.look.content(content, tally)
            tally.contents += 1
            tally.bytes += int(self.reader.database.packs[unit.pack].sizes[number])
        except ValueError as error:
            self._broken(unit, Broken(number, str(error)), tally)

    def _texts(self, unit: Unit, tally: Tally) -> None:
        skipped = self.reader.skipped(unit)
        waiting: list[tuple[int, bytes]] = []
        size = 0
        for read in self.reader.file(unit.pack).texts(self.reader.members(unit)):
            if isinstance(read, Broken):
                self._broken(unit, read, tally)
                continue
            if isinstance(read, Large) or (skipped is not None and skipped[read.number]):
                continue
            waiting.append((read.number, read.data))
            size += len(read.data)
            if size > _TOGETHER:
                self._few_texts(unit, waiting, tally)
                waiting, size = [], 0
        self._few_texts(unit, waiting, tally)
        self._count(unit, tally)

    def _count(self, unit: Unit, tally: Tally) -> None:
        """Count the objects of a unit that were looked at, by what their entries hold."""
        members, skipped = self.reader.members(unit), self.reader.skipped(unit)
        looked = members if skipped is None else members[~skipped[members]]
        tally.contents += len(looked)
        tally.bytes += int(self.reader.database.packs[unit.pack].sizes[looked].sum())

    def _few_texts(self, unit: Unit, texts: list[tuple[int, bytes]], tally: Tally) -> None:
        if not self.look.detector.suspects(b"\n".join([data for _, data in texts])):
            return
        kinds = self.reader.database.packs[unit.pack].kinds
        for number, data in texts:
            self.look.text(int(kinds[number]), self._oid(unit, number), data, tally)

    def _trees(self, unit: Unit, tally: Tally) -> None:
        """File names: only the trees of chains into which a long one comes are put together."""
        file = self.reader.file(unit.pack)
        pack, members = self.reader.database.packs[unit.pack], self.reader.members(unit)
        self._count(unit, tally)
        sizes = np.cumsum(pack.sizes[members])
        valued, speaking, told = set[int](), set[int](), set[int]()
        for part in np.split(members, np.flatnonzero(np.diff(sizes // _TREES_TOGETHER)) + 1):
            streams = file.streams(part)
            for read in streams:
                if isinstance(read, Broken):
                    told.add(read.number)
                    self._broken(unit, read, tally)
            texts = [b"" if isinstance(read, Broken) else read for read in streams]
            ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 2)
            told_by = telling(b"\0\0".join(texts), self.look.detector, self.look.words, self._hash_size)
            tally.spoken |= told_by.spoken
            valued |= set(pack.roots[part[np.searchsorted(ends, told_by.values, side="right")]].tolist())
            speaking |= set(pack.roots[part[np.searchsorted(ends, told_by.words, side="right")]].tolist())
        if valued or speaking:
            self._trees_put_together(unit, valued, speaking, told, tally)

    def _trees_put_together(
        self, unit: Unit, valued: set[int], speaking: set[int], told: set[int], tally: Tally
    ) -> None:
        """What comes in the trees of chains with such roots; of broken trees only those not told of."""
        pack, members = self.reader.database.packs[unit.pack], self.reader.members(unit)
        known: set[bytes] = set()
        chosen = members[np.isin(pack.roots[members], list(valued | speaking))]
        for tree in self.reader.file(unit.pack).chains(chosen):
            if isinstance(tree, Entry):
                root, fresh = pack.roots[tree.number], tree.fresh(_LONGEST_NAME)
                if root in speaking:
                    tally.spoken |= spoken(self.look.words, fresh, self._hash_size)[0]
                places = self.look.detector.places(fresh) if root in valued else []
                names = [name for name in contents.names_round(fresh, places) if name not in known]
                known.update(names)
                self.look.names(names, Origin("", self._oid(unit, tree.number), "file_name"), tally)
            elif isinstance(tree, Broken) and tree.number not in told:
                self._broken(unit, tree, tally)

    def _apart(self, unit: Unit, tally: Tally) -> None:
        try:
            for read in self.reader.apart(unit):
                self.look.object(read, tally)
        except GitError as error:
            tally.problems.append(Problem(f"{self._shown}objects", f"git could not read some again: {error}"))

    def _loose(self, unit: Unit, tally: Tally) -> None:
        for read in self.reader.loose(unit):
            if isinstance(read, Problem):
                tally.problems.append(read)
            else:
                self.look.object(read, tally)

    def _beside(self, tally: Tally) -> None:
        """The texts beside the objects, and the names of refs."""
        where = self.reader.database.repository
        for read in repository.texts(where):
            if isinstance(read, Problem):
                tally.problems.append(read)
                continue
            path, data = read
            self.look.content(Content(data, Origin(path, None, "git_config")), tally)
        try:
            refs = git.references(where.own)
        except GitError as error:
            tally.problems.append(Problem(f"{self._shown}refs", f"git could not list them: {error}"))
            return
        names = [name.encode("utf-8", "surrogateescape") for name, _ in refs]
        self.look.names(names, Origin("", None, "ref_name"), tally)
