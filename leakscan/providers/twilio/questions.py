"""Asks Twilio with one live credential: each answer is what was asked for, or Unknown with the reason."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from leakscan.inspection import Listed, Unknown
from leakscan.providers.discretion import shown
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.providers.twilio.answers import Said, read
from leakscan.providers.twilio.client import ask, client
from leakscan.providers.twilio.verify import HOME, address
from leakscan.secret import Secret

Body = dict[str, Any]
PAGE = 1000  # the most that any list gives at once
_SPARE = 2  # pages more than there should be, for some are not full
ONLY_AT_HOME = Unknown("it is kept in US1, where a credential of another region is not known")
_AT_ONCE = 8


class Asker(NamedTuple):
    """Who asks: a user name with its secret, of an account where that is known, in a region; `state` as verified."""

    gate: Gate
    username: str
    secret: Secret
    account: str
    region: str = HOME
    state: str = "live"

    def __repr__(self) -> str:
        return f"Asker({self.state})"

    def one(self, product: str, path: str, **params: object) -> Body | Unknown:
        """The object at a path."""
        try:
            answer = self._ask(product, path, params)
        except Trouble as trouble:
            return Unknown(str(trouble), unanswered=True)
        return _read(answer)

    def listed(
        self, product: str, path: str, name: str, *, most: int = PAGE, **params: object
    ) -> Listed[Body] | Unknown:
        """The objects of a list, `most` at the most, page after page: Listed of Body, or Unknown.

        What the next page is called is the provider's business; which host and path the secret is sent to is ours.
        """
        found: list[Body] = []
        asked: Mapping[str, object] = {"PageSize": min(most, PAGE), **params}
        for left in reversed(range(-(-most // PAGE) + _SPARE)):
            body = self.one(product, path, **asked)
            if isinstance(body, Unknown):
                return Listed(tuple(found), f"the rest is not known: {body.because}") if found else body
            items = body.get(name)
            if not isinstance(items, list):
                return Unknown("the answer is no list of what was asked for", unanswered=True)
            found += [item for item in items if isinstance(item, dict)]
            following = _next(body)
            if not following or not items:
                return Listed(tuple(found))
            if len(found) >= most or not left:
                break
            asked = {**asked, **following}
        return Listed(tuple(found), f"only the first {len(found):,} were asked for")

    def lacks(self, product: str, path: str) -> str | None:
        """The permission that is missing to read what is not there: empty if none is, None if that is not known."""
        try:
            reading = read(self._ask(product, path, {}))
        except Trouble:
            return None
        return "" if reading.said in {Said.ABSENT, Said.YES} else reading.permission or None

    def of_account(self, path: str) -> str:
        """A path of the account's in the oldest API."""
        return f"/2010-04-01/Accounts/{self.account}{path}.json"

    def _ask(self, product: str, path: str, params: Mapping[str, object]) -> Answer:
        if not self.account and path.startswith("/2010"):
            raise Trouble("which account it belongs to is not known, and the oldest API cannot be asked without")
        asking = client(self.gate, self.username, self.secret, self.account or None)
        return ask(asking, address(product, path, self.region), **params)


def _next(body: Body) -> Mapping[str, str]:
    """What leads to the next page, if there is one."""
    meta = body.get("meta")
    link = body.get("next_page_uri") or (meta.get("next_page_url") if isinstance(meta, dict) else None)
    try:
        return dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) else {}
    except ValueError:
        return {}


def _read(answer: Answer) -> Body | Unknown:
    reading = read(answer)
    if reading.said is Said.YES:
        return answer.body
    if reading.said is Said.RESTRICTED:
        return Unknown(f"the key lacks the permission {reading.permission}", reading.permission)
    detail = shown(reading.detail) if answer.body else f"{answer.status}, and no JSON"
    if reading.said is Said.REFUSED:
        return Unknown(f"this type of credential may not ask for it ({detail})")
    if reading.said is Said.ABSENT:
        return Unknown(f"there is none, or not for this credential ({detail})")
    if reading.said is Said.TOO_MANY:
        return Unknown(f"too many requests ({detail})", unanswered=True)
    return Unknown(f"the answer was {detail}", unanswered=reading.said is Said.UNCLEAR)


def gathered(asked: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What came of some questions, by name, several asked at once."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        waiting = {name: pool.submit(question) for name, question in asked.items()}
        return {name: future.result() for name, future in waiting.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
