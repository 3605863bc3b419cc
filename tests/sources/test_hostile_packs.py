"""Packs and loose objects that no git would make: each lie is told of, costs little, and hides nothing beside it."""

import os
import zlib
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.sources.packfile import LARGEST, STREAMED
from leakscan.sources.packindex import BLOB, COMMIT, TREE
from tests.databases import Scanned, read_all, scan_units
from tests.handmade import OFS, REF, appending, copy, distance, entry, number, oid, write_index, write_pack
from tests.repository import Repository
from tests.scanning import fresh, token_line

TOKEN = fresh()
SECRET = token_line(TOKEN).encode()
BESIDE = oid("blob", SECRET)
NOBODY = b"\x42" * 20
BASE = b"base\n" * 9


def scan(repository: Repository, prepared: Prepared, entries: dict[bytes, bytes], *, index: bool) -> Scanned:
    """Scan a pack of `entries` and of a blob with the secret, which is always found."""
    write_pack(repository.root / ".git", entries | {BESIDE: entry(BLOB, SECRET)}, index=index)
    found = scan_units(prepared, repository.root)
    assert TOKEN in found.values
    return found


def named(found: Scanned) -> dict[str, str]:
    """What is told of each object, by the beginning of its id."""
    return {problem.where.split()[1]: problem.message for problem in found.problems if " in pack" in problem.where}


