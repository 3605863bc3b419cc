"""What is damaged is told of, and all that is whole beside it is still read, with the secrets in it."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from leakscan.detection.cache import Prepared
from leakscan.sources.packindex import KINDS, Pack, read_pack
from tests.databases import Scanned, read_all, scan_units
from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, token_line

FILES, VERSIONS = 10, 12


class Packed(NamedTuple):
    """A repository in one pack; `values` tells which secret stands in which objects."""

    root: Path
    pack: Pack
    values: dict[str, set[int]]

    @property
    def path(self) -> Path:
        """The pack."""
        return self.pack.path

    def numbers(self, kind: str, *, delta: bool) -> list[int]:
        """The objects of a kind that are deltas, or that are none."""
        return [
            number
            for number in range(len(self.pack))
            if KINDS[int(self.pack.kinds[number])] == kind and (self.pack.bases[number] >= 0) == delta
        ]

    def hurt_by(self, *numbers: int) -> set[int]:
        """Those objects, and all that are made from them."""
        hurt = set(numbers)
        while more := {number for number in range(len(self.pack)) if int(self.pack.bases[number]) in hurt} - hurt:
            hurt |= more
        return hurt

    def change(self, change: Callable[[bytearray], None], *, index: bool = False) -> None:
        """Change the pack, or its index, on disk."""
        path = self.path.with_suffix(".idx") if index else self.path
        data = bytearray(path.read_bytes())
        change(data)
        path.chmod(0o644)
        path.write_bytes(data)

    def garble(self, number: int) -> None:
        """Write garbage into an entry's stream."""
        begin, end = int(self.pack.starts[number]), int(self.pack.offsets[number + 1])
        self.change(lambda data: data.__setitem__(slice(begin + 2, end), b"\xff" * (end - begin - 2)))

    def check(self, found: Scanned, hurt: set[int]) -> None:
        """Every secret that stands in an object that is not hurt was found."""
        assert {value for value, numbers in self.values.items() if numbers - hurt} <= found.values


@pytest.fixture
def packed(repository: Repository) -> Packed:
    """A repository with secrets in small files, in the versions of a long one, and in messages."""
    rng = random.Random(7)
    lines = [rng.randbytes(20).hex() for _ in range(500)]
    texts = [token_line(fresh()) for _ in range(FILES + VERSIONS)]
    history = History()
    history.commit({f"file{number}": text.encode() for number, text in enumerate(texts[:FILES])})
    for text in texts[FILES:]:
        lines[rng.randrange(500)] = text
        history.commit({"long": "\n".join(lines).encode()}, message=token_line(fresh()))
    history.write(repository)
    repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    (path,) = (repository.root / ".git/objects/pack").glob("*.pack")
    pack = read_pack(path, 20)
    objects = read_all(repository.root).objects
    values: dict[str, set[int]] = {}
    for number in range(len(pack)):
        _, data = objects[pack.oid(number)]
        for line in data.decode("latin-1").splitlines():
            if "TWILIO_AUTH_TOKEN=" in line:
                values.setdefault(line.rpartition("=")[2], set()).add(number)
    return Packed(repository.root, pack, values)


def test_whole_as_it_is_everything_is_found(packed: Packed, shipped: Prepared) -> None:
    found = scan_units(shipped, packed.root)
    assert len(packed.values) == FILES + 2 * VERSIONS
    assert packed.values.keys() <= found.values
    assert found.problems == []


@pytest.mark.parametrize("kind", ["blob", "commit", "tree"])
@pytest.mark.parametrize("delta", [True, False])
def test_garbage_in_one_stream(packed: Packed, shipped: Prepared, kind: str, delta: bool) -> None:
    numbers = packed.numbers(kind, delta=delta)
    if not numbers:
        pytest.skip("git made none")
    packed.garble(numbers[0])
    found = scan_units(shipped, packed.root)
    packed.check(found, packed.hurt_by(numbers[0]))
    assert any(f"{kind} {packed.pack.oid(numbers[0])[:16]}" in problem.where for problem in found.problems)


def test_each_broken_object_is_told_of_once(packed: Packed, shipped: Prepared) -> None:
    (root,) = {int(packed.pack.roots[number]) for number in packed.numbers("blob", delta=True)}
    packed.garble(root)
    problems = scan_units(shipped, packed.root).problems
    assert len(problems) == len(packed.hurt_by(root)) > 5
    assert len({problem.where for problem in problems}) == len(problems)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_anywhere_in_a_pack(packed: Packed, shipped: Prepared, seed: int) -> None:
    place = random.Random(seed).randrange(12, int(packed.pack.offsets[-1]))
    packed.change(lambda data: data.__setitem__(place, data[place] ^ 0x5A))
    found = scan_units(shipped, packed.root)
    hit = int(packed.pack.offsets.searchsorted(place, side="right")) - 1
    packed.check(found, packed.hurt_by(hit))
    assert any(packed.pack.oid(hit)[:16] in problem.where for problem in found.problems)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_in_a_pack_without_an_index(packed: Packed, shipped: Prepared, seed: int) -> None:
    place = random.Random(seed).randrange(12, int(packed.pack.offsets[-1]))
    packed.change(lambda data: data.__setitem__(place, data[place] ^ 0x5A))
    packed.path.with_suffix(".idx").unlink()
    found = scan_units(shipped, packed.root)
    hit = int(packed.pack.offsets.searchsorted(place, side="right")) - 1
    packed.check(found, packed.hurt_by(hit))
    assert all(packed.path.name in problem.where for problem in found.problems if problem.where != "refs")


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_pack(packed: Packed, shipped: Prepared, share: float, index: bool) -> None:
    size = int(packed.path.stat().st_size * share)
    packed.change(lambda data: data.__delitem__(slice(size, None)))
    if not index:
        packed.path.with_suffix(".idx").unlink()
    found = scan_units(shipped, packed.root)
    cut = {number for number in range(len(packed.pack)) if packed.pack.offsets[number + 1] > size}
    packed.check(found, packed.hurt_by(*cut))
    if index:
        told = " ".join(problem.where for problem in found.problems)
        assert all(packed.pack.oid(number)[:16] in told for number in cut)
    assert found.problems


