"""Whether a path could speak for a value, as far as names in trees tell."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.path_words import PathWords
from leakscan.sources.contents import entry_round

PKCV = "twilio-pkcv-private-key"
OID = bytes(range(128, 148))


@pytest.mark.parametrize("name", [b"twilio.pem", b"pkcv", b"my-Twilio-keys", b"x.PKCV.key"])
def test_a_name_that_speaks(shipped: Prepared, name: bytes) -> None:
    words = PathWords(shipped.rules, fast=shipped.databases is not None)
    text = b"100644 " + name + b"\0" + OID
    assert PKCV in words.always or any(7 < at <= 7 + len(name) for rule, at in words.places(text) if rule == PKCV)


def test_no_name_that_speaks(shipped: Prepared) -> None:
    if shipped.databases is None:
        pytest.skip("without Hyperscan every rule counts as spoken for")
    words = PathWords(shipped.rules, fast=True)
    assert words.places(b"100644 key.pem\0" + OID) == []


def test_an_id_says_nothing(shipped: Prepared) -> None:
    if shipped.databases is None:
        pytest.skip("without Hyperscan every rule counts as spoken for")
    words = PathWords(shipped.rules, fast=True)
    assert words.places(b"100644 a\0" + OID[:8] + b"pkcv" + OID[:8] + b"100644 b\0" + OID) == []


def test_without_hyperscan_every_rule_is_spoken_for(shipped: Prepared) -> None:
    words = PathWords(shipped.rules, fast=False)
    assert PKCV in words.always
    assert words.places(b"100644 twilio.pem\0" + OID) == []


def test_the_mode_of_the_entry_before_is_not_taken_for_that_of_one_whose_own_is_cut_off() -> None:
    text = b"40000 folder\0" + OID + b"twilio.pem\0" + OID
    assert entry_round(text, text.index(b"twilio") + 3, 20) is None
    assert entry_round(b"100644 twilio.pem\0" + OID, 10, 20) == (False, OID.hex())
    assert entry_round(b"40000 twilio\0" + OID, 10, 20) == (True, OID.hex())
