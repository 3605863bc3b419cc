"""Whether a Segment token is live."""

from leakscan.providers.credentials import Credential
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.providers.verdict import Verdict

# By kind; a token of one region is unknown in the other (https://docs.segmentapis.com).
_ADDRESSES = {
    "segment_public_api_token": ("https://api.segmentapis.com/", "https://eu1.api.segmentapis.com/"),
    "segment_config_api_token": ("https://platform.segmentapis.com/v1beta/workspaces",),
}


def verify(gate: Gate, credential: Credential) -> Verdict:
    """The state of a Public API or a Config API token."""
    verdicts = []
    for url in _ADDRESSES[credential.kind]:
        bearer = {"Authorization": f"Bearer {credential.secret.reveal()}"}
        try:
            verdicts.append(_read(gate.send("GET", url, headers=bearer)))
        except Trouble as trouble:
            verdicts.append(Verdict("unknown", str(trouble)))
        if verdicts[-1].state not in {"rejected", "unknown"}:
            return verdicts[-1]
    return next((verdict for verdict in verdicts if verdict.state == "unknown"), verdicts[0])


def _read(answer: Answer) -> Verdict:
    if answer.status == 200 and answer.body:
        return Verdict("live", "200")
    refused = answer.status == 401 or (answer.status == 403 and "not authorized" in answer.text.lower())
    if refused and answer.body:
        return Verdict("rejected", f"{answer.status}: not authorized")
    if answer.status == 429:
        return Verdict("rate_limited", "429")
    return Verdict("unknown", f"{answer.status}" + ("" if answer.body else ", and no JSON"))
