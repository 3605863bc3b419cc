"""What was done since a leak: counts by day, country and address, and nothing of what was said or to whom."""

from datetime import date, timedelta

import pytest

from leakscan.inspection import Alert, Alerts, Changes, Listed, Review, Traffic, Unknown
from leakscan.providers.discretion import country
from tests.standin.server import Reply
from tests.standin.twilio import Account, Twilio
from tests.standin.twilio_bodies import alert, call, event, message, usage
from tests.standin.worlds import (
    GERMANY,
    HOME_ADDRESS,
    LATVIA,
    OFFICE,
    PLANTED,
    STRANGER,
    TUNISIA,
    US,
    pumped,
    quiet,
    settled,
)

from .inspecting import LEAKED, TODAY, failing, inspected
from .test_verify import secret, token


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


def reviewed(account: Account, *routes: object, since: date = LEAKED) -> Review:
    review = inspected(token(account), *routes, since=since)[0].review  # type: ignore[arg-type]
    assert review is not None
    return review


def test_usage_is_a_row_of_days_with_the_weeks_before(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY)
    account.holds["usage"] = [
        usage(account.sid, "sms-outbound", LEAKED - timedelta(days=28), 7),
        usage(account.sid, "sms-outbound", LEAKED - timedelta(days=29), 99),
        usage(account.sid, "sms-outbound", LEAKED, 3),
        usage(account.sid, "sms-outbound", TODAY, 4),
        usage(account.sid, "totalprice", TODAY, 1.5),
    ]
    review = reviewed(account, twilio)
    assert isinstance(review.usage, Listed)
    price, messages = review.usage.items
    assert (messages.category, messages.unit, len(messages.before), len(messages.since)) == (
        "sms-outbound",
        "messages",
        28,
        11,
    )
    assert (messages.before[0], sum(messages.before)) == (7, 7)
    assert (messages.since[0], messages.since[-1], sum(messages.since)) == (3, 4, 7)
    assert (price.category, price.unit, price.since[-1]) == ("totalprice", "USD", 1.5)


def test_traffic_is_counted_by_direction_and_country(twilio: Twilio) -> None:
    account = pumped(twilio, LEAKED, TODAY)
    review = reviewed(account, twilio)
    assert isinstance(review.messages, Traffic)
    flows = {(flow.direction, flow.country): flow for flow in review.messages.flows}
    assert flows["outbound", "TN"].total == 30
    assert flows["outbound", "TN"].first == LEAKED + timedelta(days=1)
    assert (flows["outbound", "US"].total, flows["outbound", "US"].before) == (11, 28)
    assert flows["inbound", "US"].total == 11
    assert isinstance(review.calls, Traffic)
    calls = {flow.country: flow for flow in review.calls.flows}
    assert (calls["LV"].total, calls["LV"].before, calls["LV"].risky) == (7, 0, 7)
    assert calls["US"].risky == 0


def test_prefixes_are_asked_for_where_calls_are_new(twilio: Twilio) -> None:
    _, server = inspected(token(pumped(twilio, LEAKED, TODAY)), twilio)
    asked = [each.path for each in server.requests if each.path.endswith("Prefixes")]
    assert asked == ["/v1/DialingPermissions/Countries/LV/HighRiskSpecialPrefixes"]


def test_only_what_is_of_these_weeks_is_asked_for(twilio: Twilio) -> None:
    _, server = inspected(token(quiet(twilio, LEAKED, TODAY)), twilio)
    spans = {
        tuple(sorted((name, text) for name, text in each.query.items() if name.startswith("DateSent")))
        for each in server.requests
        if each.path.endswith("/Messages.json")
    }
    assert spans == {
        (("DateSent>", "2026-03-10"),),
        (("DateSent<", "2026-03-09"), ("DateSent>", "2026-02-10")),
    }


def test_long_lists_are_cut_and_say_so(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY)
    account.holds["messages"] = [message(account.sid, US, TODAY) for _ in range(3200)]
    review = reviewed(account, twilio)
    assert isinstance(review.messages, Traffic)
    assert sum(flow.total for flow in review.messages.flows) == 3000
    assert review.messages.cut == "only the first 3,000 were asked for"


