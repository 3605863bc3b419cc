"""Signatures of Twilio's in recorded requests and in tests, kept with what stands round them: they can prove a token.

A header `X-Twilio-Signature` is 28 characters of base64, a SHA-1 digest
(https://www.twilio.com/docs/usage/security#validating-requests).
"""

import re
from collections.abc import Iterator
from itertools import islice

from leakscan.detection.positions import Positions
from leakscan.detection.regions import Found
from leakscan.detection.rules import SIGNATURE
from leakscan.model import Candidate, Content
from leakscan.secret import Secret

# The end of a digest, which is found faster than its beginning, and the whole of it.
_END = re.compile(r"=(?<=[A-Za-z0-9+/]{12}=)(?![A-Za-z0-9+/=])")
_DIGEST = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{27}=")
_ROUND, _MOST = 6_000, 20
_SURE = 20.0


def signatures(content: Content, text: str, positions: Positions) -> Iterator[Found]:
    """The signatures in a text, one character a byte.

    A candidate's value is the signature, a line end, and the text round it.
    """
    digests = (_DIGEST.match(text, max(0, end.start() - 27)) for end in _END.finditer(text))
    for found in islice(filter(None, digests), _MOST):
        start, end = found.span()
        round_it = text[max(0, start - _ROUND) : end + _ROUND]
        yield (
            start,
            end,
            Candidate(
                rule=SIGNATURE.id,
                secret=Secret(f"{found[0]}\n{round_it}"),
                origin=content.origin,
                place=positions.place(start, end),
                score=_SURE,
                evidence=(),
            ),
        )
