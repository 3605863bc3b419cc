"""What of the documentation is made from the program: the page of commands, pictures of a terminal and a report.

python docs/pages.py commands    # writes docs/commands.md
python docs/pages.py pictures    # writes docs/images/; needs a Chromium
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from leakscan.cli.main import main
from leakscan.detection.samples import Samples

DOCS = Path(__file__).resolve().parent
_WIDTH = 100
# What is committed in turn: on which day, which file.
_LEAKS = [
    ("2025-03-04", "web/package.json", '{"dependencies": {"vite": "^6.0.0"}}\n'),
    (
        "2025-03-11",
        "web/.env",
        "VITE_TWILIO_ACCOUNT_SID=@{account_sid}\nVITE_TWILIO_AUTH_TOKEN=@{auth_token}\n",
    ),
    ("2025-07-20", "server/mail.py", "sendgrid = SendGridAPIClient('@{sendgrid_api_key}')\n"),
    (
        "2025-10-02",
        "scripts/call.sh",
        "curl -u @{account_sid:old}:@{auth_token:old} https://api.twilio.com/2010-04-01\n",
    ),
    (
        "2026-01-15",
        "scripts/call.sh",
        'curl -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" https://api.twilio.com/2010-04-01\n',
    ),
    (
        "2026-05-09",
        "deploy/secret.yaml",
        "kind: Secret\ndata:\n  TWILIO_API_KEY: @{base64|api_key_sid}\n  TWILIO_API_SECRET: @{base64|api_key_secret}\n",
    ),
]


def commands() -> str:
    """The page of commands: what `--help` says of each."""
    parts = ["# Commands\n", "What `leakscan COMMAND --help` says. This page is made from the program: `make docs`.\n"]
    for names, command in _every(main, ("leakscan",)):
        context = click.Context(command, info_name=" ".join(names), terminal_width=_WIDTH, max_content_width=_WIDTH)
        said = command.get_help(context).rstrip()
        parts.append(f"{'#' * (len(names) + (len(names) == 1))} {' '.join(names)}\n\n```text\n{said}\n```\n")
    return "\n".join(parts)


def _every(command: click.Command, names: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(names, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            found += _every(inner, (*names, name))
    return found


def pictures() -> None:
    """Pictures of a scan at a terminal and of the HTML report, of made-up leaks."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, page = Path(temporary) / "shop", Path(temporary) / "report.html"
        _history(folder)
        run = [sys.executable, "-m", "leakscan"]
        subprocess.run([*run, "history", "-q", "-f", "html", "-o", str(page)], cwd=folder, check=False)
        _photographed(page)
        _drawn(_at_a_terminal([*run, "scan", "--no-progress"], folder))


def _history(folder: Path) -> None:
    """A repository in which leaks come and go."""
    samples = Samples()
    folder.mkdir()
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "Ada", f"GIT_{who}_EMAIL": "ada@example.org"}
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True, env=environment)
    for day, name, text in _LEAKS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(samples.fill(text))
        environment |= {"GIT_AUTHOR_DATE": f"{day}T09:00:00Z", "GIT_COMMITTER_DATE": f"{day}T09:00:00Z"}
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True, env=environment)
        subprocess.run(["git", "commit", "-q", "-m", f"Work on {name}"], cwd=folder, check=True, env=environment)


def _photographed(page: Path) -> None:
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1200, "height": 900})
        shown.goto(page.as_uri())
        shown.screenshot(path=str(DOCS / "images" / "report.png"))
        browser.close()


def _drawn(said: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=_WIDTH, file=io.StringIO())
    console.print(Text("$ leakscan scan"))
    console.print(Text.from_ansi(said))
    drawing = console.export_svg(title="leakscan scan")
    own_fonts = re.sub(r"@font-face\s*\{[^}]*\}", "", drawing)  # theirs would be fetched from elsewhere
    (DOCS / "images" / "terminal.svg").write_text(own_fonts, "utf-8")


def _at_a_terminal(command: list[str], folder: Path) -> str:
    """What a command prints to a terminal, colours included."""
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(_WIDTH), "LINES": "60", "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        said = b""
        try:
            while more := os.read(ours, 1 << 16):
                said += more
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["pictures"]:
        pictures()
    else:
        (DOCS / "commands.md").write_text(commands(), "utf-8")
