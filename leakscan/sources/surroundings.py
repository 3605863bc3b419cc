"""The files round a finding, for judging who gets to see it: of a work tree, of the index, or of HEAD.

Bounded in files, bytes and seconds; what lies beyond is as if it were not there. Nothing is followed out of the tree.
"""

import os
import re
import stat
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from leakscan.sources.archives.folder import ZipFolder
from leakscan.sources.files import work_tree_root
from leakscan.sources.hardening import GitError
from leakscan.sources.repository import Repository

MOST_FILES = 20_000
MOST_BYTES = 48_000_000
LARGEST = 400_000
SECONDS = 5.0
# Where nobody's own code is; a file that is found there is judged by its path.
_NEVER_ENTERED = frozenset(
    ".git .hg .svn node_modules bower_components vendor Pods .venv venv __pycache__ .tox .gradle .dart_tool "
    "DerivedData .next .nuxt .svelte-kit .cache .idea".split()
)
_MARKERS = ("package.json", "pubspec.yaml", "Package.swift", "settings.gradle", "settings.gradle.kts")
_LEVELS = 4
_APART = re.compile(r"(?:^|/)(?:tests?|__tests__|specs?|fixtures?|testdata|examples?|samples?|corpus|e2e)(?:/|$)")
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class _Bounds:
    """How much may still be read."""

    def __init__(self) -> None:
        self._deadline = time.monotonic() + SECONDS
        self._left = MOST_BYTES

    def allow(self, size: int) -> bool:
        """Whether so many bytes more may be read; they count as read then."""
        if size > LARGEST or size > self._left or self.late:
            return False
        self._left -= size
        return True

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return time.monotonic() > self._deadline


class Folder:
    """The files below a folder, as they are now."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._bounds = _Bounds()
        self._real: dict[str, bool] = {"": True}

    def files(self) -> Iterator[str]:
        """The paths of all files, those near the root first."""
        waiting = deque([""])
        count = 0
        while waiting and not self._bounds.late:
            inside = waiting.popleft()
            try:
                with os.scandir(self._root / inside) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _NEVER_ENTERED:
                        waiting.append(f"{inside}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    count += 1
                    if count > MOST_FILES:
                        return
                    yield inside + entry.name

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The texts of files."""
        return {path: text for path in paths if (text := self._text(path)) is not None}

    def _text(self, path: str) -> str | None:
        parts = path.split("/")
        if ".." in parts or not self._is_real("/".join(parts[:-1])):
            return None
        try:
            descriptor = os.open(f"{self._root}/{path}", _FLAGS)
        except (OSError, ValueError):
            return None
        try:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode) or not self._bounds.allow(facts.st_size):
                return None
            return os.read(descriptor, LARGEST).decode("utf-8", "replace")
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def _is_real(self, folder: str) -> bool:
        """Whether no part of a folder's path is a link."""
        known = self._real.get(folder)
        if known is None:
            parent = folder.rpartition("/")[0]
            known = self._is_real(parent) and not os.path.islink(f"{self._root}/{folder}")
            self._real[folder] = known
        return known


