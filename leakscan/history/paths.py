"""Trees above what was found -> the paths at which it stands in each commit's tree, and in trees no commit has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from leakscan.history.sought import Above

# A hostile tree can hold one file under more paths than anybody could list.
MOST = 20_000

# What was found, as the trees name it: a blob's id, or a file name (of names that hold a value themselves).
Hit = bytes


class Paths(NamedTuple):
    """For each tree the paths below it with what stands there; `cut` if there were too many of them."""

    below: Mapping[bytes, tuple[tuple[bytes, Hit], ...]]
    held: frozenset[bytes]
    cut: bool

    def loose(self, roots: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, Hit]]:
        """What stands in trees that neither are among `roots` nor are held by another tree: tree, path and what."""
        known = set(roots)
        for tree, contents in self.below.items():
            if tree not in known and tree not in self.held:
                for path, hit in contents:
                    yield tree, path, hit


def paths_below(above: Iterable[Above], blobs: frozenset[bytes]) -> Paths:
    """The paths below every tree in `above`, of `blobs` and of names."""
    files: dict[bytes, list[tuple[bytes, Hit]]] = defaultdict(list)
    folders: dict[bytes, list[tuple[bytes, bytes]]] = defaultdict(list)
    for tree, name, child in dict.fromkeys(above):  # a tree that lies in several packs was read from each
        if child is None:
            files[tree].append((name, b"name:" + name))
        elif child in blobs:
            files[tree].append((name, child))
        else:
            folders[tree].append((name, child))
    below: dict[bytes, tuple[tuple[bytes, Hit], ...]] = {}
    cut = False
    begun: set[bytes] = set()
    waiting = [*files, *folders]
    while waiting:
        tree = waiting[-1]
        if tree not in begun:
            begun.add(tree)  # what is begun is not begun again: an index that lies can name trees that hold themselves
            waiting += [child for _, child in folders.get(tree, ()) if child not in begun]
            continue
        waiting.pop()
        if tree in below:
            continue
        contents = list(files.get(tree, ()))
        for name, child in folders.get(tree, ()):
            inside = below.get(child, ())
            room = max(0, MOST - len(contents))
            cut |= len(inside) > room
            contents += [(name + b"/" + path, hit) for path, hit in inside[:room]]
        below[tree] = tuple(contents)
    return Paths(below, frozenset(child for held in folders.values() for _, child in held), cut)
