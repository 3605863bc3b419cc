"""Inspections -> one HTML page that needs nothing else and runs no script; charts are drawings in it."""

from leakscan.inspection import Inspected
from leakscan.reports.html.templates import asset, policy, template
from leakscan.reports.inspection.charts import HEIGHT, WIDTH
from leakscan.reports.inspection.sections import badge, sections, state, verdict
from leakscan.reports.view import View


def render(inspected: Inspected, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The inspections as a page; `version` is the program's."""
    style = asset("style.css") + asset("inspection.css")
    return template("inspection.html").render(
        inspected=inspected,
        verdict=verdict(inspected),
        badge=badge,
        state=state,
        sections=sections,
        size=(WIDTH, HEIGHT),
        version=version,
        style=style,
        policy=policy(style),
    )
