"""A report's text -> a file: whole or not at all, never through a symbolic link, for its owner's eyes only."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from leakscan.errors import ReportError
from leakscan.reports.wording import visible


def check_writable(path: str) -> None:
    """Raise ReportError if `write` would fail: to be called before a scan, whose result would be lost.

    Leaves nothing behind. A disk that fills up later is not foreseen; `write` then keeps the earlier report.
    """
    target = _target(path)
    descriptor, temporary = _temporary(target)
    os.close(descriptor)
    temporary.unlink()


def write(path: str, text: str) -> None:
    """Put `text` into the file `path` with mode 0600, replacing an earlier one.

    Raises ReportError, and leaves an earlier file as it was, if `path` is a link, a directory or a device, or
    if the text cannot be written whole.
    """
    target = _target(path)
    descriptor, temporary = _temporary(target)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except OSError as error:
        raise _refusal(path, f"{error.strerror}; free some space or name another file with -o") from None
    finally:
        # After the replacement nothing is left under this name; after any failure, ^C too, the half is taken away.
        temporary.unlink(missing_ok=True)
    _sync_directory(target.parent)


def _target(path: str) -> Path:
    """The file that `path` names, if a report may be put there."""
    if not path or "\0" in path or path.endswith(("/", "/.", "/..")) or path in (".", ".."):
        raise _refusal(path, "it names no file; name one with -o, or - for standard output")
    target = Path(path)
    try:
        _refuse_links(target)
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return target
    except OSError as error:
        raise _refusal(path, f"{error.strerror}; name another file with -o") from None
    if stat.S_ISDIR(mode):
        raise _refusal(path, "it is a directory; name a file in it with -o")
    if not stat.S_ISREG(mode):
        raise _refusal(path, "it is a device, pipe or socket; name a regular file, or - for standard output")
    return target


def _refuse_links(target: Path) -> None:
    """Refuse a target that is a link, or that a relative path reaches through one.

    A relative path leads through the tree that is scanned, which may be hostile. An absolute one is the
    system's business above its last name: /tmp and /var are links on some.
    """
    steps = [target] if target.is_absolute() else [target, *target.parents]
    for step in steps:
        if step.is_symlink():
            whose = "it" if step == target else visible(str(step))
            raise _refusal(str(target), f"{whose} is a symbolic link; name the place that it leads to")


def _temporary(target: Path) -> tuple[int, Path]:
    """An open new file (mode 0600, as mkstemp makes them) in the directory of `target`, and its name."""
    try:
        import tempfile  # not in a run that writes no file

        descriptor, name = tempfile.mkstemp(prefix=".leakscan-", suffix=".tmp", dir=target.parent)
    except FileNotFoundError:
        raise _refusal(str(target), "there is no such directory; create it first") from None
    except OSError as error:
        raise _refusal(str(target), f"{error.strerror}; name a file in a directory that you can write") from None
    return descriptor, Path(name)


def _sync_directory(directory: Path) -> None:
    """Make the new name last through a crash; file systems that cannot do so have written the file all the same."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refusal(path: str, reason: str) -> ReportError:
    return ReportError(f"cannot write the report to {visible(path) or 'an empty name'}: {reason}")
