"""Which contents are archives, told by their first bytes: two cheap tests, for every file and blob is asked.

Imports nothing: a hook pays for every module.
"""

# How many first bytes tell all that is told.
HEAD = 512

_KINDS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08PK": "zip",
    b"\x1f\x8b\x08": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"]\0\0": "lzma",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"%PDF-": "pdf",
    b"SQLite format 3\0": "sqlite",
    b"bplist00": "plist",
}
_BEGINNINGS = tuple(_KINDS)
_TAR_MARK = b"ustar"
# What a bzip2 stream has behind its level: a block, or its end.
_BZIP2 = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_FULL_SIZE = b"\xff" * 8


def may_be_archive(data: bytes) -> bool:
    """Whether a content that begins with `data` (all of it, or at least HEAD bytes) is worth asking `kind_of`."""
    return data.startswith(_BEGINNINGS) or data[257:262] == _TAR_MARK


def kind_of(head: bytes) -> str | None:
    """The kind of archive that the first HEAD bytes of a content begin, None for none.

    The kinds are zip, tar, gzip, bzip2, xz, lzma, zstd, 7z, pdf, sqlite and plist.
    """
    if not may_be_archive(head):
        return None
    for beginning, kind in _KINDS.items():
        if head.startswith(beginning):
            if kind == "bzip2":
                return kind if head[4:10] in _BZIP2 and head[3:4].isdigit() else None
            if kind == "lzma":
                return kind if _is_lzma(head) else None
            return kind
    return "tar" if _is_tar(head) else None


def _is_lzma(head: bytes) -> bool:
    """The old format has no mark: its dictionary is a power of two, and its size is unknown or a sensible one."""
    size = head[5:13]
    dictionary = int.from_bytes(head[1:5], "little")
    sensible = size == _FULL_SIZE or int.from_bytes(size, "little") < 1 << 38
    return len(head) > 13 and dictionary.bit_count() <= 2 and dictionary >= 1 << 12 and sensible


def _is_tar(head: bytes) -> bool:
    """Whether the checksum of the first header is right, as bytes or, in old ones, as signed bytes."""
    try:
        told = int(head[148:156].strip(b" \0"), 8)
    except ValueError:
        return False
    rest = head[:148] + b" " * 8 + head[156:HEAD]
    return len(head) >= HEAD and told in {sum(rest), sum(rest) - 256 * sum(byte > 127 for byte in rest)}
