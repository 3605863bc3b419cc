"""`leakscan init`: a configuration, a hook, and a job for the CI. Nothing that is there is overwritten."""

import os
from pathlib import Path

import click

from leakscan.cli.init.githooks import HOOKS, install, remove
from leakscan.cli.init.starting_files import Proposal, configuration, jobs
from leakscan.errors import ExitCode, UsageError
from leakscan.reports.wording import visible
from leakscan.sources.hardening import GitError
from leakscan.sources.quickgit import hooks_folder
from leakscan.sources.repository import Repository, open_repository


@click.command()
@click.argument("repository", default=".", metavar="[REPO]")
@click.option(
    "--hook",
    "hooks",
    multiple=True,
    is_flag=False,
    flag_value="pre-commit",
    type=click.Choice(list(HOOKS)),
    help="Write this git hook, too.  [default: pre-commit]",
)
@click.option("--remove-hook", is_flag=True, help="Take our hooks away again, and do nothing else.")
@click.option("--ci/--no-ci", "with_ci", default=True, help="A job for the CI that is found.  [default: yes]")
@click.option("--source", default="", metavar="REQUIREMENT", help="What pip is to install leakscan from in the CI.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def init(  # one for each option
    repository: str, hooks: tuple[str, ...], source: str, *, remove_hook: bool, with_ci: bool, dry_run: bool
) -> int:
    """Set leakscan up in a repository: leakscan.toml, a job for the CI that is used, and hooks if you ask for them.

    A hook that is there already is kept and runs first. No file is overwritten: you are told what to add.

    \b
    Examples:
      leakscan init --dry-run
      leakscan init --hook
      leakscan init --no-ci --hook pre-commit --hook pre-push
      leakscan init --source git+https://git.example.org/tools/leakscan@v1
      leakscan init --remove-hook
    """
    opened = open_repository(Path(repository))
    if any(not char.isprintable() or char in "\"'\\$`" for char in source):
        raise UsageError("--source has a character that a file of a CI would take for more than text")
    if remove_hook:
        said = remove(_hooks(opened), dry=dry_run) or ["there is no hook of ours"]
        click.echo("\n".join(map(visible, said)))
        return ExitCode.CLEAN
    folder = _hooks(opened) if hooks else None
    said = [install(folder, name, dry=dry_run) for name in dict.fromkeys(hooks)] if folder else []
    for line in said:
        click.echo(visible(line))
    if opened.work_tree is not None:
        _write_files(opened.work_tree, source, with_ci=with_ci, dry=dry_run)
    if not dry_run:
        click.echo(f"next: {_next(opened, hooks)}")
    return ExitCode.CLEAN


def _hooks(repository: Repository) -> Path:
    """The folder of the repository's hooks. Raises UsageError where that is not in the repository itself."""
    try:
        folder = hooks_folder(repository.own, repository.work_tree or repository.own)
    except GitError as error:
        raise UsageError(f"git cannot tell where its hooks are: {error}") from None
    if folder.resolve() != repository.common / "hooks":
        raise UsageError(
            f"core.hooksPath leads to {visible(str(folder))}, which belongs to something else (Husky, Lefthook, or all "
            "your repositories): nothing was written; add the line `leakscan hook` to its pre-commit yourself"
        )
    return folder


def _write_files(root: Path, source: str, *, with_ci: bool, dry: bool) -> None:
    own = configuration(root)
    if own is None:
        click.echo("there is a configuration already; it was left as it is")
    found = jobs(root, source) if with_ci else []
    for proposal in [*([own] if own else []), *found]:
        if os.path.lexists(proposal.path):
            _tell(proposal)
        else:
            click.echo(visible(f"{'would write' if dry else 'wrote'} {proposal.path} ({proposal.what})"))
            if not dry:
                _write(root, proposal)
    if with_ci and not found:
        click.echo("no CI was found here; docs/ci.md has a job for each that is known")
    elif found and not source:
        click.echo("the job needs to know what leakscan is installed from: set LEAKSCAN_SOURCE in it, or give --source")


def _tell(proposal: Proposal) -> None:
    if "leakscan" in proposal.path.name:
        click.echo(visible(f"{proposal.path} is there already; it was left as it is"))
        return
    click.echo(visible(f"{proposal.path} is there and was left as it is; add this to it ({proposal.what}):"))
    click.echo("".join(f"    {line}\n" for line in proposal.text.splitlines()), nl=False)


def _write(root: Path, proposal: Proposal) -> None:
    """A new file: nothing is overwritten, and no link followed."""
    folder = proposal.path.parent
    if folder.resolve() != root.resolve() / folder.relative_to(root):
        raise UsageError(f"{visible(str(folder))} is reached by a symbolic link: nothing was written there")
    try:
        proposal.path.parent.mkdir(parents=True, exist_ok=True)
        with proposal.path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(proposal.text)
    except OSError as error:
        raise UsageError(f"cannot write {visible(str(proposal.path))}: {error.strerror}") from None


def _next(repository: Repository, hooks: tuple[str, ...]) -> str:
    root = repository.work_tree
    if root is not None and (root / ".pre-commit-config.yaml").exists():
        return "pre-commit is used here: add the hook `leakscan` to .pre-commit-config.yaml (docs/hooks.md)"
    if hooks:
        return "`leakscan history` looks at what was committed before"
    return "`leakscan init --hook` stops the next secret, `leakscan history` looks at what was committed before"
