"""Who made commits, and when."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from leakscan.sources.hardening import GitError
from leakscan.sources.repository import Repository

_PERSON = re.compile(rb"^author (.*) (-?\d{1,15}) ([+-]\d+)$", re.MULTILINE)


def authors(repository: Repository, oids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Author and date of commits by their ids."""
    from leakscan.sources import git

    try:
        read = list(git.objects(repository.own, oids))
    except GitError:
        return {}
    return dict(_author(oid, data) for _, oid, data in read)


def _author(oid: str, data: bytes) -> tuple[str, tuple[str, str]]:
    found = _PERSON.search(data.partition(b"\n\n")[0])
    if found is None:
        return oid, ("", "")
    person, seconds, zone_text = (part.decode("utf-8", "replace") for part in found.groups())
    if len(zone_text) != 5:
        return oid, (person, "")
    try:
        east = timedelta(hours=int(zone_text[:3]), minutes=int(zone_text[0] + zone_text[3:]))
        zone = timezone(east) if east else UTC
        date = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))).astimezone(zone).isoformat()
    except (ValueError, OverflowError):  # a day that no calendar has
        date = ""
    return oid, (person, date)
