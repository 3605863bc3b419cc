"""The size budget: files and functions that fit on a few screens."""

import ast
from pathlib import Path

import pytest

import leakscan

FILE, FUNCTION = 300, 50
ROOT = Path(leakscan.__file__).parent.parent
SOURCES = sorted(path for folder in ("leakscan", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in SOURCES]


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_file_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text("utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert len(text.splitlines()) <= FILE
    assert {name: length for name, length in lengths.items() if length > FUNCTION} == {}


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_file_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))
