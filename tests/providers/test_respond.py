"""Changes at the providers: each sent once, what came of it told right, and the state read where no answer came."""

from collections.abc import Callable, Iterator

import pytest

from leakscan.providers import sendgrid_keys
from leakscan.providers.changes import Changed, Outcome, State
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.twilio import geography, respond
from leakscan.providers.twilio.operators import Operator, standing
from leakscan.secret import Secret
from tests.scanning import fresh
from tests.standin.changing import CUT, Changing, Fault, SendGridKeys
from tests.standin.others import SendGrid
from tests.standin.server import Reply, StandIn
from tests.standin.twilio import Account, Key, Twilio

UNKNOWN_ANSWERS = {
    "500": Reply(500, {"code": 20500, "message": "Internal error"}),
    "503 in HTML": Reply(503, "<html>"),
    "429": Reply(429, {"code": 20429, "message": "Too Many Requests"}),
    "a proxy's 403": Reply(403, "<html>"),
    "no answer": CUT,
}


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


@pytest.fixture
def changing(twilio: Twilio) -> Changing:
    return Changing(twilio)


@pytest.fixture
def server(changing: Changing, twilio: Twilio) -> Iterator[StandIn]:
    with StandIn([changing, twilio]) as running:
        yield running


@pytest.fixture
def gate(server: StandIn) -> Gate:
    return Gate(server.base, may_change=True, sleep=lambda _s: None)


def owner(account: Account) -> Operator:
    return Operator(account.sid, Secret(account.token), account.sid)


def with_key(key: Key) -> Operator:
    return Operator(key.sid, Secret(key.secret), key.account)


def changes(server: StandIn) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in server.requests if each.method != "GET"]


def test_exactly_the_key_is_deleted(twilio: Twilio, gate: Gate) -> None:
    account = twilio.account()
    first, leaked, last = (twilio.key(account) for _ in range(3))
    assert respond.key_state(gate, owner(account), leaked.sid).state is State.OPEN
    assert respond.delete_key(gate, owner(account), leaked.sid).outcome is Outcome.DONE
    assert set(twilio.keys) == {first.sid, last.sid}
    assert respond.key_state(gate, owner(account), leaked.sid).state is State.ABSENT


def test_a_restricted_key_has_what_was_asked_and_no_more(twilio: Twilio, changing: Changing, gate: Gate) -> None:
    account = twilio.account()
    wanted = ["/twilio/messaging/messages/create", "/twilio/voice/calls/list"]
    made = respond.create_restricted(gate, owner(account), account.sid, "leakscan x", wanted)
    assert made.outcome is Outcome.DONE
    assert made.secret == Secret(twilio.keys[made.made].secret)
    assert (twilio.keys[made.made].kind, changing.policies[made.made]) == ("restricted", wanted)
    assert twilio.keys[made.made].secret not in repr(made)


def test_an_auth_token_is_rotated(twilio: Twilio, gate: Gate) -> None:
    account = twilio.account()
    old, me = Secret(account.token), owner(account)
    made = respond.create_secondary(gate, me)
    assert made.secret is not None
    assert {respond.token_state(gate, account.sid, each, "us1").state for each in (old, made.secret)} == {State.OPEN}
    assert respond.promote(gate, me).outcome is Outcome.DONE
    assert respond.token_state(gate, account.sid, old, "us1").state is State.ABSENT
    assert respond.token_state(gate, account.sid, made.secret, "us1").state is State.OPEN


def test_a_secondary_token_is_deleted(twilio: Twilio, gate: Gate) -> None:
    account = twilio.account(secondary=fresh())
    assert respond.delete_secondary(gate, owner(account)).outcome is Outcome.DONE
    assert account.secondary == ""


def test_a_subaccount_is_suspended_by_its_parent(twilio: Twilio, gate: Gate) -> None:
    parent = twilio.account()
    child = twilio.account(parent=parent.sid)
    assert respond.account_state(gate, owner(parent), child.sid).state is State.OPEN
    assert respond.suspend(gate, owner(parent), child.sid).outcome is Outcome.DONE
    assert (child.status, respond.account_state(gate, owner(parent), child.sid).state) == ("suspended", State.DONE)


def test_countries_are_closed(twilio: Twilio, changing: Changing, gate: Gate) -> None:
    me = owner(twilio.account())
    found = geography.opened(gate, me)
    assert isinstance(found, geography.Geography)
    beyond = found.beyond({"US"})
    assert (beyond.messages, set(beyond.calls)) == (("DE", "LV"), {"CU"})
    assert geography.close_messages(gate, me, beyond.messages).outcome is Outcome.DONE
    assert geography.close_calls(gate, me, beyond.calls).outcome is Outcome.DONE
    assert changing.messages == {"US": True, "DE": False, "LV": False}
    assert changing.calls == {"US": True, "CU": False}


def _of_key(gate: Gate, me: Operator, key: Key) -> Changed:
    return respond.delete_key(gate, me, key.sid)


MUTATIONS: dict[str, Callable[[Gate, Operator, Key], Changed]] = {
    "delete a key": _of_key,
    "make a key": lambda gate, me, _key: respond.create_restricted(gate, me, me.account, "x", ["/twilio/a/b/read"]),
    "make a secondary token": lambda gate, me, _key: respond.create_secondary(gate, me),
    "promote": lambda gate, me, _key: respond.promote(gate, me),
    "suspend": lambda gate, me, _key: respond.suspend(gate, me, me.account),
    "close countries": lambda gate, me, _key: geography.close_messages(gate, me, ["DE"]),
}


@pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=list(MUTATIONS))
@pytest.mark.parametrize("reply", UNKNOWN_ANSWERS.values(), ids=list(UNKNOWN_ANSWERS))
def test_no_readable_answer_is_no_outcome_and_nothing_is_sent_again(
    reply: Reply,
    mutate: Callable[[Gate, Operator, Key], Changed],
    twilio: Twilio,
    changing: Changing,
    server: StandIn,
    gate: Gate,
) -> None:
    account = twilio.account()
    key = twilio.key(account)
    changing.faults.append(Fault(reply, happens=False))
    assert mutate(gate, owner(account), key).outcome is Outcome.UNKNOWN
    assert len(changes(server)) == 1


def test_what_the_provider_refuses_was_not_done(twilio: Twilio, gate: Gate) -> None:
    account = twilio.account()
    wrong = Operator(account.sid, Secret(fresh()), account.sid)
    assert respond.delete_key(gate, wrong, twilio.key(account).sid).outcome is Outcome.REFUSED
    assert respond.suspend(gate, owner(account), account.sid).outcome is Outcome.REFUSED


def test_a_gate_that_may_not_change_sends_nothing(twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    changed = respond.delete_key(Gate(server.base), owner(account), twilio.key(account).sid)
    assert (changed.outcome, server.requests) == (Outcome.UNKNOWN, [])


def test_a_key_whose_secret_got_lost_is_told_of(twilio: Twilio, changing: Changing, gate: Gate) -> None:
    account = twilio.account()
    me = owner(account)
    changing.faults.append(Fault(CUT, happens=True))
    assert respond.create_restricted(gate, me, account.sid, "leakscan x", ["/twilio/a/b/read"]).secret is None
    look = respond.named_key(gate, me, account.sid, "leakscan x")
    assert look.state is State.UNKNOWN
    assert next(iter(twilio.keys)) in look.detail
    assert respond.named_key(gate, me, account.sid, "leakscan y").state is State.OPEN


# --- who may act ---


def test_who_may_act_for_an_account(twilio: Twilio, gate: Gate) -> None:
    parent, stranger = twilio.account(), twilio.account()
    child = twilio.account(parent=parent.sid)
    own = standing(gate, owner(child), child.sid)
    assert (own.refused, own.parent, own.primary) == (None, False, Secret(child.token))
    above = standing(gate, owner(parent), child.sid)
    assert (above.refused, above.parent, above.actor) == (None, True, owner(child))
    assert standing(gate, with_key(twilio.key(child, "main")), child.sid).refused is None
    assert "another account" in str(standing(gate, owner(stranger), child.sid).refused)


def test_a_credential_that_may_not_act_says_why(twilio: Twilio, gate: Gate) -> None:
    account = twilio.account()
    assert "Standard key" in str(standing(gate, with_key(twilio.key(account)), account.sid).refused)
    restricted = with_key(twilio.key(account, "restricted", frozenset({"/twilio/iam/api-keys/delete"})))
    assert "twilio/iam/accounts/read" in str(standing(gate, restricted, account.sid).refused)
    wrong = Operator(account.sid, Secret(fresh()), account.sid)
    assert "rotated" in str(standing(gate, wrong, account.sid).refused)


def test_an_operator_nobody_can_ask_about(twilio: Twilio, server: StandIn) -> None:
    account = twilio.account()
    with StandIn([lambda _asked: Reply(503, "<html>")]) as broken:
        assert standing(Gate(broken.base), owner(account), account.sid).unknown
        base = broken.base
    with pytest.raises(Trouble):
        standing(Gate(base), owner(account), account.sid)


# --- SendGrid ---


def sendgrid_key() -> str:
    from leakscan.detection.samples import Samples

    return Samples().value("sendgrid_api_key")


def test_a_sendgrid_key_is_deleted_by_its_middle() -> None:
    leaked, other, admin = (sendgrid_key() for _ in range(3))
    sendgrid = SendGrid({leaked: ["mail.send"], other: ["mail.send"], admin: ["api_keys.read", "api_keys.delete"]})
    identifier = sendgrid_keys.key_id(Secret(leaked))
    with StandIn([SendGridKeys(sendgrid), sendgrid]) as server:
        gate = Gate(server.base, may_change=True)
        host, me = "api.sendgrid.com", Secret(admin)
        assert sendgrid_keys.key_state(gate, host, me, identifier).state is State.OPEN
        assert sendgrid_keys.delete_key(gate, host, Secret(other), identifier).outcome is Outcome.REFUSED
        assert sendgrid_keys.delete_key(gate, host, me, identifier).outcome is Outcome.DONE
        assert sendgrid_keys.key_state(gate, host, me, identifier).state is State.ABSENT
    assert set(sendgrid.keys) == {other, admin}
    assert all(leaked not in asked.path for asked in server.requests)


@pytest.mark.parametrize("reply", UNKNOWN_ANSWERS.values(), ids=list(UNKNOWN_ANSWERS))
def test_a_deletion_at_sendgrid_without_an_answer(reply: Reply) -> None:
    key = sendgrid_key()
    sendgrid = SendGrid({key: ["api_keys.read", "api_keys.delete"]})
    with StandIn([SendGridKeys(sendgrid, [Fault(reply, happens=False)]), sendgrid]) as server:
        gate = Gate(server.base, may_change=True)
        changed = sendgrid_keys.delete_key(gate, "api.sendgrid.com", Secret(key), key.split(".")[1])
    assert (changed.outcome, len(server.requests)) == (Outcome.UNKNOWN, 1)
