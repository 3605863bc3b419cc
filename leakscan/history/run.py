"""One run over a repository's history: object database -> candidates -> places -> findings -> Report."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from leakscan.analysis.pairing import LIFT
from leakscan.analysis.suppression import Suppressions
from leakscan.detection.cache import Prepared
from leakscan.detection.evidence import logit, path_clue, path_lift
from leakscan.detection.rules import SIGNATURE, RuleSet
from leakscan.history.scanning import BESIDE
from leakscan.history.state import State, checksum
from leakscan.history.working import scan_unit, start
from leakscan.members import below
from leakscan.model import Candidate, Origin, Problem, Report, Role, Rule
from leakscan.sources.commits import Selection
from leakscan.sources.hardening import GitError
from leakscan.sources.known import Known
from leakscan.sources.objects import LOOSE, ObjectDatabase, Unit, loose_ids, open_database, units
from leakscan.sources.repository import Repository
from leakscan.workers import Pool, Progress, Stopwatch, Tally

# In so many blobs a placeholder is told of: nobody has to do anything about it.
_MOST_DUMMIES = 20


class Options(NamedTuple):
    """What is asked of a run. `least` is the confidence (0 to 1) that a finding needs, `jobs` the number of workers.

    `wanted` tells which shown paths count; `selection` narrows the run to what some commits bring; `state` is where
    it is remembered what was scanned.
    """

    least: float = 0.5
    jobs: int | None = None
    wanted: Callable[[str], bool] | None = None
    selection: Selection | None = None
    state: State | None = None


def scan_history(
    repositories: Iterable[Repository],
    prepared: Prepared,
    suppressions: Suppressions | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Report:
    """Scan every object of each repository, and judge what is found.

    An interrupt (^C) ends the run early with what there is: the report then says that it is not complete.
    """
    watch = Stopwatch()
    options, progress = options or Options(), progress or Progress()
    repositories = list(repositories)
    total = Tally()
    complete = True
    try:
        for repository in repositories:
            complete &= _repository(repository, prepared, options, progress, total)
            if not complete:
                break
    except KeyboardInterrupt:
        complete = False
    from leakscan.sources.surroundings import Commits

    located = Commits(repositories).of
    judged = (suppressions or Suppressions()).judged(total.candidates, prepared.rules, options.least, located)
    problems = tuple(sorted(set(total.problems), key=lambda problem: (problem.where, problem.message)))
    return Report("history", judged, problems, watch.statistics(total), complete)


def _repository(repository: Repository, prepared: Prepared, options: Options, progress: Progress, total: Tally) -> bool:
    """Scan one repository into `total`; whether it came to its end."""
    scope = _scope(repository, options)
    database = scope.database
    total.problems += (*repository.problems, *database.problems)
    work = sorted(units(database, "blobs", "trees", "texts"), key=lambda unit: -unit.weight)
    if options.selection is None:
        work.insert(0, BESIDE)
    progress.expect(sum(unit.weight for unit in work))
    jobs = min(options.jobs or os.cpu_count() or 1, len(work) or 1)
    pool = Pool(jobs, start, (prepared, database))
    tally = Tally()

    def collect(unit: Unit, result: Tally | None) -> None:
        if result is None:
            tally.problems.append(_lost(repository, unit))
        else:
            tally.add(result)
            scope.record(unit, result)
        progress.advance(unit.weight)

    complete = True
    try:
        try:
            pool.run(scan_unit, work, collect)
            if not tally.problems and not database.problems:
                scope.finish()
        except KeyboardInterrupt:
            complete = False
        found = tally.candidates
        tally.candidates = _unplaced(found, repository.shown)  # should the user stop it now
        if complete and found:
            spoken = None if scope.partial else tally.spoken
            if scope.partial:
                pool.close()
                database = open_database(repository)
                pool = Pool(jobs, start, (prepared, database))
            tally.candidates = _placed(found, spoken, pool, database, prepared, options, tally.problems)
            tally.problems += database.problems
    except KeyboardInterrupt:
        complete = False
    finally:
        pool.close()
        total.add(tally)
    return complete


class _Scope:
    """Which objects of a repository a run reads, and what the state file is told of them."""

    def __init__(self, database: ObjectDatabase, state: State | None, *, partial: bool) -> None:
        self.database, self.partial = database, partial
        self._state = state
        self._key = str(database.repository.common)
        self._telling: set[int] = set()  # packs with something to tell: they have to be opened again

    def record(self, unit: Unit, result: Tally) -> None:
        """Tell the state file what was read without anything to tell of it."""
        if self._state is None or unit.group == BESIDE.group or result.problems:
            return
        size = self.database.repository.hash_size
        if unit.pack == LOOSE:
            oids = np.frombuffer(b"".join(map(bytes.fromhex, loose_ids(self.database, unit))), np.uint8)
            oids = oids.reshape(-1, size)
        else:
            group = self.database.groups[unit.pack][unit.group]
            members = group.members[unit.begin : unit.end]
            oids = self.database.packs[unit.pack].oids[members[~group.skipped[members]]]
        told = {origin.blob or origin.commit for origin in (candidate.origin for candidate in result.candidates)}
        hits = Known.of((oid for oid in told if oid), size)
        if told:
            self._telling.add(unit.pack)
        self._state.record(self._key, oids[~hits.mask(oids)])

    def finish(self) -> None:
        """Tell the state file that every pack was read."""
        if self._state is not None:
            size = self.database.repository.hash_size
            packs = [pack for number, pack in enumerate(self.database.packs) if number not in self._telling]
            self._state.finish(self._key, (checksum(pack.path, size) for pack in packs))


def _scope(repository: Repository, options: Options) -> _Scope:
    size = repository.hash_size
    if options.selection is not None:
        wanted = Known.of(options.selection.objects, size)
        return _Scope(open_database(repository, wanted=wanted), None, partial=True)
    if options.state is None:
        return _Scope(open_database(repository), None, partial=False)
    key = str(repository.common)
    done = options.state.packs(key)
    database = open_database(
        repository, options.state.known(key, size), passed=lambda path: checksum(path, size) in done
    )
    return _Scope(database, options.state, partial=True)


def _lost(repository: Repository, unit: Unit) -> Problem:
    where = f"{repository.shown}{unit.end - unit.begin} {unit.group}"
    return Problem(where, "the worker process that scanned them was killed; try fewer --jobs")


def _placed(  # what placing depends on
    candidates: list[Candidate],
    spoken: set[tuple[str, str]] | None,
    pool: Pool,
    database: ObjectDatabase,
    prepared: Prepared,
    options: Options,
    problems: list[Problem],
) -> list[Candidate]:
    """The candidates at the paths and between the commits where they stood."""
    from leakscan.history.authors import authors
    from leakscan.history.graph import read_commits, trees_above
    from leakscan.history.paths import MOST, paths_below
    from leakscan.history.places import Chosen, Placing
    from leakscan.sources import git

    repository = database.repository
    candidates = _worth_placing(candidates, spoken, pool, database, prepared.rules, options.least)
    if not candidates:
        return []
    if options.wanted is None and options.selection is None:  # which may leave out just those that are kept
        candidates = _few_dummies(candidates, prepared.rules)
    origins = [candidate.origin for candidate in candidates]
    blobs = frozenset(bytes.fromhex(each.blob) for each in origins if each.where == "content" and each.blob)
    names = {os.fsencode(each.path) for each in origins if each.where == "file_name"}
    commits = read_commits(pool, database)
    paths = paths_below(trees_above(pool, database, blobs, names), blobs)
    if paths.cut:
        message = f"a tree holds a finding under more than {MOST:,} paths; the others are not listed"
        problems.append(Problem(f"{repository.shown}trees", message))
    try:
        refs = git.references(repository.own)
        staged = git.staged(repository.own) if (repository.own / "index").is_file() else {}
    except GitError as error:
        problems.append(Problem(f"{repository.shown}refs", f"git could not list them: {error}"))
        refs, staged = (), {}
    placing = Placing(commits, paths, refs, staged, prepared.rules, repository.shown)
    chosen = Chosen(None, options.wanted)
    if options.selection is not None:
        numbers = (commits.numbers.get(bytes.fromhex(oid)) for oid in options.selection.commits)
        selected = frozenset(number for number in numbers if number is not None)
        chosen = Chosen(selected, options.wanted, options.selection.tags)
    return placing.place(candidates, chosen, lambda oids: authors(repository, oids))


def _worth_placing(  # what it is told by
    candidates: list[Candidate],
    spoken: set[tuple[str, str]] | None,
    pool: Pool,
    database: ObjectDatabase,
    rules: RuleSet,
    least: float,
) -> list[Candidate]:
    """The candidates that can be findings, their other halves and paths speaking for them; to place one costs much.

    `spoken` are the rules that the names in all trees could speak for, with the blobs there; None if not all were read.
    """
    from leakscan.history.graph import names_near

    bar = logit(least) - LIFT
    sure = [each for each in candidates if each.score >= bar]
    if all(each.rule == SIGNATURE.id for each in sure):
        sure = []  # there is nothing that they could prove
    by_path = [
        each
        for each in candidates
        if each.score < bar <= each.score + path_lift(rules.by_id[each.rule], rules.clues)
        and each.origin.blob
        and (
            spoken is None
            or _speaks(rules.by_id[each.rule], rules, each.origin.member)  # whose name no tree tells
            or not spoken.isdisjoint(((each.rule, ""), (each.rule, each.origin.blob)))
        )
    ]
    if not by_path or spoken is not None:
        return sure + by_path
    names = names_near(pool, database, {bytes.fromhex(each.origin.blob) for each in by_path if each.origin.blob})
    speaking = {
        rule
        for rule in {each.rule for each in by_path}
        if any(_speaks(rules.by_id[rule], rules, os.fsdecode(name)) for name in names)
    }
    return sure + [
        each for each in by_path if each.rule in speaking or _speaks(rules.by_id[each.rule], rules, each.origin.member)
    ]


def _few_dummies(candidates: list[Candidate], rules: RuleSet) -> list[Candidate]:
    """The candidates, but of each identifier that is a placeholder only those of some blobs: tests are full of them."""
    kept = []
    blobs: dict[tuple[str, str], set[str | None]] = {}
    for each in sorted(candidates, key=lambda candidate: candidate.origin.blob or ""):
        if each.placeholder and rules.by_id[each.rule].role is Role.IDENTIFIER:
            known = blobs.setdefault((each.rule, each.secret.sha256), set())
            if len(known) >= _MOST_DUMMIES and each.origin.blob not in known:
                continue
            known.add(each.origin.blob)
        kept.append(each)
    return kept


def _speaks(rule: Rule, rules: RuleSet, name: str) -> bool:
    clue = path_clue(rule, rules.clues, name)
    return clue is not None and clue.weight > 0


def _unplaced(candidates: list[Candidate], shown: str) -> list[Candidate]:
    """What an interrupted run found, without its paths."""
    return [
        candidate._replace(origin=_without_path(candidate.origin, shown))
        if candidate.origin.where == "content"
        else candidate
        for candidate in candidates
    ]


def _without_path(origin: Origin, shown: str) -> Origin:
    return origin._replace(path=below(f"{shown}blob {origin.blob}", origin.member), member="")
