"""Reports to render: random values in texts that the tests choose."""

from leakscan.detection.samples import Samples
from leakscan.model import (
    Exposure,
    Finding,
    Occurrence,
    Place,
    Problem,
    Report,
    Role,
    Rule,
    Severity,
    Statistics,
    Suppression,
)
from leakscan.secret import Secret

STATISTICS = Statistics(contents=1234, bytes=56_789_012, seconds=0.412)
_DESCRIPTIONS = {
    "auth_token": "Twilio Auth Token",
    "account_sid": "Twilio Account SID",
    "pkcv_private_key": "Twilio private key",
}
_STEPS = ("Rotate it.", "Call Twilio from a server only.")


def rule(kind: str = "auth_token") -> Rule:
    """A rule for `kind`: an identifier of severity info for an Account SID, else a critical secret."""
    identifier = kind == "account_sid"
    return Rule(
        id=f"twilio-{kind.replace('_', '-')}",
        provider="twilio",
        kind=kind,
        role=Role.IDENTIFIER if identifier else Role.SECRET,
        severity=Severity.INFO if identifier else Severity.CRITICAL,
        description=_DESCRIPTIONS[kind],
        shape="",
        anchor="",
        reach=0,
        triggers=(),
        base=0.0,
        clues=(),
        remediation=() if identifier else _STEPS,
    )


def occurrence(path: str = "web/sms.js", line: int = 14, excerpt: str = "") -> Occurrence:
    """A place of 32 characters in column 15."""
    return Occurrence(path, Place(line, 15, line, 47), excerpt=excerpt)


def finding(*places: Occurrence, kind: str = "auth_token", value: str = "", reason: str = "") -> Finding:
    """A finding of a random value (or `value`) in `places`; suppressed inline if there is a `reason`."""
    found = rule(kind)
    return Finding(
        rule=found,
        secret=Secret(value or Samples().value(kind)),
        confidence=0.973,
        evidence=("assigned to TWILIO_AUTH_TOKEN",),
        occurrences=places or (occurrence(),),
        severity=found.severity,
        exposure=Exposure("unknown", ""),
        suppressed=Suppression("inline", reason) if reason else None,
    )


def pair() -> tuple[Finding, Finding]:
    """An Account SID on line 13 and the Auth Token on line 14, each the other's pair."""
    sid, token = finding(occurrence(line=13), kind="account_sid"), finding(occurrence(line=14))
    return sid._replace(pair=(token.fingerprint,)), token._replace(pair=(sid.fingerprint,))


def report(*findings: Finding, problems: tuple[Problem, ...] = (), notes: tuple[str, ...] = ()) -> Report:
    """A whole report of a scan."""
    return Report("scan", findings, problems, STATISTICS, notes=notes)


def full_report() -> Report:
    """A report with something of everything."""
    allowed = finding(occurrence("tests/fixture.py"), reason="made up")
    return report(*pair(), allowed, problems=(Problem("big.bin", "permission denied"),), notes=("vendor/ is excluded",))
