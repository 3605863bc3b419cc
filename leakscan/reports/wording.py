"""The words that several formats share: text made visible, where a finding stands, what a run looked at."""

from collections.abc import Iterator

from leakscan.model import Finding, Occurrence, Report, Role
from leakscan.reports.view import View

_BYTES_STEP = 1000
_MOST_REFS = 3


def visible(text: str) -> str:
    r"""`text` with all that does not print written out: `\x1b`, `\u202e`, line ends, halves of surrogate pairs.

    A file name or a line from a scanned repository can then neither steer a terminal nor turn its text round.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def counted(number: int, noun: str) -> str:
    """`number` and `noun` in words: `no secrets`, `1 secret`, `1,234 secrets`."""
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"


def redacted(finding: Finding) -> str:
    """What is shown of a finding's value; all of it where it is only the name of one."""
    named = finding.rule.only and finding.secret.held
    return finding.secret.reveal() if named else finding.secret.redacted


def certainty(finding: Finding) -> str:
    """How sure a finding is, in percent rounded down: nothing short of proof is `100% sure`."""
    return f"{int(finding.confidence * 100)}% sure"


def spot(occurrence: Occurrence) -> str:
    """Where an occurrence stands, as editors understand it: `path:line:column`; the path alone for a file's name."""
    path = visible(occurrence.path)
    if occurrence.where == "file_name":
        return path
    return f"{path}:{occurrence.place.line}:{occurrence.place.column}"


def circumstances(occurrence: Occurrence) -> str:
    """What else is to say about an occurrence: not in a file's text, encoded, which commits. Empty if nothing."""
    facts = [] if occurrence.where == "content" else ["in the " + occurrence.where.replace("_", " ")]
    if occurrence.decoded:
        facts.append("inside " + ", ".join(occurrence.decoded))
    if occurrence.commit:
        made = [
            f" of {occurrence.date}" if occurrence.date else "",
            f" by {occurrence.author}" if occurrence.author else "",
        ]
        facts.append(f"since commit {occurrence.commit[:10]}" + "".join(made))
    if occurrence.removed_in:
        when = f" of {occurrence.removed_date}" if occurrence.removed_date else ""
        facts.append(f"removed in {occurrence.removed_in[:10]}{when}")
    if occurrence.in_head is not None:
        facts += ["in HEAD now" if occurrence.in_head else "not in HEAD", _leading(occurrence.refs)]
    return visible("; ".join(facts))


def _leading(refs: tuple[str, ...]) -> str:
    """Which refs lead to a place in history, the first few by their short names."""
    if not refs:
        return "no ref leads to it"
    names = [name.removeprefix("refs/").removeprefix("heads/") for name in refs[:_MOST_REFS]]
    more = len(refs) - len(names)
    return "reached from " + ", ".join(names) + (f" and {more:,} more" if more else "")


def summary(report: Report, view: View) -> str:
    """Sentences that say what was found, what was scanned and what was not, the most important first."""
    return " ".join(filter(None, (verdict(report), coverage(report, view))))


def verdict(report: Report) -> str:
    """The sentence that says what was found; empty if nothing was scanned."""
    secrets = sum(finding.rule.role is Role.SECRET for finding in report.counted)
    if secrets:
        return f"{counted(secrets, 'secret')} found."
    if not report.statistics.contents:
        return ""
    whole = report.complete and not report.problems
    return "No secrets found." if whole else "No secrets found in what was scanned."


def coverage(report: Report, view: View) -> str:
    """The sentences that say what was scanned and what was not."""
    return " ".join((_scanned(report, view), *_missed(report)))


def _scanned(report: Report, view: View) -> str:
    statistics = report.statistics
    identifiers = sum(finding.rule.role is Role.IDENTIFIER for finding in report.counted)
    besides = [counted(identifiers, "identifier")] if identifiers else []
    if report.suppressed:
        pointer = "" if view.show_all or report.unlisted else " (--all lists them)"
        besides.append(f"{report.suppressed:,} suppressed{pointer}")
    if not statistics.contents:
        looked = "Nothing was scanned"
    else:
        noun = "file" if report.command in ("scan", "hook") else "content"
        looked = (
            f"Scanned {counted(statistics.contents, noun)} ({size(statistics.bytes)}) in {statistics.seconds:.2f} s"
        )
    return "; ".join(filter(None, (looked, " and ".join(besides)))) + "."


def _missed(report: Report) -> Iterator[str]:
    if report.problems:
        yield f"{counted(len(report.problems), 'item')} could not be scanned."
    if not report.complete:
        yield "Interrupted: the rest was not scanned."


def size(number: int) -> str:
    """`number` of bytes for people: `512 bytes`, `1.5 MB`."""
    if number < _BYTES_STEP:
        return counted(number, "byte")
    amount = float(number)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= _BYTES_STEP
        if round(amount, 1) < _BYTES_STEP or unit == "TB":
            break
    return f"{amount:.1f} {unit}"
