"""SendGrid API keys, as an administrator's key sees them: whether one is there, and its deletion."""

from leakscan.providers.changes import Changed, Look, State, sent_once
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.secret import Secret

HOSTS = ("api.sendgrid.com", "api.eu.sendgrid.com")


def key_id(secret: Secret) -> str:
    """The id of a key: its middle, between the dots."""
    return secret.reveal().split(".")[1]


def delete_key(gate: Gate, host: str, admin: Secret, identifier: str) -> Changed:
    """Delete a key, at the host that knows it."""
    url = f"https://{host}/v3/api_keys/{identifier}"
    outcome, detail, _ = sent_once(lambda: gate.send("DELETE", url, headers=_bearer(admin)), _detail)
    return Changed(outcome, detail)


def key_state(gate: Gate, host: str, admin: Secret, identifier: str) -> Look:
    """Whether a key is there (open); absent if not, or not for this administrator."""
    try:
        answer = gate.send("GET", f"https://{host}/v3/api_keys/{identifier}", headers=_bearer(admin))
    except Trouble as trouble:
        return Look(State.UNKNOWN, str(trouble))
    if answer.status == 200 and answer.body:
        return Look(State.OPEN, "the key exists")
    if answer.status == 404:
        return Look(State.ABSENT, "there is no such key in the account")
    return Look(State.UNKNOWN, _detail(answer))


def scopes(gate: Gate, host: str, key: Secret) -> frozenset[str] | None:
    """What a key may do; None if that host does not accept it. Raises Trouble."""
    answer = gate.send("GET", f"https://{host}/v3/scopes", headers=_bearer(key))
    listed = answer.body.get("scopes")
    return frozenset(map(str, listed)) if answer.status == 200 and isinstance(listed, list) else None


def _bearer(key: Secret) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.reveal()}"}


def _detail(answer: Answer) -> str:
    words = {401: "the key that asked is not accepted", 403: "the key that asked lacks the scope", 404: "no such key"}
    return f"{answer.status}" + (f", {words[answer.status]}" if answer.status in words else "")
