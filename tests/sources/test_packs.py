"""Every object as git reads it, however it is stored."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from leakscan.sources.objects import LOOSE, units
from leakscan.sources.packindex import REF_DELTA, read_pack
from leakscan.sources.repository import open_repository, submodules
from tests.databases import database_of, git_objects, read_all
from tests.histories import History
from tests.repository import Repository


def fill(repository: Repository, seed: int = 1, commits: int = 12, *, loose: bool = False) -> None:
    """A history with a long file that changes a little, names that come and go, tags, and a merge."""
    rng = random.Random(seed)
    lines = [rng.randbytes(20).hex() for _ in range(600)]
    history = History()
    made: list[int] = []
    for number in range(commits):
        for _ in range(3):
            lines[rng.randrange(len(lines))] = rng.randbytes(rng.randrange(1, 90)).hex()
        files: dict[str, bytes | None] = {
            "long": "\n".join(lines).encode(),
            f"folder/{number % 4}/{number}": rng.randbytes(9),
            f"folder/{number % 4}/{number - 7}": None,
            "empty": b"",
        }
        made.append(history.commit(files, *made[-1:], message=f"Number {number}"))
    side = history.commit({"side": b"%d" % seed}, made[-4], ref="refs/heads/side")
    made.append(history.commit({"side": b""}, made[-1], side))
    history.tag("v1", made[-1])
    history.write(repository, loose=loose)
    repository.git("tag", "--annotate", "--message", "A tag of a tag", "--force", "v2", "v1")


def check(path: Path) -> None:
    """Our reader and git agree on the repository at `path`."""
    read = read_all(path)
    assert read.problems == []
    assert read.objects == git_objects(path)


def the_pack(repository: Repository) -> Path:
    """The only pack."""
    (path,) = (repository.root / ".git/objects/pack").glob("*.pack")
    return path


def test_an_empty_repository_has_no_objects(repository: Repository) -> None:
    assert read_all(repository.root) == ({}, [])


def test_loose_objects(repository: Repository) -> None:
    fill(repository, loose=True)
    assert len(read_all(repository.root).objects) > 50
    check(repository.root)


def test_a_pack_of_long_delta_chains(repository: Repository) -> None:
    fill(repository, commits=60)
    repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    pack = read_pack(the_pack(repository), 20)
    assert (pack.bases >= 0).sum() > 40
    check(repository.root)


def test_units_cover_a_pack_once_and_end_with_small_ones(repository: Repository) -> None:
    rng = random.Random(3)
    history = History()
    history.commit({f"{number}": rng.randbytes(100_000) for number in range(130)}, message="Many")
    history.write(repository)
    repository.git("gc", "--quiet", "--prune=now")
    found = [unit for unit in units(database_of(repository.root), "blobs") if unit.pack != LOOSE]
    assert [unit.begin for unit in found] == [0, *(unit.end for unit in found[:-1])]
    assert found[-1].end == 130
    assert found[-1].weight < found[0].weight / 2


def test_packs_that_share_objects_and_loose_ones(repository: Repository) -> None:
    fill(repository)
    fill(repository, 2)
    names = repository.git("rev-list", "--objects", "--all", "--no-object-names")
    subprocess.run(
        ["git", "pack-objects", "--quiet", ".git/objects/pack/pack"],
        cwd=repository.root,
        input=names.encode(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    fill(repository, 3, loose=True)
    assert len(database_of(repository.root).packs) == 3
    check(repository.root)


def test_a_loose_object_that_is_packed_too_is_read_once(repository: Repository) -> None:
    fill(repository, loose=True)
    repository.git("repack", "--quiet", "-a")
    assert list((repository.root / ".git/objects").glob("[0-9a-f][0-9a-f]/*"))
    assert database_of(repository.root).loose == []
    check(repository.root)


def test_an_index_of_version_1(repository: Repository) -> None:
    fill(repository)
    repository.git("-c", "pack.indexVersion=1", "gc", "--quiet", "--prune=now")
    assert not the_pack(repository).with_suffix(".idx").read_bytes().startswith(b"\xfftOc")
    check(repository.root)


def test_a_multi_pack_index(repository: Repository) -> None:
    fill(repository)
    fill(repository, 2)
    repository.git("multi-pack-index", "write")
    assert (repository.root / ".git/objects/pack/multi-pack-index").exists()
    check(repository.root)


def test_deltas_that_name_their_bases_by_id(repository: Repository) -> None:
    fill(repository, commits=30)
    repository.git("-c", "repack.useDeltaBaseOffset=false", "repack", "--quiet", "-adf")
    path = the_pack(repository)
    data, offsets = path.read_bytes(), read_pack(path, 20).offsets[:-1]
    assert REF_DELTA in {data[offset] >> 4 & 7 for offset in offsets}
    check(repository.root)


def test_a_pack_of_sha_256(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "sha256")
    for path in sorted((repository.root / ".git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    repository.git("init", "--quiet", "--object-format=sha256")
    fill(repository)
    check(repository.root)
    repository.git("-c", "repack.useDeltaBaseOffset=false", "repack", "--quiet", "-adf")
    assert all(len(oid) == 64 for oid in read_all(repository.root).objects)
    check(repository.root)


def test_offsets_of_eight_bytes(repository: Repository) -> None:
    fill(repository)
    repository.git("repack", "--quiet", "-ad")
    path = the_pack(repository)
    path.with_suffix(".idx").unlink()
    repository.git("index-pack", "--index-version=2,0x40", str(path))
    check(repository.root)


@pytest.mark.parametrize("relative", [True, False])
def test_an_alternate(repository: Repository, tmp_path: Path, relative: bool) -> None:
    fill(repository)
    repository.git("gc", "--quiet")
    repository.git("clone", "--quiet", "--shared", ".", str(tmp_path / "clone"))
    if relative:
        named = tmp_path / "clone/.git/objects/info/alternates"
        named.write_text(
            f"# those of the original\n{os.path.relpath(named.read_text().strip(), named.parent.parent)}\n"
        )
    assert read_all(tmp_path / "clone").objects
    check(tmp_path / "clone")


def test_an_object_in_an_alternate_too_is_read_once(repository: Repository, tmp_path: Path) -> None:
    fill(repository, loose=True)
    repository.git("clone", "--quiet", "--no-hardlinks", ".", str(tmp_path / "clone"))
    objects = repository.root / ".git/objects"
    (tmp_path / "clone/.git/objects/info/alternates").write_text(f"{objects}\n")
    check(tmp_path / "clone")


@pytest.mark.parametrize("kind", ["--bare", "--mirror", "--no-local"])
def test_clones(repository: Repository, tmp_path: Path, kind: str) -> None:
    fill(repository)
    repository.git("clone", "--quiet", kind, ".", str(tmp_path / "clone"))
    check(tmp_path / "clone")


def test_a_linked_work_tree(repository: Repository, tmp_path: Path) -> None:
    fill(repository)
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "linked")
    assert read_all(tmp_path / "linked/folder") == read_all(repository.root)
    check(tmp_path / "linked")


def test_a_git_file(repository: Repository, tmp_path: Path) -> None:
    fill(repository)
    repository.git("init", "--quiet", "--separate-git-dir", str(tmp_path / "elsewhere"))
    assert (repository.root / ".git").is_file()
    check(repository.root)


def test_a_submodule(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    fill(inner)
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "lib/inner")
    (found,) = submodules(open_repository(repository.root))
    assert found.shown == "lib/inner/"
    assert git_objects(inner.root).items() <= read_all(found.own).objects.items()
    check(found.own)
    check(repository.root / "lib/inner")


def test_objects_that_nothing_reaches(repository: Repository) -> None:
    fill(repository)
    for ref in ("refs/heads/main", "refs/heads/side", "refs/tags/v1", "refs/tags/v2"):
        repository.git("update-ref", "-d", ref)
    repository.git("-c", "gc.cruftPacks=true", "gc", "--quiet", "--cruft", "--prune=never")
    assert list((repository.root / ".git/objects/pack").glob("*.mtimes"))
    check(repository.root)
