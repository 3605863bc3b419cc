"""Whose credential acts: the operator's own, from the environment or a prompt; never from the command line."""

import os
import re
from collections.abc import Mapping

import click

from leakscan.errors import UsageError
from leakscan.providers import sendgrid_keys
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.twilio.operators import Operator, Standing, standing
from leakscan.response.steps import Powers
from leakscan.response.target import Target
from leakscan.secret import Secret

_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_KEY = re.compile(r"SK[0-9a-fA-F]{32}")
_ENVIRONMENT = (
    "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET of a Main key beside it"
)
_DELETES = "api_keys.delete"


def operator(kind: str, *, ask: bool, environment: Mapping[str, str] = os.environ) -> Operator | None:
    """The operator's credential for a kind of leak; with `ask` prompted for where the environment has none.

    Raises UsageError if what is there is no credential.
    """
    if kind == "sendgrid_api_key":
        return _sendgrid(environment, ask=ask)
    account = environment.get("TWILIO_ACCOUNT_SID", "")
    token = (account, environment.get("TWILIO_AUTH_TOKEN", ""))
    key = (environment.get("TWILIO_API_KEY", ""), environment.get("TWILIO_API_SECRET", ""))
    # A token can be rotated by a token alone; for the rest the key is the smaller power.
    pairs = [pair for pair in ((token, key) if kind == "auth_token" else (key, token)) if all(pair)]
    if not pairs and ask:
        account = click.prompt("Your Account SID (AC…)", err=True).strip()
        value = click.prompt("Its Auth Token (not shown)", hide_input=True, err=True).strip()
        pairs = [(account, value)]
    if not pairs:
        return None
    name, value = pairs[0]
    if not _ACCOUNT.fullmatch(account) or not (_KEY.fullmatch(name) or name == account):
        raise UsageError(f"the operator's credential is not complete: {_ENVIRONMENT}")
    return Operator(name, Secret(value), account)


def _sendgrid(environment: Mapping[str, str], *, ask: bool) -> Operator | None:
    value = environment.get("SENDGRID_API_KEY", "")
    if not value and ask:
        value = click.prompt(
            f"Your SendGrid API key with {_DELETES} (not shown; empty: let the leaked key delete itself)",
            default="",
            show_default=False,
            hide_input=True,
            err=True,
        ).strip()
    return Operator("sendgrid", Secret(value), "sendgrid") if value else None


def missing(kind: str) -> UsageError:
    """The error of a run that nobody's credential was given to."""
    how = f"set SENDGRID_API_KEY to a key with {_DELETES}" if kind == "sendgrid_api_key" else _ENVIRONMENT
    return UsageError(f"no credential to act with: {how}")


def placed(gate: Gate, found: Operator, target: Target) -> Standing:
    """How the operator stands to the leaked credential's account. Trouble is told as not known."""
    try:
        return standing(gate, found._replace(region=target.region), target.account or found.account)
    except Trouble as trouble:
        return Standing(found, str(trouble), unknown=True)


def powers(found: Operator, place: Standing, target: Target) -> Powers:
    """What that lets the operator do."""
    secret = target.credential.secret
    primary = None
    if target.dead:
        primary = True
    elif place.primary is not None and secret.held:
        primary = place.primary == secret
    return Powers(
        known=place.refused is None,
        parent=place.parent,
        token=place.refused is None and place.actor.holds_token,
        is_leaked_key=found.username == target.key,
        primary=primary,
        says=place.says if place.refused is None else f"cannot act: {place.refused}",
    )


def sendgrid_operator(gate: Gate, found: Operator | None, target: Target, host: str) -> tuple[Operator | None, str]:
    """Who may delete a SendGrid key, in words too: the operator's key, else the leaked one. Raises Trouble."""
    for who, words in ((found, "your key"), (_itself(target), "the leaked key itself")):
        if who is None:
            continue
        allowed = sendgrid_keys.scopes(gate, host, who.password)
        if allowed is not None and _DELETES in allowed:
            return who, f"{words}, which has {_DELETES}"
        if found is not None:
            return None, f"cannot act: your key is not accepted, or lacks {_DELETES}"
    return None, f"no key with {_DELETES} was given, and the leaked one lacks it"


def _itself(target: Target) -> Operator | None:
    secret = target.credential.secret
    return Operator("sendgrid", secret, "sendgrid") if secret.held else None
