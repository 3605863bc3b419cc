"""What is out of the ordinary is said with the reason; what is ordinary, or cannot be compared, is not."""

import random
from datetime import date, timedelta

import pytest

from leakscan.inspection import (
    BlastRadius,
    Change,
    Changes,
    Flow,
    Key,
    Listed,
    Review,
    Series,
    SmsGeo,
    Traffic,
    Unknown,
)
from leakscan.providers.oddities import oddities
from tests.standin.twilio import Twilio
from tests.standin.worlds import STRANGER, pumped, quiet, settled

from .inspecting import LEAKED, TODAY, inspected
from .test_verify import token

NOTHING = Review(LEAKED, TODAY, "")


def of_days(*since: float, before: tuple[float, ...] = (10.0,) * 28, category: str = "sms-outbound") -> tuple[str, ...]:
    """What is odd in the usage of some days, the weeks before them as told."""
    return oddities(NOTHING._replace(usage=Listed((Series(category, "", before, since),))))


def of_messages(*flows: Flow, before_cut: str = "", sms: SmsGeo | None = None) -> tuple[str, ...]:
    return oddities(NOTHING._replace(messages=Traffic(flows, before_cut=before_cut)), BlastRadius(sms=sms))


def test_a_quiet_account_has_nothing_odd() -> None:
    twilio = Twilio()
    assert inspected(token(quiet(twilio, LEAKED, TODAY)), twilio)[0].oddities == ()


def test_a_pumped_account() -> None:
    twilio = Twilio()
    calls, messages, price, usage = inspected(token(pumped(twilio, LEAKED, TODAY)), twilio)[0].oddities
    assert calls.startswith("Calls went to high-risk destinations that none went to in the four weeks before: LV (7,")
    assert "7 to prefixes known for fraud" in calls
    assert "TN (30, first on 2026-03-11, which the provider calls high-risk)" in messages
    assert price.startswith("totalprice: far more than usual on 1 day, most on 2026-03-11: 300 USD")
    assert "sms-outbound: far more than usual on 1 day, most on 2026-03-11: 4,0" in usage
    assert "Wednesdays in the four weeks before: 4" in usage


def test_an_attacker_who_settles_down() -> None:
    twilio = Twilio()
    account, minted = settled(twilio, LEAKED, TODAY)
    key, below, number, addresses = inspected(token(account), twilio)[0].oddities
    assert key.startswith("1 API key was created since, and will outlive this credential unless")
    assert f"{minted.sid[:8]}… “backup …@…” (2026-03-12)" in key
    assert below.startswith("1 subaccount was created since; ")
    assert number == "1 phone number was bought since; release what is not yours: +216 …56 (2026-03-12)"
    assert addresses.startswith("Keys, numbers or settings were changed from addresses that no change came from ")
    assert f"{STRANGER} (3: " in addresses


@pytest.mark.parametrize(
    "amounts", [(10.0,), (19.0,), (34.0,), (0.0, 0.0), ()], ids=["same", "some more", "few in all", "less", "none"]
)
def test_days_that_are_ordinary(amounts: tuple[float, ...]) -> None:
    assert of_days(*amounts) == ()


def test_days_that_are_not() -> None:
    (said,) = of_days(10, 80, 500, 10)
    assert said.startswith(
        "sms-outbound: far more than usual on 2 days, most on 2026-03-12: 500 (Thursdays in the four"
    )
    assert said.endswith("weeks before: 10, give or take 0; the busiest day: 10)")


def test_a_weekday_is_held_against_the_same_weekdays() -> None:
    begin = LEAKED - timedelta(weeks=4)
    before = tuple(500.0 if (begin + timedelta(days=day)).weekday() == 0 else 5.0 for day in range(28))
    monday = (7 - LEAKED.weekday()) % 7
    assert of_days(*[700.0 if day == monday else 5.0 for day in range(7)], before=before) == ()
    assert len(of_days(*[700.0 if day == monday - 1 else 5.0 for day in range(7)], before=before)) == 1


