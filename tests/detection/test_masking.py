"""What is shown of a line holds no value: not the found one, nor another beside it, nor a long piece of either."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakscan.detection.masking import excerpt, mask
from leakscan.detection.samples import Samples

KINDS = ["auth_token", "api_key_secret", "oauth_client_secret", "account_sid", "segment_public_api_token", "hex64"]
# Enough to recognise a value, too little to use it.
SHOWN = 4


def longest_shared(text: str, value: str) -> int:
    """The length of the longest piece of `value` that stands in `text`."""
    return max(
        length
        for length in range(len(value) + 1)
        if any(value[i : i + length] in text for i in range(len(value) - length + 1))
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "around", ["{}", 'token = "{}"', "TOKEN={};", "?key={}&x=1", "<b>{}</b>", "u:{}@h", "{},{}", "a/{}/b"]
)
def test_a_masked_text_holds_no_value(kind: str, around: str) -> None:
    value = Samples(7).value(kind)
    assert longest_shared(mask(around.replace("{}", value)), value) <= SHOWN + 1


def test_a_password_in_a_url_is_masked() -> None:
    assert mask("postgres://app:hunter2@db/main") == "postgres://app:…@db/main"


@pytest.mark.parametrize(
    "text",
    ["const authToken = process.env.TWILIO_AUTH_TOKEN;", "import { Client } from 'twilio'", "the quick brown fox"],
)
def test_words_stay_readable(text: str) -> None:
    assert mask(text) == text


@given(before=st.text(max_size=90), after=st.text(max_size=90), seed=st.integers(0, 10_000))
def test_an_excerpt_never_holds_the_value(before: str, after: str, seed: int) -> None:
    value = Samples(seed).value("auth_token")
    start = len(before.encode("utf-8", "replace"))
    data = before.encode("utf-8", "replace") + value.encode() + after.encode("utf-8", "replace")
    shown = excerpt(data, start, start + 32)
    assert longest_shared(shown, value) <= SHOWN + 3
    assert shown.replace(" ", "").isprintable()


@settings(max_examples=300)
@given(
    gap=st.integers(1, 80),
    other=st.sampled_from(["auth_token", "account_sid", "hex64"]),
    seed=st.integers(0, 10_000),
    left=st.booleans(),
)
def test_an_excerpt_holds_no_long_piece_of_a_neighbour(gap: int, other: str, seed: int, left: bool) -> None:
    samples = Samples(seed)
    value, neighbour = samples.value("auth_token:own"), samples.value(other)
    line = f"{neighbour}{' ' * gap}{value}" if left else f"{value}{' ' * gap}{neighbour}"
    start = line.rindex(value)
    assert longest_shared(excerpt(line.encode(), start, start + 32), neighbour) <= 8


@settings(max_examples=300)
@given(gap=st.integers(1, 40), between=st.integers(1, 40), seed=st.integers(0, 10_000))
def test_an_excerpt_holds_no_long_piece_of_a_neighbour_behind_another(gap: int, between: int, seed: int) -> None:
    samples = Samples(seed)
    value, second, third = (samples.value(f"auth_token:{name}") for name in "abc")
    line = f"{value}{' ' * gap}{second}{' ' * between}{third}"
    assert longest_shared(excerpt(line.encode(), 0, 32), third) <= 8


def test_random_neighbours_are_masked_whatever_their_letters() -> None:
    values = [Samples(seed).value("api_key_secret") for seed in range(20_000)]
    assert [value for value in values if value in mask(f"secret = {value}")] == []


def test_base64_with_slashes_is_masked() -> None:
    letters = random.Random(3)
    value = "/".join("".join(letters.choices(Samples(1).value("base62_40"), k=12)) for _ in range(3))
    assert longest_shared(mask(f"aws_secret_access_key = {value}"), value) <= 8


def test_an_excerpt_is_one_line_of_printable_signs() -> None:
    value = Samples(1).value("auth_token")
    data = f"above\n\ttoken = {value} \x1b[31m\x07\u202e end\nbelow".encode()
    start = data.index(value.encode())
    shown = excerpt(data, start, start + 32)
    assert shown.isprintable()
    assert "above" not in shown
    assert "below" not in shown


def test_an_excerpt_of_a_long_line_is_short() -> None:
    value = Samples(1).value("auth_token")
    data = b"a " * 50_000 + value.encode() + b" b" * 50_000
    assert len(excerpt(data, 100_000, 100_032)) < 250
