"""What is wrong with a rule file is told with the file's and the rule's name."""

from pathlib import Path

import pytest

from leakscan.detection.cache import prepare
from leakscan.detection.rules import RuleSet, load_rules, parse_rules
from leakscan.errors import RuleError

FILE = """
provider = "twilio"
[triggers]
hex = '[0-9a-f]{32}'
[anchors]
hex-anchor = '[0-9a-f]{32}'
[remediation]
rotate = "Rotate it."
[clues.named]
in = "name"
pattern = 'token'
weight = 3.0
says = "assigned to {name}"
[[rule]]
id = "my-token"
kind = "auth_token"
role = "secret"
severity = "high"
description = "My token"
shape = '[0-9a-f]{32}'
anchor = "hex-anchor"
triggers = ["hex"]
base = -1.0
clues = ["named"]
remediation = ["rotate"]
[[rule.finds]]
text = "token=@{auth_token}"
value = "@{auth_token}"
"""
SECOND = FILE[FILE.index("[[rule]]") :]
RULE_ERRORS = {
    "unknown key": ("base = -1.0", "base = -1.0\nbse = 1.0", "'bse'"),
    "missing key": ("role = ", "# role = ", "'role' is missing"),
    "wrong type of a text": ('description = "My token"', "description = 5", "'description'"),
    "wrong type of a number": ("base = -1.0", 'base = "-1.0"', "'base'"),
    "truth value for a number": ("base = -1.0", "base = true", "'base'"),
    "unclosed group in the shape": ("shape = '[0-9a-f]{32}'", "shape = '([0-9a-f]{32}'", "bad pattern"),
    "shape that matches nothing at all": ("shape = '[0-9a-f]{32}'", "shape = '[0-9a-f]*'", "empty text"),
    "unknown clue": ('clues = ["named"]', 'clues = ["nmaed"]', "'nmaed'"),
    "unknown trigger": ('triggers = ["hex"]', 'triggers = ["hxe"]', "'hxe'"),
    "unknown trigger of two": ('triggers = ["hex"]', 'triggers = ["hex & hxe"]', "'hxe'"),
    "unknown anchor": ('anchor = "hex-anchor"', 'anchor = "hx"', "'hx'"),
    "wrong type of reach": ("base = -1.0", "base = -1.0\nreach = 1.5", "'reach'"),
    "unknown remediation": ('remediation = ["rotate"]', 'remediation = ["rotat"]', "'rotat'"),
    "unknown kind": ('kind = "auth_token"', 'kind = "token"', "kind 'token'"),
    "unknown role": ('role = "secret"', 'role = "private"', "role 'private'"),
    "unknown severity": ('severity = "high"', 'severity = "terrible"', "severity 'terrible'"),
    "unknown decoder": ("base = -1.0", 'base = -1.0\ndecode = "rot13"', "decode 'rot13'"),
    "unknown partner": ("base = -1.0", 'base = -1.0\npartner = "sid"', "partner 'sid'"),
    "unknown provider": ('provider = "twilio"', 'provider = "acme"', "provider"),
    "no provider": ('provider = "twilio"', "", "provider"),
    "unknown key of an example": ("text = ", "txt = ", "'txt'"),
    "id": ('id = "my-token"', 'id = "My-Token"', "lower-case"),
}
FILE_ERRORS = {
    "not TOML": ('provider = "twilio"', "provider = ", "not valid TOML"),
    "unknown table": ("[remediation]", "[[rles]]\n[remediation]", "'rles'"),
    "bad trigger": ("hex = '[0-9a-f]{32}'", "hex = '[0-9a-f{32}'", "trigger 'hex'"),
    "trigger of a wrong type": ("hex = '[0-9a-f]{32}'", "hex = 5", "trigger 'hex'"),
    "bad anchor": ("hex-anchor = '[0-9a-f]{32}'", "hex-anchor = '[0-9a-f{32}'", "anchor 'hex-anchor'"),
    "clue with both pattern and words": ("pattern = 'token'", "pattern = 'token'\nwords = ['x']", "clue 'named'"),
    "clue with neither pattern nor words": ("pattern = 'token'", "", "clue 'named'"),
    "bad pattern of a clue": ("pattern = 'token'", "pattern = '(token'", "clue 'named'"),
    "clue without weight": ("weight = 3.0", "", "'weight' is missing"),
    "clue of an unknown aspect": ('in = "name"', 'in = "nam"', "'nam'"),
    "clue with an unknown key": ('in = "name"', 'in = "name"\nwhen = "now"', "'when'"),
    "remediation of a wrong type": ('rotate = "Rotate it."', "rotate = 5", "remediation 'rotate'"),
}


def read(text: str) -> RuleSet:
    """The rule set of one file named `mine.toml`."""
    return parse_rules({Path("mine.toml"): text.encode()})


