"""Candidates of bare objects -> candidates at paths, with the commits that brought and removed them."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from leakscan.analysis.provenance import Commits, Interval, Ints, holders, intervals, reached
from leakscan.detection.evidence import path_clue
from leakscan.detection.judging import FLOOR
from leakscan.detection.rules import RuleSet
from leakscan.history.paths import Hit, Paths
from leakscan.members import below
from leakscan.model import Candidate, Stay
from leakscan.sources.git import Reference

# A note's path in its tree is the id of what it is about, cut into folders.
_NOTE = re.compile(r"(?:[0-9a-f]{2}/)*[0-9a-f]{2,}")
_TEXTS = frozenset({"commit_message", "author"})

# What is the same value at one path: the rule, the value, and where in an archive it stands.
Value = tuple[str, str, str]
# Author and date (ISO 8601) of commits by their ids in hex.
Details = Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]


class Chosen(NamedTuple):
    """What the user wants to see: commits of a range (by number, None for all) with tags (by id), and paths."""

    commits: frozenset[int] | None = None
    wanted: Callable[[str], bool] | None = None
    tags: frozenset[str] = frozenset()


class _Found(NamedTuple):
    """A candidate at a path, and between which commits it stood there; or `refs` that lead to it by no commit."""

    candidate: Candidate
    brought: int | None = None
    removed: int | None = None
    in_head: bool = False
    refs: tuple[str, ...] = ()


class Placing:
    """All that is known of a repository's commits, trees and refs, to place candidates by."""

    def __init__(  # the facts that a place is worked out from
        self,
        commits: Commits,
        paths: Paths,
        refs: Sequence[Reference],
        staged: Mapping[str, str],
        rules: RuleSet,
        shown: str,
    ) -> None:
        self._commits = commits
        self._paths = paths
        self._rules = rules
        self._staged = staged
        self._shown = shown
        self._tips = {
            name: commits.numbers[raw] for name, oid in refs if (raw := bytes.fromhex(oid)) in commits.numbers
        }
        stash = self._tips.get("refs/stash")  # the index and the files that were not tracked are its other parents
        stashed = commits.parents[stash][1:] if stash is not None else []
        self._tip_numbers = np.array(sorted({*self._tips.values(), *stashed}), np.int64)
        self._within = reached(commits, self._tip_numbers)
        self._head = self._tips.get("HEAD")
        self._bare: dict[bytes, tuple[str, ...]] = {}  # refs of what is no commit
        for name, oid in refs:
            if name not in self._tips:
                self._bare[bytes.fromhex(oid)] = (*self._bare.get(bytes.fromhex(oid), ()), name)

    def place(self, candidates: Sequence[Candidate], chosen: Chosen, details: Details) -> list[Candidate]:
        """The candidates at the places where they stand or stood, as far as they are `chosen`."""
        by_hit: dict[Hit, list[Candidate]] = defaultdict(list)
        found: list[_Found] = []
        for candidate in candidates:
            origin = candidate.origin
            if origin.where == "content" and origin.blob:
                by_hit[bytes.fromhex(origin.blob)].append(candidate)
            elif origin.where == "file_name":
                by_hit[b"name:" + os.fsencode(origin.path)].append(candidate)
            elif origin.where in _TEXTS and origin.commit:
                found.append(self._text(candidate, origin.commit))
            else:
                found.append(_Found(candidate))
        found += self._in_trees(by_hit, chosen.commits)
        kept = [each for each in found if _is_chosen(each, chosen)]
        return self._with_facts(sorted(kept, key=self._order), details)

    def _text(self, candidate: Candidate, commit: str) -> _Found:
        return _Found(candidate, self._commits.numbers.get(bytes.fromhex(commit)))

    def _order(self, found: _Found) -> tuple[bool, tuple[int, bytes], str, str]:
        """Oldest first, whichever worker was the first to find something."""
        age = (0, b"") if found.brought is None else self._commits.age(found.brought)
        origin = found.candidate.origin
        return found.brought is None, age, origin.path, origin.blob or origin.commit or ""

    def _in_trees(self, by_hit: Mapping[Hit, list[Candidate]], chosen: frozenset[int] | None) -> Iterator[_Found]:
        placed: set[Hit] = set()
        for (path, _), pairs in self._by_path().items():
            placed.update(hit for _, hit in pairs)
            yield from self._at_path(path, pairs, by_hit, chosen)
        loose = self._paths.loose(self._commits.tree_numbers)
        for tree, path, hit in sorted(loose, key=lambda each: (each[0] not in self._bare, each[1])):
            if hit not in placed or tree in self._bare:
                placed.add(hit)
                for candidate in by_hit.get(hit, ()):
                    yield from self._judged(candidate, os.fsdecode(path), self._bare.get(tree, ()))
        for hit in by_hit.keys() - placed:
            oid = "" if hit.startswith(b"name:") else hit.hex()
            where = self._staged.get(oid, f"blob {oid}") if oid else os.fsdecode(hit[5:])
            for candidate in by_hit[hit]:
                yield from self._judged(candidate, where, self._bare.get(hit, ()))

    def _by_path(self) -> Mapping[tuple[bytes, int], list[tuple[int, Hit]]]:
        """What stands at each path, by the numbers of the trees (of commits) in which it does; one thing in each tree.

        A file and a value in its name stand at the same path: the number beside it tells them apart, and what
        stands twice at one path of a tree that somebody hostile made.
        """
        found: dict[tuple[bytes, int], list[tuple[int, Hit]]] = defaultdict(list)
        for tree, contents in self._paths.below.items():
            number = self._commits.tree_numbers.get(tree)
            if number is not None:
                for path, hit in contents:
                    layer = -1 if hit.startswith(b"name:") else 0
                    while (pairs := found[path, layer]) and pairs[-1][0] == number:
                        layer += 1
                    pairs.append((number, hit))
        return found

    def _at_path(
        self,
        path: bytes,
        pairs: Sequence[tuple[int, Hit]],
        by_hit: Mapping[Hit, list[Candidate]],
        chosen: frozenset[int] | None,
    ) -> Iterator[_Found]:
        """Every stay of every value at one path."""
        shown = os.fsdecode(path)
        hits = list(dict.fromkeys(hit for _, hit in pairs))
        numbers = {hit: number for number, hit in enumerate(hits)}
        by_tree = np.full(len(self._commits.tree_numbers), -1, np.int64)
        by_tree[[tree for tree, _ in pairs]] = [numbers[hit] for _, hit in pairs]
        series = by_tree[self._commits.trees]
        values: dict[Value, dict[int, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
        for hit in hits:
            for candidate in by_hit.get(hit, ()):
                values[candidate.rule, candidate.secret.reveal(), candidate.origin.member][numbers[hit]].append(
                    candidate
                )
        for versions in values.values():
            has = np.zeros(len(hits) + 1, bool)  # the last one stands for "not there"
            has[list(versions)] = True
            stays = intervals(self._commits, has[series], self._tip_numbers, self._within)
            for stay in stays if chosen is None else _brought_by(chosen, stays):
                yield from self._stay(stay, series, versions, shown)

    def _stay(
        self, stay: Interval, series: Ints, versions: Mapping[int, list[Candidate]], path: str
    ) -> Iterator[_Found]:
        """The places of a value in the version that brought it, with the strongest evidence of all its versions."""
        seen = np.unique(series[stay.standing]).tolist()
        best = max((each for number in seen for each in versions[number]), key=lambda each: (each.score, each.evidence))
        in_head = self._head is not None and bool(stay.standing[self._head])
        allowances = (each.allowance for number in seen for each in versions[number])
        allowance = next((each for each in allowances if each is not None), None)  # a later version may have it
        for candidate in versions[int(series[stay.brought])]:
            told = candidate._replace(allowance=allowance)
            if best.score > candidate.score:
                told = told._replace(score=best.score, evidence=best.evidence)
            for found in self._judged(told, path):
                yield found._replace(brought=stay.brought, removed=stay.removed, in_head=in_head)

    def _judged(self, candidate: Candidate, path: str, refs: tuple[str, ...] = ()) -> Iterator[_Found]:
        """The candidate at `path`, what the path says of it added; nothing if that makes it hopeless."""
        path = below(self._shown + path, candidate.origin.member)
        clue = path_clue(self._rules.by_id[candidate.rule], self._rules.clues, path)
        origin = candidate.origin._replace(path=path, member="")
        if candidate.origin.where == "file_name":
            origin = origin._replace(blob=None)
        candidate = candidate._replace(origin=origin)
        if clue is not None:
            says = (clue.says,) if clue.weight > 0 and clue.says else ()
            candidate = candidate._replace(score=candidate.score + clue.weight, evidence=candidate.evidence + says)
        if candidate.score >= FLOOR:
            yield _Found(candidate, refs=refs)

    def _with_facts(self, found: list[_Found], details: Details) -> list[Candidate]:
        wanted = sorted({each.brought for each in found if each.brought is not None})
        holding = holders(self._commits, wanted, self._tips)
        told = {*wanted, *(each.removed for each in found if each.removed is not None)}
        facts = details(self._commits.ids[number].hex() for number in sorted(told))
        # Of HEAD there is only something to say where nothing else holds a commit. Lists of refs are long and few.
        lists = {names: tuple(name for name in names if name != "HEAD") or names for names in holding.values()}
        return [self._with_stay(each, holding, lists, facts) for each in found]

    def _with_stay(
        self,
        each: _Found,
        holding: Mapping[int, tuple[str, ...]],
        lists: Mapping[tuple[str, ...], tuple[str, ...]],
        facts: Mapping[str, tuple[str, str]],
    ) -> Candidate:
        candidate, origin = each.candidate, each.candidate.origin
        if each.brought is None:
            in_head = False if origin.where in {"content", "file_name"} or origin.commit else None
            return candidate._replace(stay=Stay(commit=origin.commit, in_head=in_head, refs=each.refs))
        commit = self._commits.ids[each.brought].hex()
        names = holding.get(each.brought, ())
        refs = lists.get(names, ())
        author, date = facts.get(commit, (None, None))
        in_head = each.in_head or (origin.where in _TEXTS and "HEAD" in names)
        removed = self._commits.ids[each.removed].hex() if each.removed is not None else None
        where = origin.where
        in_notes = bool(refs) and all(name.startswith("refs/notes/") for name in refs)
        if in_notes and where == "content" and _NOTE.fullmatch(origin.path.removeprefix(self._shown)):
            where = "note"
        # With its commit an origin tells two stays of one version at one path apart.
        origin = origin._replace(where=where, commit=commit)
        _, removed_date = facts.get(removed or "", (None, None))
        stay = Stay(commit, author, date, removed, removed_date, in_head, refs)
        return candidate._replace(origin=origin, stay=stay)


def _brought_by(chosen: frozenset[int], stays: Iterable[Interval]) -> Iterator[Interval]:
    """The stays that one of the `chosen` commits brought, told of that one."""
    for stay in stays:
        for number in stay.bringing:
            if number in chosen:
                yield stay._replace(brought=number)
                break


def _is_chosen(found: _Found, chosen: Chosen) -> bool:
    origin = found.candidate.origin
    tagged = origin.where != "content" and origin.blob in chosen.tags
    if chosen.commits is not None and not tagged and (found.brought is None or found.brought not in chosen.commits):
        return False
    return chosen.wanted is None or chosen.wanted(origin.path)
