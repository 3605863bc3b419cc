"""Plans: which steps, in which order, and what hinders them."""

import random
from typing import Any

import pytest

from leakscan.analysis.usage.calls import Beyond, Usage, Use
from leakscan.detection.samples import Samples
from leakscan.providers.credentials import Credential
from leakscan.response.plan import Plan, chosen, planned
from leakscan.response.steps import Powers
from leakscan.response.target import Target
from leakscan.secret import Secret

SAMPLES = Samples()
USES = Usage((Use("/twilio/messaging/messages/create", "a.py", 1, ""),))
ME = Powers(known=True, token=True, primary=True)


def target(kind: str, **facts: object) -> Target:
    credential = Credential("0" * 16, kind, Secret(SAMPLES.value(kind)))
    known = Target(credential, SAMPLES.value("account_sid"), SAMPLES.value("api_key_sid"), state="live")
    return known._replace(**facts)  # type: ignore[arg-type]  # facts are fields


def names(plan: Plan) -> list[str]:
    return [step.name for step in chosen(plan, ())]


def plan(kind: str, powers: Powers = ME, usage: Usage = USES, **facts: Any) -> Plan:
    return planned(target(kind, **facts), powers, usage, ())


def test_the_order_of_steps() -> None:
    key = ["create-restricted", "deploy", "revoke-key", "verify", "repository"]
    token = ["create-restricted", "create-secondary", "deploy", "check-secondary", "promote", "verify", "repository"]
    assert names(plan("api_key_secret")) == key
    assert names(plan("auth_token")) == token
    assert names(plan("sendgrid_api_key")) == ["deploy", "delete-sendgrid-key", "verify", "repository"]
    assert names(plan("segment_public_api_token")) == ["by-hand", "repository"]


def test_steps_that_are_named_keep_their_order() -> None:
    wanted = ["promote", "create-secondary", "narrow-calls"]
    random.shuffle(wanted)
    found = [step.name for step in chosen(plan("auth_token"), wanted)]
    assert found == ["narrow-calls", "create-secondary", "promote"]


WEBHOOK = Beyond("checks webhooks", "a.py", 2, "", "auth_token")
TOKENS = Beyond("mints Access Tokens", "a.py", 3, "", "api_key_secret")
NO_REPLACEMENT = {
    "nothing found": ("api_key_secret", Usage(), {}),
    "another region": ("api_key_secret", USES, {"region": "ie1"}),
    "Access Tokens are minted": ("api_key_secret", USES._replace(beyond=(TOKENS,)), {}),
    "webhooks are checked with the leaked token": ("auth_token", USES._replace(beyond=(WEBHOOK,)), {}),
    "no account": ("api_key_secret", USES, {"account": ""}),
    "dead": ("api_key_secret", USES, {"state": "rejected"}),
    "more permissions than a key holds": (
        "api_key_secret",
        Usage(tuple(Use(f"/twilio/a/b{number}/read", "a.py", number, "") for number in range(101))),
        {},
    ),
}


@pytest.mark.parametrize(("kind", "usage", "facts"), NO_REPLACEMENT.values(), ids=list(NO_REPLACEMENT))
def test_where_no_replacement_is_made(kind: str, usage: Usage, facts: dict[str, Any]) -> None:
    made = plan(kind, usage=usage, **facts)
    assert "create-restricted" not in names(made)
    assert next(step for step in made.steps if step.name == "create-restricted").obstacle


def test_webhooks_hinder_no_replacement_of_a_key() -> None:
    assert "create-restricted" in names(plan("api_key_secret", usage=USES._replace(beyond=(WEBHOOK,))))


HINDERED = {
    "a key that is not known": ("api_key_secret", "revoke-key", ME, {"key": ""}),
    "the leaked key acts": ("api_key_secret", "revoke-key", ME._replace(is_leaked_key=True), {}),
    "no token": ("auth_token", "promote", ME._replace(token=False), {}),
    "which token it is": ("auth_token", "create-secondary", ME._replace(primary=None), {}),
    "no account": ("auth_token", "promote", ME, {"account": ""}),
    "no parent": ("auth_token", "suspend-account", ME, {}),
    "no countries": ("auth_token", "narrow-calls", ME, {}),
    "nobody's countries": ("auth_token", "narrow-messages", ME, {"account": ""}),
}


@pytest.mark.parametrize(("kind", "name", "powers", "facts"), HINDERED.values(), ids=list(HINDERED))
def test_what_is_not_done_even_when_named(kind: str, name: str, powers: Powers, facts: dict[str, Any]) -> None:
    (step,) = [each for each in plan(kind, powers, **facts).steps if each.name == name]
    assert step.obstacle
    assert step.firmly


def test_a_secondary_token_is_never_promoted() -> None:
    found = names(plan("auth_token", ME._replace(primary=False)))
    assert "delete-secondary" in found
    assert not {"promote", "create-secondary"} & set(found)


def test_every_change_has_to_be_confirmed() -> None:
    for kind in ("auth_token", "api_key_secret", "sendgrid_api_key"):
        for step in plan(kind).steps:
            assert step.confirm or not step.request or step.request.startswith("GET")
            assert step.confirm or step.name in {"verify", "check-secondary", "repository"}