def test_the_file_itself_is_right() -> None:
    assert [rule.id for rule in read(FILE).rules] == ["my-token"]


@pytest.mark.parametrize(("old", "new", "names"), RULE_ERRORS.values(), ids=RULE_ERRORS)
def test_an_error_in_a_rule_names_file_and_rule(old: str, new: str, names: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(FILE.replace(old, new, 1))
    assert all(part in str(caught.value) for part in ("mine.toml", "y-", names)), str(caught.value)


@pytest.mark.parametrize(("old", "new", "names"), FILE_ERRORS.values(), ids=FILE_ERRORS)
def test_an_error_outside_the_rules_names_file_and_entry(old: str, new: str, names: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(FILE.replace(old, new, 1))
    assert "mine.toml" in str(caught.value)
    assert names in str(caught.value)


def test_an_id_given_twice_names_both_files() -> None:
    other = f'provider = "twilio"\n{SECOND}'
    with pytest.raises(RuleError, match=r"theirs\.toml: rule 'my-token'.*mine\.toml"):
        parse_rules({Path("mine.toml"): FILE.encode(), Path("theirs.toml"): other.encode()})


def test_a_rule_without_id_is_told_as_such() -> None:
    with pytest.raises(RuleError, match=r"mine\.toml: rule '\(without id\)'"):
        read(FILE.replace('id = "my-token"', ""))


def test_a_file_may_use_what_another_file_defines() -> None:
    other = f'provider = "segment"\n{SECOND.replace("my-token", "your-token")}'
    rules = parse_rules({Path("mine.toml"): FILE.encode(), Path("theirs.toml"): other.encode()})
    assert [rule.provider for rule in rules.rules] == ["twilio", "segment"]


@pytest.mark.parametrize("text", [b"\xff\xfe", b"rule = 5", b"triggers = []", b"[[rule]]"])
def test_any_bytes_are_a_rule_file_or_an_error(text: bytes) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml"):
        parse_rules({Path("mine.toml"): text})


def test_a_missing_file_is_named() -> None:
    with pytest.raises(RuleError, match=r"no-such\.toml"):
        load_rules([Path("no-such.toml")])


def test_rules_survive_json(rules: RuleSet) -> None:
    assert RuleSet.from_json(rules.to_json()) == rules


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"rules": [{}]}', '{"rules": 5}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        RuleSet.from_json(text)


ODD_ENTRIES = {
    "trigger": ('triggers = ["hex"]', "triggers = [5]"),
    "clue": ('clues = ["named"]', "clues = [[5]]"),
    "remediation": ('remediation = ["rotate"]', "remediation = [[5]]"),
    "published digest": ("base = -1.0", "base = -1.0\npublished = [[5]]"),
}


@pytest.mark.parametrize(("old", "new"), ODD_ENTRIES.values(), ids=ODD_ENTRIES)
def test_a_list_of_a_rule_holds_texts(old: str, new: str) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml"):
        read(FILE.replace(old, new, 1))


def test_the_list_of_rules_holds_tables() -> None:
    with pytest.raises(RuleError, match=r"mine\.toml"):
        read("rule = [5]")


def test_the_list_of_examples_holds_tables() -> None:
    with pytest.raises(RuleError, match=r"mine\.toml: rule 'my-token'"):
        read(FILE.replace("base = -1.0", "base = -1.0\nskips = [5]"))


LOOKBEHIND = f"""
provider = "twilio"
[triggers]
odd = '(?<=a)[0-9a-f]{{32}}'
[anchors]
odd = '[0-9a-f]{{32}}'
{SECOND.replace('"hex"', '"odd"').replace("hex-anchor", "odd").replace('"rotate"', "").replace('"named"', "")}"""


def test_a_trigger_that_hyperscan_cannot_compile_is_named(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    (tmp_path / "mine.toml").write_text(LOOKBEHIND)
    with pytest.raises(RuleError, match="'odd'"):
        prepare([tmp_path / "mine.toml"])


def test_a_trigger_that_hyperscan_cannot_compile_is_told_with_its_file(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    (tmp_path / "mine.toml").write_text(LOOKBEHIND)
    with pytest.raises(RuleError, match=r"mine\.toml"):
        prepare([tmp_path / "mine.toml"])


def test_a_trigger_that_the_reference_engine_cannot_compile_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LOOKBEHIND.replace("(?<=a)", r"\p{L}"))
    with pytest.raises(RuleError, match=r"mine\.toml: trigger 'odd'"):
        prepare([tmp_path / "mine.toml"], engine="reference").prefilter()


@pytest.mark.parametrize("words", ["[5]", "[[5]]"])
def test_the_words_of_a_clue_are_texts(words: str) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml: clue 'named'"):
        read(FILE.replace("pattern = 'token'", f"words = {words}"))
