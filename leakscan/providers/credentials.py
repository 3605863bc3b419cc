"""Findings -> the credentials that can be tried: a secret with the identifiers that it may belong to, each once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from leakscan.model import Finding, Role
from leakscan.secret import Secret

# Other halves to try where none is told to belong to a secret: more would be guessing at a provider's cost.
_MOST_GUESSES = 3


class Credential(NamedTuple):
    """A secret of some kind to be tried.

    `keys` and `accounts` are the identifiers that it may belong to, likeliest first; `sure` tells whether they were
    paired with it; `regions` are those that its surroundings speak of.
    """

    fingerprint: str
    kind: str
    secret: Secret
    keys: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sure: bool = False
    regions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Credential({self.kind}, {self.fingerprint})"


# What belongs to a secret: the kind of the identifier that it cannot be tried without.
_NEEDS = {
    "auth_token": "account_sid",
    "api_key_secret": "api_key_sid",
    "oauth_client_secret": "oauth_client_id",
}
ALONE = frozenset({"sendgrid_api_key", "segment_public_api_token", "segment_config_api_token", "authy_api_key"})
TRIED = frozenset(_NEEDS) | ALONE


def credentials(findings: Sequence[Finding], regions: Mapping[str, tuple[str, ...]]) -> list[Credential]:
    """What can be tried of these findings, whose values are held; `regions` are those spoken of, by fingerprint."""
    known = {finding.fingerprint: finding for finding in findings if finding.secret.held}
    made = []
    for mark, finding in known.items():
        if finding.rule.kind not in TRIED or finding.rule.role is not Role.SECRET:
            continue
        need = _NEEDS.get(finding.rule.kind)
        partners = [known[other] for other in finding.pair if other in known]
        halves = _values(partners, need) if need else ()
        sure = bool(halves)
        if need and not sure:
            halves = _guesses(finding, known.values(), need)
        accounts = halves if need == "account_sid" else ()
        if need == "api_key_sid":
            accounts = _values(partners, "account_sid") or _guesses(finding, known.values(), "account_sid")
        spoken = tuple(
            dict.fromkeys(region for each in (finding, *partners) for region in regions.get(each.fingerprint, ()))
        )
        keys = () if need == "account_sid" else halves
        made.append(Credential(mark, finding.rule.kind, finding.secret, keys, accounts, sure, spoken))
    return made


def _values(findings: Iterable[Finding], kind: str) -> tuple[str, ...]:
    return tuple(each.secret.reveal() for each in findings if each.rule.kind == kind)


def _guesses(finding: Finding, known: Iterable[Finding], kind: str) -> tuple[str, ...]:
    """The identifiers of a kind that stand in the same files, or the few that there are at all."""
    every = [each for each in known if each.rule.kind == kind and each.suppressed is None]
    files = {place.path for place in finding.occurrences}
    beside = [each for each in every if any(place.path in files for place in each.occurrences)]
    return _values((beside or every)[:_MOST_GUESSES], kind) if len(beside or every) <= _MOST_GUESSES else ()
