"""What takes a leaked Twilio credential out of use: each change one request, and looks at how things stand."""

import json
from collections.abc import Sequence

from leakscan.providers.changes import Changed, Look, Outcome, State
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.providers.twilio.answers import Said, read
from leakscan.providers.twilio.client import ask, client
from leakscan.providers.twilio.operators import Operator, act
from leakscan.providers.twilio.verify import address
from leakscan.secret import Secret


def _ask(gate: Gate, actor: Operator, url: str, **params: object) -> tuple[Said, str, Answer | None]:
    try:
        answer = ask(client(gate, actor.username, actor.password, actor.account), url, **params)
    except Trouble as trouble:
        return Said.UNCLEAR, str(trouble), None
    reading = read(answer)
    return reading.said, reading.detail, answer


# --- API keys ---


def delete_key(gate: Gate, actor: Operator, key: str) -> Changed:
    """Revoke exactly this API key."""
    outcome, detail, _ = act(gate, actor, "DELETE", address("iam", f"/v1/Keys/{key}", actor.region))
    return Changed(outcome, detail)


def key_state(gate: Gate, actor: Operator, key: str) -> Look:
    """Whether an API key is there (open); absent if not, or not for this actor."""
    said, detail, _ = _ask(gate, actor, address("iam", f"/v1/Keys/{key}", actor.region))
    states = {Said.YES: State.OPEN, Said.ABSENT: State.ABSENT}
    words = {Said.YES: "the key exists", Said.ABSENT: "there is no such key in the account"}
    return Look(states.get(said, State.UNKNOWN), words.get(said, detail))


def create_restricted(gate: Gate, actor: Operator, account: str, name: str, permissions: Sequence[str]) -> Changed:
    """A new Restricted key with these permissions and no others, by the one API that makes such."""
    outcome, detail, answer = act(
        gate,
        actor,
        "POST",
        address("iam", "/v1/Keys"),
        AccountSid=account,
        FriendlyName=name,
        KeyType="restricted",
        Policy=json.dumps({"allow": list(permissions)}),
    )
    if outcome is not Outcome.DONE or answer is None:
        return Changed(outcome, detail)
    sid, secret = answer.body.get("sid"), answer.body.get("secret")
    if not (isinstance(sid, str) and isinstance(secret, str) and secret):
        return Changed(Outcome.UNKNOWN, "the answer names no key and secret")
    return Changed(outcome, detail, sid, Secret(secret))


def named_key(gate: Gate, actor: Operator, account: str, name: str) -> Look:
    """Whether a key of this name exists already: unknown then, for its secret went to nobody."""
    url = address("iam", "/v1/Keys")
    said, detail, answer = _ask(gate, actor, url, AccountSid=account, PageSize=1000)
    if said is not Said.YES or answer is None:
        return Look(State.UNKNOWN, detail)
    keys = answer.body.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("friendly_name") == name:
            where = f"a key {key.get('sid')} named {name!r} exists, and its secret reached nobody"
            return Look(State.UNKNOWN, f"{where}: delete it in the Console (API keys & tokens), then run this again")
    return Look(State.OPEN, f"no key is named {name!r}")


# --- Auth Tokens ---


def create_secondary(gate: Gate, actor: Operator) -> Changed:
    """A secondary Auth Token of the actor's account, valid beside the primary one."""
    outcome, detail, answer = act(gate, actor, "POST", address("accounts", "/v1/AuthTokens/Secondary", actor.region))
    if outcome is not Outcome.DONE or answer is None:
        return Changed(outcome, detail)
    token = answer.body.get("secondary_auth_token")
    if not (isinstance(token, str) and token):
        return Changed(Outcome.UNKNOWN, "the answer holds no secondary token")
    return Changed(outcome, detail, secret=Secret(token))


def promote(gate: Gate, actor: Operator) -> Changed:
    """The secondary Auth Token becomes the primary one; what was primary is refused from then on."""
    outcome, detail, _ = act(gate, actor, "POST", address("accounts", "/v1/AuthTokens/Promote", actor.region))
    return Changed(outcome, detail)


def delete_secondary(gate: Gate, actor: Operator) -> Changed:
    """Delete the secondary Auth Token of the actor's account."""
    outcome, detail, _ = act(gate, actor, "DELETE", address("accounts", "/v1/AuthTokens/Secondary", actor.region))
    return Changed(outcome, detail)


def token_state(gate: Gate, account: str, token: Secret, region: str) -> Look:
    """Whether an Auth Token is accepted (open) or refused (absent)."""
    holder = Operator(account, token, account, region)
    said, detail, _ = _ask(gate, holder, address("api", f"/2010-04-01/Accounts/{account}.json", region))
    states = {Said.YES: State.OPEN, Said.REFUSED: State.ABSENT}
    return Look(states.get(said, State.UNKNOWN), detail)


# --- accounts ---


def suspend(gate: Gate, operator: Operator, account: str) -> Changed:
    """Suspend a subaccount, as its parent. It can be set active again."""
    url = address("api", f"/2010-04-01/Accounts/{account}.json", operator.region)
    outcome, detail, _ = act(gate, operator, "POST", url, Status="suspended")
    return Changed(outcome, detail)


def account_state(gate: Gate, operator: Operator, account: str) -> Look:
    """Whether an account is active (open) or already not (done)."""
    said, detail, answer = _ask(gate, operator, address("api", f"/2010-04-01/Accounts/{account}.json", operator.region))
    status = answer.body.get("status") if said is Said.YES and answer is not None else None
    if status == "active":
        return Look(State.OPEN, "the account is active")
    if status in {"suspended", "closed"}:
        return Look(State.DONE, f"the account is {status}")
    return Look(State.UNKNOWN, detail)
