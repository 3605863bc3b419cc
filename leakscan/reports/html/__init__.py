"""Report -> one HTML page that needs nothing else: no network, no other file, no script to be read.

Its own policy (CSP) forbids whatever it does not bring along, by the hashes of its one style and its one script.
"""

from leakscan.model import Report, Severity
from leakscan.reports import messages
from leakscan.reports.html.cards import cards, choices, groups
from leakscan.reports.html.templates import asset, policy, template
from leakscan.reports.html.timeline import timeline
from leakscan.reports.view import View


def render(report: Report, view: View, version: str) -> str:
    """The report as a page; `version` is the program's."""
    style, script = asset("style.css"), asset("script.js")
    parts = messages.parts(report, view)
    shown = cards(report, view)
    advice = messages.steps(parts.secrets)
    return template("page.html").render(
        report=report,
        parts=parts,
        groups=groups(shown),
        choices=choices(shown),
        advice=advice,
        advised={steps: number for number, steps in enumerate(advice, 1)},
        ranks={str(severity): severity for severity in Severity},
        timeline=timeline(parts.secrets, report.statistics.started),
        shortfalls=messages.shortfalls(report),
        view=view,
        version=version,
        style=style,
        script=script,
        policy=policy(style, script),
    )
