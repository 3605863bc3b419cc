"""The stand-in answers as Twilio describes its answers: what is tested on it holds for more than itself."""

from datetime import date, timedelta

import pytest
import requests

from .openapi import validator
from .server import StandIn
from .twilio import Twilio
from .worlds import settled

TODAY = date(2026, 3, 20)
PATHS = (
    ("api", "/2010-04-01/Accounts.json"),
    ("api", "/2010-04-01/Accounts/{account}.json"),
    ("api", "/2010-04-01/Accounts/{account}/Balance.json"),
    ("api", "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json"),
    ("api", "/2010-04-01/Accounts/{account}/Keys.json"),
    ("api", "/2010-04-01/Accounts/{account}/Messages.json"),
    ("api", "/2010-04-01/Accounts/{account}/Calls.json"),
    ("api", "/2010-04-01/Accounts/{account}/Usage/Records/Daily.json"),
    ("accounts", "/v1/Messaging/GeoPermissions"),
    ("iam", "/v1/Keys"),
    ("iam", "/v1/Keys/{key}"),
    ("iam", "/v1/Keys/{restricted}"),
    ("messaging", "/v1/Services"),
    ("monitor", "/v1/Events"),
    ("monitor", "/v1/Alerts"),
    ("serverless", "/v1/Services"),
    ("serverless", "/v1/Services/{service}/Environments"),
    ("serverless", "/v1/Services/{service}/Environments/{environment}/Variables"),
    ("verify", "/v2/Services"),
    ("voice", "/v1/DialingPermissions/Countries"),
    ("voice", "/v1/DialingPermissions/Countries/LV/HighRiskSpecialPrefixes"),
)


@pytest.mark.parametrize("size", [3, 1000])
@pytest.mark.parametrize(("product", "path"), PATHS, ids=[f"{product}{path}" for product, path in PATHS])
def test_answers_are_as_described(product: str, path: str, size: int) -> None:
    twilio = Twilio()
    account, key = settled(twilio, TODAY - timedelta(days=10), TODAY)
    names = {
        "account": account.sid,
        "key": key.sid,
        "restricted": twilio.key(account, "restricted", frozenset({"/twilio/messaging/messages/list"})).sid,
        "service": account.holds["functions"][0]["sid"],
        "environment": account.holds["environments"][0]["sid"],
    }
    whole = path.format(**names)
    described = validator(product, whole)
    with StandIn([twilio]) as server:
        url = f"{server.base}/{product}.twilio.com{whole}"
        answer = requests.get(url, {"PageSize": size}, auth=(account.sid, account.token), timeout=10)
    assert answer.status_code == 200
    described.validate(answer.json())


def test_a_description_forbids_what_it_does_not_know() -> None:
    described = validator("iam", "/v1/Keys")
    assert not described.is_valid({"keys": [{"sid": None, "secret": "x"}], "meta": {}})
    assert not described.is_valid({"keys": [{"sid": 1}], "meta": {}})
