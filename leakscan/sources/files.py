"""Work trees, directories, single files and standard input: paths -> Content or Problem, lazily."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.model import Content, Origin, Problem
from leakscan.sources.beginnings import may_be_archive
from leakscan.sources.hardening import GitError
from leakscan.sources.segments import SEGMENT, Suspects, segments
from leakscan.sources.walking import walk

_SLICE = 4096
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Tree(NamedTuple):
    """A folder and the files in it to be read, as paths relative to it; `shown` stands before them in reports."""

    root: str
    files: tuple[str, ...]
    shown: str = ""
    named: bool = False

    def path_of(self, name: str) -> str:
        """What a file is called in reports; one that was named itself keeps the name that it was given."""
        return self.shown if self.named else self.shown + name


class Found:
    """The trees to scan, found while they are asked for, and what is met on the way.

    `reader` opens what reads them; `index` is a git folder and its index, where they are what is staged.
    """

    def __init__(self, trees: Iterable[Tree] = (), problems: Iterable[Problem] = ()) -> None:
        self.trees = trees
        self.problems = list(problems)
        self.targets: tuple[str, ...] = ()
        self.notes: list[str] = []
        self.reader: Callable[[], Reader] = Reader
        self.index: tuple[Path, Path] | None = None


def work_tree_root(folder: Path) -> Path | None:
    """The root of the git work tree that holds `folder`, found by its `.git`; None outside of git."""
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        if (git / "HEAD").exists() or git.is_file():
            return parent
    return None


def find(targets: tuple[str, ...], *, include_ignored: bool) -> Found:
    """The files that `targets` stand for, lazily. Raises UsageError for a path that does not exist."""
    for target in targets:
        if not Path(target).exists():
            is_link = Path(target).is_symlink()
            raise UsageError(f"{target} is a broken symbolic link" if is_link else f"no such path: {target}")
    found = Found()
    found.targets = targets
    found.trees = _trees(targets, found, include_ignored=include_ignored)
    return found


def _trees(targets: tuple[str, ...], found: Found, *, include_ignored: bool) -> Iterator[Tree]:
    for target in targets:
        path = Path(target)
        real = path.resolve()
        if path.is_dir():
            shown = "" if len(targets) == 1 else path.as_posix().rstrip("/") + "/"
            yield from _in_folder(real, shown, found, include_ignored=include_ignored)
        else:
            yield Tree(str(real.parent), (real.name,), path.as_posix(), named=True)


def _in_folder(folder: Path, shown: str, found: Found, *, include_ignored: bool) -> Iterator[Tree]:
    root = work_tree_root(folder)
    if root is not None and not include_ignored:
        from leakscan.sources import git  # GitPython is slow to import; a single file needs none of it

        try:
            under = folder.relative_to(root).as_posix()
            if under == "." or not git.ignored(root, under):
                yield from _in_work_tree(root, under, shown, found)
                return
        except GitError as error:
            found.notes.append(f"git could not list {folder} ({error}); every file there is scanned")
            include_ignored = True
    yield from _walked(folder, shown, found, honour_ignore_files=not include_ignored and root is None)


def _walked(folder: Path, shown: str, found: Found, *, honour_ignore_files: bool) -> Iterator[Tree]:
    names = walk(folder, found.problems, honour_ignore_files=honour_ignore_files)
    while files := tuple(islice(names, _SLICE)):
        yield Tree(str(folder), files, shown)


def _in_work_tree(root: Path, under: str, shown: str, found: Found) -> Iterator[Tree]:
    """What git tracks, at once; then what it neither tracks nor ignores, which takes git longer to find."""
    from leakscan.sources import git

    prefix = "" if under == "." else under + "/"
    for listed in (git.tracked, git.untracked):
        listing = listed(root, under)
        files = tuple(name.removeprefix(prefix) for name in listing.files) if prefix else listing.files
        yield Tree(str(root / under), files, shown)
        for nested in listing.nested:
            folder = root / nested
            if folder.is_dir() and folder.resolve() == root.resolve() / nested:  # not below a link that leads elsewhere
                yield from _in_nested(folder, shown + nested.removeprefix(prefix) + "/", found)


def _in_nested(folder: Path, shown: str, found: Found) -> Iterator[Tree]:
    """A submodule or another repository inside; a plain folder where there is none after all."""
    if (folder / ".git").exists():
        try:
            yield from _in_work_tree(folder, ".", shown, found)
        except GitError as error:
            found.notes.append(f"git could not list {folder} ({error}); every file there is scanned")
        else:
            return
    yield from _walked(folder, shown, found, honour_ignore_files=False)


class Reader:
    """Reads the files of trees. Remembers which folders are real ones, so that no link leads out of a tree."""

    def __init__(self) -> None:
        self._real: dict[str, bool] = {}

    def read(self, tree: Tree, name: str, suspects: Suspects | None = None) -> Iterator[Content | Problem]:
        """The content of one file, in pieces where it is large; a Problem where it cannot be read.

        Nothing for what is no file any more: deleted, a link, or a special file, unless it was named itself.
        `suspects` tells whether a text could hold anything: what is dear to read in archives is read if so.
        """
        shown = tree.path_of(name)
        folder, _, _ = name.rpartition("/")
        if folder and not self._is_real(tree.root, folder):
            return
        path = f"{tree.root}/{name}"
        try:
            facts = os.lstat(path)
            if not stat.S_ISREG(facts.st_mode):
                if tree.named:
                    yield Problem(shown, "not a regular file; pipe its content to standard input and scan `-`")
                return
            descriptor = os.open(path, _FLAGS)
        except FileNotFoundError:
            if tree.named:
                yield Problem(shown, "the file is gone")
            return
        except OSError as error:
            yield Problem(shown, f"cannot be read: {error.strerror}")
            return
        try:
            yield from _pieces(descriptor, facts.st_size, Origin(shown), suspects)
        except OSError as error:
            yield Problem(shown, f"cannot be read: {error.strerror}")
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Let go of what reading needs."""

    def _is_real(self, root: str, folder: str) -> bool:
        known = self._real.get(f"{root}/{folder}")
        if known is None:
            parent, _, _ = folder.rpartition("/")
            known = (not parent or self._is_real(root, parent)) and not os.path.islink(f"{root}/{folder}")
            self._real[f"{root}/{folder}"] = known
        return known


