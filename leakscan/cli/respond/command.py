"""`leakscan respond`: a plan for taking a leaked credential out of use, and its steps, each confirmed."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from leakscan.cli.asking import gate
from leakscan.cli.options import quiet, reaching
from leakscan.cli.output import print_text, view
from leakscan.cli.prompted import prompted
from leakscan.cli.respond.acting_as import missing, operator
from leakscan.cli.respond.confirming import Typed, Yes, at_terminal, show_secret, tell
from leakscan.cli.respond.responding import Case, case
from leakscan.errors import ExitCode, UsageError
from leakscan.providers.changes import Outcome
from leakscan.reports.saved import load
from leakscan.reports.wording import visible
from leakscan.response.acting import Acting
from leakscan.response.carrying_out import carry_out
from leakscan.response.journal import Journal
from leakscan.response.plan import chosen
from leakscan.response.replacements import write_file
from leakscan.response.secret_file import SecretFile
from leakscan.response.steps import Step
from leakscan.response.telling import as_json, problems, standing, text
from leakscan.secret import Secret
from leakscan.sources.files import work_tree_root

_CODES = {Outcome.DONE: ExitCode.CLEAN, Outcome.REFUSED: ExitCode.FOUND, Outcome.UNKNOWN: ExitCode.INCOMPLETE}


@click.command()
@click.argument("saved", metavar="REPORT")
@click.option("--finding", metavar="FINGERPRINT", help="Which finding; its beginning is enough.")
@click.option("--repo", default=".", metavar="DIR", help="What was scanned: values are read again there.  [default: .]")
@click.option("--yes", is_flag=True, help="Confirm every step beforehand, but for what you have to do yourself.")
@click.option("--deployed", is_flag=True, help="With --yes: the new credential is in use everywhere; go on.")
@click.option("--step", "steps", multiple=True, metavar="NAME", help="Only this step of the plan; may be given again.")
@click.option("--keep-country", multiple=True, metavar="CC", help="For narrow-*: a country that stays open, as US.")
@click.option("--secret-file", metavar="FILE", help="Where new secrets go: a new file, mode 0600.")
@click.option("--journal", metavar="FILE", help="What was done.  [default: leakscan-respond-FINGERPRINT.json]")
@click.option("--replacements", metavar="FILE", help="Write the file for git filter-repo; it holds the leaked value.")
@reaching
@click.option("-f", "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="Of the plan.")
@click.option("--no-color", is_flag=True, help="No colours.")
@quiet
def respond(saved: str, **options: Any) -> int:
    """Plan how to take one leaked credential of REPORT out of use, and do it, step by step.

    The plan comes first: what depends on the credential, what each step breaks, how it is undone. Nothing is changed
    unless you type a confirmation for it at a terminal, or give --yes. Your own credential acts: TWILIO_ACCOUNT_SID
    with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET of a Main key; SENDGRID_API_KEY; or what you
    type at the prompt. A journal tells what was done; run the same again to go on after an interruption.

    \b
    Examples:
      leakscan respond leaks.json --finding aa8e0e3aed5246e9 --offline        the plan alone
      leakscan respond leaks.json --finding aa8e0e3aed5246e9                  the plan, then its steps
      leakscan respond leaks.json --finding aa8e0e3a --step revoke-key --yes  one step at once
      leakscan respond leaks.json --finding aa8e0e3a --yes --secret-file ~/new.env
      leakscan respond leaks.json --finding aa8e0e3a --yes --deployed         go on where that stopped

    \b
    Exit codes: 0 a plan was printed or all was done, 1 a step was not done, 2 could not run, 3 the outcome of a step is
    not known or something could not be looked at, 130 interrupted.
    """
    if options["yes"] and options["offline"]:
        raise UsageError("--offline allows a plan alone; leave out --yes")
    found = case(prompted("respond") if saved == "-" else load(saved), options)
    mark = found.finding.fingerprint
    journal = Journal(options["journal"] or f"leakscan-respond-{mark}.json", mark, found.kind)
    journal.load()
    if not options["offline"]:
        found = _looked(found, options, ask=False)
    _check_names(found, options["steps"])
    if options["replacements"]:
        _write_replacements(found, options["replacements"])
    acts = not options["offline"] and (options["yes"] or at_terminal()) and bool(_mutating(found, options))
    _print_plan(found, journal, options, acts=acts)
    for said in problems(found.problems):
        print(f"leakscan: not read: {visible(said)}", file=sys.stderr)
    planned = ExitCode.INCOMPLETE if found.problems or found.target.state in {"unknown", "rate_limited"} else 0
    if options["yes"] and not acts:
        print("leakscan: nothing was done: all steps of this plan are yours", file=sys.stderr)
        return ExitCode.FOUND
    if not acts:
        return planned
    hands = Yes(options["deployed"]) if options["yes"] else Typed(shows=not options["secret_file"])
    if isinstance(hands, Typed) and not hands.begin():
        return planned
    return _act(found, journal, hands, options)


def _looked(found: Case, options: Mapping[str, Any], *, ask: bool) -> Case:
    """The case with what the providers say, which a line tells of before."""
    who = operator(found.kind, ask=ask)
    if not options["quiet"] and not ask:
        print("leakscan: asking the provider how things stand, with requests that only read", file=sys.stderr)
    return found.looked(gate(options), who, every_region=options["regions"] == "all")


def _check_names(found: Case, named: Sequence[str]) -> None:
    known = [step.name for step in found.plan.steps]
    for name in named:
        if name not in known:
            raise UsageError(f"the plan has no step {visible(name)!r}; it has {', '.join(known)}")


def _mutating(found: Case, options: Mapping[str, Any]) -> list[Step]:
    """The steps that would be carried out, unless all are a person's."""
    steps = list(chosen(found.plan, options["steps"]))
    return steps if any(not step.manual for step in steps) else []


