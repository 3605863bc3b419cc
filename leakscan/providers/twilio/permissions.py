"""What a Restricted key may do: as its policy says or, where that may not be read, as the answers to other questions.

https://www.twilio.com/docs/iam/api-keys/restricted-api-keys names the permissions.
"""

from functools import partial

from leakscan.inspection import BlastRadius, Permissions, Review, Unknown
from leakscan.providers.discretion import shown
from leakscan.providers.twilio.questions import ONLY_AT_HOME, Asker, gathered
from leakscan.providers.twilio.verify import HOME

# Resources that are not there: who may read such ones is told so, and who may not is told which permission is missing.
_PROBES = {
    "messaging/messages/read": "/Messages/SM",
    "voice/calls/read": "/Calls/CA",
    "voice/recordings/read": "/Recordings/RE",
}
_NO_ONE = "0" * 32
# The permission without which a fact is not known.
_BEHIND = {
    "account": "iam/accounts/read",
    "subaccounts": "iam/accounts/list",
    "keys": "iam/api-keys/list",
    "numbers": "phone-numbers/active-numbers/list",
    "messaging": "messaging/services/list",
    "verify": "verify/service/list",
    "usage": "billing/usage/read",
    "messages": "messaging/messages/list",
    "calls": "voice/calls/list",
    "changes": "monitor/events/list",
    "alerts": "monitor/alerts/list",
}


def permissions(asker: Asker, reach: BlastRadius, review: Review) -> Permissions:
    """The permissions of a Restricted key that answered, and did not answer, what it reaches and what was done."""
    policy = _policy(asker) if asker.region == HOME else ONLY_AT_HOME
    return _by_answers(asker, reach, review, policy) if isinstance(policy, Unknown) else policy


def _policy(asker: Asker) -> Permissions | Unknown:
    body = asker.one("iam", f"/v1/Keys/{asker.username}")
    if isinstance(body, Unknown):
        return body
    policy = body.get("policy")
    allowed = policy.get("allow") if isinstance(policy, dict) else None
    if not isinstance(allowed, list):
        return Unknown("the answer shows no policy")
    return Permissions("policy", tuple(sorted(shown(name, 120).removeprefix("/twilio/") for name in allowed)))


def _by_answers(asker: Asker, reach: BlastRadius, review: Review, policy: Unknown) -> Permissions:
    """Those to read, for no others can be tried harmlessly."""
    probes = {name: partial(asker.lacks, "api", asker.of_account(f"{path}{_NO_ONE}")) for name, path in _PROBES.items()}
    probed = gathered(probes)
    facts = {**reach._asdict(), **review._asdict()}
    refused = [fact.permission for fact in (*facts.values(), policy) if isinstance(fact, Unknown)]
    missing = {name.removeprefix("twilio/") for name in (*refused, *probed.values()) if name}
    allowed = {name for fact, name in _BEHIND.items() if not isinstance(facts[fact], Unknown)}
    allowed |= {name for name, lacking in probed.items() if lacking == ""}
    return Permissions("answers", tuple(sorted(allowed)), tuple(sorted(missing)))
