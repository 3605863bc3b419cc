"""Both engines tell the same triggers in any content."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared, prepare
from leakscan.detection.gates import BASE64_ANCHOR
from leakscan.detection.prefilter import ReferencePrefilter
from leakscan.detection.rules import Example
from leakscan.detection.samples import Samples

from .test_rules_examples import EXAMPLES

RULES = prepare(engine="reference").rules
_WORDS = re.findall(r"[A-Za-z]{2,}", " ".join(RULES.triggers.values()))
_KINDS = ("account_sid", "auth_token", "sendgrid_api_key", "access_token", "base64|account_sid|:|auth_token")
PIECES = st.one_of(
    st.sampled_from([word.encode() for word in _WORDS]),
    st.sampled_from([Samples(1).value(kind).encode() for kind in _KINDS]),
    st.sampled_from([b"_", b"-", b".", b"\0", b"\n", b"A", b"AC", b"TWILIO", b"Auth", b"KEY"]),
    st.text("0123456789abcdefABCDEF", min_size=28, max_size=36).map(str.encode),
    st.binary(max_size=8),
)


@settings(max_examples=400)
@given(pieces=st.lists(PIECES, max_size=12), cut=st.integers(0, 8))
def test_both_engines_tell_the_same_triggers_and_places(pieces: list[bytes], cut: int) -> None:
    pytest.importorskip("hyperscan")
    data = b"".join(pieces)[cut:]
    fast, slow = prepare_hyperscan().prefilter(), ReferencePrefilter(RULES.triggers, RULES.anchors)
    assert fast.hits(data) == slow.hits(data)
    assert sorted(set(fast.places(data))) == sorted(set(slow.places(data)))


@settings(max_examples=400)
@given(pieces=st.lists(PIECES, max_size=12), before=st.booleans())
def test_what_is_asked_at_once_is_what_is_asked_one_by_one(pieces: list[bytes], *, before: bool) -> None:
    pytest.importorskip("hyperscan")
    padding = b"plain words, " * 200
    data = padding + b"".join(pieces) if before else b"".join(pieces) + padding
    fast, slow = prepare_hyperscan().prefilter(), ReferencePrefilter(RULES.triggers, RULES.anchors)
    assert fast.hits(data, closely=True) == slow.hits(data, closely=True) == slow.hits(data)
    assert fast.gates(data) == slow.gates(data)
    assert fast.places(data) == slow.places(data)
    assert fast.hits(data) == slow.hits(data)
    assert fast.ends_of_pieces(data) == slow.ends_of_pieces(data)


@given(st.lists(st.sampled_from([b"a\0", b"\0\n", b"a\0\0\0", b"\0" * 7, b"\0", b"a"]), max_size=60))
def test_both_engines_tell_the_same_wide_letters(pieces: list[bytes]) -> None:
    pytest.importorskip("hyperscan")
    data = b"".join(pieces)
    slow = ReferencePrefilter(RULES.triggers, RULES.anchors)
    assert prepare_hyperscan().prefilter().may_be_wide(data) is slow.may_be_wide(data)


@settings(max_examples=400)
@given(pieces=st.lists(PIECES, max_size=4))
def test_what_is_bare_has_nothing(pieces: list[bytes]) -> None:
    pytest.importorskip("hyperscan")
    data = b"".join(pieces)
    slow = ReferencePrefilter(RULES.triggers, RULES.anchors)
    values = {rule.anchor for rule in RULES.rules if not rule.only} | {BASE64_ANCHOR}
    if prepare_hyperscan().prefilter().is_bare(data):
        assert slow.places(data, values) == {}
        assert slow.gates(data) == []


VALUES = [each for each in EXAMPLES if each.value and not RULES.by_id[each.rule].only]


@pytest.mark.parametrize("example", VALUES, ids=lambda example: example.rule)
def test_what_holds_a_value_is_not_bare(example: Example, prepared: Prepared) -> None:
    assert not prepared.prefilter().is_bare(Samples().fill(example.text).encode())


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("' '.join('{}'.format(each) for each in all)", False),
        ("', '.join([first, last])", False),
        ("''.join(['a', 'b'])", True),
        ("'.'.join(('a', 'b'))", True),
        ("join('', 'a', 'b')", True),
        ("parts.join('')", True),
        ("'ab'.concat('cd')", True),
    ],
)
def test_what_is_joined_with_blanks_is_no_value(text: str, joins: bool, prepared: Prepared) -> None:
    assert ("join" in prepared.prefilter().gates(text.encode())) is joins


@pytest.mark.parametrize("text", ["plain words, 12 of them", "x" * 31, ""])
def test_short_texts_are_bare(text: str, prepared: Prepared) -> None:
    assert prepared.prefilter().is_bare(text.encode())


def test_long_texts_are_not_told_at_once(prepared: Prepared) -> None:
    assert not prepared.prefilter().is_bare(b"plain words\n" * 1000)


_CACHED: list[Prepared] = []


def prepare_hyperscan() -> Prepared:
    """The shipped rules with Hyperscan's database, made once."""
    if not _CACHED:
        _CACHED.append(prepare())
    return _CACHED[0]


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.value], ids=lambda example: example.rule)
def test_what_a_rule_finds_triggers_it(example: Example, prepared: Prepared) -> None:
    hits = prepared.prefilter().hits(Samples().fill(example.text).encode())
    names = [name for number, name in enumerate(prepared.rules.triggers) if hits >> number & 1]
    wanted = prepared.rules.by_id[example.rule].triggers
    assert any(set(trigger.split(" & ")) <= set(names) for trigger in wanted)


