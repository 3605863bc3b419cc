"""Hooks and CI runs need no network: a process in which every connection fails does the same."""

from pathlib import Path

import pytest

from tests.repository import Repository

from .ci_running import ci
from .hooking import leak_text, staged
from .running import leakscan

GUARD = """
import socket
def refuse(*_, **__):
    raise AssertionError("a connection")
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder whose sitecustomize lets no process that we start connect."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "guard"))
    return str(tmp_path / "guard")


def test_e28_hooks_need_no_network(repository: Repository, offline: str) -> None:
    base = repository.commit("a.py")
    repository.configure('[remote "origin"]\n\turl = https://example.invalid/x.git\n\tpromisor = true\n')
    staged(repository, "app.env", leak_text())
    assert leakscan("hook", cwd=repository.root).returncode == 1
    assert leakscan("hook", "app.env", cwd=repository.root).returncode == 1
    commit = repository.commit("app.env", text=leak_text())
    line = f"refs/heads/main {commit} refs/heads/main {base}\n"
    assert leakscan("hook", "--push", "origin", "url", cwd=repository.root, stdin=line.encode()).returncode == 1
    assert ci(repository.root, {}, "--base", base).returncode == 1
