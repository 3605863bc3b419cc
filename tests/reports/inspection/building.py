"""Inspections to render: everything that can be said, nothing that is known, and texts that are hostile."""

from datetime import date, timedelta
from typing import Any

from leakscan.inspection import (
    Alert,
    Alerts,
    Balance,
    BlastRadius,
    Change,
    Changes,
    Country,
    Flow,
    Inspected,
    Inspection,
    Key,
    Listed,
    Number,
    Permissions,
    Review,
    Series,
    Service,
    SmsGeo,
    Subaccount,
    Traffic,
    Unknown,
    Variables,
    VoiceGeo,
    Whose,
)

from ..building import HOSTILE

SINCE = date(2026, 3, 1)
NO = Unknown("the key lacks the permission twilio/x/y/read", "twilio/x/y/read")


def reach(text: str = "name") -> BlastRadius:
    """A blast radius with something of everything, called `text` wherever there is room for one."""
    return BlastRadius(
        Whose("AC012345…", text, "active", "Full", True, SINCE),
        Permissions("policy", (text, "voice/calls/create"), (text,)),
        Balance(text, "USD"),
        Listed((Number("+1 …23", "US", ("voice", "sms"), text, text, SINCE), Number("…", "", ()))),
        Listed((Service(text, text, text, registered=True), Service(text, "", "", registered=False))),
        Listed((text,)),
        Listed(tuple(Key(f"SK{each}…", text, SINCE, (text,), own=each == 0) for each in range(40)), text),
        Listed((Subaccount("AC6…", text, "active", SINCE),)),
        VoiceGeo(9, tuple(Country(text, text, fraud=True, special=False) for _ in range(60)), text),
        SmsGeo(("US",), 3, (text,), ()),
        Listed((Variables(text, (text, "B")),), text),
    )


def review(text: str = "name") -> Review:
    """A review with something of everything."""
    usage = Listed((Series(text, text, (1.0,) * 28, (2.0, 0.0, 9.5)), Series("totalprice", "USD", (), (0.5,))), text)
    traffic = Traffic((Flow("outbound", text, 7, 0, SINCE, 2), Flow("inbound", "US", 1, 3)), text, text)
    changes = Changes((Change("2026-03-02 12:00", text, text, text, "203.0.113.9"),), ("198.51.100.7",), text)
    alerts = Alerts(SINCE, (Alert(text, text, 1200),), text)
    return Review(SINCE, SINCE + timedelta(days=2), text, usage, traffic, traffic, changes, alerts)


def inspection(text: str = "name", **facts: Any) -> Inspection:
    """A live credential with everything that can be said of one."""
    made = Inspection(
        "0123456789abcdef", "auth_token", text, "9f2c…", "live", text, "2026-03-03T12:00:00+00:00",
        (text,), reach(text), review(text), (text, "then"), (text,),
    )  # fmt: skip
    return made._replace(**facts)


def inspected(*inspections: Inspection, complete: bool = True) -> Inspected:
    return Inspected(inspections, "2026-03-03T12:00:00+00:00", 26, complete)


def dark() -> Inspection:
    """A live credential of which nothing could be learned."""
    nothing = BlastRadius(*(NO for _ in BlastRadius._fields))
    return inspection(reach=nothing, review=Review(SINCE, SINCE, "x", NO, NO, NO, NO, NO), oddities=(), risks=())


def dead() -> Inspection:
    return Inspection(
        "0" * 16, "auth_token", "Twilio Auth Token", "9f2c…", "rejected", "401", "2026-03-03T12:00:00+00:00"
    )


CASES = {
    "everything": inspected(inspection(), dead()),
    "nothing known": inspected(dark()),
    "dead": inspected(dead()),
    "gone": inspected(dead()._replace(state="unknown", checked_at=None)),
    "test credentials": inspected(dead()._replace(state="live_test", powers=("nothing",))),
    "interrupted": inspected(complete=False),
    "hostile": inspected(*map(inspection, HOSTILE)),
}
