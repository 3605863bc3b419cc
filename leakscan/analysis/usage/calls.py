"""Source files -> the lines that call Twilio, and what each needs of a Restricted API key.

Only files that speak of Twilio are read. A call that cannot be told for sure counts: a permission too many is shown
with its line, one too few breaks what runs.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.analysis.usage import addresses, libraries
from leakscan.analysis.usage.catalogue import shipped
from leakscan.analysis.usage.excerpts import excerpt

_COMMENT = re.compile(r"\s*(?:#|//|\*|/\*|--|<!--)")


class Use(NamedTuple):
    """A line that needs a permission (`/twilio/messaging/messages/create`)."""

    permission: str
    path: str
    line: int
    excerpt: str


class Beyond(NamedTuple):
    """A line that no permission of the catalogue covers, and why; `needs` is the kind of credential that does it."""

    says: str
    path: str
    line: int
    excerpt: str
    needs: str = ""


class Usage(NamedTuple):
    """How a repository uses Twilio."""

    uses: tuple[Use, ...] = ()
    beyond: tuple[Beyond, ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that the uses need, each once, in order."""
        return tuple(sorted({use.permission for use in self.uses}))


def usage(texts: Iterable[tuple[str, str]]) -> Usage:
    """What the files of these paths and texts need, sorted by place."""
    uses: set[Use] = set()
    beyond: set[Beyond] = set()
    for path, text in texts:
        if "twilio" not in text.lower():
            continue
        for offset, needed, kind in _needs(path, text):
            number, line = _line(text, offset)
            if _COMMENT.match(line):
                continue
            if needed.startswith("/twilio/"):
                uses.add(Use(needed, path, number, excerpt(line)))
            else:
                beyond.add(Beyond(needed, path, number, excerpt(line), kind))
    return Usage(tuple(sorted(uses)), tuple(sorted(beyond)))


def _needs(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Offsets, the permission that is needed there, or why none will do and which kind of credential would."""
    if libraries.may_use(path):
        for pattern, says, kind in shipped().beyond:
            yield from ((found.start(), says, kind) for found in pattern.finditer(text))
        yield from ((*found, "") for found in libraries.needs(text))
    if libraries.may_use(path) or addresses.may_stand(path):
        yield from ((*found, "") for found in addresses.needs(text))


def _line(text: str, offset: int) -> tuple[int, str]:
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    return text.count("\n", 0, offset) + 1, text[start : len(text) if end < 0 else end]