LIES = {
    "a size that is too small": entry(BLOB, b"text" * 9, size=5),
    "a size that is too large": entry(BLOB, b"text" * 9, size=50),
    "a size beyond all memory": entry(BLOB, b"text" * 9, size=1 << 58),
    "a size that no stream of that length has": entry(BLOB, b"text" * 9, size=LARGEST - 1),
    "a bomb": entry(BLOB, bytes(50_000_000), size=10),
    "a small bomb": entry(BLOB, bytes(5_000_000), size=10),
    "a bomb that is a tree": entry(TREE, bytes(50_000_000), size=10),
    "no such kind": entry(0, b"text"),
    "no such kind either": entry(5, b"text"),
    "no stream": bytes([BLOB << 4 | 4]) + b"\xff" * 30,
    "half a stream": entry(BLOB, os.urandom(2000))[:1000],
    "a base before the pack": entry(OFS, appending(BASE, b"x"), distance(10**6)),
    "a base between objects": entry(OFS, appending(BASE, b"x"), distance(3)),
    "itself as its base": entry(OFS, appending(BASE, b"x"), distance(0)),
    "its own id as its base": entry(REF, appending(BASE, b"x"), NOBODY),
    "a base that is missing": entry(REF, appending(BASE, b"x"), b"\x43" * 20),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_object_that_lies_is_told_of_once(repository: Repository, shipped: Prepared, lie: bytes) -> None:
    found = scan(repository, shipped, {NOBODY: lie}, index=True)
    assert list(named(found)) == [NOBODY[:8].hex()]
    assert sum(" in pack" in problem.where for problem in found.problems) == 1


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_object_that_lies_in_a_pack_without_an_index(repository: Repository, shipped: Prepared, lie: bytes) -> None:
    found = scan(repository, shipped, {NOBODY: lie}, index=False)
    assert sum("pack-" in problem.where for problem in found.problems) > 1


DELTAS = {
    "an unknown operation": number(len(BASE)) + number(3) + b"\0",
    "a base of another size": number(7) + number(3) + b"\3new",
    "a copy from behind the end": number(len(BASE)) + number(10) + copy(40, 10),
    "a size that its operations do not make": number(len(BASE)) + number(90) + b"\3new",
    "a size beyond all memory": number(len(BASE)) + number(1 << 61) + b"\3new",
    "a size beyond all numbers": number(len(BASE)) + number(1 << 90) + b"\3new",
    "half an insertion": number(len(BASE)) + number(9) + b"\x09new",
    "half a copy": number(len(BASE)) + number(9) + b"\xff",
    "nothing": b"",
    "half a number": b"\x80",
}


@pytest.mark.parametrize("kind", [BLOB, TREE, COMMIT])
@pytest.mark.parametrize("delta", DELTAS.values(), ids=DELTAS)
def test_a_delta_that_lies(repository: Repository, shipped: Prepared, delta: bytes, kind: int) -> None:
    base = entry(kind, BASE)
    found = scan(repository, shipped, {b"\x11" * 20: base, NOBODY: entry(OFS, delta, distance(len(base)))}, index=True)
    assert kind == TREE or list(named(found)) == [NOBODY[:8].hex()]  # of trees only names that are new are looked at


@pytest.mark.parametrize("index", [True, False])
def test_deltas_that_make_each_other(repository: Repository, shipped: Prepared, index: bool) -> None:
    names = [bytes([digit]) * 20 for digit in (0x51, 0x52, 0x53, 0x54)]
    follows = [1, 2, 0, 0]
    entries = {name: entry(REF, appending(BASE, b"x"), names[follows[at]]) for at, name in enumerate(names)}
    found = scan(repository, shipped, entries, index=index)
    if index:
        assert sorted(named(found)) == [name[:8].hex() for name in names]
    assert sum("circle" in problem.message or "missing" in problem.message for problem in found.problems) >= 4


@pytest.mark.parametrize("kind", [0, 5, BLOB])
def test_what_is_made_from_a_broken_object_is_told_of_too(repository: Repository, shipped: Prepared, kind: int) -> None:
    base = entry(kind, BASE)[:-3] + b"bad"
    child = entry(OFS, appending(BASE, b"x"), distance(len(base)))
    grandchild = entry(OFS, appending(BASE + b"x", b"y"), distance(len(child)))
    names = [bytes([digit]) * 20 for digit in (0x51, 0x52, 0x53)]
    found = scan(repository, shipped, dict(zip(names, (base, child, grandchild), strict=True)), index=True)
    assert named(found).keys() == {name[:8].hex() for name in names}


def test_what_is_made_from_a_missing_object_is_told_of_too(repository: Repository, shipped: Prepared) -> None:
    child = entry(REF, appending(BASE, b"x"), b"\x51" * 20)
    grandchild = entry(OFS, appending(BASE + b"x", b"y"), distance(len(child)))
    found = scan(repository, shipped, {b"\x52" * 20: child, b"\x53" * 20: grandchild}, index=True)
    assert sorted(named(found)) == ["52" * 8, "53" * 8]


def test_a_delta_before_its_base(repository: Repository, shipped: Prepared) -> None:
    new = token_line(value := fresh()).encode()[-120:]
    entries = {oid("blob", BASE + new): entry(REF, appending(BASE, new), oid("blob", BASE))}
    entries[oid("blob", BASE)] = entry(BLOB, BASE)
    assert value in scan(repository, shipped, entries, index=True).values


def test_a_delta_before_its_base_without_an_index(repository: Repository) -> None:
    entries = {oid("blob", BASE + b"new"): entry(REF, appending(BASE, b"new"), oid("blob", BASE))}
    entries[oid("blob", BASE)] = entry(BLOB, BASE)
    write_pack(repository.root / ".git", entries, index=False)
    assert set(read_all(repository.root).objects) == {name.hex() for name in entries}


@pytest.mark.parametrize("place", [5, 13, 10**6, 1 << 40, 1 << 62, (1 << 63) + 5])
def test_an_index_that_leads_elsewhere(repository: Repository, shipped: Prepared, place: int) -> None:
    path = write_pack(repository.root / ".git", {NOBODY: entry(BLOB, b"text"), BESIDE: entry(BLOB, SECRET)})
    second = 12 + len(entry(BLOB, b"text"))
    write_index(path, {NOBODY: place, BESIDE: second}, path.read_bytes()[-20:])
    found = scan_units(shipped, repository.root)
    assert TOKEN in found.values
    assert any(NOBODY.hex()[:16] in problem.where or path.name in problem.where for problem in found.problems)


def test_a_message_too_long_to_be_held_as_a_piece(repository: Repository, shipped: Prepared) -> None:
    text = b"tree " + b"0" * 40 + b"\n\n" + b"word\n" * (STREAMED // 5 + 1) + token_line(value := fresh()).encode()
    assert value in scan(repository, shipped, {oid("commit", text): entry(COMMIT, text)}, index=True).values


@pytest.mark.parametrize("filler", [b"x\n" * (STREAMED // 2 + 9), os.urandom(1 << 15).hex().encode() * 513])
def test_a_blob_that_is_streamed(repository: Repository, shipped: Prepared, filler: bytes) -> None:
    text = filler + b"\n" + token_line(value := fresh()).encode()
    found = scan(repository, shipped, {oid("blob", text): entry(BLOB, text)}, index=True)
    assert value in found.values
    assert not named(found)


def test_half_a_blob_that_is_streamed(repository: Repository, shipped: Prepared) -> None:
    text = token_line(value := fresh()).encode() + b"word %d\n" * 9 % tuple(range(9)) * (STREAMED // 50)
    short = entry(BLOB, text)
    found = scan(repository, shipped, {NOBODY: short[: len(short) // 2]}, index=True)
    assert value in found.values
    assert list(named(found)) == [NOBODY[:8].hex()]


def loose(repository: Repository, name: str, data: bytes) -> Path:
    """Write a loose object."""
    path = repository.root / ".git/objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


LOOSE = {
    "nothing": b"",
    "garbage": os.urandom(100),
    "no kind": zlib.compress(b"blab 4\0text"),
    "no size": zlib.compress(b"blob x\0text"),
    "no end of the header": zlib.compress(b"blob 4" + b" " * 90),
    "too long": zlib.compress(b"blob 3\0text"),
    "too short": zlib.compress(b"blob 5\0text"),
    "half": zlib.compress(b"blob 4000\0" + os.urandom(4000))[:2000],
    "a bomb": zlib.compress(b"blob 4\0text" + bytes(50_000_000)),
    "a size beyond all memory": zlib.compress(b"blob 99999999999999999999\0text"),
}


@pytest.mark.parametrize("data", LOOSE.values(), ids=LOOSE)
def test_a_loose_object_that_lies(repository: Repository, shipped: Prepared, data: bytes) -> None:
    loose(repository, "42" * 20, data)
    loose(repository, BESIDE.hex(), zlib.compress(b"blob %d\0" % len(SECRET) + SECRET))
    found = scan_units(shipped, repository.root)
    assert TOKEN in found.values
    assert [problem.where for problem in found.problems] == ["object " + "42" * 8]


@pytest.mark.usefixtures("_time_limit")
def test_what_is_no_file_in_the_place_of_a_loose_object(repository: Repository) -> None:
    loose(repository, "42" * 20, b"").unlink()
    os.mkfifo(repository.root / ".git/objects/42" / ("42" * 19))
    (repository.root / ".git/objects/43" / ("42" * 19)).mkdir(parents=True)
    (repository.root / ".git/objects/44").write_bytes(b"")
    places = {problem.where for problem in read_all(repository.root).problems}
    assert places == {"object " + "42" * 8, "object 43" + "42" * 7, "objects/44"}


def test_a_broken_loose_object_that_is_packed_too(repository: Repository, shipped: Prepared) -> None:
    write_pack(repository.root / ".git", {BESIDE: entry(BLOB, SECRET)})
    loose(repository, BESIDE.hex(), b"garbage")
    assert TOKEN in scan_units(shipped, repository.root).values
