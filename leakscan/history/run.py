"""One run over a repository's history: object database -> candidates -> places -> findings -> Report."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from leakscan.analysis.suppression import Suppressions
from leakscan.detection.cache import Prepared
from leakscan.detection.rules import RuleSet
from leakscan.history.scanning import BESIDE
from leakscan.history.scope import Scope
from leakscan.history.state import State
from leakscan.history.working import scan_unit, start
from leakscan.history.worth import Spoken, few_dummies, spoken_by, worth_placing
from leakscan.members import below
from leakscan.model import Candidate, Origin, Problem, Report
from leakscan.sources.commits import Selection
from leakscan.sources.hardening import GitError
from leakscan.sources.objects import ObjectDatabase, Unit, open_database, units
from leakscan.sources.repository import Repository
from leakscan.workers import Pool, Progress, Stopwatch, Tally


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
    scope = Scope(repository, options.selection, options.state)
    database = scope.database
    total.problems += (*repository.problems, *database.problems)
    work = sorted(units(database, "blobs", "trees", "texts"), key=lambda unit: -unit.weight)
    if options.selection is None:
        work.insert(0, BESIDE)
    progress.expect(sum(unit.weight for unit in work))
    jobs = options.jobs or os.cpu_count() or 1
    pool = Pool(min(jobs, len(work) or 1), start, (prepared, database))
    tally = Tally()

    def collect(unit: Unit, result: Tally | None) -> None:
        result = result or Tally(problems=[_lost(repository, unit)])
        tally.add(result)
        scope.record(unit, result)
        progress.advance(unit.weight)

    complete = True
    try:
        try:
            pool.run(scan_unit, work, collect)
            scope.finish()
        except KeyboardInterrupt:
            complete = False
        found = tally.candidates
        if complete and (spoken := scope.spoken(tally)) is not None:
            found = worth_placing(found, prepared.rules, options.least, lambda _: spoken)
        tally.candidates = _unplaced(found, repository.shown)  # should the user stop it now
        if complete and found:
            if not scope.whole:
                pool.close()
                database = open_database(repository)
                pool = Pool(jobs, start, (prepared, database))
            tally.candidates = _placed(found, pool, database, prepared.rules, options, tally.problems)
            tally.problems += database.problems
    except KeyboardInterrupt:
        complete = False
    finally:
        pool.close()
        total.add(tally)
    return complete


def _lost(repository: Repository, unit: Unit) -> Problem:
    where = f"{repository.shown}{unit.end - unit.begin} {unit.group}"
    return Problem(where, "the worker process that scanned them was killed; try fewer --jobs")


def _placed(  # what placing depends on
    candidates: list[Candidate],
    pool: Pool,
    database: ObjectDatabase,
    rules: RuleSet,
    options: Options,
    problems: list[Problem],
) -> list[Candidate]:
    """The candidates at the paths and between the commits where they stood."""
    from leakscan.history.authors import authors
    from leakscan.history.graph import names_near, read_commits, trees_above
    from leakscan.history.paths import MOST, paths_below
    from leakscan.history.places import Chosen, Placing
    from leakscan.sources import git

    repository = database.repository

    def near(hopes: list[Candidate]) -> Spoken:
        blobs = {bytes.fromhex(each.origin.blob) for each in hopes if each.origin.blob}
        return spoken_by(map(os.fsdecode, names_near(pool, database, blobs)), hopes, rules)

    if options.selection is not None:
        candidates = worth_placing(candidates, rules, options.least, near)
        if not candidates:
            return []
    elif options.wanted is None:  # which may leave out just those that are kept
        candidates = few_dummies(candidates, rules)
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
    placing = Placing(commits, paths, refs, staged, rules, repository.shown)
    chosen = Chosen(None, options.wanted)
    if options.selection is not None:
        numbers = (commits.numbers.get(bytes.fromhex(oid)) for oid in options.selection.commits)
        selected = frozenset(number for number in numbers if number is not None)
        chosen = Chosen(selected, options.wanted, options.selection.tags)
    return placing.place(candidates, chosen, lambda oids: authors(repository, oids))


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
