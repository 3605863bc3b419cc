"""Report -> one HTML page that needs nothing else: no network, no other file, no script to be read.

Its own policy (CSP) forbids whatever it does not bring along, by the hashes of its one style and its one script.
"""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from leakscan.model import Report, Severity
from leakscan.reports import messages, wording
from leakscan.reports.html.cards import cards, choices, groups
from leakscan.reports.html.excerpts import marked
from leakscan.reports.html.timeline import timeline
from leakscan.reports.view import View


def render(report: Report, view: View, version: str) -> str:
    """The report as a page; `version` is the program's."""
    environment = _environment()
    style, script = (_asset(environment, name) for name in ("style.css", "script.js"))
    parts = messages.parts(report, view)
    shown = cards(report, view)
    advice = messages.steps(parts.secrets)
    return environment.get_template("page.html").render(
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
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("leakscan.reports.html", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.globals.update(messages=messages, wording=wording, marked=marked)
    return environment


def _shown(value: object) -> object:
    """What the page shows of a text: all that does not print is written out, in whatever place of the page."""
    return wording.visible(value) if type(value) is str else value


def _asset(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