def test_an_empty_pack(packed: Packed, shipped: Prepared) -> None:
    packed.change(bytearray.clear)
    assert packed.path.name in {problem.where for problem in scan_units(shipped, packed.root).problems}


def test_a_pack_of_zeros(packed: Packed, shipped: Prepared) -> None:
    packed.change(lambda data: data.__setitem__(slice(None), bytes(len(data))))
    assert packed.path.name in {problem.where for problem in scan_units(shipped, packed.root).problems}


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bits_in_an_index(packed: Packed, shipped: Prepared, seed: int) -> None:
    rng = random.Random(seed)
    packed.change(lambda data: data.__setitem__(rng.randrange(len(data)), rng.randrange(256)), index=True)
    packed.check(scan_units(shipped, packed.root), set())


@pytest.mark.parametrize("size", [0, 3, 100, 1100, 1500])
def test_a_truncated_index(packed: Packed, shipped: Prepared, size: int) -> None:
    packed.change(lambda data: data.__delitem__(slice(size, None)), index=True)
    found = scan_units(shipped, packed.root)
    packed.check(found, set())
    assert packed.path.name in {problem.where for problem in found.problems}


def test_a_missing_index(packed: Packed, shipped: Prepared) -> None:
    packed.path.with_suffix(".idx").unlink()
    objects = {packed.pack.oid(number) for number in range(len(packed.pack))}
    packed.check(scan_units(shipped, packed.root), set())
    assert set(read_all(packed.root).objects) == objects


def test_a_missing_pack(packed: Packed) -> None:
    packed.path.unlink()
    assert [problem.where for problem in read_all(packed.root).problems] == [packed.path.with_suffix(".idx").name]


def test_the_index_of_another_pack(packed: Packed, shipped: Prepared, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit(*map(str, range(len(packed.pack))))
    other.git("gc", "--quiet")
    (index,) = (other.root / ".git/objects/pack").glob("*.idx")
    packed.change(lambda data: data.__setitem__(slice(None), index.read_bytes()), index=True)
    found = scan_units(shipped, packed.root)
    packed.check(found, set())
    assert found.problems


def test_a_folder_in_the_place_of_a_pack(packed: Packed, shipped: Prepared) -> None:
    packed.path.unlink()
    packed.path.mkdir()
    assert packed.path.name in {problem.where for problem in scan_units(shipped, packed.root).problems}


@pytest.mark.usefixtures("_time_limit")
@pytest.mark.parametrize("suffix", [".pack", ".idx"])
def test_nothing_waits_for_a_pipe_in_the_place_of_a_pack(packed: Packed, suffix: str) -> None:
    packed.path.with_suffix(suffix).unlink()
    os.mkfifo(packed.path.with_suffix(suffix))
    assert packed.path.name in {problem.where for problem in read_all(packed.root).problems}


def test_an_object_that_is_whole_in_another_pack(packed: Packed, shipped: Prepared) -> None:
    whole = packed.path.with_name("pack-whole.pack")
    whole.write_bytes(packed.path.read_bytes())
    whole.with_suffix(".idx").write_bytes(packed.path.with_suffix(".idx").read_bytes())
    for number in packed.hurt_by(*packed.numbers("blob", delta=False)):
        packed.garble(number)
    found = scan_units(shipped, packed.root)
    packed.check(found, set())
    assert found.problems


def test_an_object_that_is_whole_as_a_loose_one(packed: Packed, shipped: Prepared, tmp_path: Path) -> None:
    elsewhere = tmp_path / packed.path.name
    elsewhere.write_bytes(packed.path.read_bytes())
    scratch = Repository(tmp_path / "scratch")
    with elsewhere.open("rb") as stream:
        import subprocess

        subprocess.run(["git", "unpack-objects", "-q"], cwd=scratch.root, stdin=stream, check=True)
    for folder in (scratch.root / ".git/objects").glob("[0-9a-f][0-9a-f]"):
        folder.rename(packed.root / ".git/objects" / folder.name)
    for number in packed.numbers("blob", delta=False):
        packed.garble(number)
    packed.check(scan_units(shipped, packed.root), set())
