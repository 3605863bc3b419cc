"""Proof without a network: something in the repository whose signature a candidate secret makes.

Twilio's Access Tokens are signed with an API key's secret, its Capability and TaskRouter tokens with the account's Auth
Token, both with HMAC-SHA256 over the token's first two parts (https://www.twilio.com/docs/iam/access-tokens,
RFC 7515). That a token has expired does not matter for that. An Auth Token signs every request to a webhook, too.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leakscan.analysis.signed_requests import signed_request
from leakscan.detection.rules import SIGNATURE
from leakscan.model import Candidate, Rule

_TOKENS = "access_token"
_SIGNING = frozenset({"api_key_secret", "auth_token"})
# Whom a token names as its issuer and its account, by the beginning of the identifier.
_NAMED = {"AC": "account_sid", "SK": "api_key_sid"}
_MOST_TOKENS, _MOST_REQUESTS, _MOST_SECRETS = 200, 100, 5_000


class Proof(NamedTuple):
    """That a secret signed something: what and where, in words, and the identifiers that it names, as (kind, value)."""

    what: str
    named: tuple[tuple[str, str], ...]


class _Token(NamedTuple):
    signed: bytes
    signature: bytes
    where: str
    named: tuple[tuple[str, str], ...]


def proofs(groups: Sequence[tuple[Rule, Sequence[Candidate]]]) -> dict[int, Proof]:
    """The groups (the candidates of one value) whose value signed what another group holds, by their places."""
    tokens = [token for rule, seen in groups if rule.kind == _TOKENS for token in _read(seen[0])][:_MOST_TOKENS]
    requests = [seen[0] for rule, seen in groups if rule is SIGNATURE][:_MOST_REQUESTS]
    found: dict[int, Proof] = {}
    for index, (rule, seen) in enumerate(groups):
        if rule.kind not in _SIGNING or index > _MOST_SECRETS:
            continue
        value = seen[0].secret.reveal()
        proof = _of_token(value, tokens) or (_of_request(value, requests) if rule.kind == "auth_token" else None)
        if proof is not None:
            found[index] = proof
    return found


def _of_token(secret: str, tokens: list[_Token]) -> Proof | None:
    key = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    for token in tokens:
        signing = key.copy()
        signing.update(token.signed)
        if hmac.compare_digest(signing.digest(), token.signature):
            return Proof(f"the token in {token.where}", token.named)
    return None


def _of_request(secret: str, requests: list[Candidate]) -> Proof | None:
    for candidate in requests:
        request = signed_request(candidate.secret.reveal())
        if request is not None and request.by(secret):
            named = tuple(("account_sid", account) for account in request.accounts[:1] if account[:2] in _NAMED)
            return Proof(f"the webhook request in {candidate.origin.path}:{candidate.place.line}", named)
    return None


def _read(candidate: Candidate) -> Iterator[_Token]:
    """A token that is signed with a shared secret, as it can be checked; nothing for any other."""
    text = candidate.secret.reveal()
    signed, _, last = text.rpartition(".")
    header, _, payload = signed.partition(".")
    try:
        facts, claims = (json.loads(_decoded(part)) for part in (header, payload))
        signature = _decoded(last)
    except (binascii.Error, ValueError, RecursionError):
        return
    if isinstance(facts, dict) and isinstance(claims, dict) and facts.get("alg") == "HS256":
        where = f"{candidate.origin.path}:{candidate.place.line}"
        yield _Token(signed.encode(), signature, where, tuple(_identifiers(claims)))


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _identifiers(claims: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name in ("iss", "sub", "account_sid"):
        value = claims.get(name)
        if isinstance(value, str) and len(value) == 34 and value[:2] in _NAMED:
            yield _NAMED[value[:2]], value
