"""Random stand-ins for credentials, so that no file of the project holds a whole one.

Rule tests, the corpus and the benchmarks are texts with slots: `@{auth_token}` becomes a random value
of that kind, the same one wherever the slot stands again; `@{auth_token:old}` is a second, different one.
`@{base64|account_sid|:|auth_token}` applies a function to pieces, each a slot's name or literal text;
`@{cut:0:16|auth_token}` is a part of a value, `@{base64+gzip|…}` what one function makes of what another gives.
What is no credential may have any length: `@{hex7}`, `@{base62_20}`, `@{base64_64}`, `@{digits10}`.
"""

import base64
import gzip
import hashlib
import hmac
import json
import random
import re
import string
import textwrap
import zlib
from collections.abc import Callable
from urllib.parse import quote

HEX = "0123456789abcdef"
BASE62 = string.ascii_letters + string.digits
BASE64URL = BASE62 + "-_"
_MIXED = 20  # from this length on there are letters of both cases and digits in it

_SLOT = re.compile(r"@\{([a-z][a-z0-9_+-]*(?:[:|][^{}]*)?)\}")  # a hash table of PowerShell's is none

_SIZED = re.compile(r"(hex|digits|base62_|base64_|base64url_)(\d{1,4})")

_FUNCTIONS: dict[str, Callable[[bytes], str]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64np": lambda data: base64.b64encode(data).decode().rstrip("="),
    "base64url": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "hex": lambda data: data.hex(),
    "percent": lambda data: "".join(f"%{byte:02X}" for byte in data),
    "hex-escapes": lambda data: "".join(f"\\x{byte:02x}" for byte in data),
    "unicode-escapes": lambda data: "".join(f"\\u{byte:04x}" for byte in data),
    "octal": lambda data: "".join(f"\\{byte:03o}" for byte in data),
    "entities": lambda data: "".join(f"&#{byte};" for byte in data),
    "some-entities": lambda data: "".join(chr(byte) if chr(byte).isalnum() else f"&#x{byte:x};" for byte in data),
    "hex-entities": lambda data: "".join(f"&#x{byte:X};" for byte in data),
    "letters": lambda data: ", ".join(f"'{letter}'" for letter in data.decode()),
    "bytes": lambda data: ", ".join(f"0x{byte:02x}" for byte in data),
    "decimal-escapes": lambda data: "".join(f"\\{byte:03d}" for byte in data),
    "chr": lambda data: " & ".join(f"Chr({byte})" for byte in data),
    "spaced": lambda data: " ".join(f"{byte:02x}" for byte in data),
    "wide": lambda data: ",".join(f"{byte:02x},00" for byte in data),
    "dump": lambda data: "\n".join(f"{at:08x}: {data[at : at + 16].hex(' ', 2)}" for at in range(0, len(data), 16)),
    "deflate": lambda data: base64.b64encode(zlib.compress(data)[2:-4]).decode(),
    "gzip": lambda data: base64.b64encode(gzip.compress(data, mtime=0)).decode(),
    "zlib": lambda data: base64.b64encode(zlib.compress(data)).decode(),
    "lines": lambda data: "\n".join(textwrap.wrap(data.decode(), 76)),
    "codes": lambda data: ", ".join(map(str, data)),
    "turned": lambda data: data.decode()[::-1],
    "quote": lambda data: quote(data, safe=""),
    "upper": lambda data: data.decode().upper(),
    "first": lambda data: data.decode()[:16],
    "last": lambda data: data.decode()[16:],
    "oneline": lambda data: data.decode().replace("\n", "\\n"),
    "indented": lambda data: data.decode().replace("\n", "\n    "),
    "text": lambda data: data.decode(),
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}


