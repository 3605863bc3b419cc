"""`python -m leakscan`, and the entry point of the installed command."""

import gc

# A run makes next to no cycles, and looking for them while it imports its modules takes a tenth of a short one.
gc.disable()

import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from contextlib import suppress  # noqa: E402

from leakscan.cli.main import run  # noqa: E402


def main() -> None:
    """Run the command line and exit with its code."""
    code = run()
    if "multiprocessing" not in sys.modules and threading.active_count() == 1:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # to take the interpreter apart takes 10 ms, longer than a hook scans
    raise SystemExit(code)


if __name__ == "__main__":
    main()
