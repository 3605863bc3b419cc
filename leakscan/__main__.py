"""`python -m leakscan`, and the entry point of the installed command."""

import gc

# A run makes next to no cycles, and looking for them while it imports its modules takes a tenth of a short one.
gc.disable()

from leakscan.cli.main import run  # noqa: E402


def main() -> None:
    """Run the command line and exit with its code."""
    raise SystemExit(run())


if __name__ == "__main__":
    main()
