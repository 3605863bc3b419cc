"""Texts inside texts: UTF-16 and UTF-32, escapes, base64, JSON Web Tokens, PEM; each with the span it came from."""

import base64
import binascii
import codecs
import json
import re

from leakscan.detection.gates import may_be_wide

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_RUN = re.compile(rb"(?:[\x09\x0a\x0d\x20-\x7e]\x00){16,}|(?:\x00[\x09\x0a\x0d\x20-\x7e]){16,}")
# The same with one letter for all that a wide character may be: whether there is a run is told faster so.
_PRINTABLE = frozenset(b"\t\n\r").union(range(0x20, 0x7F))
_OUTLINE = bytes(ord("x") if code in _PRINTABLE else code and ord(".") for code in range(256))
_WIDE_OUTLINES = (b"x\0" * 16, b"\0x" * 16)
# The texts in compiled code of Android are sorted: what stands before one says nothing of it.
_DEX = b"dex\n"
_DEX_SEPARATOR = re.compile(rb"\0[\x01-\x7f](?=[ -~])")
# What begins a text of a value's length in pickles and in compiled Python: the sign of its kind, and the length.
_LENGTHS = rb"([\x20\x22\x45])"
_PICKLED, _PICKLED_BEFORE_4 = re.compile(rb"\x8c" + _LENGTHS), re.compile(rb"X" + _LENGTHS + rb"\0\0\0")
_PICKLES = {b"\x80" + bytes([protocol]): _PICKLED if protocol > 3 else _PICKLED_BEFORE_4 for protocol in (2, 3, 4, 5)}
_MARSHALLED = re.compile(rb"[z\xda\xfa]" + _LENGTHS)
_LARGEST_GLUED = 256 * 1024  # what holds settings is small
_VALUE = re.compile(rb"[A-Za-z0-9]{32,34}|SG\.[\w-]{22}\.[\w-]{43}")
_GLUE = re.compile(rb"[A-Za-z0-9_-]{1,4}[^\w-]")
_LINE_END = ord("\n")
# What surrounds a line of a key that is written as a string literal: quotes, commas, a plus sign after a quote.
_QUOTING = re.compile(r"""^[\s"',]+|["',][\s+,]*$|\s+$""")


