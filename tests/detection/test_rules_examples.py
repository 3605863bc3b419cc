"""Every example in rules/*.toml, with both engines: exactly its value is found, or nothing."""

import zlib
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.rules import Example, RuleSet, parse_examples, rule_files
from leakscan.detection.samples import Samples
from tests.scanning import detect, judged

EXAMPLES = [example for path in rule_files() for example in parse_examples(path, path.read_bytes())]
NUMBERED = [
    pytest.param(example, id=f"{example.rule}-{'finds' if example.value else 'skips'}-{number}")
    for number, example in enumerate(EXAMPLES)
]


@pytest.mark.parametrize("example", NUMBERED)
def test_an_example_gives_its_value_and_nothing_else(example: Example, detector: Detector, prepared: Prepared) -> None:
    samples = Samples(zlib.crc32(example.text.encode()))
    wanted = {samples.fill(example.value)} if example.value else set()
    found = judged(detect(detector, samples.fill(example.text), example.path), prepared.rules)
    assert {value for value, finding in found.items() if finding.rule.id == example.rule} == wanted


def test_every_rule_has_examples_of_both_outcomes(rules: RuleSet) -> None:
    finding = {example.rule for example in EXAMPLES if example.value}
    skipping = {example.rule for example in EXAMPLES if not example.value}
    assert finding == skipping == {rule.id for rule in rules.rules}


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.name)
def test_a_rule_file_holds_no_whole_value(path: Path, detector: Detector, rules: RuleSet) -> None:
    found = (each for each in detect(detector, path.read_bytes()) if each.placeholder is None)
    assert [each.rule for each in found if not rules.by_id[each.rule].only] == []
