"""`leakscan rules`: what is looked for, and whether the rules do what their own examples say."""

from collections import Counter
from pathlib import Path

import click

from leakscan.analysis.suppression import Suppressions
from leakscan.detection.cache import Prepared, prepare
from leakscan.detection.evidence import confidence
from leakscan.detection.rules import Example, parse_examples, parse_rules, read_rule_files, rule_files
from leakscan.detection.samples import Samples
from leakscan.errors import ExitCode, UsageError
from leakscan.model import Content, Origin, Rule

_ROUNDS = 5
_EVEN = 0.5


@click.group()
def rules() -> None:
    """List, show and check the rules.

    \b
    Examples:
      leakscan rules list
      leakscan rules show twilio-auth-token
      leakscan rules check my-rules.toml
    """


@rules.command("list")
def list_rules() -> None:
    """Every rule on a line: id, kind, role, severity, description."""
    rows = [
        (rule.id, rule.kind, str(rule.role), str(rule.severity), rule.description) for rule in prepare().rules.rules
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]))


@rules.command("show")
@click.argument("rule_id", metavar="ID")
def show_rule(rule_id: str) -> None:
    """One rule whole: its shape, the evidence with its weights, and what to do about a finding."""
    known = prepare().rules
    if rule_id not in known.by_id:
        raise UsageError(f"there is no rule {rule_id!r}; `leakscan rules list` names them")
    rule = known.by_id[rule_id]
    for name in ("id", "provider", "kind", "role", "severity", "description", "shape"):
        click.echo(f"{name:12} {getattr(rule, name)}")
    click.echo(f"{'triggers':12} {', '.join(rule.triggers)}")
    click.echo(f"{'base':12} {rule.base:+.1f}  ({confidence(rule.base):.0%} sure without evidence)")
    for clue in (known.clues[name] for name in rule.clues):
        click.echo(f"{'':12} {clue.weight:+.1f}  {clue.id} (in {clue.aspect})")
    if rule.only:
        click.echo(f"{'only':12} {rule.only}")
    for name, steps in (("remediation", rule.remediation), ("in clients", rule.in_clients)):
        for step in steps:
            click.echo(f"{name:12} {step}")


@rules.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def check_rules(files: tuple[Path, ...]) -> int:
    """Try every rule on its own examples, the shipped rules or those of FILE (your own) on top of them."""
    texts = read_rule_files(files or rule_files())
    parse_rules(read_rule_files(rule_files(files)))
    prepared = prepare(files)
    failures = 0
    examples = [example for path, text in texts.items() for example in parse_examples(path, text)]
    for example in examples:
        outcomes = Counter(_wrong(prepared, example) for _ in range(_ROUNDS))
        for wrong, times in outcomes.items():
            if wrong and times > 1:  # a random value, though very seldom, holds a placeholder's word
                failures += 1
                click.echo(f"{example.rule}: {wrong}: {example.text.strip()!r}")
    click.echo(f"{len(examples)} examples of {len({example.rule for example in examples})} rules, {failures} failed")
    return ExitCode.FOUND if failures else ExitCode.CLEAN


def _wrong(prepared: Prepared, example: Example) -> str | None:
    """What an example's outcome is instead of what it should be; None if it is right."""
    samples = Samples()
    try:
        text = samples.fill(example.text)
        wanted = {samples.fill(example.value)} if example.value else set()
    except KeyError as error:
        raise UsageError(f"rule {example.rule!r}: an example has a slot of unknown kind {error}") from None
    rule: Rule = prepared.rules.by_id[example.rule]
    candidates = prepared.detector().detect(Content(text.encode(), Origin(example.path)))
    found = {
        finding.secret.reveal()
        for finding in Suppressions().judged(candidates, prepared.rules, _EVEN)
        if finding.rule.id == rule.id and finding.suppressed is None
    }
    if found == wanted:
        return None
    return "finds nothing in" if not found else "finds another value in" if wanted else "should not find anything in"
