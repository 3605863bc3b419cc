"""The templates of the pages, the files beside them, and the policy that forbids what a page does not bring along."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from leakscan.reports import messages, wording
from leakscan.reports.html.excerpts import marked


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


def asset(name: str) -> str:
    """The text of a file beside the templates."""
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def template(name: str) -> Template:
    """A template, in which every text is escaped and all of it made visible."""
    return _environment().get_template(name)


def policy(style: str, script: str = "") -> str:
    """The content security policy of a page that has this style and this script, and nothing else."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return f"default-src 'none'; style-src {_hash(style)}; {scripts}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
