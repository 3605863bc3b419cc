"""The steps of a plan as requests: what each sends, and how it looks at the state before and after."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leakscan.providers import sendgrid_keys
from leakscan.providers.changes import Changed, Look, Outcome, State
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.twilio import geography, respond
from leakscan.providers.twilio.operators import Operator
from leakscan.response.carrying_out import Action
from leakscan.response.journal import Journal
from leakscan.response.secret_file import written
from leakscan.response.target import Target, asked
from leakscan.secret import Secret

KEY, KEY_SECRET, TOKEN = "TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN"  # names, not values
_PAUSES = (2.0, 5.0, 10.0)  # SendGrid and others say that a deletion takes moments to be known everywhere

_ENDS = ("promote", "delete-secondary", "revoke-key", "delete-sendgrid-key")  # what ends a credential


@dataclass
class Acting:
    """All that steps need. `keep` puts a new secret where the operator wants it; it raises OSError."""

    gate: Gate
    target: Target
    operator: Operator
    actor: Operator
    journal: Journal
    keep: Callable[[str, Secret | str], None]
    permissions: Sequence[str] = ()
    kept: Sequence[str] = ()
    every_region: bool = False
    host: str = sendgrid_keys.HOSTS[0]
    sleep: Callable[[float], None] = time.sleep
    _new_token: Secret | None = None
    _open: geography.Geography | None = field(default=None, repr=False)

    def actions(self) -> Mapping[str, Action]:
        """How each step is done, by its name."""
        gate, target, actor, operator = self.gate, self.target, self.actor, self.operator
        return {
            "create-restricted": Action(self._create_restricted, self._is_named),
            "create-secondary": Action(self._create_secondary),
            "check-secondary": Action(self._check_secondary, changes=False),
            "promote": Action(lambda: respond.promote(gate, actor), self._is_promoted),
            "delete-secondary": Action(lambda: respond.delete_secondary(gate, actor), self._is_promoted),
            "revoke-key": Action(lambda: respond.delete_key(gate, actor, target.key), self._is_revoked),
            "suspend-account": Action(
                lambda: respond.suspend(gate, operator, target.account),
                lambda _begun: respond.account_state(gate, operator, target.account),
            ),
            "narrow-messages": Action(self._close_messages, self._messages_left, self._were_open),
            "narrow-calls": Action(self._close_calls, self._calls_left, self._were_open),
            "delete-sendgrid-key": Action(self._delete_sendgrid_key, self._is_deleted),
            "verify": Action(self._verify, changes=False),
        }

    # --- new credentials ---

    @property
    def _name(self) -> str:
        return f"leakscan {self.journal.fingerprint}"

    def _create_restricted(self) -> Changed:
        made = respond.create_restricted(self.gate, self.actor, self.target.account, self._name, self.permissions)
        return self._kept(made, ((KEY, made.made), (KEY_SECRET, made.secret)), f"delete the key {made.made}")

    def _is_named(self, begun: bool) -> Look:  # noqa: FBT001  # as Action calls it
        if not begun:
            return Look(State.OPEN, "")
        return respond.named_key(self.gate, self.actor, self.target.account, self._name)

    def _create_secondary(self) -> Changed:
        made = respond.create_secondary(self.gate, self.actor)
        self._new_token = made.secret
        return self._kept(made, ((TOKEN, made.secret),), "delete the secondary token")

    def _kept(self, made: Changed, values: Sequence[tuple[str, Secret | str | None]], undo: str) -> Changed:
        if made.outcome is not Outcome.DONE:
            return made
        try:
            for name, value in values:
                if value:
                    self.keep(name, value)
        except OSError as error:
            says = f"it was made, and its secret could not be kept ({error.strerror}): {undo} in the Console"
            return Changed(Outcome.UNKNOWN, says, made.made)
        return made

    def _check_secondary(self) -> Changed:
        token = self._new_token or written(self.journal.secret_file, TOKEN)
        if token is None:
            return Changed(Outcome.REFUSED, f"the new token is not known; give the file that holds it as {TOKEN}=…")
        look = respond.token_state(self.gate, self.target.account, token, self.target.region)
        outcomes = {State.OPEN: Outcome.DONE, State.ABSENT: Outcome.REFUSED}
        words = {State.OPEN: "the new token is accepted", State.ABSENT: "the new token is refused"}
        return Changed(outcomes.get(look.state, Outcome.UNKNOWN), words.get(look.state, look.detail))

    # --- the leaked one ---

    def _is_promoted(self, begun: bool) -> Look:  # noqa: FBT001
        if not begun:
            return self._refused_before(self.target.detail) if self.target.dead else Look(State.OPEN, "")
        secret = self.target.credential.secret
        if not secret.held:
            return Look(State.UNKNOWN, "the leaked token is not here to be tried")
        look = respond.token_state(self.gate, self.target.account, secret, self.target.region)
        if look.state is State.ABSENT:
            return Look(State.DONE, "the leaked token is refused")
        return look._replace(detail="the leaked token is still accepted" if look.state is State.OPEN else look.detail)

    def _is_revoked(self, begun: bool) -> Look:  # noqa: FBT001
        look = respond.key_state(self.gate, self.actor, self.target.key)
        if look.state is State.OPEN and self.target.dead and not begun:
            # A key keeps its secret for life: one that does not open it is not this key's.
            return Look(State.ABSENT, "the key exists, and refuses the leaked secret: they do not belong together")
        return self._absence(look, begun=begun)

    def _is_deleted(self, begun: bool) -> Look:  # noqa: FBT001
        admin, identifier = self.operator.password, sendgrid_keys.key_id(self.target.credential.secret)
        look = sendgrid_keys.key_state(self.gate, self.host, admin, identifier)
        if look.state is State.UNKNOWN and admin == self.target.credential.secret and not begun:
            return Look(State.OPEN, "the key may delete itself, and may not look at itself")
        return self._absence(look, begun=begun)

    def _absence(self, look: Look, *, begun: bool) -> Look:
        """What it means that a key is not there: gone if it was there before or is refused, else another account's."""
        if look.state is not State.ABSENT:
            return look
        if begun:
            return Look(State.DONE, look.detail)
        if self.target.dead:
            return self._refused_before(look.detail)
        if self.target.settled:
            return Look(State.ABSENT, f"{look.detail}, though the credential works: it is another account's")
        return Look(State.UNKNOWN, f"{look.detail}, and whether it works elsewhere is not known")

    def _refused_before(self, detail: str) -> Look:
        """What it means that the credential was refused before anything was done: that of all regions, it is dead."""
        if self.target.state == "rejected":
            return Look(State.DONE, f"{detail}; the credential is refused everywhere")
        return Look(State.UNKNOWN, f"{self.target.detail}, and the other regions were not asked (--regions all)")

    def _delete_sendgrid_key(self) -> Changed:
        identifier = sendgrid_keys.key_id(self.target.credential.secret)
        return sendgrid_keys.delete_key(self.gate, self.host, self.operator.password, identifier)

    def _verify(self) -> Changed:
        if not self.target.credential.secret.held:
            return self._verify_by_key()
        for pause in (*_PAUSES, None):
            now = asked(self.gate, self.target.credential, every_region=self.every_region)
            if pause is None or not now.state.startswith("live"):
                break
            self.sleep(pause)
        ended = any(self.journal.state(name) == "done" for name in _ENDS)
        if now.state == "rejected_here" and not (ended or self.target.state.startswith("live")):
            return Changed(Outcome.UNKNOWN, f"{now.detail}; the other regions were not asked (--regions all)")
        if now.dead:
            return Changed(Outcome.DONE, f"the leaked credential is refused: {now.detail}")
        if now.state == "suspended":
            return Changed(Outcome.DONE, "the account is suspended; once it is active again, so is the credential")
        if now.state.startswith("live"):
            return Changed(Outcome.REFUSED, f"the leaked credential is still accepted: {now.detail}")
        return Changed(Outcome.UNKNOWN, f"whether it is refused could not be told: {now.detail}")

    def _verify_by_key(self) -> Changed:
        if self.target.key:
            look = respond.key_state(self.gate, self.actor, self.target.key)
            if look.state is State.ABSENT:
                return Changed(Outcome.DONE, look.detail)
            if look.state is State.OPEN:
                return Changed(Outcome.REFUSED, look.detail)
        return Changed(Outcome.UNKNOWN, "its value no longer stands where it was found, so that it cannot be tried")

    # --- countries ---

    def _looked_round(self) -> geography.Geography | str:
        try:
            found = geography.opened(self.gate, self.actor)
        except Trouble as trouble:
            return str(trouble)
        if isinstance(found, geography.Geography):
            self._open = found.beyond(self.kept)
            return self._open
        return found

    def _messages_left(self, _begun: bool) -> Look:  # noqa: FBT001
        found = self._looked_round()
        return _left(found if isinstance(found, str) else found.messages, "messages")

    def _calls_left(self, _begun: bool) -> Look:  # noqa: FBT001
        found = self._looked_round()
        return _left(found if isinstance(found, str) else tuple(found.calls), "calls")

    def _were_open(self) -> dict[str, Any]:
        return {"messages": list(self._open.messages), "calls": dict(self._open.calls)} if self._open else {}

    def _close_messages(self) -> Changed:
        return geography.close_messages(self.gate, self.actor, self._open.messages if self._open else ())

    def _close_calls(self) -> Changed:
        return geography.close_calls(self.gate, self.actor, self._open.calls if self._open else ())


def _left(found: Sequence[str], what: str) -> Look:
    if isinstance(found, str):
        return Look(State.UNKNOWN, found)
    if not found:
        return Look(State.DONE, f"no other country is open for {what}")
    return Look(State.OPEN, f"{len(found)} other countries are open for {what}")
