"""Base64 in lines that says nothing is taken out; whatever could say something stays, and stands where it stood."""

import base64
import gzip
import random
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.coded.pictures import without_pictures
from leakscan.detection.detector import Detector
from tests.scanning import detect, fresh

LINES = 400
ENDS = pytest.mark.parametrize("ends", ["\n", "\r\n", "\n    "])


def noise(count: int = LINES, width: int = 76) -> list[str]:
    """Lines of a picture."""
    data = random.Random(fresh()).randbytes(count * width)
    return textwrap.wrap(base64.b64encode(data).decode(), width)[:count]


def in_lines(plain: bytes, width: int = 76) -> list[str]:
    """The base64 of something, in lines."""
    return textwrap.wrap(base64.b64encode(plain).decode(), width)


def kept(lines: list[str], ends: str = "\n") -> list[str]:
    """The lines of which something is left, in a content that has them with one more on either side."""
    text = without_pictures(ends.join(["first", *lines, "last"]).encode()).decode()
    return [line.strip() for line in text.split("\n") if line.strip() not in {"?", "first", "last"}]


@ENDS
@pytest.mark.parametrize("width", [76, 64, 60])
def test_a_picture_is_taken_out(width: int, ends: str) -> None:
    assert len(kept(noise(width=width), ends)) < 15


@ENDS
@pytest.mark.parametrize("width", [76, 64])
def test_a_line_of_text_in_it_stays(width: int, ends: str) -> None:
    lines = noise(width=width)
    text = base64.b64encode(f"auth_token={fresh()}".ljust(width * 3 // 4).encode()).decode()
    lines[177] = text
    assert text in kept(lines, ends)
    wide = base64.b64encode(f"token={fresh()}"[: width * 3 // 8].encode("utf-16-le").ljust(width * 3 // 4)).decode()
    lines[177] = wide
    assert wide in kept(lines, ends)


@pytest.mark.parametrize(
    "plain",
    [
        b"TWILIO is the word of many a text. " * 1000,
        gzip.compress(random.Random(1).randbytes(30_000), mtime=0),
        "wide letters in a long text\n".encode("utf-16-le") * 500,
    ],
    ids=["text", "packed", "wide"],
)
@pytest.mark.parametrize("head", ["", "data:application/octet-stream;base64,"])
def test_what_may_be_a_text_as_a_whole_stays(plain: bytes, head: str) -> None:
    lines = in_lines(plain)
    lines[0] = head + lines[0]
    assert kept(lines) == lines


def test_lines_of_hex_stay() -> None:
    lines = textwrap.wrap((f"TWILIO_AUTH_TOKEN={fresh()}; " * 400).encode().hex(), 64)
    assert kept(lines) == lines


def test_lines_of_tokens_stay() -> None:
    lines = [fresh() for _ in range(LINES)]
    assert kept(lines) == lines


@pytest.mark.parametrize("width", [76, 75])
def test_a_value_is_found_before_in_and_behind_a_picture_at_its_line(detector: Detector, width: int) -> None:
    tokens = [fresh() for _ in range(3)]
    lines = noise(width=width)
    if width == 76:  # of whole groups of four
        lines[150] = base64.b64encode(f"TWILIO_AUTH_TOKEN={tokens[1]}".ljust(57).encode()).decode()
    else:
        lines[150] = f"TWILIO_AUTH_TOKEN={tokens[1]}"
    text = "\n".join([f"TWILIO_AUTH_TOKEN={tokens[0]}", *lines, f"TWILIO_AUTH_TOKEN={tokens[2]}"])
    found = detect(detector, text)
    secrets = [each for each in found if each.secret.reveal() in tokens]
    assert [each.secret.reveal() for each in secrets] == tokens
    assert [each.place.line for each in secrets] == [1, 152, LINES + 2]


@given(
    st.lists(
        st.one_of(st.integers(1, 250), st.text("ABcd/+=- \n\r", max_size=80), st.sampled_from([60, 64, 76, 77])),
        max_size=8,
    ),
    st.sampled_from([60, 64, 76, 77]),
)
def test_any_text_keeps_its_lines(parts: list[int | str], width: int) -> None:
    lines: list[str] = []
    for part in parts:
        lines += noise(part, width) if isinstance(part, int) else [part]
    text = "\n".join(lines)
    left = without_pictures(text.encode()).decode()
    assert left.count("\n") == text.count("\n")
    assert all(new in {old, "?"} for old, new in zip(text.split("\n"), left.split("\n"), strict=True))
