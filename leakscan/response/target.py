"""Which credential exactly is to be taken out of use: its account, its key, its region, and whether it is live.

A secret's other half is what it was paired with. Where that is not one for sure, only a live answer counts as proof:
nothing is ever revoked because it stood first in a list.
"""

from collections.abc import Iterable
from typing import NamedTuple

from leakscan.providers.credentials import TRIED, Credential
from leakscan.providers.http import REGIONS, Gate
from leakscan.providers.twilio import verify as twilio
from leakscan.providers.verdict import Verdict
from leakscan.providers.verifying import verified


class Target(NamedTuple):
    """A leaked credential, as far as it is known; `state` is as in reports, `unchecked` if nothing was asked."""

    credential: Credential
    account: str = ""
    key: str = ""
    region: str = twilio.HOME
    state: str = "unchecked"
    detail: str = "nothing was asked"

    @property
    def kind(self) -> str:
        """The kind of the finding."""
        return self.credential.kind

    @property
    def dead(self) -> bool:
        """Whether the providers refuse it."""
        return self.state in {"rejected", "rejected_here"}

    @property
    def settled(self) -> bool:
        """Whether it is known to live or to be dead."""
        return self.state not in {"unchecked", "unknown", "rate_limited"}


def unasked(credential: Credential) -> Target:
    """What is known of a credential without a network."""
    key = credential.keys[0] if credential.sure and len(credential.keys) == 1 else ""
    account = credential.accounts[0] if len(credential.accounts) == 1 else ""
    return Target(credential, account, key)


def asked(gate: Gate, credential: Credential, *, every_region: bool, account: str = "") -> Target:
    """What the provider says of a credential; `account` is one to try where none is known."""
    known = unasked(credential)
    if credential.kind not in TRIED:
        return known
    if credential.kind not in {"auth_token", "api_key_secret"}:
        verdict = next(iter(verified([credential], gate)[0].values()))[0] if credential.secret.held else None
        return _told(known, verdict) if verdict else known
    if not credential.accounts and account:
        credential = credential._replace(accounts=(account,))
    if not credential.secret.held:
        return known
    spoken = [region for region in credential.regions if region in REGIONS]
    regions = dict.fromkeys((*spoken, twilio.HOME, *(REGIONS if every_region else ())))
    return _of_tries(known, list(_tries(gate, credential, regions)))


def _tries(gate: Gate, credential: Credential, regions: Iterable[str]) -> Iterable[tuple[str, str, str, Verdict]]:
    """Each region with each other half that may be the secret's: region, key, account, verdict."""
    token = credential.kind == "auth_token"
    for region in regions:
        for half in credential.accounts if token else credential.keys:
            one = credential._replace(sure=True)
            one = one._replace(accounts=(half,)) if token else one._replace(keys=(half,))
            verdict = twilio.verify(gate, one, (region,))
            yield region, "" if token else half, half if token else verdict.account, verdict
            if verdict.state.startswith("live"):
                return


def _of_tries(known: Target, tries: list[tuple[str, str, str, Verdict]]) -> Target:
    live = [each for each in tries if each[3].state not in {"rejected", "rejected_here", "unknown", "rate_limited"}]
    if live:
        region, key, account, verdict = live[0]
        fitting = known._replace(region=region, key=key, account=account or known.account)
        return _told(fitting, verdict)
    unsettled = [verdict for *_, verdict in tries if verdict.state in {"unknown", "rate_limited"}]
    if unsettled or not tries:
        return _told(known, unsettled[0] if unsettled else Verdict("unknown", "no other half of it is known"))
    if not known.credential.sure:
        return _told(known, Verdict("unknown", "refused with the identifiers found near it, which may not be its own"))
    every = {region for region, *_ in tries} >= {twilio.HOME, *REGIONS}
    places = ", ".join(dict.fromkeys(region.upper() for region, *_ in tries))
    return _told(known, Verdict("rejected" if every else "rejected_here", f"refused by {places}"))


def _told(target: Target, verdict: Verdict) -> Target:
    return target._replace(state=verdict.state, detail=verdict.detail, account=target.account or verdict.account)


def sendgrid_host(gate: Gate, target: Target) -> str:
    """The host of SendGrid's that knows a key; the global one if none does."""
    from leakscan.providers.sendgrid_keys import HOSTS, scopes

    return next((host for host in HOSTS if scopes(gate, host, target.credential.secret) is not None), HOSTS[0])
