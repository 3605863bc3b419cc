"""Every state that a credential can be in is told right, and none that lives is called dead."""

from typing import Any

import pytest

from leakscan.providers.credentials import Credential
from leakscan.providers.http import Gate
from leakscan.providers.verdict import STATES, Verdict
from leakscan.providers.verifying import verified
from leakscan.secret import Secret
from tests.scanning import fresh
from tests.standin.others import SendGrid, Tokens
from tests.standin.server import Asked, Reply, Route, StandIn
from tests.standin.twilio import Account, Key, Twilio


def token(account: Account, **facts: Any) -> Credential:
    """The Auth Token of an account."""
    made = Credential("0" * 16, "auth_token", Secret(account.token), (), (account.sid,), sure=True)
    return made._replace(**facts)


def secret(key: Key, account: str = "", **facts: Any) -> Credential:
    """The secret of an API key, its account known or not."""
    accounts = (account,) if account else ()
    return Credential("0" * 16, "api_key_secret", Secret(key.secret), (key.sid,), accounts, sure=True)._replace(**facts)


def alone(kind: str, value: str) -> Credential:
    return Credential("0" * 16, kind, Secret(value))


def tried(credential: Credential, *routes: Route, every_region: bool = False) -> tuple[Verdict, StandIn]:
    """What comes of a credential, and the server that was asked."""
    with StandIn(list(routes)) as server:
        found, complete = verified([credential], Gate(server.base, sleep=lambda _s: None), every_region=every_region)
    assert complete
    ((verdict, _),) = found.values()
    assert verdict.state in STATES
    assert credential.secret.reveal() not in verdict.detail
    assert all(asked.method == "GET" or asked.host == "oauth.twilio.com" for asked in server.requests)
    return verdict, server


TOKENS = {
    "active": ({}, "live"),
    "trial": ({"kind": "Trial"}, "live"),
    "subaccount": ({"parent": "AC" + "1" * 32}, "live"),
    "suspended": ({"status": "suspended"}, "suspended"),
    "closed": ({"status": "closed"}, "rejected_here"),
    "test credentials": ({"test": True}, "live_test"),
    "signed requests wanted": ({"validation": True}, "live_client_validation_only"),
}


@pytest.mark.parametrize(("facts", "state"), TOKENS.values(), ids=list(TOKENS))
def test_auth_tokens(facts: dict[str, object], state: str) -> None:
    twilio = Twilio()
    verdict, server = tried(token(twilio.account(**facts)), twilio)
    assert (verdict.state, len(server.requests)) == (state, 1)


def test_an_auth_token_that_was_rotated() -> None:
    twilio = Twilio()
    account = twilio.account()
    old = token(account)
    account.token = fresh()
    here, _ = tried(old, twilio)
    everywhere, server = tried(old, twilio, every_region=True)
    assert (here.state, everywhere.state, len(server.requests)) == ("rejected_here", "rejected", 4)
    assert "IE1" in here.detail


@pytest.mark.parametrize("region", ["ie1", "au1", "jp1"])
def test_a_credential_of_another_region(region: str) -> None:
    twilio = Twilio()
    account = twilio.account(region=region)
    assert tried(token(account), twilio)[0].state == "rejected_here"
    assert tried(token(account, regions=(region,)), twilio)[0].state == "live"
    assert tried(token(account), twilio, every_region=True)[0].state == "live"
    assert tried(secret(twilio.key(account), account.sid), twilio, every_region=True)[0].state == "live_standard"


KEYS = {
    "main": ("main", frozenset[str](), "live"),
    "standard": ("standard", frozenset[str](), "live_standard"),
    "restricted, nothing of this": ("restricted", frozenset({"/twilio/messaging/messages/create"}), "live_restricted"),
    "restricted, phone numbers": (
        "restricted",
        frozenset({"/twilio/phone-numbers/active-numbers/list"}),
        "live_restricted",
    ),
    "restricted, its account": (
        "restricted",
        frozenset({"/twilio/iam/accounts/read", "/twilio/iam/accounts/list"}),
        "live_restricted",
    ),
    "restricted, services": ("restricted", frozenset({"/twilio/messaging/services/list"}), "live_restricted"),
}


@pytest.mark.parametrize(("kind", "allow", "state"), KEYS.values(), ids=list(KEYS))
@pytest.mark.parametrize("known", [True, False], ids=["account known", "account not known"])
def test_api_keys(kind: str, allow: frozenset[str], state: str, known: bool) -> None:
    twilio = Twilio()
    account = twilio.account()
    key = twilio.key(account, kind, allow)
    verdict, server = tried(secret(key, account.sid if known else ""), twilio)
    assert verdict.state == state
    assert len(server.requests) <= 3


@pytest.mark.parametrize("kind", ["main", "standard"])
def test_a_key_beside_the_sid_of_another_account(kind: str) -> None:
    twilio = Twilio()
    key = twilio.key(twilio.account(), kind)
    verdict, server = tried(secret(key, twilio.account().sid), twilio)
    assert verdict.state.startswith("live")
    assert len(server.requests) <= 3


@pytest.mark.parametrize("known", [True, False])
def test_a_key_that_was_revoked(known: bool) -> None:
    twilio = Twilio()
    account = twilio.account()
    key = twilio.key(account)
    del twilio.keys[key.sid]
    verdict, server = tried(secret(key, account.sid if known else ""), twilio)
    assert (verdict.state, len(server.requests) <= 3) == ("rejected_here", True)


