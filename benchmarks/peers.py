"""Where the programs under comparison are installed: beside the interpreter that runs the benchmark."""

import sys
from pathlib import Path

INSTALL = "install the peers with `pip install kingfisher-bin detect-secrets credsweeper` (`make bench` does)"


def leakscan_command(scripts: Path | None = None) -> list[str]:
    """How to start leakscan: its console script if it is installed, else as a module of this checkout."""
    script = (scripts or Path(sys.executable).parent) / "leakscan"
    return [str(script)] if script.exists() else [sys.executable, "-m", "leakscan"]


def kingfisher(scripts: Path | None = None) -> str | None:
    """Kingfisher's executable itself: its wheel's console script would add an interpreter's start to every run."""
    script = (scripts or Path(sys.executable).parent) / "kingfisher"
    own = sorted(script.parent.parent.glob("lib/python*/site-packages/kingfisher/bin/kingfisher"))
    if own:
        return str(own[0])
    return str(script) if script.exists() else None


def detect_secrets(scripts: Path | None = None, name: str = "detect-secrets") -> str | None:
    """A console script of detect-secrets."""
    return _script(name, scripts)


def credsweeper(scripts: Path | None = None) -> str | None:
    """The console script of CredSweeper."""
    return _script("credsweeper", scripts)


def _script(name: str, scripts: Path | None) -> str | None:
    script = (scripts or Path(sys.executable).parent) / name
    return str(script) if script.exists() else None
