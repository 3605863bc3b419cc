"""Whether a Twilio credential is live: asked with requests that only read, at most three a region."""

from collections.abc import Callable, Iterable

from leakscan.providers.credentials import Credential
from leakscan.providers.http import REGIONS, Gate, Trouble
from leakscan.providers.twilio.answers import Reading, Said, read
from leakscan.providers.twilio.client import ask, client
from leakscan.providers.verdict import Verdict
from leakscan.secret import Secret

HOME = "us1"


# What an answer settles, whatever was asked.
_SETTLED = {
    Said.TEST: "live_test",
    Said.VALIDATION: "live_client_validation_only",
    Said.SUSPENDED: "suspended",
    Said.RESTRICTED: "live_restricted",
    Said.TOO_MANY: "rate_limited",
    Said.UNCLEAR: "unknown",
}

_NOT_HERE = frozenset({Said.REFUSED, Said.ABSENT})


def address(product: str, path: str, region: str = HOME) -> str:
    """The whole address of a path of one of Twilio's products in a region."""
    place = "" if region == HOME else f".{REGIONS[region]}.{region}"
    return f"https://{product}{place}.twilio.com{path}"


def verify(gate: Gate, credential: Credential, regions: Iterable[str]) -> Verdict:
    """The state of an Auth Token, an API key's or an OAuth app's secret, tried in `regions` one after another."""
    asked = {"auth_token": _auth_token, "api_key_secret": _api_key, "oauth_client_secret": _oauth_app}[credential.kind]
    if credential.kind == "auth_token" and not credential.accounts:
        return Verdict("unknown", "no Account SID is known to belong to it, and without one nothing can be asked")
    if credential.kind != "auth_token" and not credential.keys:
        return Verdict("unknown", "no identifier is known to belong to it, and without one nothing can be asked")
    verdict = _in_regions(lambda region: asked(gate, credential, region), tuple(regions))
    if verdict.state.startswith("rejected") and not credential.sure:
        return Verdict("unknown", f"with the identifiers found near it, which may not be its own: {verdict.detail}")
    return verdict


def _in_regions(asked: Callable[[str], Verdict], regions: tuple[str, ...]) -> Verdict:
    """The verdict of the first region that knows the credential; a refusal only if each answered and refused."""
    refused: list[str] = []
    unsettled: Verdict | None = None
    for region in regions:
        try:
            verdict = asked(region)
        except Trouble as trouble:
            verdict = Verdict("unknown", str(trouble))
        if verdict.state == "rejected":
            refused.append(f"{region.upper()}: {verdict.detail}")
        elif verdict.state in {"unknown", "rate_limited"}:
            unsettled = unsettled or verdict
        else:
            where = "" if region == HOME else f" (in {region.upper()})"
            return verdict._replace(detail=verdict.detail + where, region=region)
    if unsettled is not None:
        return unsettled
    if set(regions) == {HOME, *REGIONS}:
        return Verdict("rejected", "refused in every region: " + "; ".join(refused))
    others = ", ".join(region.upper() for region in (HOME, *REGIONS) if region not in regions)
    return Verdict("rejected_here", f"refused by {'; '.join(refused)}; not asked: {others} (--regions all)")


# --- what is asked in one region ---


def _auth_token(gate: Gate, credential: Credential, region: str) -> Verdict:
    verdicts = []
    for account in credential.accounts:
        asking = client(gate, account, credential.secret)
        answer = ask(asking, address("api", f"/2010-04-01/Accounts/{account}.json", region))
        reading = read(answer)
        if reading.said is Said.YES:
            return _by_status(answer.body, account)
        verdicts.append(_settled(reading))
        if verdicts[-1].state not in {"rejected", "unknown"}:
            return verdicts[-1]
    return next((each for each in verdicts if each.state == "unknown"), verdicts[0])


def _by_status(body: dict[str, object], account: str) -> Verdict:
    status, kind = str(body.get("status", "")), str(body.get("type", ""))
    if status not in {"active", "suspended", "closed"}:
        return Verdict("unknown", "200, and no status of an account")
    kind = f"{kind} account, " if kind in {"Trial", "Full"} else "account "
    owner = body.get("owner_account_sid")
    level = ", subaccount" if owner and owner != body.get("sid") else ""
    return Verdict("live" if status == "active" else "suspended", f"200, {kind}{status}{level}", account)


