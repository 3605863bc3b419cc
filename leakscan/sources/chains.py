"""The objects of a pack in an order in which they can be shared out: chains together, large ones cut where need be."""

import numpy as np

from leakscan.sources.packindex import Ints, Pack

# A chain of more objects than this is shared out among units of work: its objects stand in the order of a walk, depth
# first, so that a piece of it needs only the bases of its first object besides.
_LARGE = 1_000


def members_of(pack: Pack, kinds: tuple[int, ...]) -> Ints:
    """The objects of `kinds`, those of a chain together behind its root."""
    wanted = np.zeros(256, bool)
    wanted[list(kinds)] = True
    chosen = np.flatnonzero(wanted[pack.kinds])
    return chosen[np.argsort(pack.roots[chosen], kind="stable")]


def depth_first(pack: Pack, members: Ints) -> Ints:
    """`members` with the objects of large chains in the order of a walk."""
    ordered = members.copy()
    for begin, end in _large(np.append(ends(pack, members), len(members))):
        ordered[begin:end] = _walk(pack, members[begin:end])
    return ordered


def _large(between: Ints) -> list[tuple[int, int]]:
    """Where large chains begin and end, of the places where chains end."""
    lengths = np.diff(between, prepend=0)
    large = np.flatnonzero(lengths > _LARGE)
    return list(zip((between[large] - lengths[large]).tolist(), between[large].tolist(), strict=True))


def _walk(pack: Pack, chain: Ints) -> list[int]:
    children: dict[int, list[int]] = {}
    waiting = []
    own = set(chain.tolist())
    for number, base in zip(chain.tolist(), pack.bases[chain].tolist(), strict=True):
        if base in own:
            children.setdefault(base, []).append(number)
        else:
            waiting.append(number)
    order = []
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += reversed(children.get(number, ()))
    return order


def ends(pack: Pack, members: Ints) -> Ints:
    """The places in `members` where one chain ends and the next begins, but for the last."""
    found: Ints = np.flatnonzero(np.diff(pack.roots[members])) + 1
    return found


def borders(pack: Pack, members: Ints, *, within: bool) -> Ints:
    """Where `members` may be cut: between chains and, if `within`, inside large ones that stand in walking order."""
    between = np.append(ends(pack, members), len(members))
    if not within:
        return between
    inside = [np.arange(begin + 1, end) for begin, end in _large(between)]
    return np.sort(np.concatenate([between, *inside])) if inside else between


def bases_of(pack: Pack, number: int) -> list[int]:
    """The objects that one is made from, its root first."""
    found = []
    base = int(pack.bases[number])
    while base >= 0:
        found.append(base)
        base = int(pack.bases[base])
    return found[::-1]
