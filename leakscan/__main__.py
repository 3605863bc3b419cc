"""`python -m leakscan`, and the entry point of the installed command."""

from leakscan.cli.main import run


def main() -> None:
    """Run the command line and exit with its code."""
    raise SystemExit(run())


if __name__ == "__main__":
    main()
