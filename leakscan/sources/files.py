"""Work trees, directories, single files and standard input: paths -> Content or Problem, lazily."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from leakscan.errors import UsageError
from leakscan.model import Content, Origin, Problem

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SEGMENT = 16 * 1024 * 1024
OVERLAP = 64 * 1024
_NEVER_ENTERED = {".git", ".hg", ".svn"}
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


@dataclass(slots=True)
class Found:
    """The trees to scan, and what was met on the way."""

    trees: list[Tree] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def work_tree_root(folder: Path) -> Path | None:
    """The root of the git work tree that holds `folder`, found by its `.git`; None outside of git."""
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        if (git / "HEAD").exists() or git.is_file():
            return parent
    return None


def find(targets: tuple[str, ...], *, include_ignored: bool) -> Found:
    """The files that `targets` (paths that exist) stand for. Raises UsageError for a path that does not exist."""
    found = Found()
    alone = len(targets) == 1
    for target in targets:
        path = Path(target)
        if not path.exists():
            raise UsageError(
                f"no such path: {target}" if not path.is_symlink() else f"{target} is a broken symbolic link"
            )
        if path.is_dir():
            shown = "" if alone else path.as_posix().rstrip("/") + "/"
            _find_in_folder(path.resolve(), shown, found, include_ignored=include_ignored)
        else:
            real = path.resolve()
            found.trees.append(Tree(str(real.parent), (real.name,), _named(path), named=True))
    return found


def _named(path: Path) -> str:
    """What stands before the name of a file that was named itself; its own name may differ from its target's."""
    return path.as_posix()


def _find_in_folder(folder: Path, shown: str, found: Found, *, include_ignored: bool) -> None:
    from leakscan.sources import git  # GitPython is slow to import; a single file needs none of it

    root = work_tree_root(folder)
    if root is not None and not include_ignored:
        try:
            under = folder.relative_to(root).as_posix()
            if under == "." or not git.ignored(root, under):
                _find_in_work_tree(root, under, shown, found)
                return
        except git.GitError as error:
            found.notes.append(f"git could not list {folder} ({error}); every file there is scanned")
            include_ignored = True
    honour = not include_ignored and root is None
    found.trees.append(Tree(str(folder), tuple(_walk(folder, found, honour_ignore_files=honour)), shown))


def _find_in_work_tree(root: Path, under: str, shown: str, found: Found) -> None:
    from leakscan.sources import git

    listing = git.listing(root, under)
    prefix = "" if under == "." else under + "/"
    files = tuple(name.removeprefix(prefix) for name in listing.files)
    found.trees.append(Tree(str(root / under), files, shown))
    for nested in listing.nested:
        folder = root / nested
        if not folder.is_dir() or folder.resolve() != root.resolve() / nested:
            continue  # not checked out, or below a link that leads elsewhere
        inner = shown + nested.removeprefix(prefix) + "/"
        if not _find_in_nested(folder, inner, found):
            found.trees.append(Tree(str(folder), tuple(_walk(folder, found, honour_ignore_files=False)), inner))


def _find_in_nested(folder: Path, shown: str, found: Found) -> bool:
    """Whether `folder` is a repository that git can list."""
    from leakscan.sources import git

    if not (folder / ".git").exists():
        return False
    try:
        _find_in_work_tree(folder, ".", shown, found)
    except git.GitError:
        return False
    return True


def _walk(folder: Path, found: Found, *, honour_ignore_files: bool) -> Iterator[str]:
    """Every file below `folder`, relative to it, but version control's own and, if asked, what `.gitignore` names."""
    pending: list[tuple[str, tuple[_Ignores, ...]]] = [("", ())]
    while pending:
        inside, ignores = pending.pop()
        try:
            with os.scandir(folder / inside) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            found.problems.append(Problem(inside or ".", f"cannot list this folder: {error.strerror}"))
            continue
        if honour_ignore_files and any(
            entry.name == ".gitignore" and entry.is_file(follow_symlinks=False) for entry in entries
        ):
            ignores = (*ignores, _Ignores.read(folder, inside))
        for entry in entries:
            name = inside + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if (is_folder and entry.name in _NEVER_ENTERED) or _is_ignored(name + "/" * is_folder, ignores):
                continue
            if is_folder:
                pending.append((name + "/", ignores))
            elif entry.is_file(follow_symlinks=False):
                yield name


# Compiling patterns for pathspec's fastest backend takes about as long as trying so many one by one.
_PATIENCE = 100_000


