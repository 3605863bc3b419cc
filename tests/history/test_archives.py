"""Archives among the blobs of a history: where a value stands in them, and which commits brought and took it."""

from collections.abc import Callable

import pytest

from leakscan.detection.cache import Prepared
from leakscan.model import Place
from tests.histories import History
from tests.repository import Repository
from tests.scanning import fresh, places, token_line
from tests.sources.archives.making import STREAMS, Files, document, sevenzipped, tarred, zipped

from .reporting import history, place, stands

FILLING = {"filling": bytes(range(256)) * 200}
PACKS: dict[str, Callable[[Files], bytes]] = {
    "a.zip": zipped,
    "a.tar": tarred,
    "a.7z": sevenzipped,
    "a.tgz": lambda files: STREAMS["gz"](tarred(files)),
}


def commits(repository: Repository) -> list[str]:
    """The ids of all commits, the oldest first."""
    return repository.git("rev-list", "--reverse", "HEAD").split()


@pytest.mark.parametrize("loose", [False, True])
@pytest.mark.parametrize("name", PACKS)
def test_a_value_comes_and_goes(shipped: Prepared, repository: Repository, name: str, loose: bool) -> None:
    token, pack = fresh(), PACKS[name]
    with_value = {**FILLING, "b/c.env": token_line(token).encode()}
    made = History()
    first = made.commit({f"lib/{name}": pack(FILLING)})
    second = made.commit({f"lib/{name}": pack(with_value)}, first)
    third = made.commit({f"lib/{name}": pack({**with_value, "d": b"more\n"})}, second)
    made.commit({f"lib/{name}": pack({**FILLING, "d": b"more\n"})}, third)
    made.write(repository, loose=loose)
    ids = commits(repository)
    found = place(shipped, repository, token)
    assert (found.path, found.place) == (f"lib/{name}!b/c.env", Place(2, 19, 2, 51))
    assert (found.commit, found.removed_in, found.in_head) == (ids[1], ids[3], False)
    assert (found.refs, found.blob is not None) == (("refs/heads/main",), True)


def test_a_value_that_moves_inside_an_archive(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    line = token_line(token).encode()
    made = History()
    first = made.commit({"a.zip": zipped({"b": line})})
    made.commit({"a.zip": zipped({"c": line})}, first)
    made.write(repository)
    ids = commits(repository)
    found = stands(shipped, repository, token)
    assert [(each.path, each.commit, each.removed_in, each.in_head) for each in found] == [
        ("a.zip!b", ids[0], ids[1], False),
        ("a.zip!c", ids[1], None, True),
    ]


@pytest.mark.parametrize("glued", [False, True])
def test_a_page_that_speaks_of_twilio_is_worked_out_where_a_value_could_stand(
    shipped: Prepared, repository: Repository, glued: bool
) -> None:
    token = fresh()
    named = f"TWILIO_AUTH_TOKEN={token}"
    made = History()
    made.commit({"terms.pdf": document(["Terms of Twilio", f"Notes{named}" if glued else named], packed=True)})
    made.write(repository)
    assert [each.path for each in stands(shipped, repository, token)] == ["terms.pdf!page 2"]


def test_an_archive_is_shown_below_each_of_its_paths(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    data = zipped({"b.tar": tarred({"c": token_line(token).encode()})})
    made = History()
    made.commit({"x/a.zip": data, "y/z.jar": data})
    made.write(repository)
    assert [each.path for each in stands(shipped, repository, token)] == ["x/a.zip!b.tar!c", "y/z.jar!b.tar!c"]


def test_a_compressed_file_has_the_name_of_its_archive(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    data = STREAMS["gz"](token_line(token).encode())
    made = History()
    made.commit({"x/settings.env.gz": data, "backup": data})
    made.write(repository)
    found = [each.path for each in stands(shipped, repository, token)]
    assert found == ["backup!content", "x/settings.env.gz!settings.env"]


def test_a_member_becomes_a_file_and_a_file_a_member(shipped: Prepared, repository: Repository) -> None:
    """A delta may be made between an archive and what is none."""
    token, line = fresh(), b""
    line = token_line(token).encode()
    plain = tarred({**FILLING, "b": line})
    made = History()
    first = made.commit({"a": plain})
    made.commit({"a": b"no archive\n" + plain[11:]}, first)
    made.write(repository)
    repository.git("gc", "--quiet")
    assert {each.path for each in stands(shipped, repository, token)} == {"a!b", "a"}


def test_what_names_a_member_may_speak_for_a_value(shipped: Prepared, repository: Repository) -> None:
    """No name in any tree tells of Twilio; the name of the member does."""
    secret, line = fresh("api_key_secret"), ""
    line = f"secret = '{secret}'\n"
    repository.write("plain/twilio/settings.py", line)
    plain = place_of_file(shipped, repository, secret)
    made = History()
    made.commit({"a.zip": zipped({"twilio/settings.py": line.encode()})})
    made.write(repository)
    assert [each.path for each in stands(shipped, repository, secret)] == ["a.zip!twilio/settings.py"] * plain


def place_of_file(prepared: Prepared, repository: Repository, value: str) -> int:
    """In how many places a value is found in the work tree."""
    from tests.scanning import scan_paths

    return len(places(scan_paths(prepared, repository.root / "plain"), value))


def test_damage_is_a_problem_that_names_the_blob(shipped: Prepared, repository: Repository) -> None:
    made = History()
    made.commit({"a.zip": zipped({"b": b"text\n"})[:-8], "b.gz": STREAMS["gz"](b"text\n" * 50)[:-9]})
    made.write(repository)
    blobs = {name: repository.git("rev-parse", f"main:{name}") for name in ("a.zip", "b.gz")}
    report = history(shipped, repository.root)
    told = {problem.where.removesuffix("!content") for problem in report.problems}
    assert told == {f"blob {oid}" for oid in blobs.values()}


def test_a_large_archive_comes_in_pieces(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    made = History()
    data = tarred({"filling": bytes(33 << 20), "b.zip": zipped({"c": token_line(token).encode()})})
    made.commit({"a.tar": data})
    made.write(repository)
    assert place(shipped, repository, token).path == "a.tar!b.zip!c"