@pytest.mark.parametrize("data", [b"", b"\0" * 1000, b"hello world\n" * 100], ids=["empty", "zeros", "prose"])
def test_contents_without_triggers_give_none(data: bytes, prepared: Prepared) -> None:
    assert prepared.prefilter().hits(data) == 0


def test_a_trigger_is_found_at_both_ends(prepared: Prepared) -> None:
    prefilter = prepared.prefilter()
    padding = b" " * 100_000
    assert prefilter.hits(b"twilio" + padding) == prefilter.hits(padding + b"twilio") == prefilter.hits(b"twilio") > 0


def test_one_content_leaves_nothing_for_the_next(prepared: Prepared) -> None:
    prefilter = prepared.prefilter()
    assert prefilter.hits(b"twilio") > 0
    assert prefilter.hits(b"nothing") == 0


@pytest.mark.parametrize("length", [31, 32, 37, 38, 127, 128, 160, 161, 300, 5000])
@pytest.mark.parametrize("before", ["", " ", "word ", "x" * 200 + " "])
def test_runs_of_any_length_have_one_place(length: int, before: str, prepared: Prepared) -> None:
    data = f"{before}{'a1' * (length // 2)}{'b' * (length % 2)} tail".encode()
    end = len(before) + length
    found = prepared.prefilter().places(data, {"word-32", "base64"})
    assert (end + 1 in found.get("word-32", [])) == (length == 32)
    assert found.get("base64", []).count(end + 1) == (length >= 40)


@pytest.mark.parametrize(
    ("before", "is_place"), [("", True), ("\\u003d", True), ("%3D", True), ("\\n", True), ("n", False), ("=3D", False)]
)
def test_an_escape_may_be_glued_to_a_run(before: str, is_place: bool, prepared: Prepared) -> None:
    data = f"key {before}{Samples().value('auth_token')} tail".encode()
    assert prepared.prefilter().places(data, {"word-32"}) == ({"word-32": [len(data) - 4]} if is_place else {})


def test_a_word_without_a_digit_is_no_run_of_a_value(prepared: Prepared) -> None:
    data = b"abcdefghijklmnopqrstuvwxyzABCDEF"
    assert prepared.prefilter().places(data, {"word-32"}) == {}
    assert prepared.prefilter().places(data[:-1] + b"7", {"word-32"}) == {"word-32": [33]}


def test_no_trigger_is_so_wide_that_versions_have_to_be_read_whole(prepared: Prepared) -> None:
    assert prepared.rules.widest_trigger is not None


def test_both_engines_see_the_same_long_runs() -> None:
    pytest.importorskip("hyperscan")
    fast, slow = prepare_hyperscan().prefilter(), ReferencePrefilter(RULES.triggers, RULES.anchors)
    random = Samples(3)
    data = b" ".join(random.value("auth_token").encode() * number + b"=" * (number % 3) for number in range(1, 30))
    assert fast.places(data) == slow.places(data)
