"""A line of a repository as a plan shows it: without values, and without whom it is about."""

import re

from leakscan.detection.masking import mask

_LONGEST = 100
_PHONE = re.compile(r"\+?\d[\d ().-]{5,18}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def excerpt(line: str) -> str:
    """The line, cut to what fits; phone numbers and mail addresses give way to an ellipsis."""
    return _PHONE.sub("…", _MAIL.sub("…", mask(line.strip())))[:_LONGEST]
