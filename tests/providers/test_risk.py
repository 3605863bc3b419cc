"""What an attacker would do is told from what was learned, in its order, and no surer than it is known."""

import pytest

from leakscan.inspection import (
    Balance,
    BlastRadius,
    Country,
    Listed,
    Number,
    Permissions,
    Service,
    SmsGeo,
    Subaccount,
    Unknown,
    Variables,
    VoiceGeo,
    Whose,
)
from leakscan.providers.twilio.risk import Held, powers, risks

RICH = BlastRadius(
    account=Whose("AC1…", "x", "active", "Full"),
    balance=Balance("812.40", "USD"),
    numbers=Listed((Number("+1 …23", "US", ("voice", "sms"), "hooks.example.com", "hooks.example.com"),)),
    messaging=Listed((Service("alerts", "", "inbound.example.com"),)),
    subaccounts=Listed((Subaccount("AC2…", "y", "active"), Subaccount("AC3…", "z", "active"))),
    voice=VoiceGeo(
        9, (Country("LV", "Latvia", fraud=True, special=False), Country("DE", "Germany", fraud=False, special=True))
    ),
    sms=SmsGeo(("TN", "US"), 3, ("TN",)),
    variables=Listed((Variables("a/b", ("DB_PASSWORD", "GREETING")),)),
)
NO = Unknown("it broke", unanswered=True)
DARK = BlastRadius(*(NO for _ in BlastRadius._fields))


def told(kind: str = "auth_token", state: str = "live", reach: BlastRadius = RICH) -> list[str]:
    return [each.partition(":")[0] for each in risks(Held(kind, state, reach))]


def allowing(*names: str, source: str = "policy", missing: tuple[str, ...] = ()) -> BlastRadius:
    return RICH._replace(permissions=Permissions(source, names, missing), subaccounts=NO, variables=NO)


EVERYTHING = [
    "Money first",
    "Phishing in your name",
    "Staying",
    "Spreading",
    "Listening in",
    "Personal data",
    "Other credentials",
    "Forgery",
]


def test_an_auth_token() -> None:
    assert told() == EVERYTHING
    money, phishing, staying, spreading, listening, _, variables, _ = risks(Held("auth_token", "live", RICH))
    for part in ("can call, send messages and have codes", "812.40 USD", "1 phone number", "open in LV", "open: TN"):
        assert part in money
    assert "DE" not in money
    assert "1 messaging service" in phishing
    assert "rotate the Auth Token" in staying
    assert "Auth Tokens of 2 subaccounts" in spreading
    assert "hooks.example.com, inbound.example.com now" in listening
    assert variables.endswith("2 stored variables; by their names these are secrets: DB_PASSWORD.")


@pytest.mark.parametrize(
    ("kind", "state", "missing"),
    [
        ("api_key_secret", "live", {"Forgery"}),
        ("api_key_secret", "live_standard", {"Forgery", "Staying", "Spreading"}),
        ("auth_token", "live_test", set(EVERYTHING)),
        ("auth_token", "live_client_validation_only", set(EVERYTHING)),
        ("auth_token", "suspended", set(EVERYTHING)),
        ("auth_token", "rejected", set(EVERYTHING)),
    ],
)
def test_other_types(kind: str, state: str, missing: set[str]) -> None:
    assert told(kind, state) == [each for each in EVERYTHING if each not in missing]


def test_a_restricted_key_with_its_policy() -> None:
    assert told("api_key_secret", "live_restricted", allowing()) == []
    assert told("api_key_secret", "live_restricted", allowing("voice/calls/create")) == ["Money first"]
    assert told("api_key_secret", "live_restricted", allowing("iam/api-keys/*")) == ["Staying"]
    assert told("api_key_secret", "live_restricted", allowing("voice/recordings/read")) == ["Personal data"]
    (money,) = risks(Held("api_key_secret", "live_restricted", allowing("voice/calls/create")))
    assert "can call at the account's cost" in money
    assert "TN" not in money


def test_a_restricted_key_whose_policy_is_not_known() -> None:
    reach = allowing("messaging/services/list", source="answers", missing=("voice/calls/list",))
    money, phishing, staying, listening = risks(Held("api_key_secret", "live_restricted", reach))
    assert "may be able to call, send messages" in money
    assert "would come" in phishing
    assert "may be able to create API keys" in staying
    assert "may be able to point the webhooks" in listening


def test_little_that_is_known_makes_no_claims() -> None:
    money, phishing, staying, personal, forgery = risks(Held("auth_token", "live", DARK))
    assert money.endswith("to numbers that pay them for it (toll fraud, SMS pumping).")
    assert "through" not in phishing
    assert "None" not in f"{money} {phishing} {staying} {personal} {forgery}"


def test_a_trial_account() -> None:
    trial = RICH._replace(account=Whose("AC1…", "x", "active", "Trial"))
    assert "only numbers that were verified" in risks(Held("auth_token", "live", trial))[0]


def test_powers() -> None:
    assert "all that the account can do" in powers("auth_token", "live")[0]
    assert powers("auth_token", "rejected") == ()
    below = RICH._replace(account=Whose("AC1…", "x", "active", "Full", subaccount=True))
    assert len(powers("auth_token", "live", below)) == len(powers("auth_token", "live", RICH)) + 1
