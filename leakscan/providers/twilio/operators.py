"""Who acts: the operator's own credential, and whether it may act for the account that a leak is of."""

from typing import NamedTuple

from leakscan.providers.changes import Outcome, sent_once
from leakscan.providers.http import Answer, Gate
from leakscan.providers.twilio.answers import Said, read
from leakscan.providers.twilio.client import ask, change, client
from leakscan.providers.twilio.verify import address
from leakscan.secret import Secret


class Operator(NamedTuple):
    """A credential to act with: an account's Auth Token, or an API key of that account."""

    username: str
    password: Secret
    account: str
    region: str = "us1"

    def __repr__(self) -> str:
        return f"Operator({self.kind})"

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "an Auth Token" if self.holds_token else "an API key"

    @property
    def holds_token(self) -> bool:
        """Whether it is an Auth Token."""
        return self.username == self.account


class Standing(NamedTuple):
    """Whether an operator may act for an account: None in `refused` if so. `actor` is who acts then.

    A parent's Auth Token reads its subaccount's, and acts with that: what is a subaccount's own is only for itself.
    `primary` is the account's primary Auth Token, which is told to Auth Tokens alone.
    """

    actor: Operator
    refused: str | None = None
    unknown: bool = False
    parent: bool = False
    says: str = ""
    primary: Secret | None = None


def standing(gate: Gate, operator: Operator, account: str) -> Standing:
    """How an operator stands to an account, asked with at most two GETs. Raises Trouble."""
    asking = client(gate, operator.username, operator.password, operator.account)
    answer = ask(asking, address("api", f"/2010-04-01/Accounts/{account}.json", operator.region))
    reading = read(answer)
    if reading.said is Said.YES:
        return _of_account(operator, account, answer.body)
    if reading.said is Said.RESTRICTED:
        why = f"it is a Restricted key without {reading.permission}; use the account's Auth Token or a Main key"
        return Standing(operator, why)
    if reading.said in {Said.REFUSED, Said.ABSENT}:
        return Standing(operator, _why_refused(gate, operator, account))
    return Standing(operator, f"the provider did not say whose it is ({reading.detail})", unknown=True)


def _of_account(operator: Operator, account: str, body: dict[str, object]) -> Standing:
    owner = str(body.get("owner_account_sid") or account)
    if body.get("sid") != account or operator.account not in {account, owner}:
        return Standing(operator, "its account is neither that of the leaked credential nor its parent")
    token = body.get("auth_token")
    primary = Secret(token) if isinstance(token, str) and token else None
    if operator.account == account:
        return Standing(operator, says=f"{operator.kind} of the account itself", primary=primary)
    actor = Operator(account, primary, account, operator.region) if primary else operator
    return Standing(actor, parent=True, says=f"{operator.kind} of the parent account", primary=primary)


def _why_refused(gate: Gate, operator: Operator, account: str) -> str:
    """A Standard key is refused for accounts as if it were wrong: tell it from one that is."""
    if not operator.holds_token:
        asking = client(gate, operator.username, operator.password, operator.account)
        numbers = f"/2010-04-01/Accounts/{operator.account}/IncomingPhoneNumbers.json"
        if read(ask(asking, address("api", numbers, operator.region), PageSize=1)).said is Said.YES:
            return "it is a Standard key, which may not manage keys or accounts; use the Auth Token or a Main key"
    if operator.account != account:
        return "it was refused for the leaked credential's account: it is wrong, or of another account"
    return "the provider refused it: it is wrong, was rotated, or belongs to another region"


def act(gate: Gate, actor: Operator, method: str, url: str, **form: object) -> tuple[Outcome, str, Answer | None]:
    """Send one change as an actor: its outcome, in words, and its answer."""
    asking = client(gate, actor.username, actor.password, actor.account)
    return sent_once(lambda: change(asking, method, url, **form), lambda answer: read(answer).detail)
