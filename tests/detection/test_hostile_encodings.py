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
    "pairs of digits": b"41 42," * 400_000,
    "numbers and blanks": b"100 101 " * 400_000,
    "lines of digits": b"4142434445464748494a4b4c4d4e4f505152535455565758\n" * 40_000,
    "calls": b"x = x & Chr(65) & _\n" * 60_000,
    "half a call": b"Chr(65);   x.y.z = " * 60_000,
    "folded": b"abcdef0\n " * 200_000,
    "dumps": b"00000000: 4142 4344  ABCD\n\n" * 60_000,
    "deflated": b"gzinflate(" + b"7V" + b"Ab3/" * 500_000,
    "items": b"a[0] + b[0] + c[0]; a = ['a1b2c3d4', " * 30_000,
    "owned": b"self::a->b." * 200_000 + b"join('', self::a)",
    "some entities": b"a&#45;b" + b"a.b-" * 300_000,
    "partly escaped": b"a%2Eb" + b"a.b-" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_texts_take_bounded_time(shipped: Prepared, text: bytes) -> None:
    started = time.perf_counter()
    shipped.detector().examined(Content(b"twilio auth_token\n" + text, Origin("x")))
    assert time.perf_counter() - started < 60  # a bound on hanging, not a measurement
