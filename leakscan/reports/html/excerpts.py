"""A line of a file as the page shows it: cut to what one can read, with the masked value marked."""

from markupsafe import Markup, escape

from leakscan.reports.wording import visible

_ROOM = 240


def marked(line: str, redacted: str) -> Markup:
    """The line round `redacted`, which is marked wherever it stands."""
    shown = visible(line.strip().replace("\t", "    "))
    start = max(0, shown.find(redacted) - _ROOM // 3) if len(shown) > _ROOM else 0
    cut = shown[start : start + _ROOM]
    pieces = [escape(piece) for piece in (cut.split(redacted) if redacted else [cut])]
    whole = Markup("<mark>{}</mark>").format(redacted).join(pieces)
    return Markup("{}{}{}").format("…" if start else "", whole, "…" if start + _ROOM < len(shown) else "")
