"""What every call of git is given. A scanned repository is hostile: its configuration must not run a command."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

# Every key that makes the commands used here run a program or read a file of the repository's choice.
_HARDENED = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "core.quotePath=false",
    "core.bare=false",
    "protocol.allow=never",
    "safe.directory=*",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}
_stores: dict[str, str] = {}


class GitError(Exception):
    """Git is missing, or refused to read the repository; the message is git's own first line."""


def options(*, bare: bool) -> list[str]:
    """The options before a git command; `bare` where no work tree is named."""
    return [part for setting in _HARDENED if not (bare and setting.startswith("core.bare")) for part in ("-c", setting)]


def environment() -> dict[str, str]:
    """The variables that git is given beside those that name the repository."""
    return _ENVIRONMENT | _stores


@contextmanager
def other_stores(stores: Mapping[str, str]) -> Iterator[None]:
    """Let git read objects where these variables say, too: what a push brings lies in quarantine until it is accepted.

    For a hook on a server, to which git itself hands them; anywhere else such variables are taken away.
    """
    _stores.update(stores)
    try:
        yield
    finally:
        _stores.clear()
