"""Whether a SendGrid API key is live."""

from leakscan.providers.credentials import Credential
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.providers.verdict import Verdict

_HOSTS = {"global": "api.sendgrid.com", "EU": "api.eu.sendgrid.com"}
# Status 401 means both: https://support.sendgrid.com/hc/en-us/articles/18322114821403.
_DEAD = "authorization grant is invalid, expired, or revoked"
_ALIVE = ("maximum credits exceeded", "authenticated user is not authorized")


def verify(gate: Gate, credential: Credential) -> Verdict:
    """The state of a key, asked of both of SendGrid's hosts, for a key of one may be unknown to the other."""
    refused: list[str] = []
    trouble: Verdict | None = None
    for name, host in _HOSTS.items():
        bearer = {"Authorization": f"Bearer {credential.secret.reveal()}"}
        try:
            verdict = _read(gate.send("GET", f"https://{host}/v3/scopes", headers=bearer))
        except Trouble as raised:
            verdict = Verdict("unknown", str(raised))
        if verdict.state == "rejected":
            refused.append(f"{name}: {verdict.detail}")
        elif verdict.state in {"unknown", "rate_limited"}:
            trouble = trouble or verdict
        else:
            return verdict
    if len(refused) == len(_HOSTS):
        return Verdict("rejected", "refused by both hosts: " + "; ".join(refused))
    if refused:
        detail = trouble.detail if trouble else ""
        return Verdict("rejected_here", f"refused by {refused[0]}; of the other host no answer: {detail}")
    return trouble or Verdict("unknown", "")


def _read(answer: Answer) -> Verdict:
    errors = answer.body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    message = str(first.get("message", "")) if isinstance(first, dict) else ""
    scopes = answer.body.get("scopes")
    if answer.status == 200 and isinstance(scopes, list):
        return Verdict(
            "live", f"200, {len(scopes)} scopes" + (", mail.send among them" if "mail.send" in scopes else "")
        )
    if answer.status == 403 and answer.body:
        return Verdict("live_restricted", "403: known, but kept from this by its scopes or an IP access list")
    if answer.status == 401 and any(words in message.lower() for words in _ALIVE):
        return Verdict("live", f"401: {message.strip()[:80]}")
    if answer.status == 401 and _DEAD in message.lower():
        return Verdict("rejected", "401: the grant is invalid, expired or revoked")
    if answer.status == 429:
        return Verdict("rate_limited", "429")
    return Verdict("unknown", f"{answer.status}" + ("" if answer.body else ", and no JSON"))
