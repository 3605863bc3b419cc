"""Paths of what is in archives: `outer!inner/path`."""

from collections.abc import Iterator

# The name of what is compressed alone, until the archive's own name is known.
UNNAMED = "\0"
_SUFFIXES = (".gz", ".bz2", ".xz", ".lzma", ".zst")


def below(path: str, member: str) -> str:
    """The path of a member of the archive at `path`, or `path` without one.

    What is compressed alone has the archive's name less its end.
    """
    if not member:
        return path
    first, mark, rest = member.partition("!")
    if first == UNNAMED:
        member = _stem(path) + mark + rest
    return f"{path}!{member}"


def _stem(path: str) -> str:
    name = path.replace("!", "/").rpartition("/")[2]
    for suffix in _SUFFIXES:
        if len(name) > len(suffix) and name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return "content"


def with_archives(path: str) -> Iterator[str]:
    """`path` itself, and the paths of the archives that it leads through."""
    yield path
    for at, letter in enumerate(path):
        if letter == "!" and at:
            yield path[:at]


def as_folders(path: str) -> str:
    """`path` as if archives were folders: what is told by the beginning of a name is told of a member's, too."""
    return path.replace("!", "!/")
