"""A leak of some days ago, for `leakscan inspect` to look at."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.standin.twilio import Account

from .test_verify import leakscan, write

TODAY = datetime.now(UTC).date()
LEAKED = TODAY - timedelta(days=10)


def saved(folder: Path, account: Account) -> Path:
    """A report of a folder with the account's token."""
    write(folder, account)
    leakscan("scan", "-f", "json", "-o", "saved.json", cwd=folder)
    return folder / "saved.json"


def marks(path: Path) -> dict[str, str]:
    """The fingerprints of a saved report, by kind."""
    return {each["kind"]: each["fingerprint"] for each in json.loads(path.read_text())["findings"]}
