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

# The end of a digest, which is found faster than its beginning, and the whole of it; lock files have others.
_END = re.compile(rb"=(?<=[A-Za-z0-9+/]{12}=)(?![A-Za-z0-9+/=])")
_DIGEST = re.compile(rb"(?<![A-Za-z0-9+/=])(?<!sha1-)[A-Za-z0-9+/]{27}=")
_ROUND, _MOST = 6_000, 20
_SURE = 20.0


def has_signature(data: bytes) -> bool:
    """Whether anything in `data` could be a signature, if it speaks of them."""
    return next(_digests(data), None) is not None


def signatures(content: Content, data: bytes, positions: Positions) -> Iterator[Found]:
    """The signatures in `data`, the text of a content that speaks of them.

    A candidate's value is the signature, a line end, and the text round it, one character a byte.
    """
    for found in islice(_digests(data), _MOST):
        start, end = found.span()
        round_it = data[max(0, start - _ROUND) : end + _ROUND]
        yield (
            start,
            end,
            Candidate(
                rule=SIGNATURE.id,
                secret=Secret((found[0] + b"\n" + round_it).decode("latin-1")),
                origin=content.origin,
                place=positions.place(start, end),
                score=_SURE,
                evidence=(),
            ),
        )


def _digests(data: bytes) -> Iterator[re.Match[bytes]]:
    digests = (_DIGEST.match(data, max(0, end.start() - 27)) for end in _END.finditer(data))
    return filter(None, digests)
