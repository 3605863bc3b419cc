"""The command `leakscan`: its subcommands, imported when called, and the one place where errors become sentences."""

import os
import signal
import sys
from importlib import import_module

import click

import leakscan
from leakscan.errors import ExitCode, LeakscanError

# Each subcommand with the module that holds it and its line of help: a run imports only what it calls.
_COMMANDS = {
    "scan": ("leakscan.cli.scan", "Find credentials in work trees, directories, files or standard input."),
    "history": ("leakscan.cli.history", "Find credentials in every object of a repository's history."),
    "hook": ("leakscan.cli.hook.command", "Find credentials in what is about to be committed or pushed."),
    "ci": ("leakscan.cli.ci.command", "Find credentials in the commits that are new in a run of a CI."),
    "report": ("leakscan.cli.report", "Render a saved JSON report in any format."),
    "verify": ("leakscan.cli.verify", "Ask the providers what of a saved report is live."),
    "inspect": ("leakscan.cli.inspect", "What a live credential reaches, and what was done with it since it leaked."),
    "respond": (
        "leakscan.cli.respond.command",
        "Take a leaked credential out of use: a plan, then its steps.",
    ),
    "rules": ("leakscan.cli.rules", "List, show and check the rules."),
    "baseline": ("leakscan.cli.baseline.command", "Accept what is known, with reasons."),
    "init": ("leakscan.cli.init.command", "Set up a configuration, git hooks and a job for the CI."),
}


class _Commands(click.Group):
    """Subcommands by name, loaded late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(leakscan.__version__, prog_name="leakscan")
def main() -> None:
    """Find Twilio credentials, and those of SendGrid, Segment and Authy, before somebody else does.

    \b
    Examples:
      leakscan scan                              the work tree that you stand in
      leakscan scan src .env                     some of it
      git diff | leakscan scan -                 standard input
      leakscan scan -f sarif -o leaks.sarif      a report for code scanning
      leakscan history                           all that was ever committed
      leakscan init --hook                       stop the next secret before it is committed
      leakscan report leaks.json -f html         a saved report as a page for a browser
      leakscan inspect leaks.json                what live credentials reach, and what was done with them
      leakscan rules list                        what is looked for

    \b
    Exit codes: 0 clean, 1 findings, 2 could not run, 3 something could not be scanned, 130 interrupted.
    Shell completion: eval "$(_LEAKSCAN_COMPLETE=bash_source leakscan)" (or zsh_source, fish_source).
    """


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        outcome = main.main(arguments, prog_name="leakscan", standalone_mode=False)
    except LeakscanError as error:
        return _fail(str(error))
    except click.UsageError as error:
        error.show(sys.stderr)
        return ExitCode.ERROR
    except click.ClickException as error:
        return _fail(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        print("leakscan: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return ExitCode.ERROR
    return outcome if isinstance(outcome, int) else ExitCode.CLEAN


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _fail(message: str) -> int:
    print(f"leakscan: error: {message}", file=sys.stderr)
    return ExitCode.ERROR


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own flush at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
