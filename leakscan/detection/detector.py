"""Which contents deserve a look, and for which rules; those go to examination: Content -> candidates."""

from leakscan.detection.prefilter import Prefilter
from leakscan.detection.rules import RuleSet
from leakscan.model import Candidate, Content

# Text in UTF-16 has a NUL beside every letter; so many make it worth a second look without them.
_WIDE = 32


class Detector:
    """Finds candidates in contents; holds no state between them."""

    def __init__(self, rules: RuleSet, prefilter: Prefilter) -> None:
        self._rules = rules
        self._prefilter = prefilter
        self._triggers = tuple(rules.triggers)
        number = {name: 1 << index for index, name in enumerate(self._triggers)}
        self._needs = [
            (rule, [sum(number[name] for name in trigger.split(" & ")) for trigger in rule.triggers])
            for rule in rules.rules
        ]

    def detect(self, content: Content) -> list[Candidate]:
        """The candidates in `content`, in order. Raises TimeoutError if a pattern exceeds its time limit."""
        hits = self._hits(content.data)
        if not hits:
            return []
        rules = tuple(rule for rule, needs in self._needs if any(need & hits == need for need in needs))
        if not rules:
            return []
        from leakscan.detection.examination import examine  # most runs of a hook never get here

        mentions = " ".join(name for index, name in enumerate(self._triggers) if hits >> index & 1)
        return examine(content, rules, mentions, self._rules, self._prefilter)

    def _hits(self, data: bytes) -> int:
        hits = self._prefilter.hits(data)
        if b"\0" in data and data.count(b"\0") >= _WIDE:
            hits |= self._prefilter.hits(data.translate(None, b"\0"))
        return hits
