"""The file that new secrets go to: made new for its owner alone, never through a link."""

import os
import stat
from pathlib import Path
from typing import Self

from leakscan.errors import ReportError
from leakscan.reports.files import check_writable
from leakscan.reports.wording import visible
from leakscan.secret import Secret

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_OLD = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LARGEST = 100_000


class SecretFile:
    """An open new file. Each secret is on disk before it is said that it was made."""

    def __init__(self, path: str) -> None:
        """Make the file with mode 0600. Raises ReportError if something of this name exists, or it cannot be made."""
        check_writable(path)
        try:
            self._descriptor = os.open(path, _NEW, 0o600)
        except FileExistsError:
            raise ReportError(f"{visible(path)} exists; new secrets go into a new file: name another") from None
        except OSError as error:
            raise ReportError(
                f"cannot make {visible(path)}: {error.strerror}; name another with --secret-file"
            ) from None
        self.path = path
        self._empty = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        if self._empty:
            Path(self.path).unlink(missing_ok=True)

    def add(self, name: str, value: Secret | str) -> None:
        """Write `name=value`. Raises OSError."""
        text = value.reveal() if isinstance(value, Secret) else value
        os.write(self._descriptor, f"{name}={text}\n".encode())
        os.fsync(self._descriptor)
        self._empty = False


def written(path: str, name: str) -> Secret | None:
    """A value that an earlier run wrote under a name; None if it is not there, or not in a file of the user's own."""
    try:
        descriptor = os.open(path, _OLD)
    except OSError:
        return None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or (hasattr(os, "getuid") and facts.st_uid != os.getuid()):
            return None
        lines = os.read(descriptor, _LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    finally:
        os.close(descriptor)
    found = [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]
    return Secret(found[-1]) if found and found[-1] else None
