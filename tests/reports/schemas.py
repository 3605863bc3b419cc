"""Official schemas, which are not part of the project: SCHEMAS names a folder that holds them."""

import os
from pathlib import Path

import pytest

_FOLDER = Path(os.environ.get("SCHEMAS", ""))


def official(name: str) -> Path:
    """The file of a schema; skips the test where there is none."""
    if not (_FOLDER / name).is_file():
        pytest.skip(f"SCHEMAS names no folder with {name}")
    return _FOLDER / name
