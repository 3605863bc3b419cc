"""How much encoded text of one content is still looked into, in runs and bytes."""

from leakscan.detection.coded.texts import Coded

_MOST_RUNS = 2_000
_MOST_DECODED = 64 * 1024 * 1024


class Budget:
    """How much encoded text of one content is still looked into, and what was not."""

    def __init__(self) -> None:
        self._runs, self._bytes = _MOST_RUNS, _MOST_DECODED
        self.problems: list[str] = []

    def takes(self, coded: Coded) -> bool:
        """Whether there is room for one more."""
        self._runs -= 1
        self._bytes -= len(coded.plain)
        if self._runs >= 0 and self._bytes >= 0:
            return True
        self.problem("so much encoded text stands here that the rest of it was not decoded")
        return False

    def problem(self, message: str) -> None:
        """Tell of something once."""
        if message not in self.problems:
            self.problems.append(message)
