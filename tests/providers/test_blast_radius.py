"""What a live Twilio credential reaches is told as it is, by its type, and what is not known never as none."""

from datetime import date, timedelta
from typing import Any

import pytest

from leakscan.inspection import (
    Balance,
    BlastRadius,
    Listed,
    Permissions,
    SmsGeo,
    Unknown,
    Variables,
    VoiceGeo,
    Whose,
)
from tests.standin.server import Reply
from tests.standin.twilio import Account, Twilio, error
from tests.standin.twilio_bodies import number, service, sid
from tests.standin.worlds import PLANTED, TUNISIA, quiet, settled

from .inspecting import LEAKED, TODAY, failing, inspected
from .test_verify import secret, token

HOSTILE = "\x1b]0;x\x07<script>alert(1)</script>\n::error::x"


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


@pytest.fixture
def account(twilio: Twilio) -> Account:
    return quiet(twilio, LEAKED, TODAY)


def reached(credential: Any, *routes: Any) -> BlastRadius:
    reach = inspected(credential, *routes)[0].reach
    assert reach is not None
    return reach


def unknown(reach: BlastRadius) -> set[str]:
    return {name for name, fact in reach._asdict().items() if isinstance(fact, Unknown)}


def test_an_auth_token_reaches_everything(twilio: Twilio) -> None:
    account, minted = settled(twilio, LEAKED, TODAY)
    reach = reached(token(account), twilio)
    assert reach.account == Whose(f"{account.sid[:8]}…", "…@…'s Account", "active", "Full", False, date(2015, 7, 30))
    assert reach.balance == Balance("12.3", "USD")
    assert isinstance(reach.numbers, Listed)
    first, bought = reach.numbers.items
    assert (first.shown, first.country, first.abilities) == ("+1 …23", "US", ("voice", "sms"))
    assert (first.voice_host, first.sms_host) == ("voice.example.com", "sms.example.com")
    assert (bought.shown, bought.country, bought.voice_host) == ("+216 …56", "TN", "192.0.2.66")
    assert isinstance(reach.keys, Listed)
    assert f"{minted.sid[:8]}…" in {key.sid for key in reach.keys.items}
    assert isinstance(reach.subaccounts, Listed)
    assert [each.name for each in reach.subaccounts.items] == ["more"]
    assert isinstance(reach.voice, VoiceGeo)
    assert (reach.voice.open, [each.code for each in reach.voice.risky]) == (3, ["LV"])
    assert reach.sms == SmsGeo(("TN", "US"), 1, ("TN",), ("PK",))
    assert reach.variables == Listed((Variables("hooks/production", ("GREETING", "STRIPE_SECRET_KEY")),))
    assert reach.permissions is None
    assert unknown(reach) == set()


def test_nothing_that_is_secret_or_personal_is_kept(twilio: Twilio) -> None:
    account, minted = settled(twilio, LEAKED, TODAY)
    inspection, _ = inspected(token(account), twilio)
    told = repr(inspection)
    for planted in (*PLANTED, account.token, account.sid, minted.sid, minted.secret):
        assert planted not in told


def test_few_requests_are_sent(twilio: Twilio, account: Account) -> None:
    _, server = inspected(token(account), twilio)
    assert len(server.requests) <= 40


def test_a_main_key(twilio: Twilio, account: Account) -> None:
    key = twilio.key(account, "main", name="main")
    reach = reached(secret(key, account.sid), twilio)
    assert unknown(reach) == set()
    assert isinstance(reach.keys, Listed)
    assert [each.name for each in reach.keys.items if each.own] == ["main"]


def test_a_standard_key_is_not_asked_for_what_it_may_not(twilio: Twilio, account: Account) -> None:
    inspection, server = inspected(secret(twilio.key(account), account.sid), twilio)
    assert inspection.state == "live_standard"
    assert inspection.reach is not None
    assert unknown(inspection.reach) == {"account", "subaccounts", "keys"}
    assert not [asked for asked in server.requests if asked.host == "iam.twilio.com"]


