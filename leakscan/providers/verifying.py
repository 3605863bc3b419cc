"""Every credential of a report is tried, each once, some at once: findings -> findings with what was answered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from leakscan.model import Finding, Verification
from leakscan.providers import authy, segment, sendgrid
from leakscan.providers.credentials import Credential
from leakscan.providers.http import AT_ONCE, REGIONS, Gate
from leakscan.providers.twilio import verify as twilio
from leakscan.providers.verdict import Verdict

# What is sent where, as a user is told before it is.
_TOLD = {
    "auth_token": "api.twilio.com",
    "api_key_secret": "api.twilio.com and messaging.twilio.com",
    "oauth_client_secret": "oauth.twilio.com",
    "sendgrid_api_key": "api.sendgrid.com and api.eu.sendgrid.com",
    "segment_public_api_token": "api.segmentapis.com and eu1.api.segmentapis.com",
    "segment_config_api_token": "platform.segmentapis.com",
    "authy_api_key": "api.authy.com",
}
_OTHERS: dict[str, Callable[[Gate, Credential], Verdict]] = {
    "sendgrid_api_key": sendgrid.verify,
    "segment_public_api_token": segment.verify,
    "segment_config_api_token": segment.verify,
    "authy_api_key": authy.verify,
}
# Why a secret that was found is not tried.
NOT_TRIED = {
    "access_token": "not sent anywhere: an Access Token ends by itself; what signed it is the finding beside it",
    "pkcv_private_key": "not sent anywhere: a private key is never shown to anybody",
}


def disclosure(tried: Sequence[Credential], *, every_region: bool) -> str:
    """One line on what will be sent where."""
    counts = Counter(_TOLD[credential.kind] for credential in tried)
    places = "; ".join(f"{count} to {place}" for place, count in sorted(counts.items()))
    far = " and their hosts in IE1, AU1, JP1" if every_region else ""
    many = f"{len(tried)} credential{'' if len(tried) == 1 else 's'}"
    return f"asking the providers about {many}, with requests that only read: {places}{far}"


def verified(
    tried: Iterable[Credential],
    gate: Gate,
    *,
    every_region: bool = False,
    advance: Callable[[int], None] = lambda _count: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[dict[str, tuple[Verdict, str]], bool]:
    """What came of each credential and when, by its finding's fingerprint; `advance` hears of each that is done.

    And whether all were tried: an interrupt (^C) ends it early, with what there is.
    """
    from concurrent.futures import ThreadPoolExecutor

    def attempt(credential: Credential) -> tuple[str, Verdict, str]:
        verdict = _verdict(credential, gate, every_region=every_region)
        return credential.fingerprint, verdict, now().isoformat(timespec="seconds")

    found = {}
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for mark, verdict, when in pool.map(attempt, tried):
            found[mark] = (verdict, when)
            advance(1)
    except KeyboardInterrupt:
        return found, False
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found, True


def _verdict(credential: Credential, gate: Gate, *, every_region: bool) -> Verdict:
    if credential.kind in _OTHERS:
        return _OTHERS[credential.kind](gate, credential)
    spoken = tuple(region for region in credential.regions if region in REGIONS)
    regions = (*spoken, twilio.HOME, *(tuple(REGIONS) if every_region else ()))
    return twilio.verify(gate, credential, tuple(dict.fromkeys(regions)))


def with_verdicts(findings: Iterable[Finding], verdicts: Mapping[str, tuple[Verdict, str]]) -> tuple[Finding, ...]:
    """The findings with what came of trying them."""
    return tuple(_with_verdict(finding, verdicts.get(finding.fingerprint)) for finding in findings)


def _with_verdict(finding: Finding, found: tuple[Verdict, str] | None) -> Finding:
    before = finding.verification
    if found is None:
        said = NOT_TRIED.get(finding.rule.kind, "")
        return finding._replace(verification=before._replace(detail=said)) if said and not before.detail else finding
    verdict, when = found
    if before.state == "proven_offline" and verdict.state in {"unknown", "rate_limited"}:
        detail = f"{before.detail}; asked live: {verdict.detail}"
        return finding._replace(verification=Verification(before.state, detail, when))
    return finding._replace(verification=Verification(verdict.state, verdict.detail, when))
