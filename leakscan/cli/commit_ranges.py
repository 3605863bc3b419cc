"""What some commits bring, scanned as the command line asks for it: a push, or a run of a CI."""

from leakscan.cli.running import Outcome, Request, judging
from leakscan.history.run import Options, scan_history
from leakscan.sources.commits import Selection, settled
from leakscan.sources.repository import Repository
from leakscan.workers import Progress


def scan_commits(request: Request, repository: Repository, selection: Selection, progress: Progress) -> Outcome:
    """Scan what the commits of a selection bring. Raises LeakscanError."""
    judge = judging(request, (str(repository.work_tree or repository.common),))
    excluded = request.excluding()
    wanted = None if excluded is None else lambda path: not excluded(path)
    options = Options(judge.least, request.jobs, wanted, selection)
    report = scan_history([settled(repository, selection)], judge.prepared, judge.suppressions, options, progress)
    return Outcome(judge.said(request, report), judge.fail_on)