def _api_key(gate: Gate, credential: Credential, region: str) -> Verdict:
    verdicts = [_one_key(gate, key, credential, region) for key in credential.keys[:1]]
    for key in credential.keys[1:]:
        if verdicts[-1].state == "rejected":
            verdicts.append(_one_key(gate, key, credential, region))
    return verdicts[-1]._replace(key=credential.keys[len(verdicts) - 1])


def _one_key(gate: Gate, key: str, credential: Credential, region: str) -> Verdict:
    """A key's type is told by what it may ask: Main for accounts, Standard for the rest, Restricted for what it lists.

    A Standard key that asks for accounts is refused as if it were wrong; so is any key in another account's path.
    The last question therefore names no account.
    """
    secret, account = credential.secret, next(iter(credential.accounts), "")
    asked = _of_account(gate, key, secret, account, region) if account else _of_accounts(gate, key, secret, region)
    if asked is not None:
        return asked
    answer = ask(client(gate, key, secret), address("messaging", "/v1/Services", region), PageSize=1)
    reading = read(answer)
    if reading.said is Said.YES:
        kind = "a Standard key of another account than the one beside it" if account else "a Standard key"
        return Verdict("live_standard", f"{reading.detail}: {kind}", _in_first(answer.body, "account_sid"))
    return _settled(reading)


def _of_account(gate: Gate, key: str, secret: Secret, account: str, region: str) -> Verdict | None:
    """What a key may ask of an account; None if that is nothing, which its being another account's would explain."""
    asking = client(gate, key, secret, account)
    reading = read(ask(asking, address("api", f"/2010-04-01/Accounts/{account}.json", region)))
    if reading.said is Said.YES:
        return _main_or_restricted(gate, key, secret, account, region)
    if reading.said not in _NOT_HERE:
        return _settled(reading, account)
    numbers = f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json"
    reading = read(ask(asking, address("api", numbers, region), PageSize=1))
    if reading.said is Said.YES:
        return Verdict("live_standard", "200 for phone numbers, refused for the account itself", account)
    return None if reading.said in _NOT_HERE else _settled(reading, account)


def _of_accounts(gate: Gate, key: str, secret: Secret, region: str) -> Verdict | None:
    """Whether a key may list accounts; None if not."""
    answer = ask(client(gate, key, secret), address("api", "/2010-04-01/Accounts.json", region), PageSize=1)
    reading = read(answer)
    if reading.said is Said.YES:
        return _main_or_restricted(gate, key, secret, _in_first(answer.body, "sid"), region)
    return None if reading.said in _NOT_HERE else _settled(reading)


def _main_or_restricted(gate: Gate, key: str, secret: Secret, account: str, region: str) -> Verdict:
    """Of keys that may read their account: a Restricted one lacks something else."""
    keys = address("api", f"/2010-04-01/Accounts/{account}/Keys.json", region)
    reading = read(ask(client(gate, key, secret, account), keys, PageSize=1))
    if reading.said is Said.RESTRICTED:
        return _settled(reading, account)
    return Verdict("live", "200 for the account: a Main key, or one that may do as much", account)


def _oauth_app(gate: Gate, credential: Credential, region: str) -> Verdict:
    """Asking for a token is the only way to try it; the token is dropped unread."""
    if region != HOME:
        return Verdict("rejected", "OAuth apps are asked about in US1")
    form = {
        "grant_type": "client_credentials",
        "client_id": credential.keys[0],
        "client_secret": credential.secret.reveal(),
    }
    answer = gate.send("POST", "https://oauth.twilio.com/v2/token", data=form)
    if answer.status == 200 and answer.body.get("access_token"):
        return Verdict("live", "200: it was given a token")
    reading = read(answer)
    refused = answer.status in {400, 401} and answer.body.get("error") == "invalid_client"
    return Verdict("rejected", reading.detail) if refused else _settled(reading)


def _settled(reading: Reading, account: str = "") -> Verdict:
    if reading.said in {Said.REFUSED, Said.ABSENT}:
        return Verdict("rejected" if reading.said is Said.REFUSED else "unknown", reading.detail)
    detail = reading.detail
    if reading.permission:
        detail = f"{detail.split(',')[0]}, lacks {reading.permission}"
    return Verdict(_SETTLED.get(reading.said, "live"), detail, account)


def _in_first(body: dict[str, object], name: str) -> str:
    """What the first item of a list has under a name."""
    for listed in body.values():
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            return str(listed[0].get(name, ""))
    return ""
