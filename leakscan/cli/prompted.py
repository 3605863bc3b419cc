"""One credential, typed at a prompt and not echoed, as a report of its own."""

import re

import click

from leakscan.detection.rules import load_rules
from leakscan.errors import UsageError
from leakscan.model import Exposure, Finding, Occurrence, Place, Report, Statistics
from leakscan.secret import Secret

_IDENTIFIERS = {"AC": "account_sid", "SK": "api_key_sid", "OQ": "oauth_client_id"}
_SECRETS = {"AC": "auth_token", "SK": "api_key_secret", "OQ": "oauth_client_secret"}
# What tells by itself what it is.
_ALONE = {
    "sendgrid_api_key": re.compile(r"SG\.[\w-]{22}\.[\w-]{43}"),
    "segment_public_api_token": re.compile(r"sgp_[A-Za-z0-9]{64}"),
    "segment_config_api_token": re.compile(r"[\w-]{43}\.[\w-]{43}"),
}
_PATH = "(typed)"
TYPED = ("typed at a prompt",)


def prompted(command: str) -> Report:
    """Ask for an identifier and its secret. Raises UsageError if they are none that leakscan knows."""
    name = click.prompt(
        "Identifier (AC…, SK…, OQ…; empty for SendGrid, Segment, Authy)", default="", show_default=False, err=True
    )
    other = ""
    if name[:2] == "SK":
        other = click.prompt("Its account (AC…; empty if not known)", default="", show_default=False, err=True)
    value = click.prompt("Secret (not shown)", hide_input=True, err=True)
    return report_of(command, name.strip(), value.strip(), other.strip())


def report_of(command: str, name: str, value: str, account: str = "") -> Report:
    """A report with one credential: an identifier, its secret, and perhaps the account of an API key."""
    for sid in filter(None, (name, account)):
        if not re.fullmatch(r"(?:AC|SK|OQ)[0-9a-zA-Z]{32}", sid):
            raise UsageError("an identifier is AC, SK or OQ and 32 letters or digits")
    kind = _SECRETS[name[:2]] if name else next((k for k, shape in _ALONE.items() if shape.fullmatch(value)), None)
    if kind is None and re.fullmatch(r"[A-Za-z0-9]{32}", value):
        kind = "authy_api_key"
    if kind is None:
        raise UsageError(
            "that is no SendGrid, Segment or Authy key; for Twilio's, give the identifier that belongs to it"
        )
    given = [(kind, value), *((_IDENTIFIERS[sid[:2]], sid) for sid in (name, account) if sid)]
    secrets = [(kind, Secret(value)) for kind, value in given]
    marks = [secret.fingerprint(kind) for kind, secret in secrets]
    rules = {rule.kind: rule for rule in reversed(load_rules().rules)}
    found = tuple(
        Finding(
            rule=rules[kind],
            secret=secret,
            confidence=1.0,
            evidence=TYPED,
            occurrences=(Occurrence(_PATH, Place(1, 1, 1, 2)),),
            severity=rules[kind].severity,
            exposure=Exposure("unknown", "it was typed"),
            pair=tuple(mark for mark in marks if mark != secret.fingerprint(kind)),
        )
        for kind, secret in secrets
    )
    return Report(command, found, (), Statistics())
