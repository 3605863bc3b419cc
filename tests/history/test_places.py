"""A secret is found wherever in a repository it stands, and packed as loose."""

import random
from collections.abc import Callable

import pytest

from leakscan.detection.cache import Prepared
from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, token_line

from .agreement import check


def commit_message(repository: Repository, line: str) -> None:
    repository.git("commit", "--quiet", "--allow-empty", "--message", line)


def author_name(repository: Repository, line: str) -> None:
    repository.git("commit", "--quiet", "--allow-empty", "--author", f"{line} <a@example.org>", "--message", "x")


def tag_message(repository: Repository, line: str) -> None:
    repository.git("tag", "--annotate", "v1", "--message", line)


def note(repository: Repository, line: str) -> None:
    repository.git("notes", "add", "--message", line)


def stash(repository: Repository, line: str) -> None:
    repository.write("a", line)
    repository.git("stash")


def reflog_only(repository: Repository, line: str) -> None:
    repository.commit("b", text=line)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")


def dangling(repository: Repository, line: str) -> None:
    repository.git("hash-object", "-w", str(repository.write("b", line)))
    (repository.root / "b").unlink()


def staged(repository: Repository, line: str) -> None:
    repository.write("b", line)
    repository.git("add", "b")


def deleted(repository: Repository, line: str) -> None:
    repository.commit("b", text=line)
    (repository.root / "b").unlink()
    repository.commit()


def merged(repository: Repository, line: str) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("b", text=line)
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "x", "side")


def in_long_file(repository: Repository, line: str) -> None:
    lines = [f"line {number} of many: {number * 7919}" for number in range(2000)]
    repository.commit("b", text="\n".join(lines))
    repository.commit("b", text="\n".join([*lines[:1000], line, *lines[1000:]]))
    repository.commit("b", text="\n".join(lines))


def file_name(repository: Repository, line: str) -> None:
    repository.commit(line.replace("\n", " "))


def ref_name(repository: Repository, line: str) -> None:
    repository.git("update-ref", "refs/heads/" + line.replace("\n", "-").rstrip("-"), "HEAD")


def remote_address(repository: Repository, line: str) -> None:
    sid, _, token = line.strip().partition("\n")
    account = f"{sid.rpartition('=')[2]}:{token.rpartition('=')[2]}"
    repository.git("remote", "add", "origin", f"https://{account}@api.twilio.com/x.git")


PLACES = (
    commit_message,
    author_name,
    tag_message,
    note,
    stash,
    reflog_only,
    dangling,
    staged,
    deleted,
    merged,
    in_long_file,
    file_name,
    ref_name,
    remote_address,
)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_wherever_it_stands(
    repository: Repository, shipped: Prepared, place: Callable[[Repository, str], None], packed: bool
) -> None:
    token = fresh()
    repository.commit("a")
    line = token_line(token)
    place(repository, line.replace("\n", " ").strip() if place is author_name else line)
    if packed:
        repository.git("gc", "--quiet", "--aggressive", "--prune=never")
    assert token in check(shipped, repository.root).values


@pytest.mark.parametrize("before", range(0, 130, 9))
@pytest.mark.parametrize("beginning", ["", "recordings-of-the-account-", "recordings-of-the-account-AC"])
def test_a_file_name_wherever_its_delta_is_cut(
    repository: Repository, shipped: Prepared, before: int, beginning: str
) -> None:
    rng = random.Random(before)
    files: dict[str, bytes | None] = {f"{rng.randbytes(4).hex()}/x": rng.randbytes(5) for _ in range(60)}
    files |= {f"{beginning}{number}": b"" for number in range(5)}
    history = History()
    first = history.commit(files)
    sid, whole = fresh("account_sid"), beginning.removesuffix("AC")
    added = {f"{whole}A0{rng.randbytes(80).hex()[:before]}": b"1", f"{whole}{sid}": b"2"}
    history.commit(files | added, first)
    history.write(repository)
    repository.git("gc", "--quiet", "--aggressive")
    assert sid in check(shipped, repository.root).values
