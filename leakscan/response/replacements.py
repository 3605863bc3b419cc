"""The repository's part: which lines hold the value, what to write there instead, and how to rewrite the history."""

from collections.abc import Iterator
from typing import NamedTuple

from leakscan.analysis.usage.variables import instead, variable
from leakscan.model import Finding
from leakscan.reports.files import write
from leakscan.secret import Secret


class Edit(NamedTuple):
    """A line to change, and what should stand there instead of the value."""

    path: str
    line: int
    instead: str
    in_history: bool


def edits(finding: Finding) -> tuple[Edit, ...]:
    """The lines that hold a finding's value, those that only the history has last."""
    found = [
        Edit(each.path, each.place.line, instead(finding, each.path), each.commit is not None and not each.in_head)
        for each in finding.occurrences
        if each.where == "content"
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda edit: (edit.in_history, edit.path, edit.line)))


def write_file(path: str, finding: Finding, secret: Secret) -> None:
    """The file for `git filter-repo --replace-text`, with mode 0600: it holds the value itself. Raises ReportError."""
    write(path, f"literal:{secret.reveal()}==>REMOVED-{variable(finding.rule.kind)}\n")


def advice(path: str | None) -> Iterator[str]:
    """What to do about the history, in order; `path` is the replacement file if one was written."""
    yield "Rotate or revoke first. Rewriting the history does not take the leak back: clones, forks, caches and whoever"
    yield "read it keep the value. It only keeps scanners and the next reader from finding it again."
    yield ""
    if path:
        yield f"{path} holds the value itself (mode 0600): delete it as soon as the history is rewritten."
    else:
        yield "Make a file replacements.txt (0600), outside of the repository, with the line literal:VALUE==>REMOVED"
        yield "(--replacements FILE writes it for you), and delete it as soon as the history is rewritten."
    yield "  1. Change the lines above, commit, and deploy."
    yield "  2. git clone --mirror URL fresh.git; cd fresh.git"
    yield f"  3. git filter-repo --replace-text {path or '../replacements.txt'}"
    yield "  4. leakscan history .    (until it finds nothing more)"
    yield "  5. git push --force --mirror URL; have everybody clone anew, and ask the host to drop cached views."
