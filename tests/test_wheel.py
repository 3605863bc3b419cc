"""The wheel works by itself: the rules and the parts of the HTML page are in it and are found."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_wheel_holds_its_data_and_uses_it(tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    build = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "PYTHONSAFEPATH": "1"}

    def leakscan(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "leakscan", *arguments],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert (tmp_path / "installed/leakscan/analysis/usage/permissions.toml").is_file()
    (tmp_path / "clean.py").write_text("print()\n")
    assert "0 failed" in leakscan("rules", "check")
    assert leakscan("scan", "clean.py", "-f", "html").startswith("<!doctype html>")
    subprocess.run(["git", "init", "--quiet", "--template="], cwd=tmp_path, check=True, timeout=60)
    (tmp_path / ".github").mkdir()
    assert "leakscan.yml" in leakscan("init")