class Commit:
    """The files of the commit that a repository's HEAD is."""

    def __init__(self, repository: Repository) -> None:
        self._own = repository.own
        self._bounds = _Bounds()
        self._listed: dict[str, tuple[str, int]] | None = None

    def files(self) -> Iterable[str]:
        """The paths of all files."""
        return self._entries.keys()

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The texts of files."""
        from leakscan.sources import git

        wanted: dict[str, list[str]] = {}
        for path in paths:
            oid, size = self._entries.get(path, ("", 0))
            if oid and self._bounds.allow(size):
                wanted.setdefault(oid, []).append(path)
        found: dict[str, str] = {}
        if wanted:
            try:
                for _, oid, data in git.objects(self._own, wanted):
                    found.update(dict.fromkeys(wanted.get(oid, ()), data.decode("utf-8", "replace")))
            except GitError:
                return found
        return found

    @property
    def _entries(self) -> dict[str, tuple[str, int]]:
        if self._listed is None:
            from leakscan.sources import git

            try:
                self._listed = {path: (oid, size) for path, oid, size in git.head_files(self._own, MOST_FILES)}
            except GitError:
                self._listed = {}
        return self._listed


class Staged:
    """The files that an index holds: what a commit made now would have round it."""

    def __init__(self, git_folder: Path, index: Path) -> None:
        self._folder = git_folder
        self._index = index
        self._bounds = _Bounds()
        self._listed: dict[str, str] | None = None

    def of(self, shown: str) -> tuple["Staged", str] | None:
        """These files and the path among them; None for what is in an archive."""
        return None if "!" in shown else (self, shown)

    def files(self) -> Iterable[str]:
        """The paths of all files, those near the root first."""
        return sorted(self._files, key=lambda path: (path.count("/"), path))[:MOST_FILES]

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The texts of files."""
        from leakscan.sources.quickgit import Blobs

        found: dict[str, str] = {}
        blobs = Blobs(self._folder)
        try:
            for path in paths:
                blob = blobs.open(self._files[path]) if path in self._files else None
                if blob is not None and self._bounds.allow(blob.size):
                    found[path] = blob.read(blob.size).decode("utf-8", "replace")
        except GitError:
            return found
        finally:
            blobs.close()
        return found

    @property
    def _files(self) -> Mapping[str, str]:
        if self._listed is None:
            from leakscan.sources.quickgit import index_files

            try:
                self._listed = index_files(self._folder, self._index)
            except GitError:
                self._listed = {}
        return self._listed


class Surroundings:
    """Which project the file at a shown path belongs to, for the targets of a scan."""

    def __init__(self, targets: Sequence[str]) -> None:
        self._folders = [Path(target).resolve() for target in targets if Path(target).is_dir()]
        self._base = self._folders[0] if len(targets) == 1 and self._folders else Path.cwd()
        self._projects: dict[Path, Folder] = {}
        self._roots: dict[Path, Path] = {}
        self._archives: dict[Path, ZipFolder] = {}

    def of(self, shown: str) -> tuple[Folder | ZipFolder, str] | None:
        """The project of a file and its path there; None for what is no file."""
        outer, member, inner = shown.partition("!")
        if shown == "-" or "\0" in shown or (member and not _is_folder(outer, inner)):
            return None
        if member:
            place = self._base / outer
            return (self._archives.setdefault(place, ZipFolder(place)), inner) if place.is_file() else None
        place = Path(os.path.abspath(self._base / shown))  # noqa: PTH100  # links stay: they are not followed
        try:
            place = place.parent.resolve() / place.name
        except (OSError, RuntimeError):
            return None
        target = next((folder for folder in self._folders if place.is_relative_to(folder)), None)
        start = target or place.parent
        if start not in self._roots:
            self._roots[start] = _root(start) or target or _marked(start)
        root = self._roots[start]
        project = self._projects.setdefault(root, Folder(root))
        return project, place.relative_to(root).as_posix()


def _is_folder(archive: str, member: str) -> bool:
    """Whether an archive's member has all that tells of it beside it; not so apps, or what is among tests."""
    return archive.lower().endswith(".zip") and "!" not in member and not _APART.search(archive)


def _root(start: Path) -> Path | None:
    """The work tree that a target belongs to; what stands among tests or examples there is a project of its own."""
    root = work_tree_root(start)
    if root is None or _APART.search(start.relative_to(root).as_posix()):
        return None
    return root


def _marked(folder: Path) -> Path:
    """The outermost of the nearest folders above that look like a project; `folder` itself if none does."""
    near = [folder, *list(folder.parents)[:_LEVELS]]
    return next((each for each in reversed(near) if any((each / name).is_file() for name in _MARKERS)), folder)


class Commits:
    """Which project a path of a history belongs to: that of the HEAD of its repository."""

    def __init__(self, repositories: Sequence[Repository]) -> None:
        self._projects = {each.shown: Commit(each) for each in repositories}

    def of(self, shown: str) -> tuple[Commit, str] | None:
        """The repository's commit and the path in it."""
        prefix = max((each for each in self._projects if shown.startswith(each)), key=len, default=None)
        return None if prefix is None else (self._projects[prefix], shown[len(prefix) :])
