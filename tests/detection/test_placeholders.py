"""Random values pass; what people write in their place does not."""

import hashlib
import string

import pytest

from leakscan.detection.placeholders import entropy, placeholder
from leakscan.detection.samples import BASE62, HEX, Samples

FAMILIES = {
    "one letter": "x" * 32,
    "one digit": "0" * 32,
    "capital letters": "X" * 32,
    "counting": "0123456789" * 3 + "01",
    "counting in hex": HEX * 2,
    "counting down in hex": HEX[::-1] * 2,
    "the alphabet": string.ascii_lowercase + "123456",
    "two letters": "ab" * 16,
    "a piece, repeated": "a1b2c3d4" * 4,
    "doubled letters": "".join(letter * 2 for letter in HEX),
    "dead beef": "deadbeef" * 4,
    "cafe babe": "8f2a" + "cafebabe" + "0b17d3e9" + "5c46" + "92ad7f30",
    "zeros at the end": "9c4e17ad5b20" + "0" * 20,
    "your": "your_auth_token_goes_right_here1",
    "example": "ThisIsAnExampleSecretOfTwilio123",
    "change me": "changemechangemechangemechangeme",
    "replace": "REPLACE_WITH_YOUR_SECRET_1234567",
    "fake": "fake0fake1fake2fake3fake4fake5ab",
    "MD5 of nothing": hashlib.md5(b"", usedforsecurity=False).hexdigest(),
    "MD5 of test": hashlib.md5(b"test", usedforsecurity=False).hexdigest(),
    "MD5 of hello world": hashlib.md5(b"hello world", usedforsecurity=False).hexdigest(),
}


@pytest.mark.parametrize("value", FAMILIES.values(), ids=FAMILIES)
def test_a_placeholder_is_known_with_a_reason(value: str) -> None:
    assert placeholder(value)


@pytest.mark.parametrize("value", FAMILIES.values(), ids=FAMILIES)
def test_capitals_make_no_difference(value: str) -> None:
    assert placeholder(value.upper())
    assert placeholder(value.lower())


@pytest.mark.parametrize(
    ("kind", "bound"),
    [("auth_token", 2), ("api_key_secret", 20), ("oauth_client_secret", 40), ("segment_write_key", 20), ("hex40", 2)],
)
def test_random_values_pass(kind: str, bound: int) -> None:
    values = [Samples(seed).value(kind) for seed in range(20_000)]
    assert sum(placeholder(value) is not None for value in values) <= bound


def test_random_values_in_capitals_pass() -> None:
    values = [Samples(seed).value("upper|auth_token") for seed in range(2_000)]
    assert sum(placeholder(value) is not None for value in values) <= 1


@pytest.mark.parametrize("value", ["", "a", "é" * 32, "\0", "²³" * 16], ids=repr)
def test_any_text_is_judged(value: str) -> None:
    assert placeholder(value)


def test_entropy_counts_bits_a_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy(HEX) == 4
    assert 5.9 < entropy(BASE62) < 6
