"""Configuration, ignore and baseline files: what they mean, and errors that name file and key."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from leakscan.config import (
    Settings,
    cache_folder,
    find_config,
    load_config,
    load_ignore_file,
)
from leakscan.errors import ConfigError

TODAY = date(2026, 6, 15)
MARK = "0123456789abcdef"
FULL = """
exclude = ["vendor/", "*.lock"]
rules = ["mine.toml"]
baseline = "base.json"
fail-on = "high"
min-confidence = 0.75
include-ignored = true
"""
WRONG = {
    "unknown key": ("excludes = []", "'excludes'"),
    "text for a list": ('exclude = "vendor/"', "exclude"),
    "numbers in a list": ("exclude = [1]", "exclude"),
    "list for a text": ("baseline = []", "baseline"),
    "truth value for a number": ("min-confidence = true", "min-confidence"),
    "number for a truth value": ("include-ignored = 1", "include-ignored"),
    "unknown level": ('fail-on = "info"', "fail-on"),
    "too much confidence": ("min-confidence = 1.1", "min-confidence"),
    "too little confidence": ("min-confidence = -0.1", "min-confidence"),
    "no number": ("min-confidence = nan", "min-confidence"),
    "not TOML": ("exclude = [", "not valid TOML"),
}


def write(path: Path, text: str) -> Path:
    """Write a file and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def wanted(path: Path) -> Settings:
    """What FULL says, in a file at `path`."""
    return Settings(
        str(path),
        ("vendor/", "*.lock"),
        (path.parent / "mine.toml",),
        path.parent / "base.json",
        "high",
        0.75,
        include_ignored=True,
    )


# --- leakscan.toml and pyproject.toml ---------------------------------------------------------------------------------


def test_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "leakscan.toml", FULL)
    assert load_config(path) == wanted(path)


def test_a_table_of_pyproject_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", f"[project]\nname = 'x'\n[tool.leakscan]\n{FULL}")
    assert load_config(path) == wanted(path)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "leakscan.toml", "")
    assert load_config(path) == Settings(str(path))


@pytest.mark.parametrize("number", ["0", "1", "0.5"])
def test_any_confidence_from_0_to_1_is_taken(tmp_path: Path, number: str) -> None:
    assert load_config(write(tmp_path / "leakscan.toml", f"min-confidence = {number}")).min_confidence == float(number)


@pytest.mark.parametrize(("text", "names"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("name", ["leakscan.toml", "pyproject.toml"])
def test_an_error_names_file_and_key(tmp_path: Path, name: str, text: str, names: str) -> None:
    path = write(tmp_path / name, text if name == "leakscan.toml" else f"[tool.leakscan]\n{text}")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert names in str(caught.value)


TOOL = pytest.param("tool = 5")


@pytest.mark.parametrize("text", ["[tool]\nleakscan = 5", TOOL])
def test_what_is_no_table_is_told(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "pyproject.toml", text)
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        load_config(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"leakscan\.toml"):
        load_config(tmp_path / "leakscan.toml")


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    far, near = write(tmp_path / "leakscan.toml", ""), write(tmp_path / "a" / "leakscan.toml", "")
    (tmp_path / "a" / "b").mkdir()
    assert find_config(tmp_path / "a" / "b", tmp_path) == near
    assert find_config(tmp_path, tmp_path) == far


def test_the_own_file_comes_before_pyproject(tmp_path: Path) -> None:
    project = write(tmp_path / "pyproject.toml", "[tool.leakscan]")
    assert find_config(tmp_path, tmp_path) == project
    own = write(tmp_path / "leakscan.toml", "")
    assert find_config(tmp_path, tmp_path) == own


def test_a_pyproject_without_the_table_is_passed_by(tmp_path: Path) -> None:
    own = write(tmp_path / "leakscan.toml", "")
    write(tmp_path / "a" / "pyproject.toml", "[tool.other]")
    assert find_config(tmp_path / "a", tmp_path) == own


def test_nothing_above_the_top_is_found(tmp_path: Path) -> None:
    write(tmp_path / "leakscan.toml", "")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_config(tmp_path / "a" / "b", tmp_path / "a") is None


@pytest.mark.parametrize("text", ["[", "tool = ['leakscan']", TOOL])
def test_any_pyproject_on_the_way_is_passed_by_or_told(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    with pytest.raises(ConfigError, match=r"pyproject\.toml") if text == "[" else nullcontext():
        assert find_config(tmp_path, tmp_path) in {None, tmp_path / "pyproject.toml"}


# --- .leakscanignore --------------------------------------------------------------------------------------------------


def test_an_ignore_file_holds_patterns_and_fingerprints(tmp_path: Path) -> None:
    path = write(tmp_path / ".leakscanignore", f"# known\n\nvendor/\n!vendor/own/\n{MARK} a test account\n")
    read = load_ignore_file(path, TODAY)
    assert [line for line in read.patterns if line and not line.startswith("#")] == ["vendor/", "!vendor/own/"]
    assert (read.fingerprints, read.notes) == (((MARK, "a test account"),), ())


@pytest.mark.parametrize(("until", "holds"), [("2026-06-14", False), ("2026-06-15", True), ("2027-01-01", True)])
def test_an_entry_holds_until_its_day_is_over(tmp_path: Path, until: str, holds: bool) -> None:
    path = write(tmp_path / ".leakscanignore", f"{MARK} until {until} being rotated\n")
    read = load_ignore_file(path, TODAY)
    assert read.fingerprints == (((MARK, "being rotated"),) if holds else ())
    assert [MARK in note and until in note for note in read.notes] == ([] if holds else [True])


@pytest.mark.parametrize("entry", ["", " ", " until 2027-01-01", " until 2027-01-01 "])
def test_a_fingerprint_needs_a_reason(tmp_path: Path, entry: str) -> None:
    path = write(tmp_path / ".leakscanignore", f"a\n{MARK}{entry}\n")
    with pytest.raises(ConfigError, match=r"\.leakscanignore:2: .*reason"):
        load_ignore_file(path, TODAY)


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "01.02.2027"])
def test_a_bad_date_is_named(tmp_path: Path, day: str) -> None:
    path = write(tmp_path / ".leakscanignore", f"{MARK} until {day} being rotated")
    with pytest.raises(ConfigError, match=f":1: '{day}'"):
        load_ignore_file(path, TODAY)


def test_no_ignore_file_ignores_nothing(tmp_path: Path) -> None:
    assert load_ignore_file(tmp_path / ".leakscanignore", TODAY).patterns == ()
    assert load_ignore_file(write(tmp_path / "file", "") / ".leakscanignore", TODAY).fingerprints == ()


def test_comments_alone_are_no_patterns(tmp_path: Path) -> None:
    assert load_ignore_file(write(tmp_path / ".leakscanignore", "# nothing\n\n"), TODAY).patterns == ()


def test_an_ignore_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".leakscanignore").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"\.leakscanignore.*UTF-8"):
        load_ignore_file(tmp_path / ".leakscanignore", TODAY)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, Path("/x/leakscan")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, Path("/h/.cache/leakscan")),
        ({"HOME": "/h"}, Path("/h/.cache/leakscan")),
        ({}, None),
    ],
)
def test_the_cache_stands_where_the_environment_says(environment: dict[str, str], folder: Path | None) -> None:
    assert cache_folder(environment) == folder
