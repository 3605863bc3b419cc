"""Trees above what was found, and commits: in deltas, in several packs, and where something is damaged or lies."""

import itertools
import random
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.history.graph import read_commits, trees_above
from leakscan.history.paths import MOST, paths_below
from leakscan.history.sought import Above
from leakscan.history.working import start
from leakscan.workers import Pool
from tests.databases import database_of
from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, places, token_line

from .reporting import history, place, stands


@pytest.fixture
def token() -> str:
    """The value that is looked for."""
    return fresh()


def crowd(rng: random.Random, count: int = 60) -> dict[str, bytes | None]:
    """Files that make a tree large enough for deltas."""
    return {f"{rng.randbytes(4).hex()}.txt": rng.randbytes(5) for _ in range(count)}


@pytest.mark.parametrize("before", range(0, 130, 9))
@pytest.mark.parametrize("beginning", ["", "recordings-of-the-account-", "recordingsoftheaccountAC"])
def test_the_commit_of_a_name_wherever_its_delta_is_cut(
    repository: Repository, shipped: Prepared, before: int, beginning: str
) -> None:
    rng = random.Random(before)
    made = History()
    first = made.commit(crowd(rng) | {f"{beginning}{number}": b"" for number in range(5)})
    sid, whole = fresh("account_sid"), beginning.removesuffix("AC")
    made.commit({f"{whole}A0{rng.randbytes(80).hex()[:before]}": b"1", f"{whole}{sid}": b"2"}, first)
    made.write(repository)
    repository.git("gc", "--quiet", "--aggressive")
    found = stands(shipped, repository, sid)
    assert [each.commit for each in found] == [repository.git("rev-parse", "main")] * len(found)
    assert found or whole == "recordingsoftheaccount"  # in one word with it a SID is none


@pytest.mark.parametrize("part", ["TWILIO_AUTH_TOKEN=", "keys/TWILIO_AUTH_TOKEN="])
def test_a_name_of_which_the_delta_copies_the_beginning(repository: Repository, shipped: Prepared, part: str) -> None:
    rng = random.Random(1)
    made, tokens = History(), [fresh(), fresh()]
    files = {f"keys/{name}": data for name, data in crowd(rng).items()} | crowd(rng)
    made.commit(files | {f"{part}none-here-{number}": b"" for number in range(9)})
    for token in tokens:
        made.commit({f"{part}none-here-{number}": None for number in range(9)} | {part + token: b"1"})
    made.write(repository)
    repository.git("gc", "--quiet", "--aggressive")
    commits = repository.git("rev-list", "--reverse", "main").split()
    found = [place(shipped, repository, token) for token in tokens]
    assert [each.path for each in found] == [part + token for token in tokens]
    assert [each.commit for each in found] == commits[1:]


@pytest.mark.parametrize("count", [1, 60])
def test_every_version_of_a_tree_in_deltas(repository: Repository, shipped: Prepared, count: int) -> None:
    rng = random.Random(count)
    made, tokens = History(), [fresh() for _ in range(count)]
    made.commit(crowd(rng, 300) | {f"deep/{name}": data for name, data in crowd(rng, 300).items()})
    for number, value in enumerate(tokens):
        made.commit({f"deep/{number}.env": token_line(value).encode(), f"{number}.txt": b"x"})
        made.commit({f"deep/{number}.env": None})
    made.write(repository)
    repository.git("gc", "--quiet", "--aggressive")
    commits = repository.git("rev-list", "--reverse", "main").split()
    report = history(shipped, repository.root)
    for number, value in enumerate(tokens):
        (found,) = places(report, value)
        assert (found.path, found.commit) == (f"deep/{number}.env", commits[2 * number + 1])
        assert found.removed_in == commits[2 * number + 2]


def test_a_deep_path_in_many_packs(repository: Repository, shipped: Prepared, token: str) -> None:
    rng = random.Random(1)
    deep = "a/b/c/d/e/f/g/h/i/j/k/l/m/n/"
    files = {deep[:end] + name: data for end in range(0, len(deep) + 1, 2) for name, data in crowd(rng, 30).items()}
    files[f"{deep}a.env"] = token_line(token).encode()
    made = History()
    made.commit(files)
    made.write(repository)
    repository.git("reset", "--quiet", "--hard")
    for number in range(5):
        repository.commit(f"{deep}{number}")
        repository.git("repack", "--quiet", "-a", "-f")  # without -d: every object lies in each pack
    found = place(shipped, repository, token)
    assert (found.path, found.in_head) == (f"{deep}a.env", True)


