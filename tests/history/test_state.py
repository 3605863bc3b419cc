"""What was scanned is not scanned again, what has something to tell stays told, and the file may be anything."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.errors import UsageError
from leakscan.history.run import Options, scan_history
from leakscan.history.state import State
from leakscan.model import Report
from leakscan.sources.repository import open_repository
from tests.repository import Repository
from tests.scanning import fresh, places, token_line


def run(prepared: Prepared, repository: Repository, file: Path, rules: str = "rules") -> Report:
    """One run with a state file."""
    with State(file, rules) as state:
        return scan_history([open_repository(repository.root)], prepared, options=Options(jobs=1, state=state))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the state is kept."""
    return tmp_path / "state"


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_nothing_new_is_not_read_again(repository: Repository, shipped: Prepared, state: Path, packed: bool) -> None:
    repository.commit("a", "b")
    if packed:
        repository.git("gc", "--quiet")
    assert run(shipped, repository, state).statistics.contents == 3
    assert run(shipped, repository, state).statistics.contents == 0


def test_a_finding_stays(repository: Repository, shipped: Prepared, state: Path) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    repository.commit("b")
    repository.git("gc", "--quiet")
    reports = [run(shipped, repository, state) for _ in range(3)]
    assert reports[0].findings == reports[1].findings == reports[2].findings
    assert len(places(reports[2], token)) == 1


def test_only_what_is_new_is_read(repository: Repository, shipped: Prepared, state: Path) -> None:
    for number in range(20):
        repository.commit(f"file{number}", text=f"text {number}\n")
    run(shipped, repository, state)
    token = fresh()
    repository.commit("late.env", text=token_line(token))
    repository.git("gc", "--quiet")  # all in a new pack
    report = run(shipped, repository, state)
    assert report.statistics.contents < 9
    assert len(places(report, token)) == 1


def test_other_rules_begin_anew(repository: Repository, shipped: Prepared, state: Path) -> None:
    repository.commit("a", "b")
    first = run(shipped, repository, state).statistics.contents
    assert run(shipped, repository, state).statistics.contents < first
    assert run(shipped, repository, state, "others").statistics.contents == first


def test_the_file_holds_no_value_and_is_its_owners(repository: Repository, shipped: Prepared, state: Path) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    run(shipped, repository, state)
    assert token.encode() not in state.read_bytes()
    assert os.name == "nt" or state.stat().st_mode & 0o077 == 0


def test_a_damaged_object_stays_told(repository: Repository, shipped: Prepared, state: Path) -> None:
    repository.commit("a")
    oid = repository.git("rev-parse", "HEAD:a")
    file = repository.root / ".git" / "objects" / oid[:2] / oid[2:]
    file.chmod(0o600)
    file.write_bytes(b"garbage")
    assert len({run(shipped, repository, state).problems for _ in range(2)}) == 1
    assert run(shipped, repository, state).problems


@pytest.mark.parametrize("kind", ["text", "folder", "link", "other database"])
def test_what_is_no_state_file_is_refused(tmp_path: Path, state: Path, kind: str) -> None:
    if kind == "text":
        state.write_text("this is no database, but somebody's notes\n" * 50)
    elif kind == "folder":
        state.mkdir()
    elif kind == "link":
        (tmp_path / "target").write_text("")
        state.symlink_to(tmp_path / "target")
    else:
        with sqlite3.connect(state) as connection:
            connection.execute("CREATE TABLE scanned (something TEXT)")
        connection.close()
    with pytest.raises(UsageError, match="state file"):
        State(state, "rules")


def test_what_a_killed_run_recorded_is_not_read_again(repository: Repository, state: Path) -> None:
    repository.commit("a", "b")
    script = (
        "import os, sys; import numpy as np; from pathlib import Path; from leakscan.history.state import State\n"
        "state = State(Path(sys.argv[1]), 'rules'); state.record('r', np.full((3, 20), 7, np.uint8)); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(state)], check=False, timeout=60)
    with State(state, "rules") as known:
        assert len(known.known("r", 20).rows()) == 3


def test_of_a_pack_only_what_has_something_to_tell_is_read_again(
    repository: Repository, shipped: Prepared, state: Path
) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    repository.write("b.zip", "PK\3\4 and no archive")
    repository.commit(*(f"file{number}" for number in range(20)))
    repository.git("gc", "--quiet")
    reports = [run(shipped, repository, state) for _ in range(3)]
    assert [report.statistics.contents for report in reports[1:]] == [2, 2]
    assert len({report.problems for report in reports}) == 1
    assert reports[0].problems
    assert reports[0].findings == reports[1].findings == reports[2].findings != ()


def test_what_has_something_to_tell_may_be_packed_anew(repository: Repository, shipped: Prepared, state: Path) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    repository.git("gc", "--quiet")
    first = run(shipped, repository, state)
    repository.commit("b", text="something else\n")
    repository.git("repack", "-a", "-d", "--quiet")
    second = run(shipped, repository, state)
    assert [len(places(report, token)) for report in (first, second)] == [1, 1]
    assert run(shipped, repository, state).statistics.contents == 1


def test_what_is_gone_is_told_no_more(repository: Repository, shipped: Prepared, state: Path) -> None:
    kept, gone = fresh(), fresh()
    repository.commit("a.env", text=token_line(kept))
    repository.git("checkout", "--quiet", "-b", "other")
    repository.commit("b.env", text=token_line(gone))
    repository.git("gc", "--quiet")
    assert len(run(shipped, repository, state).findings) == len(run(shipped, repository, state).findings) > 2
    repository.git("checkout", "--quiet", "main")
    repository.git("branch", "-D", "other")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    for _ in range(2):
        report = run(shipped, repository, state)
        assert places(report, kept)
        assert not places(report, gone)
    assert run(shipped, repository, state).statistics.contents == 1


def test_a_run_killed_between_packs_loses_nothing(repository: Repository, shipped: Prepared, state: Path) -> None:
    token = fresh()
    repository.commit("a.env", text=token_line(token))
    repository.git("gc", "--quiet")
    run(shipped, repository, state)
    with sqlite3.connect(state) as connection:  # as it is before the run's last words
        connection.execute("DELETE FROM packs")
        connection.execute("DELETE FROM telling")
    connection.close()
    assert len(places(run(shipped, repository, state), token)) == 1


def test_names_read_before_still_speak_for_what_is_told_again(
    repository: Repository, shipped: Prepared, state: Path
) -> None:
    key = fresh("pkcv_private_key")
    repository.commit("config/twilio.pem", text=key)
    repository.git("gc", "--quiet")
    reports = [run(shipped, repository, state) for _ in range(2)]
    assert [len(places(report, key.strip())) for report in reports] == [1, 1]
