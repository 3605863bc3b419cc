"""Real git repositories for tests."""

import os
import subprocess
from pathlib import Path


class Repository:
    """A git repository in a folder of its own."""

    def __init__(self, root: Path) -> None:
        """Make an empty repository at `root`."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git here and return what it says. Raises CalledProcessError."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60
        )
        return os.fsdecode(done.stdout).strip()

    def write(self, name: str | bytes, text: str = "text\n") -> Path:
        """Write a file in the work tree, with the folders that it needs."""
        path = self.root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def commit(self, *names: str | bytes, text: str = "text\n") -> str:
        """Write files of these names, commit all that stands in the work tree, and return the commit's id."""
        for name in names:
            self.write(name, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A commit")
        return self.git("rev-parse", "HEAD")

    def configure(self, text: str) -> None:
        """Add `text` to the repository's own configuration, unchecked, as somebody hostile would."""
        with (self.root / ".git" / "config").open("a") as file:
            file.write(text)