class Samples:
    """The values of one text: a slot's value is made when first asked for and then stays.

    `seed` makes them repeatable; without one they differ at every run.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._values: dict[str, str] = {}
        self._makers: dict[str, Callable[[str], str]] = {
            "account_sid": lambda _: "AC" + self._hex(32),
            "auth_token": lambda _: self._hex(32),
            "api_key_sid": lambda _: "SK" + self._hex(32),
            "api_key_secret": lambda _: self._base62(32),
            "oauth_client_id": lambda _: "OQ" + self._hex(32),
            "oauth_client_secret": lambda _: self._base62(64),
            "access_token": self._access_token,
            "capability_token": self._capability_token,
            "other_jwt": self._other_jwt,
            "pkcv_private_key": lambda _: self._private_key(),
            "sendgrid_api_key": lambda _: f"SG.{self._text(BASE64URL, 22)}.{self._text(BASE64URL, 43)}",
            "segment_public_api_token": lambda _: "sgp_" + self._base62(64),
            "segment_config_api_token": lambda _: f"{self._text(BASE64URL, 43)}.{self._text(BASE64URL, 43)}",
            "segment_write_key": lambda _: self._base62(32),
            "authy_api_key": lambda _: self._base62(32),
            "uuid": lambda _: "-".join(self._hex(length) for length in (8, 4, 4, 4, 12)),
            "message_sid": lambda _: "SM" + self._hex(32),
            "call_sid": lambda _: "CA" + self._hex(32),
            "service_sid": lambda _: "VA" + self._hex(32),
            "app_sid": lambda _: "AP" + self._hex(32),
            "credential_sid": lambda _: "CR" + self._hex(32),
            "phone_number": lambda _: "+1" + self._text(string.digits, 10),
            "webhook_signature": self._webhook_signature,
        }

    def fill(self, text: str) -> str:
        """`text` with every slot filled. Raises KeyError for a slot of unknown kind."""
        return _SLOT.sub(lambda slot: self.value(slot[1]), text)

    def value(self, slot: str) -> str:
        """The value of `slot`: `kind`, `kind:label`, or `function|piece|piece…`."""
        if "|" in slot:
            function, *pieces = slot.split("|")
            whole = "".join(map(self._piece, pieces))
            for each in reversed(function.split("+")):
                if each.startswith("cut:"):
                    _, begin, end = each.split(":")
                    whole = whole[int(begin) : int(end)]
                else:
                    whole = _FUNCTIONS[each](whole.encode())
            return whole
        if slot not in self._values:
            kind, _, label = slot.partition(":")
            sized = _SIZED.fullmatch(kind)
            self._values[slot] = (
                self._sized(sized[1], int(sized[2])) if sized else self._makers[kind](f":{label}" if label else "")
            )
        return self._values[slot]

    def knows(self, kind: str) -> bool:
        """Whether there is a maker for `kind`."""
        return kind in self._makers or _SIZED.fullmatch(kind) is not None

    def _piece(self, piece: str) -> str:
        if self.knows(piece.partition(":")[0]) and piece != ":":
            return self.value(piece)
        return piece.replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0")

    def _text(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choices(alphabet, k=length))

    def _sized(self, alphabet: str, length: int) -> str:
        if alphabet == "base64_":
            return base64.b64encode(self._random.randbytes(length * 3 // 4 - 1)).decode()
        if alphabet == "base62_" and length >= _MIXED:
            return self._base62(length)
        signs = {"hex": HEX, "digits": string.digits, "base64url_": BASE64URL}.get(alphabet, BASE62)
        return self._text(signs, length)

    def _hex(self, length: int) -> str:
        return self._text(HEX, length)

    def _base62(self, length: int) -> str:
        while True:
            text = self._text(BASE62, length)
            if any(map(str.isdigit, text)) and any(map(str.isupper, text)) and any(map(str.islower, text)):
                return text

    def _jwt(self, header: dict[str, object], payload: dict[str, object], key: str) -> str:
        parts = [_FUNCTIONS["base64url"](json.dumps(part).encode()) for part in (header, payload)]
        signature = hmac.digest(key.encode(), ".".join(parts).encode(), "sha256")
        return ".".join([*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")])

    def _access_token(self, label: str) -> str:
        """Signed by this text's `api_key_secret` (of the same label), as Twilio's SDKs sign it."""
        issued = self._random.randrange(1_500_000_000, 1_800_000_000)
        key = self.value("api_key_sid" + label)
        payload: dict[str, object] = {
            "jti": f"{key}-{issued}",
            "iss": key,
            "sub": self.value("account_sid" + label),
            "exp": issued + 3600,
            "grants": {"identity": "user", "video": {"room": "main"}},
        }
        header: dict[str, object] = {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}
        return self._jwt(header, payload, self.value("api_key_secret" + label))

    def _capability_token(self, label: str) -> str:
        """Signed by this text's `auth_token` (of the same label)."""
        scope = f"scope:client:outgoing?appSid={self.value('app_sid' + label)}"
        payload: dict[str, object] = {"scope": scope, "iss": self.value("account_sid" + label), "exp": 1_700_000_000}
        return self._jwt({"typ": "JWT", "alg": "HS256"}, payload, self.value("auth_token" + label))

    def _other_jwt(self, _: str) -> str:
        payload: dict[str, object] = {"sub": self._hex(12), "iss": "https://login.example.org", "exp": 1_700_000_000}
        return self._jwt({"alg": "HS256", "typ": "JWT"}, payload, self._base62(32))

    def _private_key(self) -> str:
        """The outside of a PKCS #8 RSA key (RFC 5958) with random bytes where the numbers would stand."""
        body = self._random.randbytes(1190)
        der = b"\x30\x82" + (len(body) + 22).to_bytes(2, "big")
        der += bytes.fromhex("020100300d06092a864886f70d0101010500") + b"\x04\x82" + len(body).to_bytes(2, "big") + body
        lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
        return "\n".join(["-----BEGIN " + "PRIVATE KEY-----", *lines, "-----END " + "PRIVATE KEY-----"])

    def _webhook_signature(self, label: str) -> str:
        digest = hmac.digest(self.value("auth_token" + label).encode(), b"https://example.org/sms", "sha1")
        return base64.b64encode(digest).decode()
