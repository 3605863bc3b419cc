"""Where the parts of a git repository are: its folders, object stores, submodules, and texts beside the objects.

Read from the files themselves (https://git-scm.com/docs/gitrepository-layout): nothing that a repository configures
decides what is run or left out.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from leakscan.errors import UsageError
from leakscan.model import Problem

SHALLOW = "a shallow clone: older commits are not here; `git fetch --unshallow` gets them"
PARTIAL = "a partial clone: what was left out is not here; `git fetch --refetch --no-filter` gets it"
_MOST_ALTERNATES = 64
_SECTION = re.compile(r"\s*\[\s*([^\]]*?)\s*\]")
_SHA256 = re.compile(r"\s*objectformat\s*=\s*\"?sha256\b", re.IGNORECASE)
_PARTIAL = re.compile(r"^\s*(?:partialclonefilter|promisor)\b(?!\s*=\s*false)", re.IGNORECASE | re.MULTILINE)
# Files beside the object database in which an address with its password, or a token, may stand.
_TEXTS = ("config", "config.worktree", "FETCH_HEAD", "logs/HEAD", "description", "info/refs")
_LARGEST_TEXT = 64 * 1024 * 1024


class Repository(NamedTuple):
    """A repository's folders. `shown` stands before its paths in reports: empty, or that of a submodule with a `/`.

    `own` holds HEAD, `common` refs and objects: one and the same but in a linked work tree. `objects` are the
    object stores, its own first and then the alternates. `hash_size` is the length of object ids in bytes.
    `shallow` are the commits whose parents are cut off.
    """

    shown: str
    own: Path
    common: Path
    objects: tuple[Path, ...]
    hash_size: int
    work_tree: Path | None
    problems: tuple[Problem, ...] = ()
    shallow: frozenset[str] = frozenset()


def open_repository(path: Path, shown: str = "") -> Repository:
    """The repository at `path`: a bare one, a git folder, or a work tree or a folder in one. Raises UsageError."""
    try:
        return _found(path, shown)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def open_hooked(environment: Mapping[str, str]) -> Repository:
    """The repository that git runs a hook for: the one that it names, or the one that we stand in. Raises UsageError.

    Git names it where it is not plainly the one round the current folder, which is the root of the work tree then: in
    linked work trees, in submodules, with --git-dir.
    """
    named = environment.get("GIT_DIR")
    repository = open_repository(Path(named or "."))
    if named and repository.work_tree is None and repository.own != Path.cwd():
        return repository._replace(work_tree=Path(environment.get("GIT_WORK_TREE") or ".").resolve())
    return repository


def _found(path: Path, shown: str) -> Repository:
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
    text = _text(file).rstrip("\r\n")
    target = _folder(Path(file.parent, text.removeprefix("gitdir:").lstrip())) if text.startswith("gitdir:") else None
    if target is None or not _is_git_folder(target):
        raise UsageError(f"{file} does not lead to a git repository; mend it or name the repository itself")
    return target


def _folder(path: Path) -> Path | None:
    """The folder that `path` leads to; None for whatever else a hostile text may name."""
    try:
        return path.resolve() if path.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long a name, a circle of links
        return None


def _opened(own: Path, shown: str, work_tree: Path | None) -> Repository:
    link = own / "commondir"
    common = (_folder(Path(own, _text(link).strip())) or own) if link.is_file() else own
    problems: list[Problem] = []
    stores = tuple(_stores(common / "objects", problems, shown))
    config = _text(common / "config")
    where = shown + "repository"
    shallow = frozenset(_text(common / "shallow").split())
    if shallow:
        problems.append(Problem(where, SHALLOW))
    promised = any(next(iter((store / "pack").glob("*.promisor")), None) for store in stores)
    if promised or _PARTIAL.search(config):
        problems.append(Problem(where, PARTIAL))
    return Repository(shown, own, common, stores, _hash_size(config), work_tree, tuple(problems), shallow)


def _hash_size(config: str) -> int:
    section = ""
    for line in config.splitlines():
        head = _SECTION.match(line)
        section = head[1].lower() if head else section
        if section == "extensions" and _SHA256.match(line, head.end() if head else 0):
            return 32
    return 20


def _stores(first: Path, problems: list[Problem], shown: str) -> Iterator[Path]:
    """An object folder and those that its `info/alternates` name, each once."""
    waiting, seen = [first], set[Path]()
    while waiting:
        named = waiting.pop(0)
        folder = _folder(named)
        if (folder or named) in seen:
            continue
        if len(seen) == _MOST_ALTERNATES:
            problems.append(Problem(f"{shown}objects", f"more than {_MOST_ALTERNATES} object stores"))
            return
        seen.add(folder or named)
        if folder is None:
            problems.append(Problem(f"{shown}objects", f"the object store {named} is missing"))
            continue
        yield folder
        lines = _text(folder / "info" / "alternates").split("\n")
        waiting += [Path(folder, line.rstrip("\r").strip('"')) for line in lines if line.strip() and line[0] != "#"]


def submodules(repository: Repository) -> Iterator[Repository]:
    """The repositories of its submodules, nested ones too; shown by their names, which mostly are their paths."""
    yield from _submodules(repository, {repository.own, repository.common})


def _submodules(repository: Repository, seen: set[Path]) -> Iterator[Repository]:
    for holder in (repository.common, *_folders(repository.common / "worktrees")):  # each work tree has its own
        modules = holder / "modules"
        waiting = _folders(modules)
        while waiting:
            folder = waiting.pop(0)
            if not _is_git_folder(folder):
                waiting[:0] = _folders(folder)
                continue
            nested = _opened(folder.resolve(), f"{repository.shown}{folder.relative_to(modules).as_posix()}/", None)
            if nested.own in seen or nested.common in seen:
                continue
            seen |= {nested.own, nested.common}
            yield nested
            yield from _submodules(nested, seen)


def texts(repository: Repository) -> Iterator[tuple[str, bytes] | Problem]:
    """The texts beside the objects that may hold an address with its password: shown path and content."""
    common = repository.common
    seen = set()
    for folder in dict.fromkeys((common, repository.own, *_folders(common / "worktrees"))):
        for file in (*(folder / name for name in _TEXTS), *sorted(_plain_files(folder / "logs"))):
            if file in seen:
                continue
            seen.add(file)
            inside = file.relative_to(common if file.is_relative_to(common) else folder).as_posix()
            shown = f"{repository.shown}.git/{inside}"
            try:
                if file.is_symlink() or file.parent.is_symlink() or not file.is_file():
                    continue
                large = file.stat().st_size > _LARGEST_TEXT
                data = b"" if large else file.read_bytes()
            except OSError as error:
                yield Problem(shown, f"cannot be read: {error.strerror}")
                continue
            if large:
                yield Problem(shown, f"larger than {_LARGEST_TEXT >> 20} MiB; it was not scanned")
            elif data:
                yield shown, data


def _plain_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir() and not folder.is_symlink():
        yield from (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, links left out."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(inner for inner in folder.iterdir() if inner.is_dir() and not inner.is_symlink())


def _text(file: Path) -> str:
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST_TEXT:
            return ""
        return file.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
