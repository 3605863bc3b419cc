"""What came of trying a credential."""

from typing import NamedTuple

# Every state that a finding's verification can have.
STATES = (
    "unchecked live live_standard live_restricted live_test live_client_validation_only suspended rejected "
    "rejected_here rate_limited unknown proven_offline"
).split()


class Verdict(NamedTuple):
    """A state, and what was answered, in words.

    `account` is the Account SID that was learned on the way, `key` the API key SID and `region` the region that worked.
    """

    state: str
    detail: str
    account: str = ""
    key: str = ""
    region: str = ""
