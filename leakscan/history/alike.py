"""What a content says of another one of the same size that it differs from in few places.

A pack makes an object from any that is like it: a page of generated documentation from another page, while the page's
own last version, in which all but a number or a date stands at the same offset, is somewhere else.
"""

from collections import OrderedDict

import numpy as np

from leakscan.detection.detector import Barren, Detector

# Contents of these sizes are worth it, and so many bytes of them are held.
_LEAST, _MOST = 4_000, 16 * 1024 * 1024
# At most one byte in so many differs.
_FEW = 40


class Alike:
    """The last contents without candidates, one of each size."""

    def __init__(self, most: int = _MOST) -> None:
        """Hold at most so many bytes of contents."""
        self._known: OrderedDict[int, tuple[bytes, Barren]] = OrderedDict()
        self._most, self._held = most, 0

    def keep(self, data: bytes, barren: Barren) -> None:
        """Remember a content in place of the last one of its size."""
        size = len(data)
        if size < _LEAST:
            return
        if self._known.pop(size, None) is None:
            self._held += size
        self._known[size] = (data, barren)
        while self._held > self._most:
            self._held -= self._known.popitem(last=False)[0]

    def still(self, data: bytes, detector: Detector) -> Barren | None:
        """What is known of a content if it has no candidates, as far as one of the same size tells."""
        last, barren = self._known.get(len(data), (b"", None))
        return barren and detector.still(barren, data, differing(last, data, barren.margin))


def differing(one: bytes, other: bytes, margin: int) -> list[tuple[int, int]] | None:
    """Where two texts of one size differ, with `margin` bytes round each place, and both ends; None for many places."""
    size = len(one)
    at = np.flatnonzero(np.frombuffer(one, np.uint8) != np.frombuffer(other, np.uint8))
    if len(at) * _FEW > size:
        return None
    cuts = np.flatnonzero(np.diff(at) > 2 * margin)
    starts = np.maximum(at[np.concatenate(([0], cuts + 1))] - margin, 0).tolist() if len(at) else []
    ends = np.minimum(at[np.concatenate((cuts, [len(at) - 1]))] + margin + 1, size).tolist() if len(at) else []
    return [(0, min(size, margin)), *zip(starts, ends, strict=True), (max(0, size - margin), size)]