def test_a_secret_with_identifiers_that_may_be_others_is_never_called_dead() -> None:
    twilio = Twilio()
    credential = token(twilio.account(), accounts=(twilio.account().sid, twilio.account().sid), sure=False)
    assert tried(credential, twilio, every_region=True)[0].state == "unknown"


def test_a_secret_without_an_identifier_is_not_sent() -> None:
    for credential in (token(Account("AC", fresh()), accounts=()), secret(Key("SK", fresh(), ""), keys=())):
        verdict, server = tried(credential)
        assert (verdict.state, server.requests) == ("unknown", [])


def test_oauth_apps() -> None:
    twilio = Twilio(apps={(app := fresh("oauth_client_id")): (right := fresh("oauth_client_secret"))})
    credential = Credential("0" * 16, "oauth_client_secret", Secret(right), (app,), (), sure=True)
    assert tried(credential, twilio)[0].state == "live"
    wrong = credential._replace(secret=Secret(fresh("oauth_client_secret")))
    assert tried(wrong, twilio)[0].state == "rejected_here"


def test_sendgrid() -> None:
    value, eu, blocked, broke, dead = (fresh("sendgrid_api_key") for _ in range(5))
    there = SendGrid({value: ["mail.send"]}, {eu: ["mail.send"]}, {blocked}, {broke})
    states = [tried(alone("sendgrid_api_key", each), there)[0].state for each in (value, eu, blocked, broke, dead)]
    assert states == ["live", "live", "live_restricted", "live", "rejected"]


@pytest.mark.parametrize(
    ("kind", "host", "header"),
    [
        ("segment_public_api_token", "eu1.api.segmentapis.com", ""),
        ("segment_public_api_token", "api.segmentapis.com", ""),
        ("segment_config_api_token", "platform.segmentapis.com", ""),
        ("authy_api_key", "api.authy.com", "x-authy-api-key"),
    ],
)
def test_segment_and_authy(kind: str, host: str, header: str) -> None:
    value = fresh(kind)
    others = [Tokens(each) for each in ("api.segmentapis.com", "eu1.api.segmentapis.com") if each != host]
    there = Tokens(host, {value}, header)
    assert tried(alone(kind, value), there, *others)[0].state == "live"
    assert tried(alone(kind, fresh(kind)), there, *others)[0].state == "rejected"


UNCLEAR = {
    "server error": Reply(503, {"code": 20500, "message": "Internal Server Error"}),
    "a page of a firewall": Reply(403, "<html>blocked</html>"),
    "a page that asks for a login": Reply(401, "<html>who are you</html>"),
    "no code": Reply(401, {"message": "Unauthorized"}),
    "another code": Reply(401, {"code": 70051, "message": "account or API key not found or suspended"}),
    "a code with another status": Reply(403, {"code": 20003, "message": "Authenticate"}),
    "what a working credential was once told": Reply(401, {"code": 20003, "message": "profile is not approved"}),
    "not found": Reply(404, {"code": 20404, "message": "not found"}),
    "a list": Reply(200, [1]),
    "nothing": Reply(200, ""),
    "elsewhere": Reply(302, {}, (("Location", "https://example.org/"),)),
}


@pytest.mark.parametrize("reply", UNCLEAR.values(), ids=list(UNCLEAR))
@pytest.mark.parametrize("kind", ["auth_token", "api_key_secret"])
def test_an_answer_that_is_not_clear_is_unknown(reply: Reply, kind: str) -> None:
    twilio = Twilio()
    account = twilio.account()
    credential = token(account) if kind == "auth_token" else secret(twilio.key(account), account.sid)
    verdict, server = tried(credential, lambda _asked: reply)
    assert verdict.state == "unknown"
    assert {asked.host.partition(".")[2] for asked in server.requests} == {"twilio.com"}


def test_too_many_requests_are_asked_again_later() -> None:
    twilio = Twilio()
    account = twilio.account()
    pauses: list[float] = []
    left = [Reply(429, {"code": 20429, "message": "Too Many Requests"}, (("Retry-After", "7"),))] * 2

    def busy(_asked: Asked) -> Reply | None:
        return left.pop() if left else None

    with StandIn([busy, twilio]) as server:
        found, _ = verified([token(account)], Gate(server.base, sleep=pauses.append))
    assert [verdict.state for verdict, _ in found.values()] == ["live"]
    assert [pause for pause in pauses if pause >= 1] == [7, 7]


def test_too_many_requests_for_good() -> None:
    credential = token(Twilio().account())
    verdict, server = tried(credential, lambda _asked: Reply(429, {"code": 20429}))
    assert (verdict.state, len(server.requests)) == ("rate_limited", 4)


def test_a_server_that_is_not_there() -> None:
    with StandIn([]) as server:
        base = server.base
    found, _ = verified([token(Twilio().account())], Gate(base))
    assert [verdict.state for verdict, _ in found.values()] == ["unknown"]


def test_a_region_that_does_not_answer_makes_no_rejection() -> None:
    twilio = Twilio()
    credential = token(Account(fresh("account_sid"), fresh()))

    def down(asked: Asked) -> Reply | None:
        return Reply(502, "<html>") if ".ie1." in asked.host else None

    assert tried(credential, down, twilio, every_region=True)[0].state == "unknown"


def test_each_credential_is_asked_about_once() -> None:
    twilio = Twilio()
    accounts = [twilio.account() for _ in range(50)]
    credentials = [token(each)._replace(fingerprint=f"{number:016x}") for number, each in enumerate(accounts)]
    with StandIn([twilio]) as server:
        found, _ = verified(credentials, Gate(server.base))
    assert len(server.requests) == len(found) == 50
    assert {verdict.state for verdict, _ in found.values()} == {"live"}