class _Patterns:
    """The lines of a `.gitignore`, wherever it stands."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self._tried = 0
        self._spec = self._compiled("simple")

    def verdict(self, name: str) -> bool | None:
        """True for ignored, False for taken back in by `!`, None for not mentioned."""
        self._tried += len(self._lines)
        if self._tried > _PATIENCE:
            self._tried = -sys.maxsize
            self._spec = self._compiled("best")
        return self._spec.check_file(name).include

    def _compiled(self, backend: Literal["simple", "best"]) -> "GitIgnoreSpec":
        from pathspec import GitIgnoreSpec

        try:
            return GitIgnoreSpec.from_lines(self._lines, backend=backend)
        except ValueError:
            return GitIgnoreSpec.from_lines(filter(_is_pattern, self._lines), backend=backend)


_patterns = lru_cache(maxsize=512)(_Patterns)  # the same file often stands in many folders


class _Ignores(NamedTuple):
    """Patterns, and the folder that they apply to."""

    inside: str
    patterns: _Patterns

    @classmethod
    def read(cls, folder: Path, inside: str) -> "_Ignores":
        try:
            text = (folder / inside / ".gitignore").read_text("utf-8", "replace")
        except OSError:
            text = ""
        return cls(inside, _patterns(tuple(line for line in text.splitlines() if line and "\0" not in line)))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:  # git passes over what makes no sense to it
        return False
    return True


def _is_ignored(name: str, ignores: tuple[_Ignores, ...]) -> bool:
    for each in reversed(ignores):
        verdict = each.patterns.verdict(name.removeprefix(each.inside))
        if verdict is not None:
            return verdict
    return False


class Reader:
    """Reads the files of trees. Remembers which folders are real ones, so that no link leads out of a tree."""

    def __init__(self) -> None:
        self._real: dict[str, bool] = {}

    def read(self, tree: Tree, name: str) -> Iterator[Content | Problem]:
        """The content of one file, in pieces where it is large; a Problem where it cannot be read.

        Nothing for what is no file any more: deleted, a link, or a special file, unless it was named itself.
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
            yield from _pieces(descriptor, facts.st_size, Origin(shown))
        except OSError as error:
            yield Problem(shown, f"cannot be read: {error.strerror}")
        finally:
            os.close(descriptor)

    def _is_real(self, root: str, folder: str) -> bool:
        known = self._real.get(f"{root}/{folder}")
        if known is None:
            parent, _, _ = folder.rpartition("/")
            known = (not parent or self._is_real(root, parent)) and not os.path.islink(f"{root}/{folder}")
            self._real[f"{root}/{folder}"] = known
        return known


def _pieces(descriptor: int, size: int, origin: Origin) -> Iterator[Content]:
    data = os.read(descriptor, min(size, SEGMENT) + 1)
    if len(data) <= SEGMENT and len(data) <= size:
        rest = b"" if len(data) == size else os.read(descriptor, SEGMENT)
        if not rest:
            yield Content(data, origin)
            return
        data += rest
    yield from _segments(data, lambda: os.read(descriptor, SEGMENT), origin)


def standard_input(stream: BinaryIO) -> Iterator[Content]:
    """What `stream` brings, in pieces where it is much; its path is shown as `-`."""
    first = stream.read(SEGMENT)
    yield from _segments(first, lambda: stream.read(SEGMENT), Origin("-"))


def _segments(data: bytes, more: Callable[[], bytes], origin: Origin) -> Iterator[Content]:
    """Pieces that overlap, so that what crosses a border is whole in one of them."""
    line = column = 1
    first = True
    while True:
        following = more()
        yield Content(data, origin, line, column, cut_before=not first, cut_after=bool(following))
        if not following:
            return
        first = False
        cut = _character_start(data, max(0, len(data) - OVERLAP))
        gone, keep = data[:cut], data[cut:]
        ends = gone.count(b"\n")
        last = gone[gone.rfind(b"\n") + 1 :]
        column = len(last.decode("utf-8", "surrogateescape")) + (1 if ends else column)
        line += ends
        data = keep + following


def _character_start(data: bytes, offset: int) -> int:
    """`offset`, or up to three bytes before it where it would cut a UTF-8 sequence; text with NULs is left alone."""
    start = offset
    if 0 not in data[offset - 4 : offset + 4]:
        while offset - start < 3 and start > 0 and data[start] & 0xC0 == 0x80:
            start -= 1
    return start
