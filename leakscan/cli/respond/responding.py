"""What `leakscan respond` works on: one finding of a report, its credential, how it is used here, and what to do."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from leakscan.analysis.usage.calls import Usage, usage
from leakscan.analysis.usage.dependents import Dependent, depending, names
from leakscan.cli.prompted import TYPED
from leakscan.cli.respond.acting_as import placed, powers, sendgrid_operator
from leakscan.config import cache_folder
from leakscan.detection.cache import prepare
from leakscan.errors import UsageError
from leakscan.model import Finding, Problem, Report, Role
from leakscan.providers import sendgrid_keys
from leakscan.providers.changes import State
from leakscan.providers.credentials import Credential, credentials
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.twilio import respond
from leakscan.providers.twilio.operators import Operator, Standing
from leakscan.recovery import Places, regions, with_values
from leakscan.response.plan import Plan, planned
from leakscan.response.reading import texts
from leakscan.response.replacements import Edit, edits
from leakscan.response.steps import Powers
from leakscan.response.target import Target, asked, sendgrid_host, unasked

_TWILIO = frozenset({"auth_token", "api_key_secret"})


@dataclass(frozen=True)
class Case:
    """A finding that is responded to. What the network tells is looked up by `looked`, as often as like."""

    finding: Finding
    credential: Credential
    usage: Usage
    dependents: tuple[Dependent, ...]
    problems: tuple[Problem, ...]
    kept: tuple[str, ...]
    values: tuple[str, ...] = field(repr=False)
    target: Target
    operator: Operator | None = None
    standing: Standing | None = None
    host: str = sendgrid_keys.HOSTS[0]
    powers: Powers = field(default_factory=Powers)

    @property
    def kind(self) -> str:
        """The kind of credential that leaked."""
        return self.credential.kind

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The lines to change; none for a credential that was typed."""
        return () if self.finding.evidence == TYPED else edits(self.finding)

    @property
    def plan(self) -> Plan:
        """What to do, as far as things are known."""
        return planned(self.target, self.powers, self.usage, self.dependents, self.kept)

    def looked(self, gate: Gate, who: Operator | None, *, every_region: bool) -> Self:
        """The same with what the providers say of the leaked credential and of the operator's."""
        if self.kind == "sendgrid_api_key":
            return self._looked_at_sendgrid(gate, who)
        target = asked(gate, self.credential, every_region=every_region, account=who.account if who else "")
        if self.kind not in _TWILIO or who is None:
            return replace(self, target=target)
        place = placed(gate, who, target)
        if not target.account and place.refused is None and self._is_of(gate, place.actor, target):
            target = target._replace(account=who.account)
        return replace(self, target=target, operator=who, standing=place, powers=powers(who, place, target))

    def _is_of(self, gate: Gate, actor: Operator, target: Target) -> bool:
        """Whether a key whose account nobody told is the operator's."""
        return bool(target.key) and respond.key_state(gate, actor, target.key).state is State.OPEN

    def _looked_at_sendgrid(self, gate: Gate, who: Operator | None) -> Self:
        target = asked(gate, self.credential, every_region=False)
        try:
            host = sendgrid_host(gate, target) if self.credential.secret.held else self.host
            found, says = sendgrid_operator(gate, who, target, host)
        except Trouble as trouble:
            return replace(self, target=target, powers=Powers(says=f"cannot act: {trouble}"))
        place = Standing(found) if found else None
        return replace(
            self, target=target, operator=found, standing=place, host=host, powers=Powers(known=bool(found), says=says)
        )


def case(report: Report, options: Mapping[str, Any]) -> Case:
    """What a report and the options ask for. Raises UsageError."""
    finding = _finding(report, options["finding"])
    folder = Path(options["repo"])
    places = Places(folder)
    near = {finding.fingerprint, *finding.pair}
    wanted = [each for each in report.findings if each.fingerprint in near or each.rule.role is Role.IDENTIFIER]
    held = with_values(wanted, places, prepare(cache=cache_folder(os.environ)))
    finding = next(each for each in held if each.fingerprint == finding.fingerprint)
    credential = _credential(finding, held, regions(held, places))
    known = names(finding)
    read, problems = texts(folder, ("twilio", *known))
    return Case(
        finding=finding,
        credential=credential,
        usage=usage(read) if finding.rule.kind in _TWILIO else Usage(),
        dependents=depending(read, known),
        problems=tuple(problems),
        kept=tuple(code.upper() for code in options["keep_country"]),
        values=tuple(each.secret.reveal() for each in held if each.secret.held),
        target=unasked(credential),
    )


def _credential(finding: Finding, held: Sequence[Finding], spoken: Mapping[str, tuple[str, ...]]) -> Credential:
    made = {each.fingerprint: each for each in credentials(held, spoken)}
    if finding.fingerprint in made:
        return made[finding.fingerprint]
    partners = [each for each in held if each.fingerprint in finding.pair and each.secret.held]

    def of(kind: str) -> tuple[str, ...]:
        return tuple(each.secret.reveal() for each in partners if each.rule.kind == kind)

    keys, accounts = of("api_key_sid"), of("account_sid")
    sure = bool(accounts if finding.rule.kind == "auth_token" else keys)
    return Credential(finding.fingerprint, finding.rule.kind, finding.secret, keys, accounts, sure)


def _finding(report: Report, wanted: str | None) -> Finding:
    """The finding that is meant. Raises UsageError if it is not one secret."""
    secrets = [each for each in report.counted if each.rule.role is Role.SECRET and not each.rule.only]
    if wanted is None:
        if len(secrets) == 1:
            return secrets[0]
        listed = ", ".join(f"{each.fingerprint} ({each.rule.description})" for each in secrets[:20])
        raise UsageError(f"name the finding with --finding FINGERPRINT: {listed or 'the report has no secret'}")
    found = [each for each in report.findings if wanted and each.fingerprint.startswith(wanted.lower())]
    if len(found) != 1:
        many = "is the beginning of more than one finding" if found else "is no finding of this report"
        raise UsageError(f"{wanted} {many}; leakscan report REPORT lists the fingerprints")
    if found[0].rule.role is not Role.SECRET:
        others = [each.fingerprint for each in secrets if each.fingerprint in found[0].pair]
        hint = f"its secret is {', '.join(others)}" if others else "no secret is known to belong to it"
        raise UsageError(f"{wanted} is an identifier, which opens nothing by itself; {hint}")
    if found[0].rule.only:
        raise UsageError(f"{wanted} is code that hands a secret over, and has no value: respond to the secret itself")
    return found[0]
