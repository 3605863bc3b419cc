"""The values of a saved report, read again where it says that they stand; and which regions are spoken of there."""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from leakscan.detection.cache import Prepared
from leakscan.errors import UsageError
from leakscan.members import with_archives
from leakscan.model import Candidate, Content, Finding, Occurrence, Origin, Problem
from leakscan.secret import Secret
from leakscan.sources.beginnings import may_be_archive

# Of a value that stands everywhere, so many places are looked at.
_MOST_PLACES = 50
_MOST_FOR_REGIONS = 5
_REGION = re.compile(
    rb"""region["'\]]{0,2}[\s:=,(>]{1,8}["']?(ie1|au1|jp1)\b|(?:dublin|sydney|tokyo)\.(ie1|au1|jp1)\b"""
    rb"""|\.(ie1|au1|jp1)\.twilio\.com\b|edge["'\]]{0,2}[\s:=,(>]{1,8}["']?(dublin|sydney|tokyo)\b""",
    re.IGNORECASE,
)
_OF_EDGE = {"dublin": "ie1", "sydney": "au1", "tokyo": "jp1"}


class Places:
    """Reads the contents at a report's places, below a folder or in its repository; each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._git_folder: Path | None = None
        self._read: dict[str, list[Content]] = {}

    def contents(self, occurrence: Occurrence) -> list[Content]:
        """The contents in which an occurrence stood, archives opened; none where they are gone."""
        oid = occurrence.blob or occurrence.commit
        key = oid or occurrence.path
        if key not in self._read:
            read = self._object(oid, occurrence.path) if oid else self._file(occurrence.path)
            self._read[key] = [each for each in read if isinstance(each, Content)]
        return self._read[key]

    def _file(self, path: str) -> Iterator[Content | Problem]:
        from leakscan.sources.files import Reader, Tree

        name = next((outer for outer in with_archives(path) if (self._folder / outer).is_file()), path)
        whole = self._folder / name
        absolute = Path(name).is_absolute()
        tree = Tree(str(whole.parent), (whole.name,)) if absolute else Tree(str(self._folder), (name,))
        return Reader().read(tree, tree.files[0])

    def _object(self, oid: str, path: str) -> Iterator[Content | Problem]:
        from leakscan.sources import git
        from leakscan.sources.archives.opening import opened
        from leakscan.sources.archives.source import Source
        from leakscan.sources.contents import of_text
        from leakscan.sources.hardening import GitError
        from leakscan.sources.packindex import COMMIT, TAG
        from leakscan.sources.repository import open_repository

        try:
            self._git_folder = self._git_folder or open_repository(self._folder).own
            for kind, _, data in git.objects(self._git_folder, [oid]):
                if kind != "blob":
                    yield from of_text(TAG if kind == "tag" else COMMIT, oid, data)
                elif may_be_archive(data):
                    yield from opened(Source.of_file(io.BytesIO(data)), Origin(path, oid), path)
                else:
                    yield Content(data, Origin(path, oid))
        except (UsageError, GitError):
            return


def with_values(findings: Iterable[Finding], places: Places, prepared: Prepared) -> list[Finding]:
    """The findings, each with its value where that still stands at one of its places, told by its SHA-256."""
    detector = prepared.detector()
    known: dict[int, list[Candidate]] = {}

    def candidates(content: Content) -> list[Candidate]:
        if id(content) not in known:
            try:
                known[id(content)] = detector.detect(content)
            except TimeoutError:
                known[id(content)] = []
        return known[id(content)]

    def value(finding: Finding) -> Secret | None:
        wanted = finding.secret.sha256
        for occurrence in islice(finding.occurrences, _MOST_PLACES):
            for content in places.contents(occurrence):
                there = Secret(_span(content, occurrence))
                if there.sha256 == wanted:
                    return there
                for each in candidates(content):
                    if each.secret.sha256 == wanted:
                        return each.secret
        return None

    return [
        finding if finding.secret.held else finding._replace(secret=value(finding) or finding.secret)
        for finding in findings
    ]


def _span(content: Content, occurrence: Occurrence) -> str:
    """What stands now where an occurrence stood."""
    line, column, end_line, end_column = occurrence.place
    begin = line - content.line
    lines = content.data.decode("utf-8", "replace").split("\n")[max(0, begin) : end_line - content.line + 1]
    if begin < 0 or not lines:
        return ""
    shift = content.column if begin == 0 else 1
    lines[-1] = lines[-1][: max(0, end_column - (shift if end_line == line else 1))]
    lines[0] = lines[0][max(0, column - shift) :]
    return "\n".join(lines)


def regions(findings: Iterable[Finding], places: Places) -> dict[str, tuple[str, ...]]:
    """The regions of Twilio's that are spoken of where findings stand, by fingerprint."""
    spoken: dict[int, tuple[str, ...]] = {}

    def of(content: Content) -> tuple[str, ...]:
        if id(content) not in spoken:
            names = (next(filter(None, found.groups())).decode().lower() for found in _REGION.finditer(content.data))
            spoken[id(content)] = tuple(dict.fromkeys(_OF_EDGE.get(name, name) for name in names))
        return spoken[id(content)]

    found: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        contents = (each for place in finding.occurrences[:_MOST_FOR_REGIONS] for each in places.contents(place))
        found[finding.fingerprint] = tuple(dict.fromkeys(region for content in contents for region in of(content)))
    return found