def plain_text(data: bytes, *, wide: bool | None = None) -> bytes:
    """`data` as UTF-8 where it is UTF-16 or UTF-32, with or without a byte order mark; else `data` itself.

    `wide` is whether some letters may be, if that is known.

    In binary files the runs of wide characters are narrowed in place and padded, so that offsets stay roughly
    what they were.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode("utf-8", "replace")
    if b"\0" not in data:
        return data
    if data.startswith(_DEX):
        data = _DEX_SEPARATOR.sub(b";\n", data)
    elif len(data) <= _LARGEST_GLUED and (data[:2] in _PICKLES or data[2:4] == b"\r\n"):
        data = _unglued(data, _PICKLES.get(data[:2], _MARSHALLED))
    if not (may_be_wide(data) if wide is None else wide):
        return data
    if data.count(0) * 5 > len(data) * 2:
        guessed = _wide_encoding(data)
        if guessed:
            return data.decode(guessed, "replace").encode("utf-8", "replace")
    return _narrowed(data)


def _unglued(data: bytes, mark: re.Pattern[bytes]) -> bytes:
    """Binary `data` with what is glued to a value of known length blanked, which is told by the `mark` before it.

    Pickles and compiled Python write a text's length before it, and the next thing's sign behind it.
    """
    ends = []
    for found in mark.finditer(data):
        end = found.end() + found[1][0]
        if _VALUE.fullmatch(data, found.end(), end) and _GLUE.match(data, end):
            ends.append(end)
    if not ends:
        return data
    apart = bytearray(data)
    for end in ends:
        apart[end] = _LINE_END
    return bytes(apart)


def _narrowed(data: bytes) -> bytes:
    """`data` with its runs of wide characters narrowed; in the usual binary file there are none, or few."""
    outline = data.translate(_OUTLINE)
    following = {run: outline.find(run) for run in _WIDE_OUTLINES}
    parts = []
    done = 0
    while starts := [at for at in following.values() if at >= 0]:
        found = _WIDE_RUN.match(data, min(starts))
        assert found is not None
        parts += [data[done : found.start()], found[0].translate(None, b"\0").ljust(len(found[0]), b"\0")]
        done = found.end()
        following = {run: outline.find(run, done) if 0 <= at < done else at for run, at in following.items()}
    return b"".join([*parts, data[done:]]) if parts else data


def _wide_encoding(data: bytes) -> str | None:
    """The encoding of text whose every second or fourth byte is not NUL, guessed from where the NULs stand."""
    sample = data[: 4096 - 4096 % 4]
    counts = [sample[offset::4].count(0) for offset in range(4)]
    most = len(sample) // 4 * 0.7
    dense = [count >= most for count in counts]
    names = {
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
    }
    return names.get((dense[0], dense[1], dense[2], dense[3]))


_ALL_ESCAPES = [
    (escape.encode(), plain.rjust(len(escape)).encode())
    for plain, escapes in {
        "\n": r"\n %0A %0a",
        "\r": r"\r",
        "\t": r"\t",
        '"': r"\" \u0022 &quot; &#34; %22",
        "'": r"\' \u0027 &apos; &#39; %27",
        "/": r"\/ %2F %2f",
        "=": r"\u003d \u003D %3D %3d",
        ":": r"\u003a \u003A %3A %3a",
        "&": r"\u0026 &amp; %26",
        "<": r"\u003c &lt;",
        ">": r"\u003e &gt;",
        "@": r"%40",
        "[": r"%5B %5b",
        "]": r"%5D %5d",
        "?": r"\u003f %3F %3f",
        " ": r"%20 :-",
    }.items()
    for escape in escapes.split()
]
# An address in another one is escaped twice.
_ALL_ESCAPES += [
    (twice, b"  " + plain)
    for escape, plain in _ALL_ESCAPES
    if escape.startswith(b"%")
    for twice in [escape.replace(b"%", b"%25")]
]
# By the sign that they begin with, in that order: most texts have none of one or the other. An ampersand that is made
# may begin another escape.
_LAST = (b"&lt;", b"&gt;")
_ESCAPES = [
    (sign, escapes, re.compile(b"|".join(map(re.escape, escapes))))
    for sign, last in ((b"\\", False), (b"%", False), (b"&", False), (b"&", True), (b":-", False))
    for escapes in [{old: new for old, new in _ALL_ESCAPES if old.startswith(sign) and (old in _LAST) is last}]
]


def unescaped(data: bytes) -> bytes:
    """`data` with the escapes of quotes, separators and line ends in string literals, JSON, XML and URLs resolved.

    Each is padded with blanks to its old length, so that offsets stay: what was glued to a value no longer is.
    The shell's `:-` before a default value counts as one.
    """
    for sign, escapes, pattern in _ESCAPES:
        if sign in data:
            data = pattern.sub(lambda found: escapes[found[0]], data)  # noqa: B023  # called before the next one
    return data


def jwt_text(token: str) -> str | None:
    """Header and payload of a JSON Web Token (RFC 7519) as one JSON text with sorted keys; None if it is not one."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header, payload = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        return None
    return json.dumps({"header": header, "payload": payload}, sort_keys=True, separators=(",", ":"))


def pem_text(block: str) -> str | None:
    """The label of an unencrypted private key (RFC 7468) whose body is a DER sequence; None for anything else."""
    lines = [_QUOTING.sub("", line) for line in block.replace("\\r", "").replace("\\n", "\n").splitlines()]
    body = "".join(line for line in lines if not line.startswith("-----"))
    if ":" in body:
        return None
    try:
        der = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    return lines[0] if len(der) > 100 and der[0] == 0x30 else None