def test_a_key_without_its_account_learns_it(twilio: Twilio, account: Account) -> None:
    account.holds["messaging"] = []
    reach = reached(secret(twilio.key(account)), twilio)
    assert isinstance(reach.numbers, Listed)
    account.holds["verify"] = account.holds["functions"] = account.holds["events"] = []
    reach = reached(secret(twilio.key(account)), twilio)
    assert isinstance(reach.numbers, Unknown)
    assert "which account it belongs to is not known" in reach.numbers.because
    assert isinstance(reach.voice, VoiceGeo)


READING = frozenset({"/twilio/messaging/messages/list", "/twilio/messaging/services/list"})


def test_a_restricted_key_that_may_read_its_policy(twilio: Twilio, account: Account) -> None:
    allow = READING | {"/twilio/iam/api-keys/read", "/twilio/messaging/messages/create", "/twilio/voice/calls/*"}
    reach = reached(secret(twilio.key(account, "restricted", allow), account.sid), twilio)
    names = ("iam/api-keys/read", "messaging/messages/create", "messaging/messages/list", "messaging/services/list")
    assert reach.permissions == Permissions("policy", (*names, "voice/calls/*"))


def test_a_restricted_key_that_may_not(twilio: Twilio, account: Account) -> None:
    allow = READING | {"/twilio/voice/recordings/read"}
    reach = reached(secret(twilio.key(account, "restricted", allow), account.sid), twilio)
    assert isinstance(reach.permissions, Permissions)
    assert reach.permissions.source == "answers"
    allowed = ("messaging/messages/list", "messaging/services/list", "voice/recordings/read")
    assert reach.permissions.allowed == allowed
    assert {"iam/api-keys/read", "voice/calls/read", "billing/usage/read"} <= set(reach.permissions.missing)
    assert not set(reach.permissions.allowed) & set(reach.permissions.missing)
    assert isinstance(reach.numbers, Unknown)
    assert reach.numbers.permission == "twilio/phone-numbers/active-numbers/list"
    assert "lacks the permission twilio/phone-numbers/active-numbers/list" in reach.numbers.because


def test_a_subaccount(twilio: Twilio) -> None:
    parent = twilio.account()
    account = quiet(twilio, LEAKED, TODAY, parent=parent.sid)
    inspection, _ = inspected(token(account), twilio)
    assert inspection.reach is not None
    assert isinstance(inspection.reach.account, Whose)
    assert inspection.reach.account.subaccount
    assert isinstance(inspection.reach.balance, Unknown)
    assert "none" in inspection.reach.balance.because
    assert any("neither its parent" in power for power in inspection.powers)


@pytest.mark.parametrize(
    ("facts", "state"),
    [({"status": "suspended"}, "suspended"), ({"test": True}, "live_test"), ({"status": "closed"}, "rejected_here")],
)
def test_what_may_not_read_is_asked_nothing_further(twilio: Twilio, facts: dict[str, Any], state: str) -> None:
    inspection, server = inspected(token(twilio.account(**facts)), twilio)
    assert (inspection.state, inspection.reach, inspection.review) == (state, None, None)
    assert len(server.requests) == 1
    assert inspection.risks == ()


@pytest.mark.parametrize(
    ("reply", "says", "unanswered"),
    [
        (Reply(500, {"code": 20500, "message": "boom"}), "500", True),
        (Reply(502, "<html>no</html>"), "502, and no JSON", True),
        (Reply(200, "<html>login</html>"), "no JSON", True),
        (Reply(200, {"surprise": []}), "no list", True),
        (error(429, 20429, "Too Many Requests"), "too many requests", True),
        (error(401, 20003, "Authenticate"), "may not ask for it", False),
        (error(404, 20404, "not found"), "there is none, or not for this credential", False),
        (error(401, 20005, "Account not active"), "20005", False),
    ],
)
def test_an_answer_that_is_none_is_not_known(
    twilio: Twilio, account: Account, reply: Reply, says: str, unanswered: bool
) -> None:
    reach = reached(token(account), failing("messaging", reply), failing("voice", reply), twilio)
    for fact in (reach.messaging, reach.voice):
        assert isinstance(fact, Unknown)
        assert says in fact.because
        assert fact.unanswered == unanswered
    assert unknown(reach) == {"messaging", "voice"}