def _print_plan(found: Case, journal: Journal, options: Mapping[str, Any], *, acts: bool) -> None:
    """The plan on standard output; where its JSON will follow with what came of it, the text on standard error."""
    lines = found.edits
    if options["shape"] == "json" and not acts:
        print_text(_clean(as_json(found.plan, found.finding, lines, journal, found.problems), found))
        return
    shown = view(os.environ, show_all=True, show_secrets=False, no_color=options["no_color"])
    told = _clean(text(found.plan, found.finding, lines, shown, options["replacements"]), found)
    if options["shape"] == "json":
        click.echo(told, err=True)
    else:
        print_text(told)


def _act(found: Case, journal: Journal, hands: Typed | Yes, options: Mapping[str, Any]) -> int:
    """Carry the plan out, and say where things stand."""
    if found.operator is None:
        found = _looked(found, options, ask=isinstance(hands, Typed))
        _check_names(found, options["steps"])
    place = found.standing
    if found.operator is None or place is None:
        raise missing(found.kind) if found.kind != "sendgrid_api_key" else UsageError(found.powers.says)
    if place.unknown:
        click.echo(f"leakscan: nothing was changed: {found.powers.says}", err=True)
        return ExitCode.INCOMPLETE
    if place.refused is not None:
        raise UsageError(f"the operator's credential {found.powers.says}; nothing was changed")
    steps = _mutating(found, options)
    for step in steps:
        if step.obstacle and journal.state(step.name) != "done" and (step.firmly or step.name not in options["steps"]):
            tell(step, "cannot be done, so that nothing was changed", step.obstacle)
            return ExitCode.FOUND
    journal.check()
    outcome: Outcome | None = None
    with ExitStack() as open_files:
        keep = _keeping(steps, journal, hands, options, open_files)
        acting = Acting(
            gate=gate(options, may_change=True),
            target=found.target,
            operator=found.operator,
            actor=place.actor,
            journal=journal,
            keep=keep,
            permissions=found.usage.permissions,
            kept=found.kept,
            every_region=options["regions"] == "all",
            host=found.host,
        )
        try:
            outcome = carry_out(steps, journal, acting.actions(), hands, options["steps"])
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nleakscan: interrupted", err=True)
    _print_outcome(found, journal, steps, options)
    return ExitCode.INTERRUPTED if outcome is None else _CODES[outcome]


def _keeping(
    steps: Sequence[Step], journal: Journal, hands: Typed | Yes, options: Mapping[str, Any], open_files: ExitStack
) -> Any:
    """Where new secrets go. Raises UsageError where there is no place for one, and ReportError."""
    path = options["secret_file"]
    making = [step for step in steps if step.makes_secret and not step.firmly and journal.state(step.name) != "done"]
    if not making:
        if path:
            journal.secret_file = os.path.abspath(path)  # noqa: PTH100  # a link stays one, and is refused
        return show_secret
    if path:
        journal.secret_file = os.path.abspath(path)  # noqa: PTH100
        if work_tree_root(Path(journal.secret_file).parent) is not None:
            click.echo(f"leakscan: {visible(path)} is inside a repository: see that nobody commits it", err=True)
        return open_files.enter_context(SecretFile(path)).add
    if isinstance(hands, Yes):
        hint = "say where it goes, with --secret-file FILE, or name other steps with --step"
        raise UsageError(f"{making[0].name} makes a secret: {hint}")
    return show_secret


def _print_outcome(found: Case, journal: Journal, steps: Sequence[Step], options: Mapping[str, Any]) -> None:
    if options["shape"] == "json":
        lines = found.edits
        print_text(_clean(as_json(found.plan, found.finding, lines, journal, found.problems), found))
        return
    shown = view(os.environ, show_all=True, show_secrets=False, no_color=options["no_color"])
    print_text(_clean(standing(steps, journal, shown), found))


def _write_replacements(found: Case, path: str) -> None:
    if not found.finding.secret.held:
        raise UsageError("the value no longer stands where it was found; --repo names another place to look for it")
    write_file(path, found.finding, found.finding.secret)
    click.echo(f"leakscan: {visible(path)} holds the leaked value; delete it once the history is rewritten", err=True)


def _clean(told: str, found: Case) -> str:
    """No text tells a value, wherever it came from: the name of a file may hold one."""
    for value in sorted(found.values, key=len, reverse=True):
        told = told.replace(value, Secret(value).redacted)
    return told
