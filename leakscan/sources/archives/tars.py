"""Tar archives, layers of container images among them, read in order."""

import tarfile
from collections.abc import Iterator

from leakscan.sources.archives.bounds import Budget, Refused
from leakscan.sources.archives.source import STEP, Member, Source, Unread

# No name and no list of attributes is longer; tarfile holds them in memory.
_LONGEST_NOTE = 1024 * 1024
_NOTES = frozenset({tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE})
_NAMES = frozenset({tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK})
_MOST_SIZE = 1 << 60
# At its end an archive is asked for more so often, and not for ever.
_PATIENCE = 8


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """The files in a tar archive; links, devices and folders are passed over.

    Raises whatever tarfile raises for a damaged archive, Refused and Exhausted.
    """
    damaged: list[str] = []

    class Header(tarfile.TarInfo):
        """A header, looked at before tarfile acts on it; tarfile ends an archive silently where one is damaged."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "Header":
            try:
                header = super().frombuf(buf, encoding, errors)
            except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError):  # type: ignore[attr-defined]
                damaged.append("the tar archive is damaged; what follows was not scanned")
                raise
            if not 0 <= header.size < _MOST_SIZE or header.offset < 0:
                raise Refused("the tar archive has a member of impossible size; what follows was not scanned")
            if header.type in _NOTES | _NAMES and header.size > _LONGEST_NOTE:
                raise Refused("the tar archive has a header of impossible size; what follows was not scanned")
            return header

    with tarfile.open(
        fileobj=_InTime(source, budget), mode="r|", bufsize=STEP, tarinfo=Header, encoding="utf-8"
    ) as archive:  # type: ignore[call-overload]
        while (info := archive.next()) is not None:
            budget.enter()
            archive.members.clear()
            if info.isreg() and (file := archive.extractfile(info)) is not None:
                sparse = info.issparse()  # a few bytes can be a great many zeros
                yield Member(info.name, budget.metered(file.read, lambda: 0) if sparse else file.read)
    if damaged:
        raise Refused(damaged[0])


class _InTime:
    """The archive's bytes; ends what tarfile would do for ever, such as passing over what a header only claims."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source = source
        self._budget = budget
        self._patience = _PATIENCE

    def read(self, count: int) -> bytes:
        """The next bytes. Raises EOFError where there have long been none, and Exhausted."""
        self._budget.tick()
        data = self._source.read(count)
        if not data:
            self._patience -= 1
            if not self._patience:
                raise EOFError
        return data
