"""What is shown of what a provider answers holds no address, number or value, and stays readable."""

from datetime import date

import pytest

from leakscan.detection.samples import Samples
from leakscan.providers.discretion import day, host, number, short, shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jane.doe@example.org's Account", "…@…'s Account"),
        ("for <jane@example.org>, mostly", "for <…@…>, mostly"),
        ("jane%40example.org", "…@…"),
        ("call +1 (415) 555-0123 now", "call … now"),
        ("(415) 555-0123 x", "(415) 555-0123 x".replace("(415) 555-0123", "…")),
        ("0049 151 23456789", "…"),
        ("key of 2026-01-31", "key of 2026-01-31"),
        ("TWILIO_VERIFY_SERVICE_SID_PRODUCTION", "TWILIO_VERIFY_SERVICE_SID_PRODUCTION"),
        ("us_app_to_person_registered", "us_app_to_person_registered"),
        ("  a \n b\t", "a b"),
        ("x" * 200, "x" * 79 + "…"),
        (None, ""),
        (7, ""),
    ],
)
def test_names(text: object, told: str) -> None:
    assert shown(text) == told


@pytest.mark.parametrize(
    "kind", ["auth_token", "api_key_secret", "api_key_sid", "account_sid", "sendgrid_api_key", "other_jwt"]
)
def test_values(kind: str) -> None:
    value = Samples().value(kind)
    assert value not in shown(f"key {value} here")
    assert "here" in shown(f"key {value[:40]} here")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://user:password@hooks.example.com:8443/path?key=x#y", "hooks.example.com"),
        ("http://[2001:db8::1]/x", "2001:db8::1"),
        ("", ""),
        (None, ""),
        ("not an address", ""),
        ("http://[bad", "(no address that can be read)"),
        ("http://a b/", "(no address that can be read)"),
        ("http://a\x1b[2J/", "(no address that can be read)"),
    ],
)
def test_hosts(url: object, told: str) -> None:
    assert host(url) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("+14155550123", "+1 …23"),
        ("+4915123456789", "+49 …89"),
        ("12345", "…"),
        ("+999999999999", "…99"),
        ("client:jane", "…"),
        (None, "…"),
    ],
)
def test_numbers(text: object, told: str) -> None:
    assert number(text) == told


def test_identifiers() -> None:
    assert short("AC0123456789") == "AC012345…"
    assert short(None) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thu, 30 Jul 2015 23:30:00 -0200", date(2015, 7, 31)),
        ("2015-07-30T20:00:00Z", date(2015, 7, 30)),
        ("2015-07-30", date(2015, 7, 30)),
        ("0001-01-01T00:00:00+12:00", None),
        ("soon", None),
        (5, None),
    ],
)
def test_days(text: object, told: date | None) -> None:
    assert day(text) == told
