"""A line of a repository as a plan shows it: without values, and without whom it is about."""

import re

from leakscan.detection.masking import mask

_LONGEST = 100
_FURTHEST = 400
_CUT = re.compile(r"[A-Za-z0-9+/=_.-]+$")
_PHONE = re.compile(r"\+?\d[\d ().-]{5,18}\d")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]+")


def excerpt(line: str) -> str:
    """The line, cut to what fits; phone numbers and mail addresses give way to an ellipsis."""
    text = line.strip()
    if len(text) > _FURTHEST:  # what is cut may be a value
        text = _CUT.sub("…", text[:_FURTHEST])
    return _PHONE.sub("…", _MAIL.sub("…", mask(text)))[:_LONGEST]
