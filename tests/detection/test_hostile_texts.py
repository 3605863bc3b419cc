"""No text keeps a pattern busy: what is scanned may have been written to do so."""

import itertools

import pytest
import regex

from leakscan.detection.context import Context
from leakscan.detection.rules import load_rules
from leakscan.model import Clue

LENGTH = 4000
PIECES = [
    "a", "_", "twilio ", "twilio auth token ", "; db", " / ", "(", "{", '"', "'", "=", ": ", "AC0",
    "AC" + "0" * 32 + " ", "- ",
    "auth_token,", "VALUES (", "INSERT INTO a (b) VALUES (", "://a/", "ENC[", "value: ",
    "name=", "|", "&quot;",
    "segment.", "[a]\n", "\n ", "\\n",
]  # fmt: skip
TEXTS = [
    *((piece * LENGTH)[:LENGTH] for piece in PIECES),
    *((one + other) * (LENGTH // len(one + other)) for one, other in itertools.pairwise(PIECES)),
]
CLUES = [clue for clue in load_rules().clues.values() if clue.pattern]


@pytest.mark.parametrize("clue", CLUES, ids=lambda clue: clue.id)
def test_a_clue_is_soon_done_with_any_text(clue: Clue) -> None:
    pattern = regex.compile(clue.pattern, regex.ASCII)
    for text in TEXTS:
        pattern.search(text, timeout=5)  # raises TimeoutError


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_surroundings_of_a_value_are_read_in_any_text(text: str) -> None:
    around = Context(text + "0" * 32 + text, len(text), len(text) + 32)
    assert around.before in text + "0" * 32
    assert around.line in text + "0" * 32 + text
    assert all(isinstance(aspect, str) for aspect in (around.name, around.scope, around.call, around.near))
