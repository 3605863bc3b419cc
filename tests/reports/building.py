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
    Verification,
)
from leakscan.secret import Secret

STATISTICS = Statistics(contents=1234, bytes=56_789_012, seconds=0.412, started="2026-01-31T12:00:00+00:00")
_DESCRIPTIONS = {
    "auth_token": "Twilio Auth Token",
    "account_sid": "Twilio Account SID",
    "pkcv_private_key": "Twilio private key",
    "client_side_credential": "Twilio secret built into client code",
    "client_side_api_call": "Twilio REST API called from client code",
}
# Code that hands a secret over: what stands there is a name or an address, and no value.
_NAMES = {
    "client_side_credential": "VITE_TWILIO_AUTH_TOKEN",
    "client_side_api_call": "https://api.twilio.com/2010-04-01/Accounts",
}
HOSTILE = (
    "a|b.env",
    "`tick`\n### heading.env",
    "@everyone/#1.env",
    "<script>alert(1)</script><img src=x onerror=alert(1)>.env",
    "::error file=x::pwned",
    "x\n::set-output name=a::b%0A::error::c\r\n::warning::d",
    "=cmd|' /C calc'!A0",
    ";+1+1",
    "\t@SUM(1)",
    "[click](http://evil.example)![i](http://evil.example/i.png)",
    "www.evil.example/http://evil.example.env",
    "\x1b]0;title\x07\x1b[2J",
    "\u202egnp.exe\u2066",
    "not-utf8-\udcff\udc80.env",
    "half-\ud800.env",
    "\"quoted\" & 'single' ]]> --> </style>",
    "nul-\x00-\ufffe-\u2028.env",
    "{{ 7 * 7 }}{% raw %}",
    "C:\\windows\\path, with: signs",
)
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
        only="client" if kind in _NAMES else None,
    )


def occurrence(path: str = "web/sms.js", line: int = 14, excerpt: str = "") -> Occurrence:
    """A place of 32 characters in column 15."""
    return Occurrence(path, Place(line, 15, line, 47), excerpt=excerpt)


def finding(*places: Occurrence, kind: str = "auth_token", value: str = "", reason: str = "") -> Finding:
    """A finding of a random value (or `value`) in `places`; suppressed inline if there is a `reason`."""
    found = rule(kind)
    return Finding(
        rule=found,
        secret=Secret(value or _NAMES.get(kind) or Samples().value(kind)),
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


def stay(path: str = "web/sms.js", begin: str = "2024-01-31", end: str | None = None) -> Occurrence:
    """A place in history, with all that is known of its commits."""
    return occurrence(path, excerpt="TOKEN = …")._replace(
        blob="0b" * 20,
        commit="c0" * 20,
        author="Ada <ada@example.org>",
        date=f"{begin}T12:00:00+00:00",
        removed_in="de" * 20 if end else None,
        removed_date=f"{end}T12:00:00+01:00" if end else None,
        in_head=not end,
        refs=("refs/heads/main", "refs/tags/v1"),
    )


def history_report() -> Report:
    """A report of a history: secrets that came and went, each told in full, and code that hands one over."""
    client = Exposure("client", "web/sms.js is imported by web/index.js")
    gone = finding(stay("a.env", "2022-05-01", "2023-01-01"), stay("b.env", "2024-02-03"))
    told = finding(stay("key.pem"), kind="pkcv_private_key")._replace(
        exposure=client, verification=Verification("live_standard", "HTTP 200", "2026-01-31T12:00:00+00:00")
    )
    message = finding(stay("0123abcd")._replace(where="commit_message", decoded=("base64", "percent")))
    names = [finding(kind=kind)._replace(exposure=client) for kind in _NAMES]
    return report(*pair(), gone, told, message, *names)._replace(command="history")


def hostile_report() -> Report:
    """A report in which every text that can come from a repository is hostile."""
    found = [
        finding(
            stay(text)._replace(author=text, refs=(text,), excerpt=text, decoded=(text,)),
            occurrence(text)._replace(where="file_name"),
        )._replace(evidence=(text,), exposure=Exposure("client", text), verification=Verification("unknown", text))
        for text in HOSTILE
    ]
    allowed = [each._replace(suppressed=Suppression("inline", text)) for each, text in zip(found, HOSTILE, strict=True)]
    problems = tuple(Problem(text, text) for text in HOSTILE)
    return report(*found, finding(occurrence("x"), kind="account_sid"), *allowed, problems=problems, notes=HOSTILE)


CASES = {
    "nothing found": report(),
    "nothing scanned": report()._replace(statistics=Statistics()),
    "everything": full_report(),
    "history": history_report(),
    "problems alone": report(problems=(Problem("big.bin", "permission denied"),)),
    "interrupted": report(finding())._replace(complete=False),
    "all suppressed": report(finding(reason="made up")),
    "identifiers alone": report(finding(kind="account_sid")),
    "hostile": hostile_report(),
}
