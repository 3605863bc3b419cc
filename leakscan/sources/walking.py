"""A fast walk through a directory, with the semantics of `.gitignore` through pathspec."""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from leakscan.model import Problem

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER_ENTERED = {".git", ".hg", ".svn"}


def walk(folder: Path, problems: list[Problem], *, honour_ignore_files: bool) -> Iterator[str]:
    """Every file below `folder`, relative to it, but version control's own and, if asked, what `.gitignore` names."""
    pending: list[tuple[str, tuple[_Ignores, ...]]] = [("", ())]
    while pending:
        inside, ignores = pending.pop()
        try:
            with os.scandir(folder / inside) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            problems.append(Problem(inside or ".", f"cannot list this folder: {error.strerror}"))
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
