"""A delta's own operations, read without its base.

A byte from 1 to 127 is followed by so many new bytes; one from 128 copies a piece of the base, its lower bits telling
which bytes of offset and length follow (https://git-scm.com/docs/gitformat-pack#_deltified_representation).
"""

# What looking at one operation costs, in bytes of the result that could be scanned in that time.
_OPERATION = 1_500
# Of a copy: itself and the bytes of its offset, and the bits for those of its length.
_BEFORE_LENGTH = [1 + (operation & 15).bit_count() for operation in range(256)]
_LENGTH_BYTES = ((16, 0), (32, 8), (64, 16))


def target_size(delta: bytes) -> int:
    """The size that a delta says its result has: the second number in it."""
    at = size = shift = 0
    while delta[at] & 128:
        at += 1
    at += 1
    while True:
        size |= (delta[at] & 127) << shift
        shift += 7
        if not delta[at] & 128:
            return size
        at += 1


def _after_sizes(delta: bytes) -> int:
    """Where the operations begin, behind the sizes of base and result."""
    at = 0
    while delta[at] & 128:
        at += 1
    at += 1
    while delta[at] & 128:
        at += 1
    return at + 1


def inserted(delta: bytes, data: bytes, margin: int, cost: int = _OPERATION) -> bytes | None:
    """What `delta` put into `data`, with what is round it, run together; None as `insertions` has it."""
    spans = insertions(delta, len(data), margin, cost)
    return None if spans is None else b"".join([data[start:end] for start, end in spans])


def insertions(delta: bytes, size: int, margin: int, cost: int = _OPERATION) -> list[tuple[int, int]] | None:  # noqa: C901, PLR0912  # one loop over the operations
    """Where in its result of `size` bytes `delta` put something, with `margin` bytes round each insertion and seam.

    A seam is where two copies meet. None if it makes so many changes that looking through all of the result costs
    less, an operation costing as much as `cost` bytes.
    """
    budget = size // cost
    end, before_length, apart = len(delta), _BEFORE_LENGTH, 2 * margin
    at = _after_sizes(delta)
    spans = []
    here = 0  # in the result
    since = 0  # where the span that is being collected begins; -1 for none
    while at < end:
        budget -= 1
        if budget < 0:
            return None
        operation = delta[at]
        if operation < 128:
            if since < 0:
                since = max(0, here - margin)
            here += operation
            at += 1 + operation
            continue
        at += before_length[operation]
        which = operation & 112
        if which == 48:  # two bytes or one, as most lengths have
            length = delta[at] | delta[at + 1] << 8 or 0x10000
            at += 2
        elif which == 16:
            length = delta[at] or 0x10000
            at += 1
        else:
            length = 0
            for bit, shift in _LENGTH_BYTES:
                if operation & bit:
                    length |= delta[at] << shift
                    at += 1
            length = length or 0x10000
        if since >= 0:
            if length <= apart:
                here += length
                continue
            if here:
                spans.append((since, here + margin))
        here += length
        since = here - margin if at < end else -1
    if since >= 0:
        spans.append((since, size))
    return spans