def test_changes_with_their_addresses(twilio: Twilio) -> None:
    account, _ = settled(twilio, LEAKED, TODAY)
    account.holds["events"] += [event(account.sid, "x.updated", TODAY, "not an <address>")]
    review = reviewed(account, twilio)
    assert isinstance(review.changes, Changes)
    assert review.changes.earlier == (HOME_ADDRESS,)
    assert [each.when for each in review.changes.items] == sorted(
        (each.when for each in review.changes.items), reverse=True
    )
    minted = [each for each in review.changes.items if each.what == "api-key.created"]
    assert [(each.actor, each.address, each.source) for each in minted] == [("the account", STRANGER, "api")]
    assert {each.address for each in review.changes.items} == {HOME_ADDRESS, STRANGER, ""}


def test_alerts_by_code_and_no_further_back_than_they_are_kept(twilio: Twilio) -> None:
    leaked = TODAY - timedelta(days=100)
    account = quiet(twilio, leaked, TODAY)
    account.holds["alerts"] = [alert(account.sid, code, TODAY) for code in ("30450", "11200", "30450")]
    review = reviewed(account, twilio, since=leaked)
    assert review.alerts == Alerts(TODAY - timedelta(days=29), (Alert("30450", "error", 2), Alert("11200", "error", 1)))


def test_bodies_numbers_and_people_are_not_kept(twilio: Twilio) -> None:
    account = pumped(twilio, LEAKED, TODAY)
    account.holds["messages"] += [message(account.sid, f"whatsapp:{GERMANY}", TODAY)]
    account.holds["calls"] += [call(account.sid, "sip:jane.doe@example.org", TODAY), call(account.sid, LATVIA, TODAY)]
    told = repr(inspected(token(account), twilio)[0])
    assert not [planted for planted in PLANTED if planted in told]
    assert OFFICE not in told


def test_what_may_not_be_read_is_not_known(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY)
    key = twilio.key(account, "restricted", frozenset({"/twilio/messaging/messages/list"}))
    review = inspected(secret(key, account.sid), twilio)[0].review
    assert review is not None
    assert isinstance(review.messages, Traffic)
    lacking = [fact.permission for fact in review if isinstance(fact, Unknown)]
    assert lacking == [
        "twilio/billing/usage/read",
        "twilio/voice/calls/list",
        "twilio/monitor/events/list",
        "twilio/monitor/alerts/list",
    ]


def test_a_server_in_trouble(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY)
    inspection, _ = inspected(token(account), failing("monitor", Reply(503, {})), twilio)
    assert inspection.review is not None
    assert isinstance(inspection.review.changes, Unknown)
    assert inspection.review.changes.unanswered
    assert len(inspection.unanswered) == 2
    assert inspection.live


def test_odd_bodies(twilio: Twilio) -> None:
    account = quiet(twilio, LEAKED, TODAY)
    account.holds["messages"] = [{"to": 5, "date_sent": TODAY.isoformat()}, {"to": None, "date_sent": "2026-03-19"}]
    account.holds["usage"] = [
        {"category": "sms-outbound", "start_date": TODAY.isoformat(), "count": count}
        for count in ("many", None, "nan", "1e999")
    ]
    review = reviewed(account, twilio)
    assert isinstance(review.messages, Traffic)
    assert review.usage == Listed()


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (US, "US"),
        ("+14165550123", "CA"),
        ("+18765550123", "JM"),
        (TUNISIA, "TN"),
        (f"whatsapp:{GERMANY}", "DE"),
        ("+881612345678", "satellite or international"),
        ("+37190001234", "LV"),
        ("+999123456", "no valid number"),
        ("+", "no valid number"),
        ("12345", "a short code"),
        ("ACME", "a sender's name or no number"),
        ("", "a sender's name or no number"),
        ("sip:jane@example.org", "an app or SIP address"),
        ("client:jane", "an app or SIP address"),
    ],
)
def test_a_country_is_told_by_the_prefix(shown: str, code: str) -> None:
    assert country(shown) == code