def _pieces(descriptor: int, size: int, origin: Origin, suspects: Suspects | None) -> Iterator[Content | Problem]:
    data = os.read(descriptor, min(size, SEGMENT) + 1)
    if may_be_archive(data):
        from leakscan.sources.archives.opening import opened  # few files are archives
        from leakscan.sources.archives.source import Source

        with open(descriptor, "rb", closefd=False) as file:
            yield from opened(Source.of_file(file), origin, origin.path, suspects=suspects)
        return
    if len(data) <= SEGMENT and len(data) <= size:
        rest = b"" if len(data) == size else os.read(descriptor, SEGMENT)
        if not rest:
            yield Content(data, origin)
            return
        data += rest
    yield from segments(data, lambda: os.read(descriptor, SEGMENT), origin)


def streamed(
    read: Callable[[int], bytes], origin: Origin, suspects: Suspects | None = None
) -> Iterator[Content | Problem]:
    """What `read` brings, in pieces where it is much; at its end it gives nothing. `suspects` as Reader.read has it."""
    first = read(SEGMENT)
    if may_be_archive(first):
        from leakscan.sources.archives.opening import opened
        from leakscan.sources.archives.source import Source, reading

        chunks = chain([first], iter(lambda: read(SEGMENT), b""))
        yield from opened(Source(reading(chunks)), origin, origin.path, suspects=suspects)
        return
    yield from segments(first, lambda: read(SEGMENT), origin)