def test_nothing_before_makes_a_little_no_alarm_and_much_one() -> None:
    assert of_days(20, before=(0.0,) * 28) == ()
    assert of_days(3, before=(0.0,) * 28, category="totalprice") == ()
    assert len(of_days(200, before=(0.0,) * 28)) == 1
    assert len(of_days(30, before=(0.0,) * 28, category="totalprice")) == 1


def test_a_fee_that_comes_once_a_month_is_no_alarm() -> None:
    before = tuple(115.0 if day == 3 else 1.0 for day in range(28))
    assert of_days(*[115.0 if day == 5 else 1.0 for day in range(28)], before=before, category="totalprice") == ()
    assert len(of_days(*[180.0 if day == 5 else 1.0 for day in range(28)], before=before, category="totalprice")) == 1


def test_a_business_that_grows_is_no_alarm_but_a_burst_in_it_is() -> None:
    grown = [100 * 1.01**day for day in range(300)]
    assert of_days(*grown, before=tuple(100 / 1.01**day for day in range(28, 0, -1))) == ()
    grown[200] *= 8
    (said,) = of_days(*grown, before=tuple(100 / 1.01**day for day in range(28, 0, -1)))
    assert "on 1 day" in said


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_alarm(seed: int) -> None:
    noise = random.Random(seed)
    days = [noise.gauss(200, 40) if day % 7 < 5 else noise.gauss(60, 20) for day in range(28 + 60)]
    assert of_days(*days[28:], before=tuple(days[:28])) == ()


def test_countries_that_are_new() -> None:
    known, new, few = Flow("outbound", "US", 500, 1), Flow("outbound", "NG", 40, 0, LEAKED), Flow("outbound", "FR", 2)
    inbound = Flow("inbound", "PK", 900)
    said = of_messages(known, new, few, inbound)
    assert said == (
        "Messages went to countries that none went to in the four weeks before: NG (40, first on 2026-03-10)",
    )


def test_a_high_risk_country_is_named_however_little_went_there() -> None:
    geo = SmsGeo(("US",), 1, (), ("TN",))
    (said,) = of_messages(Flow("outbound", "TN", 1), Flow("outbound", "US", 9, 9), sms=geo)
    assert said.endswith(": TN (1, which the provider calls high-risk)")


def test_what_cannot_be_compared_is_not_called_new() -> None:
    new = Flow("outbound", "NG", 400)
    assert of_messages(new, before_cut="not known: it broke") == ()
    assert "among the newest of the four weeks before" in of_messages(new, before_cut="only the first 2,000")[0]


def of_changes(earlier: tuple[str, ...] | None, *addresses: str, lasting: bool = True) -> tuple[str, ...]:
    made = tuple(Change("2026-03-11 12:00", "api-key.created", "", "api", each, lasting) for each in addresses)
    return oddities(NOTHING._replace(changes=Changes(made, earlier)))


def test_addresses() -> None:
    assert of_changes(("198.51.100.7",), "198.51.100.7", "") == ()
    assert of_changes(None, "203.0.113.9") == ()
    assert of_changes((), "203.0.113.9") == of_changes(("x",), "203.0.113.9", lasting=False) == ()
    assert "203.0.113.9 (2: api-key.created)" in of_changes(("198.51.100.7",), "203.0.113.9", "203.0.113.9")[0]
    assert of_changes(("x",), *(f"203.0.113.{each}" for each in range(9)))[0].endswith(" and 3 more")


def test_keys_by_their_day() -> None:
    def of(created: date | None, *, own: bool = False) -> tuple[str, ...]:
        return oddities(NOTHING, BlastRadius(keys=Listed((Key("SK1…", "x", created, own=own),))))

    assert of(LEAKED - timedelta(days=1)) == of(None) == of(TODAY, own=True) == ()
    assert len(of(LEAKED)) == 1


def test_what_is_not_known_is_not_odd() -> None:
    no = Unknown("it broke")
    review = Review(LEAKED, TODAY, "", no, no, no, no, no)
    assert oddities(review, BlastRadius(keys=no, numbers=no, subaccounts=no, sms=no)) == ()
