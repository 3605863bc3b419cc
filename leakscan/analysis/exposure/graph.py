"""The import graph from the entry points of clients: what is shipped, and by which chain."""

from collections import deque

from leakscan.analysis.exposure.entries import Entries, is_server_only
from leakscan.analysis.exposure.imports import Resolver, imported
from leakscan.analysis.exposure.patterns import lazily
from leakscan.analysis.exposure.project import PAGES, SCRIPTS, Survey
from leakscan.analysis.exposure.stripping import client_part

_MOST = 6_000
_LONGEST_CHAIN = 3
_SERVER_MARK = lazily(r"\A(?:\s|//[^\n]*\n|/\*[\s\S]{0,2000}?\*/)*[\"']use server[\"']|import\s*[\"']server-only[\"']")


class Graph:
    """What clients get of a project's scripts."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.entries = Entries(survey)
        self._resolver = Resolver(survey)
        self._came: dict[str, str | None] = {}
        self._walk()

    @property
    def has_clients(self) -> bool:
        """Whether there is any entry point of a client."""
        return bool(self.entries.roots)

    def reason(self, path: str) -> str | None:
        """Why clients get `path`, in words; None if no chain leads to it."""
        if path not in self._came:
            return None
        parent = self._came[path]
        if parent is None:
            return f"{path} is {self.entries.roots[path]}"
        chain = [path]
        while (above := self._came[chain[-1]]) is not None:
            chain.append(above)
        root = chain[-1]
        says = self.entries.roots[root]
        if len(chain) == 2:
            return f"{path} is imported by {says} {root}"
        middle = chain[1:-1]
        shown = ", ".join(middle[:_LONGEST_CHAIN]) + (", …" if len(middle) > _LONGEST_CHAIN else "")
        return f"{path} is imported by {shown}, which {says} {root} leads to"

    def _walk(self) -> None:
        waiting = deque(self.entries.roots)
        self._came = dict.fromkeys(self.entries.roots)
        while waiting and len(self._came) < _MOST:
            wave = list(waiting)
            waiting.clear()
            self._survey.read(wave)
            for path in wave:
                text = self._survey.text(path)
                if _SERVER_MARK.search(text[:4000]):
                    if path not in self.entries.roots:
                        del self._came[path]
                    continue
                waiting.extend(self._from(path, text))

    def _from(self, path: str, text: str) -> list[str]:
        found = []
        for name in imported(path, client_part(path, text, self._survey.owner(path))):
            for target in self._resolver.resolve(path, name):
                if target in self._came or is_server_only(target, self._survey):
                    continue
                if target.endswith((*SCRIPTS, *PAGES, ".json")):
                    self._came[target] = path
                    found.append(target)
        return found
