"""Git objects -> contents to scan: blobs, messages, the people in headers, file names; each with its origin."""

import re
from collections.abc import Iterable, Iterator

from leakscan.model import Content, Origin
from leakscan.sources.packindex import TAG

_PERSON = re.compile(rb"^(?:author|committer|tagger) (.*)$", re.MULTILINE)
_MODE = re.compile(rb"(?:100[0-7]{3}|40000|120000|160000) ")
_LONGEST_NAME = 300  # with its mode
_SIGNATURE = re.compile(rb"^gpgsig(?:-sha256)? .*\n(?: .*\n)*", re.MULTILINE)
_TAG_NAME = re.compile(rb"^tag (.*)$", re.MULTILINE)


def of_text(kind: int, oid: str, data: bytes, shown: str = "") -> Iterator[Content]:
    """The message of a commit or a tag, the people that it names, and whatever else stands in its header."""
    header, _, message = data.partition(b"\n\n")
    header += b"\n"
    where = "commit_message"
    commit: str | None = oid
    path = f"{shown}commit {oid[:12]}"
    if kind == TAG:
        name = _TAG_NAME.search(header)
        where, commit = "tag_message", None
        path = f"{shown}tag {name[1].decode('utf-8', 'replace') if name else oid[:12]}"
    blob = oid if kind == TAG else None
    yield Content(message, Origin(path, blob, where, commit))
    people = b"\n".join(found[1] for found in _PERSON.finditer(header))
    yield Content(people, Origin(path, blob, "author", commit))
    rest = _SIGNATURE.sub(b"", _PERSON.sub(b"", header)).strip()
    yield Content(rest, Origin(path, blob, where, commit))


def names_in_tree(data: bytes, hash_size: int) -> list[bytes]:
    """The names in a tree, in order; what is no entry ends it."""
    names = []
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode = data.find(b" ", at, end)
        if end < 0 or mode < 0:
            break
        names.append(data[mode + 1 : end])
        at = end + 1 + hash_size
    return names


def names_round(part: bytes, ends: Iterable[int]) -> list[bytes]:
    """The names in a part of a tree, which begins and ends anywhere, in which something ends one before an offset."""
    names = []
    done = 0
    for end in sorted(ends):
        at = end - 1
        behind = part.find(b"\0", at)
        mode = _MODE.search(part, max(done, part.rfind(b"\0", done, at) + 1), at) if at > done else None
        if mode and behind > 0:
            names.append(part[mode.end() : behind])
            done = behind + 1
    return names


def entry_round(text: bytes, at: int, hash_size: int) -> tuple[bool, str] | None:
    """The entry in whose name an offset stands, in a part of a tree: whether it is a folder, and its object's id.

    None if no whole entry is there.
    """
    end = text.find(b"\0", at)
    before = text[max(0, at - _LONGEST_NAME) : at]
    modes = list(_MODE.finditer(before))
    if not modes or b"\0" in before[modes[-1].end() :] or end < 0 or len(text) < end + 1 + hash_size:
        return None  # or its beginning is not there: that mode is another entry's
    return modes[-1][0] == b"40000 ", text[end + 1 : end + 1 + hash_size].hex()


def of_names(names: list[bytes], origin: Origin) -> Content:
    """File names as one text, a line each; a line end in a name is shown as a blank, so that lines stay names."""
    return Content(b"\n".join(name.replace(b"\n", b" ") for name in names), origin)
