"""The files round a finding: bounded, and nothing followed out of the tree."""

import zipfile
from pathlib import Path

import pytest

from leakscan.sources import surroundings
from leakscan.sources.archives.folder import ZipFolder
from leakscan.sources.repository import open_repository
from leakscan.sources.surroundings import Commit, Commits, Folder, Surroundings
from tests.repository import Repository


def test_a_folder_lists_what_is_near_first_and_passes_over_what_others_wrote(tmp_path: Path) -> None:
    for name in ("a/b/deep.js", "z.js", "node_modules/x/index.js", ".git/config", "a/one.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(Folder(tmp_path).files()) == ["z.js", "a/one.js", "a/b/deep.js"]


def test_texts_are_those_of_files_inside_alone(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "a.js").write_text("secret")
    (root / "b.js").write_text("text")
    (root / "link.js").symlink_to(outside / "a.js")
    (root / "folder").symlink_to(outside)
    asked = ["b.js", "link.js", "folder/a.js", "../outside/a.js", "missing.js", "nul\0.js"]
    assert Folder(root).texts(asked) == {"b.js": "text"}
    assert list(Folder(root).files()) == ["b.js"]


def test_a_file_over_the_bound_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.js").write_bytes(b"x" * (surroundings.LARGEST + 1))
    assert Folder(tmp_path).texts(["large.js"]) == {}


def test_a_scanned_folder_in_a_work_tree_belongs_to_the_whole_of_it(repository: Repository) -> None:
    (repository.root / "web").mkdir()
    (repository.root / "web/a.js").write_text("x")
    found = Surroundings((str(repository.root / "web"),)).of("a.js")
    assert found is not None
    assert found[1] == "web/a.js"


@pytest.mark.parametrize("shown", ["-", "a.zip!b.js"])
def test_what_is_no_file_has_no_project(shown: str, tmp_path: Path) -> None:
    assert Surroundings((str(tmp_path),)).of(shown) is None


def test_a_member_of_a_zip_archive_belongs_to_what_is_beside_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("manifest.json", '{"manifest_version": 3}')
        archive.writestr("bg.js", "const one = 1;")
        archive.writestr("large.js", "x" * 500_000)
    found = Surroundings((str(tmp_path),)).of("a.zip!bg.js")
    assert found is not None
    project, path = found
    assert (sorted(project.files()), path) == (["bg.js", "large.js", "manifest.json"], "bg.js")
    assert project.texts(["bg.js", "large.js", "none.js"]) == {"bg.js": "const one = 1;"}


@pytest.mark.parametrize("shown", ["tests/a.zip!b.js", "a.apk!b.js", "a.zip!b.zip!c.js"])
def test_other_members_are_judged_by_their_paths(shown: str, tmp_path: Path) -> None:
    place = tmp_path / shown.partition("!")[0]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"PK")
    assert Surroundings((str(tmp_path),)).of(shown) is None


def test_a_damaged_zip_archive_has_no_members(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and nothing more")
    folder = ZipFolder(tmp_path / "a.zip")
    assert (list(folder.files()), folder.texts(["a"])) == ([], {})


def test_a_commit_gives_the_files_of_head(repository: Repository) -> None:
    repository.write("src/a.js", "import './b';")
    repository.write("src/b.js", "one")
    repository.commit()
    repository.write("src/b.js", "not committed")
    commit = Commit(open_repository(repository.root))
    assert sorted(commit.files()) == ["src/a.js", "src/b.js"]
    assert commit.texts(["src/b.js", "src/c.js"]) == {"src/b.js": "one"}


def test_a_repository_without_commits_has_no_files(repository: Repository) -> None:
    opened = open_repository(repository.root)
    assert list(Commit(opened).files()) == []
    assert Commits([opened]).of("a.js") is not None


def test_what_stands_among_tests_is_a_project_of_its_own(repository: Repository) -> None:
    repository.write("tests/cases/one/package.json", "{}")
    repository.write("tests/cases/one/src/a.js")
    found = Surroundings((str(repository.root / "tests/cases/one"),)).of("src/a.js")
    assert found is not None
    assert found[1] == "src/a.js"


def test_a_named_file_belongs_to_its_work_tree(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("web/src/a.js")
    monkeypatch.chdir(repository.root / "web")
    found = Surroundings(("src/a.js",)).of("src/a.js")
    assert found is not None
    assert found[1] == "web/src/a.js"
