"""Who confirms a step: somebody at a terminal, or --yes; and what is said of each step on the way."""

import sys
from typing import NamedTuple

import click

from leakscan.reports.wording import visible
from leakscan.response.steps import Step
from leakscan.secret import Secret


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Typed(NamedTuple):
    """Each step is confirmed by typing; `shows` if new secrets go to the terminal."""

    shows: bool

    def begin(self) -> bool:
        """Whether to go through the steps at all."""
        return _typed("Nothing has been changed. Type start to go through the steps, one by one") == "start"

    def confirm(self, step: Step) -> bool:
        """Whether what was typed is what the step asks for."""
        click.echo(f"\n{step.name}: {visible(step.what)}", err=True)
        if step.manual:
            return _typed("Type yes when it is done (anything else ends here; run the same again later)") == "yes"
        if step.request:
            click.echo(f"  {step.request}", err=True)
        if step.breaks:
            click.echo(f"  breaks: {step.breaks}", err=True)
        if step.makes_secret and self.shows:
            return _typed("The new secret will be shown here, once. Type show to do this") == "show"
        wanted = step.confirm or "yes"
        asks = f"Type {wanted}" if wanted == "yes" else "Type the last four characters of the SID"
        return _typed(f"{asks} to do this") == wanted

    def tell(self, step: Step, state: str, detail: str) -> None:
        """Say how a step stands."""
        tell(step, state, detail)


class Yes(NamedTuple):
    """Everything is confirmed by --yes, but for what people have to do: that by --deployed."""

    deployed: bool

    def confirm(self, step: Step) -> bool:
        """Whether the command line confirms it."""
        return self.deployed if step.manual else True

    def tell(self, step: Step, state: str, detail: str) -> None:
        """Say how a step stands."""
        tell(step, state, detail)


def tell(step: Step, state: str, detail: str) -> None:
    """One line on standard error."""
    click.echo(f"leakscan: {step.name}: {state}" + (f" ({visible(detail)})" if detail else ""), err=True)


def show_secret(name: str, value: Secret | str) -> None:
    """Show a new secret to who confirmed that, at the terminal."""
    click.echo(f"{name}={value.reveal() if isinstance(value, Secret) else value}", err=True)


def _typed(asks: str) -> str:
    typed: str = click.prompt(asks, default="", show_default=False, err=True)
    return typed.strip()