def damage(pack: Path, repository: Repository, oid: str) -> None:
    """Spoil an object of a pack."""
    listing = repository.git("verify-pack", "-v", str(pack.with_suffix(".idx"))).splitlines()
    at = next(int(line.split()[4]) for line in listing if line.startswith(oid))
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[at + 6 : at + 12] = b"\xff" * 6
    pack.write_bytes(data)


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:conf", "HEAD"])
def test_a_damaged_object_of_which_a_copy_is_whole(
    repository: Repository, shipped: Prepared, token: str, what: str
) -> None:
    repository.commit("conf/a.env", text=token_line(token))
    oid = repository.git("rev-parse", what)
    repository.git("repack", "--quiet", "-a")  # the loose objects stay
    (pack,) = (repository.root / ".git/objects/pack").glob("*.pack")
    damage(pack, repository, oid)
    report = history(shipped, repository.root)
    (found,) = places(report, token)
    assert report.problems
    assert (found.path, found.commit) == ("conf/a.env", repository.git("rev-parse", "HEAD"))


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:conf", "HEAD"])
def test_what_a_damaged_object_leaves_is_told(repository: Repository, shipped: Prepared, token: str, what: str) -> None:
    repository.commit("conf/a.env", text=token_line(token))
    oid = repository.git("rev-parse", what)
    repository.git("repack", "--quiet", "-a", "-d")
    (pack,) = (repository.root / ".git/objects/pack").glob("*.pack")
    damage(pack, repository, oid)
    report = history(shipped, repository.root)
    assert len(places(report, token)) == 1
    assert oid[:16] in " ".join(problem.where for problem in report.problems)


@pytest.mark.parametrize("zone", ["+0530", "+051800", "+5", "", "nonsense"])
def test_the_time_of_a_commit_with_a_strange_zone(repository: Repository, shipped: Prepared, zone: str) -> None:
    repository.commit("a")
    text = repository.git("cat-file", "commit", "HEAD").replace("+0000", zone)
    repository.write("raw", f"{text}\n\ncommitter A <a@b> 5 +0000\n")
    oid = repository.git("hash-object", "-w", "--literally", "-t", "commit", "raw")
    database = database_of(repository.root)
    commits = read_commits(Pool(1, start, (shipped, database)), database)
    assert commits.times[commits.numbers[bytes.fromhex(oid)]] == 1769860800


def test_packs_that_are_gone(repository: Repository, shipped: Prepared) -> None:
    repository.commit("a.env")
    repository.git("repack", "--quiet", "-a", "-d")
    database = database_of(repository.root)
    blob = bytes.fromhex(repository.git("rev-parse", "HEAD:a.env"))
    (pack,) = (repository.root / ".git/objects/pack").glob("*.pack")
    pack.rename(pack.with_suffix(".gone"))
    pool = Pool(1, start, (shipped, database))
    assert len(read_commits(pool, database)) == 0
    assert trees_above(pool, database, [blob], []) == []


def test_two_files_of_one_name_in_a_hostile_tree(repository: Repository, shipped: Prepared, token: str) -> None:
    values = [token, fresh()]
    blobs = [repository.git("hash-object", "-w", str(repository.write("blob", token_line(value)))) for value in values]
    (repository.root / "raw").write_bytes(b"".join(b"100644 a.env\0" + bytes.fromhex(blob) for blob in blobs))
    tree = repository.git("hash-object", "-w", "--literally", "-t", "tree", "raw")
    repository.git("update-ref", "refs/heads/main", repository.git("commit-tree", "-m", "Twice", tree))
    for value in values:
        found = place(shipped, repository, value)
        assert (found.path, found.commit, found.in_head) == ("a.env", repository.git("rev-parse", "main"), True)


def test_trees_that_hold_themselves() -> None:
    one, other, blob = b"1" * 20, b"2" * 20, b"b" * 20
    above = [Above(one, b"a", blob), Above(other, b"x", one), Above(one, b"y", other), Above(one, b"z", one)]
    paths = paths_below(above, frozenset([blob]))
    assert (b"a", blob) in paths.below[one]
    assert set(paths.below) == {one, other}


def test_more_paths_than_can_be_listed() -> None:
    blob = b"b" * 20
    trees = [bytes([level]) * 20 for level in range(1, 30)]
    above = [Above(trees[0], b"a", blob)]
    above += [Above(tree, name, inner) for inner, tree in itertools.pairwise(trees) for name in (b"x", b"y")]
    paths = paths_below(above, frozenset([blob]))
    assert paths.cut
    assert len(paths.below[trees[-1]]) == MOST
    assert len(set(paths.below[trees[-1]])) == MOST


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_just_as_many_paths_as_can_be_listed(more: int, cut: bool) -> None:
    blob, folder, root = b"b" * 20, b"f" * 20, b"r" * 20
    above = [Above(folder, b"%d" % number, blob) for number in range(MOST + more)]
    paths = paths_below(
        [*above, Above(root, b"f", folder), Above(root, b"a", blob)][: -1 if not more else None], frozenset([blob])
    )
    assert (paths.cut, len(paths.below[root])) == (cut, MOST)
    assert len(paths.below[folder]) == MOST + more
