"""The resources of Twilio's libraries and of its REST API, and the permission that each takes of a Restricted key."""

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

ACTIONS = {"r": "read", "l": "list", "c": "create", "u": "update", "d": "delete"}


class Resource(NamedTuple):
    """One resource: the way to it in a library, its class, its path, its permission and what that lets one do."""

    chain: tuple[str, ...]
    noun: str
    product: str
    path: str
    permission: str
    actions: str

    def allowing(self, action: str) -> str | None:
        """The whole permission for an action (`read`, `list` ...); None if the catalogue has none."""
        if action == "list" and self.actions == "r":
            action = "read"
        return f"/twilio/{self.permission}/{action}" if action[0] in self.actions else None


class Catalogue(NamedTuple):
    """All resources, each way that leads to them, and what no permission covers."""

    resources: tuple[Resource, ...]
    by_chain: dict[tuple[str, ...], Resource]
    by_noun: dict[str, list[Resource]]
    beyond: tuple[tuple[re.Pattern[str], str, str], ...]
    unknown: frozenset[str]

    def at(self, chain: tuple[str, ...]) -> Resource | None:
        """The resource that a way leads to: the whole way, or its end where only one resource has that end."""
        if chain in self.by_chain:
            return self.by_chain[chain]
        ending = [known for known in self.by_chain if len(known) > len(chain) and known[-len(chain) :] == chain]
        return self.by_chain[ending[0]] if len(ending) == 1 and chain[-1] not in self.unknown else None


@cache
def shipped() -> Catalogue:
    """The catalogue that leakscan ships."""
    data = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text("utf-8"))
    resources = []
    for chain, (noun, path, permission, actions) in data["resources"].items():
        product, _, rest = path.partition("/")
        resources.append(Resource(tuple(chain.split(".")), noun, product, rest, permission, actions))
    by_noun: dict[str, list[Resource]] = defaultdict(list)
    for each in resources:
        by_noun[each.noun].append(each)
    return Catalogue(
        tuple(resources),
        {each.chain: each for each in resources},
        dict(by_noun),
        tuple((re.compile(each["pattern"]), each["says"], each["needs"]) for each in data["beyond"]),
        frozenset(data["unknown"]["products"].split()) | frozenset(data["unknown"]["resources"].split()),
    )
