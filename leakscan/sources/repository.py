"""Where the parts of a git repository are: its folders, object stores, submodules, and texts beside the objects.

Read from the files themselves (https://git-scm.com/docs/gitrepository-layout): nothing that a repository configures
decides what is run or left out.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.model import Problem

_MOST_ALTERNATES = 64
_SHA256 = re.compile(r"^\s*objectformat\s*=\s*\"?sha256\b", re.IGNORECASE | re.MULTILINE)
_PARTIAL = re.compile(r"^\s*(?:partialclonefilter|promisor)\s*=", re.IGNORECASE | re.MULTILINE)
# Files beside the object database in which an address with its password, or a token, may stand.
_TEXTS = ("config", "config.worktree", "FETCH_HEAD", "logs/HEAD", "description", "info/refs")
_LARGEST_TEXT = 64 * 1024 * 1024


class Repository(NamedTuple):
    """A repository's folders. `shown` stands before its paths in reports: empty, or that of a submodule with a `/`.

    `own` holds HEAD, `common` refs and objects: one and the same but in a linked work tree. `objects` are the
    object stores, its own first and then the alternates. `hash_size` is the length of object ids in bytes.
    """

    shown: str
    own: Path
    common: Path
    objects: tuple[Path, ...]
    hash_size: int
    work_tree: Path | None
    problems: tuple[Problem, ...] = ()


def open_repository(path: Path, shown: str = "") -> Repository:
    """The repository at `path`: a bare one, a git folder, or a work tree or a folder in one. Raises UsageError."""
    if not path.exists():
        raise UsageError(f"no such path: {path}")
    place = path.resolve()
    if _is_git_folder(place):
        return _opened(place, shown, place.parent if place.name == ".git" else None)
    for folder in (place, *place.parents):
        inside = folder / ".git"
        if _is_git_folder(inside):
            return _opened(inside.resolve(), shown, folder)
        if inside.is_file():
            return _opened(_led_to(inside), shown, folder)
    raise UsageError(f"{path} is not a git repository; `leakscan scan` scans folders and files outside of git")


def _is_git_folder(folder: Path) -> bool:
    has_objects = (folder / "objects").is_dir() or (folder / "commondir").is_file()
    return has_objects and ((folder / "HEAD").is_file() or (folder / "HEAD").is_symlink())


def _led_to(file: Path) -> Path:
    """The git folder that a `.git` file names."""
    text = _text(file).strip()
    target = Path(file.parent, text.removeprefix("gitdir:").strip())
    if not text.startswith("gitdir:") or not _is_git_folder(target):
        raise UsageError(f"{file} does not lead to a git repository; mend it or name the repository itself")
    return target.resolve()


def _opened(own: Path, shown: str, work_tree: Path | None) -> Repository:
    link = own / "commondir"
    common = Path(own, _text(link).strip()).resolve() if link.is_file() else own
    problems: list[Problem] = []
    stores = tuple(_stores(common / "objects", problems, shown))
    config = _text(common / "config")
    size = 32 if _SHA256.search(config) else 20
    where = shown + "repository"
    if (common / "shallow").is_file() and _text(common / "shallow").strip():
        problems.append(
            Problem(where, "a shallow clone: older commits are not here; `git fetch --unshallow` gets them")
        )
    promised = any(next(iter((store / "pack").glob("*.promisor")), None) for store in stores)
    if promised or _PARTIAL.search(config):
        problems.append(
            Problem(where, "a partial clone: what was left out is not here; `git fetch --refetch --no-filter` gets it")
        )
    return Repository(shown, own, common, stores, size, work_tree, tuple(problems))


def _stores(first: Path, problems: list[Problem], shown: str) -> Iterator[Path]:
    """An object folder and those that its `info/alternates` name, each once."""
    waiting, seen = [first], set()
    while waiting:
        folder = waiting.pop(0).resolve()
        if folder in seen:
            continue
        seen.add(folder)
        if not folder.is_dir():
            problems.append(Problem(f"{shown}objects", f"the object store {folder} is missing"))
            continue
        if len(seen) > _MOST_ALTERNATES:
            problems.append(Problem(f"{shown}objects", f"more than {_MOST_ALTERNATES} object stores"))
            return
        yield folder
        for line in _text(folder / "info" / "alternates").splitlines():
            if line.strip() and not line.startswith("#"):
                waiting.append(Path(folder, line.strip().strip('"')))


def submodules(repository: Repository) -> Iterator[Repository]:
    """The repositories of its submodules, nested ones too; shown by their names, which mostly are their paths."""
    modules = repository.common / "modules"
    waiting = sorted(modules.iterdir()) if modules.is_dir() and not modules.is_symlink() else []
    while waiting:
        folder = waiting.pop(0)
        if folder.is_symlink() or not folder.is_dir():
            continue
        if _is_git_folder(folder):
            shown = f"{repository.shown}{folder.relative_to(modules).as_posix()}/"
            nested = _opened(folder.resolve(), shown, None)
            yield nested
            yield from submodules(nested)
        else:
            waiting[:0] = sorted(folder.iterdir())


def texts(repository: Repository) -> Iterator[tuple[str, bytes]]:
    """The texts beside the objects that may hold an address with its password: shown path and content."""
    seen = set()
    for folder in dict.fromkeys((repository.common, repository.own)):
        logs = sorted(_plain_files(folder / "logs")) if folder == repository.common else []
        for file in (*(folder / name for name in _TEXTS), *logs):
            if file in seen or file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGEST_TEXT:
                continue
            seen.add(file)
            data = file.read_bytes()
            if data:
                yield f"{repository.shown}.git/{file.relative_to(folder).as_posix()}", data


def _plain_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir() and not folder.is_symlink():
        yield from (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
