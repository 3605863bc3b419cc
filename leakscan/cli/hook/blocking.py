"""What a hook says when it blocks: why, and what to do next."""

from leakscan.errors import ExitCode
from leakscan.model import Report, Role
from leakscan.reports.wording import counted

_ALLOW = (
    "Not a secret, or known? Write leakscan:allow[{rule}] and the reason in a comment on its line; or accept it:",
    "  leakscan baseline create --reason '…', and in leakscan.toml: baseline = \"leakscan-baseline.json\"",
)
_ROTATE = "If it was ever pushed, pasted or sent, it is known: rotate it first, as told above."
_REWRITE = (
    "The commits themselves hold it: one more that deletes it does not help. Take it out of the last commit by",
    "`git commit --amend`, out of an older one by `git rebase -i`; then push again.",
)
_UNSTAGE = (
    "Take the value out: read it from the environment or a secret store. Then `git add` the file and commit again;",
    "`git restore --staged FILE` (before the first commit: `git rm --cached FILE`) keeps a file out of it.",
)
# What happens, how to mend it, and the way out where something could not be scanned.
_ACTS = {
    "staged": ("the commit is blocked", _UNSTAGE, "`git commit --no-verify` commits this once, unscanned."),
    "push": ("the push is blocked", _REWRITE, "`git push --no-verify` pushes this once, unscanned."),
    "receive": (
        "the push is rejected, nothing of it was taken",
        _REWRITE,
        "Where that does not help, whoever runs this server can look at its hook.",
    ),
}


def advice(act: str, report: Report, code: int) -> list[str]:
    """The lines to say after a report; `act` is staged, push or receive."""
    what, mend, way_out = _ACTS[act]
    if code == ExitCode.FOUND:
        found = [finding.rule.id for finding in report.counted if finding.rule.role is Role.SECRET]
        allow = [line.format(rule=found[0] if found else "RULE") for line in _ALLOW]
        return [f"leakscan: {what}: {counted(len(found), 'secret')} found", *mend, _ROTATE, *allow]
    if code == ExitCode.INCOMPLETE:
        return [
            f"leakscan: {what}: {counted(len(report.problems), 'item')} could not be scanned and may hold anything",
            f"Mend what is listed above, and try again. {way_out}",
        ]
    if code == ExitCode.INTERRUPTED:
        return [f"leakscan: {what}: the scan was interrupted"]
    return []
