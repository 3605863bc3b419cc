"""Texts round a signature -> the requests that it may be of: addresses, and sets of parameters.

Fixtures have many forms: HAR, cassettes, HTTP as it went over the wire, curl, a table in a test. None is parsed:
whatever could be an address or the parameters is taken, for a signature tells by itself what it is of.
"""

import base64
import binascii
import hashlib
import hmac
import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

_ADDRESS = re.compile(r"https?://[^\s\"'`<>\\|]{4,1000}")
_REQUEST_LINE = re.compile(r"\b(?:POST|GET) (/[^\s\"']{0,1000}) HTTP/[12]")
_HOST = re.compile(r"(?im)^\W{0,8}Host\W{1,6}([\w.:-]{3,200})")
_BODY = re.compile(
    r"(?<![^\s\"'`?:;>])[A-Z][A-Za-z0-9]{1,40}=[^\s\"'`&<>]{0,1600}(?:&[\w.%-]{1,60}=[^\s\"'`&<>]{0,1600}){1,200}"
)
_VALUE = (
    r"""\s{0,4}(?:=>|:|=|,)\s{0,4}\[?\s{0,4}"""
    r"""(?:"((?:[^"\\\n]|\\.){0,1600})"|'((?:[^'\\\n]|\\.){0,1600})'|([^\s"'`,{}\[\]]{1,400}))"""
)
# Tables of names and values: names in quotes, at the beginnings of lines, as arguments.
_TABLES = (
    re.compile(r"""["'`]([A-Z][A-Za-z0-9]{1,40})["'`]\]?""" + _VALUE),
    re.compile(r"""(?m)^[ \t>|*-]{0,20}([A-Z][A-Za-z0-9]{1,40})""" + _VALUE),
    re.compile(r"""(?<=[(\s,{])([A-Z][A-Za-z0-9]{1,40})""" + _VALUE),
)
_OF_HAR = re.compile(r'"name"\s*:\s*"([A-Z]\w{1,40})"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.){0,1600})"')
_ESCAPE = re.compile(r"\\(.)")
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
# What parameters never are, but headers and code are.
_OTHERS = frozenset(
    "Accept Authorization Cache Client Connection Content Cookie Date Host Keep Method Origin Path Referer Request "
    "Server Signature Status Url URL URI Uri User Vary Via X XTwilioSignature".split()
)
_MOST_ADDRESSES = 12
_PORTS = {"http": 80, "https": 443}


class SignedRequest(NamedTuple):
    """A signature, and the texts that could have been signed; `accounts` are the Account SIDs among the parameters."""

    signature: bytes
    signed: tuple[bytes, ...]
    accounts: tuple[str, ...]

    def by(self, secret: str) -> bool:
        """Whether an Auth Token made the signature."""
        key = hmac.new(secret.encode(), digestmod=hashlib.sha1)
        for text in self.signed:
            signing = key.copy()
            signing.update(text)
            if hmac.compare_digest(signing.digest(), self.signature):
                return True
        return False


@lru_cache(maxsize=256)
def signed_request(packed: str) -> SignedRequest | None:
    """What a candidate of webhooks.py may be of: its value is the signature and the text round it."""
    signature, _, text = packed.partition("\n")
    try:
        digest = base64.b64decode(signature, validate=True)
    except binascii.Error:
        return None
    text = html.unescape(text.encode("latin-1", "replace").decode("utf-8", "replace"))
    text = _UNICODE.sub(lambda escape: chr(int(escape[1], 16)), text.replace("\\/", "/"))
    sets = list(_parameters(text))
    bodies = dict.fromkeys("".join(f"{name}{value}" for name, value in sorted(found.items())) for found in sets)
    signed = tuple(f"{address}{body}".encode() for address in _addresses(text) for body in ("", *bodies))
    accounts = dict.fromkeys(found["AccountSid"] for found in sets if "AccountSid" in found)
    return SignedRequest(digest, signed, tuple(accounts))


def _addresses(text: str) -> Iterator[str]:
    """The addresses that a text speaks of, with and without their port, as either side may have seen them."""
    found = [address.rstrip(".,;)]}") for address in _ADDRESS.findall(text)]
    host = _HOST.search(text)
    if host:
        found += (f"{scheme}://{host[1]}{path}" for path in _REQUEST_LINE.findall(text) for scheme in _PORTS)
    for address in list(dict.fromkeys(found))[:_MOST_ADDRESSES]:
        yield address
        try:
            parts = urlsplit(address)
            port, name = parts.port, parts.hostname or ""
        except ValueError:
            continue
        other = name if port else f"{name}:{_PORTS[parts.scheme]}"
        yield parts._replace(netloc=other).geturl()


def _parameters(text: str) -> Iterator[Mapping[str, str]]:
    """What could be the parameters of the request: form-encoded, as a table, as a HAR file lists them."""
    for body in _BODY.findall(text):
        yield dict(parse_qsl(body, keep_blank_values=True))
    listed = {name: _plain(value) for name, value in _OF_HAR.findall(text) if name not in _OTHERS}
    if listed:
        yield listed
    middle = len(text) // 2
    for table in _TABLES:
        for part in (text, text[:middle], text[middle:]):
            named = {name: _plain(a or b or c) for name, a, b, c in table.findall(part) if name not in _OTHERS}
            if named:
                yield named


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda escape: "\n" if escape[1] == "n" else escape[1], value)
