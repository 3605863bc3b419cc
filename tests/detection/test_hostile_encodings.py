"""Encodings and pieces that somebody hostile made take bounded time."""

import time

import pytest

from leakscan.detection.cache import Prepared
from leakscan.model import Content, Origin

HOSTILE = {
    "base64 without an end": b"A" * 3_000_000,
    "base64 lines": b"QUJD" * 19 + b"\n" * 2_000_000,
    "quotes": b"'\"`" * 500_000,
    "literals": b"'a1' + " * 200_000,
    "numbers": b"12, " * 500_000 + b"1234567",
    "escapes": rb"\x41" * 400_000,
    "names": b"a1b2c3 + " * 200_000 + b"\nA='a1b2c3d4'\nB='b1c2d3e4'\n",
    "soft breaks": b"a1=\r\n" * 300_000,
    "brackets": b"[" + b"'a1b2c3' , " * 200_000 + b".join(",
    "blanks": b"'a1'" + b" " * 1_000_000 + b"'b2'",
    "escaped quotes": rb"\"" * 500_000 + rb"'a1' +\n",
    "escaped literals": rb"\"a1\" + \n " * 200_000,
    "continued": b"abcdef1\\\n" * 200_000,
    "side by side": b'"a1b2c3d4" ' * 100_000,
    "added": b'x.append("a1b2c3d4");\n' * 60_000,
    "lists by names": b"".join(b"n%d.join('')\n" % number for number in range(40_000)) + b"n = ['a1b2c3d4e5']",
    "escapes side by side": rb'"\x41\x42\x43\x44" ' * 60_000,
    "formats": b'"{0}{1}", "a1b2c3d4", ' * 60_000,
    "partly escaped": b"a%2Eb" + b"a.b-" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_texts_take_bounded_time(shipped: Prepared, text: bytes) -> None:
    started = time.perf_counter()
    shipped.detector().examined(Content(b"twilio auth_token\n" + text, Origin("x")))
    assert time.perf_counter() - started < 60  # a bound on hanging, not a measurement
