"""What is staged: blobs and nothing else, with the files round them as they are staged."""

from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.errors import UsageError
from leakscan.model import Content
from leakscan.pipeline import scan
from leakscan.sources.hardening import GitError
from leakscan.sources.index import deleted, find_staged
from leakscan.sources.quickgit import Blobs
from leakscan.sources.repository import open_hooked, open_repository
from leakscan.sources.segments import SEGMENT
from leakscan.sources.surroundings import Staged
from tests.repository import Repository
from tests.scanning import fresh, places, token_line


def read(repository: Repository) -> dict[str, bytes]:
    """What is staged, by path; a large file in one piece."""
    found = find_staged(open_repository(repository.root), {})
    reader = found.reader()
    contents: dict[str, bytes] = {}
    for tree in found.trees:
        for name in tree.files:
            pieces = [each for each in reader.read(tree, name) if isinstance(each, Content)]
            contents[name] = pieces[0].data if len(pieces) == 1 else b"".join(piece.data[:1] for piece in pieces)
    reader.close()
    return contents


def test_changes_additions_and_renames_but_no_deletions(repository: Repository) -> None:
    repository.commit("changed", "deleted", "moved", "same")
    repository.write("changed", "new\n")
    repository.git("mv", "moved", "here")
    repository.git("rm", "--quiet", "deleted")
    repository.write("added", "")
    repository.git("add", "--all")
    assert read(repository) == {"added": b"", "changed": b"new\n", "here": b"text\n"}
    assert sorted(deleted(open_repository(repository.root), {})) == ["deleted", "moved"]


def test_a_large_file_comes_in_pieces_and_the_next_one_whole(repository: Repository) -> None:
    repository.write("a", "x" * (SEGMENT + 5))
    repository.write("b", "after\n")
    repository.git("add", "--all")
    assert read(repository) == {"a": b"xx", "b": b"after\n"}


def test_what_is_left_of_one_blob_is_not_taken_for_the_next(repository: Repository) -> None:
    repository.write("a", "first\n" * 1000)
    repository.write("b", "second\n")
    repository.git("add", "--all")
    first, second = (repository.git("rev-parse", f":{name}") for name in "ab")
    blobs = Blobs(repository.root / ".git")
    assert blobs.open(first).read(5) == b"first"
    assert blobs.open(second).read(100) == b"second\n"
    with pytest.raises(GitError, match="no such object"):
        blobs.open("1" * 40)
    assert blobs.open(first).read(5) == b"first"
    blobs.close()
    blobs.close()


def test_the_report_is_the_same_whatever_the_number_of_workers(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    for number in range(700):
        repository.write(f"{number}.txt", "text\n" * 500)
    repository.write("zz.env", token_line(token))
    repository.git("add", "--all")
    for jobs in (1, 2, 3):
        report = scan(find_staged(open_repository(repository.root), {}), shipped, jobs=jobs)
        assert (report.statistics.contents, report.problems) == (701, ())
        assert [place.path for place in places(report, token)] == ["zz.env"]


def test_the_files_round_a_finding_are_the_staged_ones(repository: Repository) -> None:
    repository.commit("gone.js", "kept.js", text="old\n")
    repository.git("rm", "--quiet", "gone.js")
    repository.write("kept.js", "staged\n")
    repository.git("add", "--all")
    repository.write("kept.js", "on disk\n")
    repository.write("untracked.js")
    around = Staged(repository.root / ".git", repository.root / ".git" / "index")
    assert list(around.files()) == ["kept.js"]
    assert around.texts(["kept.js", "gone.js", "untracked.js"]) == {"kept.js": "staged\n"}
    assert around.of("a.zip!b") is None


def test_who_sees_a_staged_secret_is_told_by_what_is_staged(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    repository.write("package.json", '{"name": "web", "dependencies": {"react": "18"}}')
    repository.write("index.html", '<script type="module" src="/src/main.js"></script>')
    repository.write("src/main.js", f'const authToken = "{token}"; // Twilio\n')
    repository.git("add", "--all")
    for name in ("index.html", "package.json"):
        (repository.root / name).unlink()
    report = scan(find_staged(open_repository(repository.root), {}), shipped, jobs=1)
    (finding,) = (each for each in report.findings if each.secret.reveal() == token)
    assert finding.exposure.audience == "client"


def test_of_the_environment_only_an_index_inside_counts(repository: Repository, tmp_path: Path) -> None:
    repository.commit("a")
    opened = open_repository(repository.root)
    for inside in (".git/index", str(repository.root / ".git" / "next-index-1.lock")):
        assert find_staged(opened, {"GIT_INDEX_FILE": inside}).problems == []
    for outside in (str(tmp_path / "index"), "index", "../index", ".git/../../index"):
        with pytest.raises(UsageError, match="GIT_INDEX_FILE"):
            find_staged(opened, {"GIT_INDEX_FILE": outside})


def test_git_names_the_repository_of_a_hook(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened = open_hooked({"GIT_DIR": str(repository.root / ".git")})
    assert (opened.own, opened.work_tree) == (repository.root / ".git", repository.root)
    with pytest.raises(UsageError):
        open_hooked({"GIT_DIR": str(tmp_path)})
    with pytest.raises(UsageError):
        open_hooked({})
