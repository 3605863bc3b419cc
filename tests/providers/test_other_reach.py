"""What live keys of SendGrid, Segment and Authy reach, and what was sent with them."""

import json
from datetime import timedelta
from typing import Any

import pytest

from leakscan.inspection import Listed, Permissions, Unknown, Whose
from leakscan.providers.credentials import Credential
from tests.scanning import fresh
from tests.standin.others import SendGrid, Tokens
from tests.standin.server import Reply

from .inspecting import LEAKED, TODAY, failing, inspected
from .test_verify import alone

FULL = ["mail.send", "api_keys.create", "api_keys.read", "stats.read", "user.account.read", "user.email.read"]


def stats(**extra: int) -> list[dict[str, Any]]:
    """Ten requests a day, and more on the days that `extra` names."""
    days = [LEAKED + timedelta(days=shift) for shift in range(-28, (TODAY - LEAKED).days + 1)]
    return [
        {
            "date": day.isoformat(),
            "stats": [{"metrics": {"requests": 10 + extra.get(f"on_{day:%m%d}", 0), "bounces": 0, "opens": 3}}],
        }
        for day in days
    ]


def world(credential: Credential, scopes: list[str], **options: Any) -> SendGrid:
    value = credential.secret.reveal()
    keys = [
        {"name": "ci for jane.doe@example.org", "api_key_id": value.split(".")[1]},
        {"name": "other", "api_key_id": fresh("sendgrid_api_key").split(".")[1]},
    ]
    held = {
        "/v3/user/account": ("user.account.read", {"type": "paid", "reputation": 99.7}),
        "/v3/api_keys": ("api_keys.read", {"result": keys}),
        "/v3/stats": ("stats.read", stats(**options.pop("extra", {}))),
    }
    return SendGrid({value: scopes}, held=held, **options)


@pytest.fixture
def key() -> Credential:
    return alone("sendgrid_api_key", fresh("sendgrid_api_key"))


def test_a_key_with_full_access(key: Credential) -> None:
    inspection, server = inspected(key, world(key, FULL))
    reach, review = inspection.reach, inspection.review
    assert reach is not None
    assert review is not None
    assert reach.permissions == Permissions("scopes", tuple(sorted(FULL)))
    assert reach.account == Whose("", "", "", "paid")
    assert isinstance(reach.keys, Listed)
    assert [(each.name, each.own) for each in reach.keys.items] == [("ci for …@…", True), ("other", False)]
    assert inspection.powers == ("full access: all 6 scopes of the account, or nearly",)
    assert [each.partition(":")[0] for each in inspection.risks] == ["Phishing first", "Staying"]
    assert isinstance(review.usage, Listed)
    assert [(each.category, sum(each.before)) for each in review.usage.items] == [("mail requests", 280)]
    assert inspection.oddities == ()
    assert len(server.requests) <= 8
    assert key.secret.reveal().split(".")[1] not in repr(inspection)


def test_a_burst_of_mail_is_odd(key: Credential) -> None:
    inspection, _ = inspected(key, world(key, FULL, extra={"on_0312": 5000}))
    (said,) = inspection.oddities
    assert said.startswith("mail requests: far more than usual on 1 day, most on 2026-03-12: 5,010")


def test_a_key_that_may_only_send(key: Credential) -> None:
    inspection, _ = inspected(key, world(key, ["mail.send"]))
    assert inspection.reach is not None
    assert inspection.review is not None
    assert isinstance(inspection.reach.keys, Unknown)
    assert "lacks the scope" in inspection.reach.keys.because
    assert isinstance(inspection.review.usage, Unknown)
    assert inspection.powers == ("restricted access: 1 scope",)


def test_a_key_of_the_european_host(key: Credential) -> None:
    there = world(key, FULL)
    inspection, server = inspected(key, SendGrid(eu_keys=there.keys, held=there.held))
    assert inspection.reach is not None
    assert isinstance(inspection.reach.keys, Listed)
    assert {asked.host for asked in server.requests if "scopes" not in asked.path} == {"api.eu.sendgrid.com"}


def test_a_key_that_is_kept_out(key: Credential) -> None:
    inspection, _ = inspected(key, SendGrid(blocked={key.secret.reveal()}))
    assert inspection.state == "live_restricted"
    assert inspection.reach is not None
    assert isinstance(inspection.reach.permissions, Unknown)
    assert inspection.risks == ()


@pytest.mark.parametrize("text", ["<html>", "{}", "[1, {}]", '[{"date": "2026-03-12", "stats": [{"metrics": 5}, 7]}]'])
def test_statistics_that_are_none(key: Credential, text: str) -> None:
    there = world(key, FULL)
    there.held["/v3/stats"] = ("stats.read", json.loads(text) if text != "<html>" else text)
    inspection, _ = inspected(key, there)
    assert inspection.review is not None
    assert isinstance(inspection.review.usage, Unknown) or inspection.review.usage == Listed()


def test_trouble_on_the_way(key: Credential) -> None:
    def breaking(asked: Any) -> Reply | None:
        return Reply(500, {}) if asked.path == "/v3/stats" else None

    inspection, _ = inspected(key, breaking, world(key, FULL))
    assert inspection.live
    assert [each.because for each in inspection.unanswered] == ["the answer was 500"]


def test_a_dead_key_is_asked_nothing_further(key: Credential) -> None:
    inspection, server = inspected(key, SendGrid())
    assert (inspection.state, inspection.reach) == ("rejected", None)
    assert len(server.requests) == 2


def test_segment_and_authy() -> None:
    token = fresh("segment_public_api_token")
    told = {"workspace": {"name": "ACME jane.doe@example.org", "slug": "acme", "id": "x"}}
    inspection, _ = inspected(
        alone("segment_public_api_token", token), Tokens("api.segmentapis.com", {token}, told=told)
    )
    assert inspection.reach is not None
    assert inspection.reach.account == Whose("", "ACME …@…", "", "")
    assert inspection.powers[0].startswith("read and change the workspace")
    value = fresh("api_key_secret")
    routes = (Tokens("api.authy.com", {value}, "x-authy-api-key"), failing("api.authy", Reply(500, {})))
    inspection, _ = inspected(alone("authy_api_key", value), *routes)
    assert inspection.reach is not None
    assert inspection.reach.account == Unknown("the answer was 200")
