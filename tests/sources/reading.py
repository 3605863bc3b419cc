"""What a source hands over for some targets."""

from pathlib import Path

from leakscan.model import Content, Problem
from leakscan.sources.files import Reader, find


def read(*targets: Path | str, include_ignored: bool = False) -> tuple[dict[str, bytes], list[Problem]]:
    """The contents by path, and the problems. A path that comes twice is an error."""
    found = find(tuple(map(str, targets)), include_ignored=include_ignored)
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    reader = Reader()
    for each in (each for tree in found.trees for name in tree.files for each in reader.read(tree, name)):
        if isinstance(each, Content):
            assert each.origin.path not in contents
            contents[each.origin.path] = each.data
        else:
            problems.append(each)
    return contents, found.problems + problems


def names(*targets: Path | str, include_ignored: bool = False) -> set[str]:
    """The paths of what is read. A problem is an error."""
    contents, problems = read(*targets, include_ignored=include_ignored)
    assert problems == []
    return set(contents)


def plant(root: Path, *paths: str, text: str = "text\n") -> None:
    """Write files below `root`."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
