"""Values that have a credential's shape and cannot be one: placeholders, sequences, published examples."""

import hashlib
import math
import re
from collections import Counter
from functools import lru_cache

# Words that people write into made-up values. None is spelled with hex digits alone, so no random hex holds one. Short
# ones count as people spell them, in small letters, in capitals, or capitalised: a random base62 value of 32 characters
# holds one of these in about 1 of 50,000 cases.
_SHORT = "xxxx your dummy fake redact insert secret token foobar lorem aaaa sample".split()
_WORDS = re.compile(
    "|".join(f"{word}|{word.upper()}|{word.capitalize()}" for word in _SHORT)
    + r"|0000|1234567"
    + r"|(?i:example|placehold|change.?me|replace|notareal|invalid|testing|testtest|enter.?here|abcdef(?:g|0))"
)
_HEX_WORDS = re.compile(
    r"deadbeef|cafebabe|abcdef0123|0123456|1234567|abcdefab|aaaaaa|000000|ffffff|badc0de|decafbad|feedface"
)
# Texts whose MD5 stands in documentation and tests everywhere; the digests are made here, not written down.
_HASHED = (
    "", " ", "\n", "a", "b", "abc", "foo", "bar", "foobar", "test", "testing", "hello", "hello world", "Hello World",
    "password", "passw0rd", "admin", "root", "user", "secret", "123", "1234", "12345", "123456", "1234567", "12345678",
    "123456789", "1234567890", "qwerty", "letmein", "message digest", "abcdefghijklmnopqrstuvwxyz", "0", "1", "null",
    "The quick brown fox jumps over the lazy dog", "The quick brown fox jumps over the lazy dog.", "guest", "demo",
)  # fmt: skip
_FEWEST = 8
_LOWEST_ENTROPY = 2.9
_REGULAR = 16


@lru_cache(maxsize=4096)  # tests are full of the same few
def placeholder(value: str) -> str | None:
    """Why `value` (without its prefix) cannot be a real credential, in words; None if it may be one.

    The bounds let through all but about one in 100,000 random values of 32 hex digits: fewer than 8 different
    characters, less than 2.9 bits of entropy a character, or 16 of 31 steps that continue a sequence.
    """
    letters = value.lower()
    if len(set(letters)) < _FEWEST:
        return "the same few characters over and over"
    if re.fullmatch(r"[0-9a-f]+", letters):
        if _HEX_WORDS.search(letters):
            return "a run that no random value has"
        if letters in _known_digests():
            return "the MD5 of a well-known text"
    elif _WORDS.search(value):
        return "a word in it"
    if len(letters) <= 64 and (_sequential(letters) or _periodic(letters)):
        return "a sequence"
    if entropy(letters) < _LOWEST_ENTROPY:
        return "too regular to be random"
    return None


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())


def _sequential(text: str) -> bool:
    """Whether half of the steps, between neighbours or between every second character, go on by one."""
    codes = [int(char, 36) if char.isalnum() and char.isascii() else 99 for char in text]
    for lag in (1, 2, 3):
        steps = [(later - earlier) for earlier, later in zip(codes, codes[lag:], strict=False)]
        if max(steps.count(1), steps.count(-1), steps.count(0)) * 2 >= min(len(steps), 2 * _REGULAR):
            return True
    return False


def _periodic(text: str) -> bool:
    """Whether the text is one piece of at most half its length, repeated."""
    return any(text == (text[:period] * len(text))[: len(text)] for period in range(1, len(text) // 2 + 1))


@lru_cache(maxsize=1)
def _known_digests() -> frozenset[str]:
    return frozenset(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in _HASHED)
