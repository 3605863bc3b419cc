"""A plan and how far it is, as text for people and as JSON. Neither holds a secret."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from leakscan.model import Finding, Problem
from leakscan.reports.sheet import Sheet
from leakscan.reports.view import View
from leakscan.response.journal import SCHEMA, Journal
from leakscan.response.plan import Plan
from leakscan.response.replacements import Edit, advice
from leakscan.response.steps import Step, shown

_MOST = 40


def text(plan: Plan, finding: Finding, edits: Iterable[Edit], view: View, replacements: str | None) -> str:
    """The whole plan for people."""
    sheet = Sheet(view)
    _about(sheet, plan, finding)
    _dependents(sheet, plan)
    _permissions(sheet, plan)
    sheet.gap()
    sheet.line(("Steps", "bold"))
    for number, step in enumerate(plan.steps, 1):
        _step(sheet, number, step)
    _repository(sheet, edits, replacements)
    return sheet.text()


def _about(sheet: Sheet, plan: Plan, finding: Finding) -> None:
    target = plan.target
    sheet.line(("Plan for ", "bold"), (finding.rule.description, "bold"), f"  {finding.fingerprint}")
    sheet.line(("  value:    ", "dim"), finding.secret.redacted)
    if target.account:
        sheet.line(("  account:  ", "dim"), shown(target.account))
    if target.key:
        sheet.line(("  key:      ", "dim"), shown(target.key))
    sheet.folded("  state:    ", f"{target.state.replace('_', ' ')}: {target.detail}")
    sheet.folded("  operator: ", plan.powers.says)
    for note in plan.notes:
        sheet.folded("  note:     ", note)


def _dependents(sheet: Sheet, plan: Plan) -> None:
    sheet.gap()
    sheet.line(("What depends on it here", "bold"))
    for each in plan.dependents[:_MOST]:
        sheet.line(f"  {each.path}:{each.line}", (f"  {each.kind}", "dim"), f"  {each.excerpt}")
    _more(sheet, len(plan.dependents))
    if not plan.dependents:
        sheet.line("  nothing that names its variable; other repositories and deployments may use it all the same")


def _permissions(sheet: Sheet, plan: Plan) -> None:
    if not (plan.usage.uses or plan.usage.beyond):
        return
    sheet.gap()
    sheet.line(("What the code does, as permissions of a Restricted key", "bold"))
    for permission in plan.usage.permissions:
        sheet.line(("  " + permission, "green"))
        lines = [use for use in plan.usage.uses if use.permission == permission]
        for use in lines[:3]:
            sheet.line(f"    {use.path}:{use.line}", f"  {use.excerpt}")
        if len(lines) > 3:
            sheet.line(f"    and {len(lines) - 3} more lines")
    for each in plan.usage.beyond[:_MOST]:
        sheet.line(("  not covered", "yellow"), f"  {each.path}:{each.line}  {each.excerpt}")
        sheet.folded("    ", each.says)
    _more(sheet, len(plan.usage.beyond))


def _more(sheet: Sheet, count: int) -> None:
    if count > _MOST:
        sheet.line(f"  and {count - _MOST} more (-f json lists all)")


def _step(sheet: Sheet, number: int, step: Step) -> None:
    mark = ", only with --step" if step.optional else ", by you" if step.manual else ""
    sheet.line(f"  {number}. ", (step.name, "bold"), (mark, "dim"))
    sheet.folded("     ", step.what)
    for label, said in (("request: ", step.request), ("breaks:  ", step.breaks), ("undo:    ", step.undo)):
        if said:
            sheet.folded(f"     {label}", said)
    if step.obstacle:
        sheet.folded("     not done: ", step.obstacle, "yellow")


def _repository(sheet: Sheet, edits: Iterable[Edit], replacements: str | None) -> None:
    sheet.gap()
    sheet.line(("Then the repository", "bold"))
    listed = list(edits)
    for edit in listed[:_MOST]:
        where = ", in the history" if edit.in_history else ""
        sheet.line(f"  {edit.path}:{edit.line}{where}", ("  instead: ", "dim"), edit.instead)
    _more(sheet, len(listed))
    for line in advice(replacements):
        sheet.line(f"  {line}" if line else "")


def standing(steps: Iterable[Step], journal: Journal, view: View) -> str:
    """Where things stand after a run."""
    sheet = Sheet(view)
    sheet.gap()
    sheet.line(("Where things stand", "bold"), (f"  (journal: {journal.path})", "dim"))
    for step in steps:
        entry = journal.entries.get(step.name)
        if step.name in {"repository", "by-hand"}:
            continue
        said = f"{entry.state}, {entry.at}" if entry else "not done"
        sheet.line(f"  {step.name}: ", (said, "green" if entry and entry.state == "done" else "yellow"))
        if entry and entry.detail:
            sheet.folded("    ", entry.detail)
        if entry and entry.made:
            sheet.line(f"    made: {entry.made}")
    if all(journal.state(step.name) == "done" for step in steps if not step.manual):
        sheet.line("All is done. Now the repository, as the plan says.")
    else:
        sheet.line("Run the same command again to go on: it looks first, and does nothing twice.")
    return sheet.text()


def problems(found: Iterable[Problem]) -> list[str]:
    """What could not be read, in words."""
    return [f"{each.where}: {each.message}" for each in found]


def as_json(
    plan: Plan, finding: Finding, edits: Iterable[Edit], journal: Journal | None, found: Iterable[Problem]
) -> str:
    """The plan, and with a journal how far it is."""
    target = plan.target
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "command": "respond",
        "finding": {"fingerprint": finding.fingerprint, "kind": finding.rule.kind, "rule": finding.rule.id},
        "target": {
            "account": shown(target.account) if target.account else None,
            "key": shown(target.key) if target.key else None,
            "region": target.region,
            "state": target.state,
            "detail": target.detail,
        },
        "operator": plan.powers.says,
        "notes": list(plan.notes),
        "permissions": [
            {"permission": each, "lines": [_place(use) for use in plan.usage.uses if use.permission == each]}
            for each in plan.usage.permissions
        ],
        "not_covered": [{**_place(each), "why": each.says} for each in plan.usage.beyond],
        "dependents": [{**_place(each), "name": each.name, "kind": each.kind} for each in plan.dependents],
        "steps": [{**step._asdict(), **_standing(step, journal)} for step in plan.steps],
        "edits": [edit._asdict() for edit in edits],
        "problems": [each._asdict() for each in found],
    }
    return json.dumps(document, indent=2) + "\n"


def _place(each: Any) -> dict[str, Any]:
    return {"path": each.path, "line": each.line, "excerpt": each.excerpt}


def _standing(step: Step, journal: Journal | None) -> Mapping[str, Any]:
    entry = journal.entries.get(step.name) if journal else None
    return {"state": entry.state, "detail": entry.detail} if entry else {"state": "planned", "detail": ""}
