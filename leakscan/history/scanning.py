"""One unit of an object database -> what was found in it."""

import io
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Barren, Detector
from leakscan.detection.path_words import PathWords
from leakscan.history.tree_names import spoken, telling
from leakscan.members import below
from leakscan.model import Content, Origin, Problem
from leakscan.sources import contents, git, repository
from leakscan.sources.beginnings import may_be_archive
from leakscan.sources.entries import Broken, Entry, Large
from leakscan.sources.files import SEGMENT, segments
from leakscan.sources.hardening import GitError
from leakscan.sources.objects import LOOSE, Object, ObjectDatabase, Reader, Unit
from leakscan.sources.packindex import BLOB, TREE
from leakscan.workers import Tally

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
    detector: Detector
    words: PathWords

    @classmethod
    def ready(cls, prepared: Prepared, database: ObjectDatabase) -> "Worker":
        """A worker of this process's own."""
        words = PathWords(prepared.rules, fast=prepared.databases is not None)
        return cls(Reader(database), prepared.detector(values_only=True), words)

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

    @property
    def _hash_size(self) -> int:
        return self.reader.database.repository.hash_size

    def _look(self, content: Content, tally: Tally) -> Barren | None:
        """Collect the candidates in a content; what it means for its versions that there are none."""
        where = content.origin.path or self._blob(content.origin)
        try:
            candidates, barren, problems = self.detector.examined(content)
        except TimeoutError:
            tally.problems.append(
                Problem(where, "a pattern took longer than its time limit here; the rest of this part was not scanned")
            )
            return None
        tally.candidates += candidates
        tally.problems += (Problem(where, message) for message in problems)
        return barren

    def _blob(self, origin: Origin) -> str:
        """What a blob, or a member of one, is called in problems: its path is not known."""
        return below(f"{self._shown}blob {origin.blob}", origin.member)

    def _archive(self, data: bytes | Iterable[bytes], origin: Origin, tally: Tally) -> None:
        """What is found in an archive, which may come in pieces."""
        from leakscan.sources.archives.opening import opened  # few blobs are archives
        from leakscan.sources.archives.source import Source, reading

        source = Source.of_file(io.BytesIO(data)) if isinstance(data, bytes) else Source(reading(data))
        for read in opened(source, origin, self._blob(origin), suspects=self.detector.promises):
            if isinstance(read, Problem):
                tally.problems.append(read)
            else:
                self._look(read, tally)

    def _oid(self, unit: Unit, number: int) -> str:
        return self.reader.database.packs[unit.pack].oid(number)

    def _blobs(self, unit: Unit, tally: Tally) -> None:
        """Blobs along their delta chains: of one whose base is without suspicion only what is new is asked about."""
        file = self.reader.file(unit.pack)
        skipped = self.reader.skipped(unit)
        suspects, margin = self.detector.suspects, self.detector.margin
        contents = size = 0
        suspected: dict[int, Barren | None] = {}
        for read in file.chains(self.reader.members(unit), margin):
            looked = skipped is None or not skipped[read.number]
            if not isinstance(read, Entry):
                self._not_held(unit, read, tally, looked=looked)
                continue
            number, data, fresh, base, _ = read
            if may_be_archive(data):
                suspected[number] = None
                if looked:
                    self._archive(data, Origin("", self._oid(unit, number)), tally)
            elif base in suspected or suspects(fresh):
                content = Content(data, Origin("", self._oid(unit, number)))
                barren = suspected.get(base)
                if barren is not None:
                    barren = self.detector.still(barren, content, read.changed(barren.margin))
                if looked and barren is None:
                    barren = self._look(content, tally)
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
            self.object(copy, tally)

    def _large(self, unit: Unit, number: int, tally: Tally) -> None:
        origin = Origin("", self._oid(unit, number))
        pieces = self.reader.file(unit.pack).pieces(number, SEGMENT)
        try:
            first = next(pieces, b"")
            if may_be_archive(first):
                self._archive(chain([first], pieces), origin, tally)
            else:
                for content in segments(first, lambda: next(pieces, b""), origin):
                    self._look(content, tally)
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
            told_by = telling(b"\0\0".join(texts), self.detector, self.words, self._hash_size)
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
        for tree in self.reader.file(unit.pack).chains(chosen, _LONGEST_NAME):
            if isinstance(tree, Entry):
                root = pack.roots[tree.number]
                if root in speaking:
                    tally.spoken |= spoken(self.words, tree.fresh, self._hash_size)[0]
                places = self.detector.places(tree.fresh) if root in valued else []
                names = [name for name in contents.names_round(tree.fresh, places) if name not in known]
                known.update(names)
                self._names(names, Origin("", self._oid(unit, tree.number), "file_name"), tally)
            elif isinstance(tree, Broken) and tree.number not in told:
                self._broken(unit, tree, tally)

    def _tree(self, oid: str, data: bytes, tally: Tally) -> None:
        tally.spoken |= spoken(self.words, data, self._hash_size)[0]
        names = contents.names_in_tree(data, self._hash_size)
        self._names(names, Origin("", oid, "file_name"), tally)

    def _names(self, names: list[bytes], origin: Origin, tally: Tally) -> None:
        """Each candidate in a list of names gets the name that it stands in as its path."""
        if not names or not self.detector.places(b"\n".join(names) + b"\n"):
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
        elif may_be_archive(read.data):
            self._archive(read.data, Origin("", read.oid), tally)
        elif self.detector.suspects(read.data):
            self._look(Content(read.data, Origin("", read.oid)), tally)

    def _beside(self, tally: Tally) -> None:
        """The texts beside the objects, and the names of refs."""
        where = self.reader.database.repository
        for read in repository.texts(where):
            if isinstance(read, Problem):
                tally.problems.append(read)
                continue
            path, data = read
            self._look(Content(data, Origin(path, None, "git_config")), tally)
        try:
            refs = git.references(where.own)
        except GitError as error:
            tally.problems.append(Problem(f"{self._shown}refs", f"git could not list them: {error}"))
            return
        names = [name.encode("utf-8", "surrogateescape") for name, _ in refs]
        self._names(names, Origin("", None, "ref_name"), tally)