def test_lists_are_read_page_after_page_within_bounds(twilio: Twilio, account: Account) -> None:
    account.holds["messaging"] = [service(account.sid, f"number {each}") for each in range(2500)]
    reach = reached(token(account), twilio)
    assert isinstance(reach.messaging, Listed)
    assert (len(reach.messaging.items), reach.messaging.cut) == (1000, "only the first 1,000 were asked for")


def test_a_list_that_breaks_off_says_so(twilio: Twilio, account: Account) -> None:
    def broken(asked: Any) -> Reply | None:
        return Reply(503, {}) if asked.path.endswith("Messages.json") and "Page" in asked.query else None

    account.holds["messages"] *= 60
    inspection, _ = inspected(token(account), broken, twilio)
    assert inspection.review is not None
    assert "the rest is not known: the answer was 503" in getattr(inspection.review.messages, "cut", "")


def test_the_next_page_is_asked_for_where_the_first_was(twilio: Twilio, account: Account) -> None:
    elsewhere = {"next_page_url": "https://api.sendgrid.com/v3/scopes?Page=1", "key": "services"}
    items = [service(account.sid)]
    inspection, server = inspected(
        token(account), failing("messaging", Reply(200, {"services": items, "meta": elsewhere})), twilio
    )
    assert inspection.reach is not None
    assert len(server.requests) < 40
    assert {asked.host for asked in server.requests} <= {
        f"{name}.twilio.com" for name in "api accounts iam messaging monitor serverless verify voice".split()
    }


def test_many_services_with_variables_are_cut(twilio: Twilio, account: Account) -> None:
    functions = [{"sid": sid("ZS"), "unique_name": f"f{each}"} for each in range(9)]
    account.holds["functions"] = functions
    reach = reached(token(account), twilio)
    assert isinstance(reach.variables, Listed)
    assert reach.variables.cut == "only 3 of 9 services were asked about"


def test_hostile_and_odd_bodies(twilio: Twilio, account: Account) -> None:
    account.name = HOSTILE
    account.holds["messaging"] = [
        service(account.sid, HOSTILE) | {"inbound_request_url": "http://[bad", "usecase": 7},
        {"friendly_name": None},
    ]
    account.numbers = [number(account.sid, "client:x", TODAY), {"phone_number": 5, "capabilities": "x"}, {}]
    account.numbers[0] |= {"voice_url": "https://a\x1b[2Jb/", "date_created": "soon"}
    account.holds["countries"] = [{"iso_code": 5, "low_risk_numbers_enabled": "yes"}, {}]
    account.holds["permissions"] = [None, {"country_code": None, "enabled": True}, 5]
    reach = reached(token(account), twilio)
    assert unknown(reach) == set()
    assert isinstance(reach.numbers, Listed)
    assert [each.shown for each in reach.numbers.items] == ["…", "…", "…"]


def test_a_region_is_asked_where_the_account_is(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY, region="ie1")
    inspection, server = inspected(token(account, regions=("ie1",)), twilio)
    assert {asked.host.partition(".")[2] for asked in server.requests} == {"dublin.ie1.twilio.com"}
    assert inspection.reach is not None
    assert unknown(inspection.reach) == {"keys"}


def test_the_number_of_another_country_is_not_shown(twilio: Twilio, account: Account) -> None:
    account.numbers = [number(account.sid, TUNISIA, TODAY + timedelta(days=-1))]
    reach = reached(token(account), twilio)
    assert isinstance(reach.numbers, Listed)
    assert TUNISIA[5:] not in repr(reach.numbers)
