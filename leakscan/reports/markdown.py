"""Report -> a Markdown comment for a pull request: what was found, where, and what to do.

It keeps to the length that GitHub accepts, whatever there is to tell, and says what it leaves out. Texts from what
was scanned stay texts: every character of theirs that could mean something stands as an entity.
"""

import re
from collections.abc import Iterable, Sequence

from leakscan.model import Finding, Report, Severity
from leakscan.reports.messages import acceptance, answer, audience, foremost_first, parts, shortfalls, steps
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, counted, redacted, spot, summary, visible

LONGEST = 65_536
_MARKER = "<!-- leakscan report -->"  # by which a later run finds its comment again
_BADGES = {
    Severity.CRITICAL: "🔴 critical",
    Severity.HIGH: "🟠 high",
    Severity.MEDIUM: "🟡 medium",
    Severity.LOW: "🔵 low",
    Severity.INFO: "⚪ info",
}
_LONGEST_TEXT = 300
_SHARE = 0.6  # of what room is left, so that no part takes all of it from those after it
_MOST_PLACES = 3
_MEANING = re.compile(r"[&<>|`*_~\[\]\\@#:!$^+\u200b]|(?<=www)\.", re.IGNORECASE)
# GitHub and GitLab look for these in the finished page, where an entity is a character like any other.
_SUMMONS = re.compile(r"([@#!~%$&^](?=\S)|:(?=//)|www(?=\.))", re.IGNORECASE)


def render(report: Report, view: View, version: str) -> str:
    """The report as a comment of at most `LONGEST` bytes; `version` is the program's."""
    secrets, identifiers, suppressed = parts(report, view)
    page = _Page(f"{_MARKER}\n## leakscan\n\n{summary(report, view)}\n", f"\n<sub>leakscan {version}</sub>\n")
    page.table("Secrets", ("Severity", "What", "Where", "Why"), map(_secret, secrets), "other secret")
    page.listed("What to do next", _steps(secrets), "other step")
    problems = [f"- {code(problem.where)}: {prose(problem.message)}" for problem in shortfalls(report)]
    page.listed("Could not be scanned", problems, "other item")
    page.listed("Notes", [f"- {prose(note)}" for note in report.notes], "other note")
    brief = ("What", "Where")
    page.table("Identifiers (not secrets: they name an account or a key)", brief, map(_brief, identifiers), "other")
    page.table("Suppressed", (*brief, "By"), map(_accepted, suppressed), "other suppressed finding")
    return page.text()


class _Page:
    """A comment that grows as far as it may: what does not fit any more is counted instead."""

    def __init__(self, head: str, foot: str) -> None:
        self._lines = [head]
        self._foot = foot
        self._left = LONGEST - _size(head) - _size(foot)

    def table(self, heading: str, columns: Sequence[str], rows: Iterable[Sequence[str]], noun: str) -> None:
        """A table under a heading; nothing if there are no rows."""
        before = f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
        self.listed(heading, [f"| {' | '.join(row)} |" for row in rows], noun, before)

    def listed(self, heading: str, lines: Sequence[str], noun: str, before: str = "") -> None:
        """Lines under a heading, as many as there is room for, and how many there was none for."""
        if not lines:
            return
        start = f"\n### {heading}\n"
        room = int(self._left * _SHARE) - _size(start) - _size(before)
        fitting: list[str] = []
        for line in lines:
            room -= _size(line) + 1
            if room < 0:
                break
            fitting.append(line + "\n")
        self._add(start + ("\n" + before if fitting else "") + "".join(fitting))
        if left_out := len(lines) - len(fitting):
            self._add(f"\n… and {counted(left_out, noun)}, for which a comment has no room; the JSON report has all.\n")

    def text(self) -> str:
        """The whole comment."""
        return "".join([*self._lines, self._foot])

    def _add(self, text: str) -> None:
        self._lines.append(text)
        self._left -= _size(text)


def _size(text: str) -> int:
    return len(text.encode())


def _secret(finding: Finding) -> Sequence[str]:
    why = [certainty(finding), *finding.evidence]
    if seen := audience(finding):
        why.append(f"exposure: {seen}")
    if answered := answer(finding):
        why.append(f"verification: {answered}")
    return _BADGES[finding.severity], *_brief(finding), "<br>".join(map(prose, why))


def _brief(finding: Finding) -> Sequence[str]:
    what = f"{prose(finding.rule.description)}<br>{code(redacted(finding))}"
    places = foremost_first(finding)
    where = []
    for place in places[:_MOST_PLACES]:
        facts = circumstances(place)
        where.append(code(spot(place)) + (f" ({prose(facts)})" if facts else ""))
    if (more := len(places) - _MOST_PLACES) > 0:
        where.append(f"and {more:,} more")
    return what, "<br>".join(where)


def _accepted(finding: Finding) -> Sequence[str]:
    return *_brief(finding), prose(acceptance(finding))


def _steps(secrets: Iterable[Finding]) -> list[str]:
    """What to do, once for the kinds of secret that share the same steps."""
    told = []
    for advice, names in steps(secrets).items():
        numbered = (f"{number}. {prose(step)}" for number, step in enumerate(advice, 1))
        told.append("\n".join([f"**{prose(', '.join(names))}**", "", *numbered, ""]))
    return told


def _cut(text: str, longest: int = _LONGEST_TEXT) -> str:
    """`text` made visible, with its middle left out if it is long."""
    shown = visible(text)
    half = longest // 2
    return shown if len(shown) <= longest else f"{shown[:half]}…{shown[-half:]}"


def code(text: str) -> str:
    """`text` as it is, in the letters of code, where no mention and no link is looked for."""
    return f"<code>{_literal(_cut(text))}</code>"


def prose(text: str, longest: int = _LONGEST_TEXT) -> str:
    """`text` as it is, among other words, unless it is longer."""
    return _literal(_SUMMONS.sub("\\1\u200b", _cut(text, longest)))


def _literal(text: str) -> str:
    return _MEANING.sub(lambda found: f"&#{ord(found[0])};", text)
