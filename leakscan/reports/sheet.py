"""A page of text for a terminal, drawn by rich: nothing is read as its markup, and all that does not print is shown."""

from io import StringIO

from rich.console import Console
from rich.text import Text

from leakscan.reports.view import View
from leakscan.reports.wording import visible

LABEL = 9  # columns before what stands under a label
_NARROWEST = 24


class Sheet:
    """A page that is written line by line. Texts are made visible here, so that no section can forget it."""

    def __init__(self, view: View) -> None:
        self._file = StringIO()
        # An empty environment: the page depends on the view alone, and not on NO_COLOR, COLUMNS or a notebook.
        self._console = Console(
            file=self._file,
            width=max(view.width, _NARROWEST + LABEL),
            color_system="standard" if view.color else None,
            force_terminal=view.color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    @property
    def width(self) -> int:
        """The columns of the page."""
        return self._console.width

    def line(self, *parts: str | tuple[str, str]) -> None:
        """One line of texts or (text, style) pairs, which a terminal may wrap: a path in it stays whole."""
        pairs = (part if isinstance(part, tuple) else (part, "") for part in parts)
        self._print(Text.assemble(*((visible(text), style) for text, style in pairs)))

    def folded(self, label: str, text: str, style: str = "") -> None:
        """`text` behind `label`, folded between words to the width of the page and hung under its first line."""
        for number, line in enumerate(Text(visible(text), style).wrap(self._console, self.width - len(label))):
            line.rstrip()
            self._print(Text.assemble((label if number == 0 else " " * len(label), "dim"), line))

    def excerpt(self, text: str, focus: str) -> None:
        """One line of a file, cut to the page round `focus`, which is marked."""
        shown = visible(text.strip().replace("\t", "    "))
        room = self.width - LABEL - 2
        start = max(0, shown.find(focus) - room // 2) if len(shown) > room else 0
        cut = Text(("…" if start else "") + shown[start:])
        cut.truncate(room, overflow="ellipsis")
        if focus:
            cut.highlight_words([focus], "bold red")
        self._print(Text.assemble((" " * LABEL + "│ ", "dim"), cut))

    def gap(self) -> None:
        """An empty line."""
        self._print(Text())

    def text(self) -> str:
        """All that was written."""
        return self._file.getvalue()

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)
