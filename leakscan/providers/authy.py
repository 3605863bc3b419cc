"""Whether an Authy API key is live."""

from leakscan.providers.credentials import Credential
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.verdict import Verdict

_DETAILS = "https://api.authy.com/protected/json/app/details"


def verify(gate: Gate, credential: Credential) -> Verdict:
    """The state of a key."""
    try:
        answer = gate.send("GET", _DETAILS, headers={"X-Authy-API-Key": credential.secret.reveal()})
    except Trouble as trouble:
        return Verdict("unknown", str(trouble))
    if answer.status == 200 and answer.body:
        return Verdict("live", "200 for the app's details")
    if answer.status == 401 and answer.body:
        return Verdict("rejected", "401: the key is not valid")
    if answer.status == 429:
        return Verdict("rate_limited", "429")
    return Verdict("unknown", f"{answer.status}" + ("" if answer.body else ", and no JSON"))
