"""Archives that are written as text, such as a zip file in base64: bytes -> what can be read in them, within bounds."""

import io
import re
from collections.abc import Iterator

from leakscan.detection.decoding import plain_text

BEGINNINGS = (b"PK\x03\x04", b"\x1f\x8b\x08")
_TAR_MARK, _TAR_AT = b"ustar", 257
# How deep they are opened in each other, how many members are read, and how many bytes in all.
_DEEPEST, _MOST_MEMBERS, _MOST_BYTES = 4, 200, 4 * 1024 * 1024
# What ends a line of an office document, what stands for a blank, and what is left out: a word is cut into many runs.
_TEXT_ELEMENT = re.compile(rb"<(?:w:t|a:t|t|text:p)[ >]")
_LINE = re.compile(rb"</(?:w:p|a:p|si|text:p|text:h|table:table-row|row)>|<(?:w:br|w:cr|a:br|text:line-break)[ /]")
_BLANK = re.compile(rb"<(?:w:tab|a:tab|text:tab|text:s)(?:\s[^<>]*)?/>")
_TAG = re.compile(rb"<[^<>]*>")


def unpacked(data: bytes) -> bytes | None:
    """What can be read in an archive, its members one behind the other; None if it is none, or cannot be opened."""
    import lzma
    import tarfile
    import zipfile
    import zlib

    damaged = (
        zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, LookupError,
        RuntimeError, NotImplementedError,
    )  # fmt: skip
    try:
        found = b"\n\n".join(_Opening().texts(data, 0))
    except damaged:
        return None
    return found or None


class _Opening:
    """One archive being opened, with all that are in it."""

    def __init__(self) -> None:
        self._members, self._bytes = _MOST_MEMBERS, _MOST_BYTES

    def texts(self, data: bytes, depth: int) -> Iterator[bytes]:
        """The texts in what may be an archive; `data` itself, if it is text. Raises what the libraries raise."""
        if depth <= _DEEPEST and data.startswith(BEGINNINGS[0]):
            yield from self._zipped(data, depth)
        elif depth <= _DEEPEST and data.startswith(BEGINNINGS[1]):
            import zlib

            inflated = zlib.decompressobj(47).decompress(data, self._bytes)
            self._bytes -= len(inflated)
            yield from self.texts(inflated, depth + 1)
        elif data[_TAR_AT : _TAR_AT + len(_TAR_MARK)] == _TAR_MARK:
            yield from self._from_tape(data, depth)
        else:
            plain = plain_text(data)
            if b"\0" not in plain:
                yield _read(plain) if _TEXT_ELEMENT.search(plain) else plain

    def _zipped(self, data: bytes, depth: int) -> Iterator[bytes]:
        import zipfile

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if not self._room():
                    return
                if not info.flag_bits & 1:
                    with archive.open(info) as member:
                        yield from self._member(member.read(self._bytes), depth)

    def _from_tape(self, data: bytes, depth: int) -> Iterator[bytes]:
        import tarfile

        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                if not self._room():
                    return
                member = archive.extractfile(info) if info.isreg() else None
                if member is not None:
                    yield from self._member(member.read(self._bytes), depth)

    def _room(self) -> bool:
        self._members -= 1
        return self._members >= 0 and self._bytes > 0

    def _member(self, data: bytes, depth: int) -> Iterator[bytes]:
        self._bytes -= len(data)
        yield from self.texts(data, depth + 1)


def _ended(tag: re.Match[bytes]) -> bytes:
    return b"\n" + tag[0] if tag[0].endswith((b" ", b"/")) else b"\n"


def _read(document: bytes) -> bytes:
    """What one reads in a part of an office document."""
    return _TAG.sub(b"", _BLANK.sub(b" ", _LINE.sub(_ended, document)))
