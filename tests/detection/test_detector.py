"""Where values stand is told exactly, and no content breaks the detector."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared, prepare
from leakscan.detection.detector import Detector
from leakscan.detection.samples import Samples
from leakscan.model import Content, Origin, Place
from tests.scanning import detect, fresh, token_line

from .test_prefilter import PIECES

BEFORE = {
    "nothing": ("", 1, 1),
    "a line": ("first\n", 2, 1),
    "CRLF": ("first\r\n\r\n", 3, 1),
    "tabs": ("\t\t", 1, 3),
    "two bytes a letter": ("# é\né = ", 2, 5),
    "three bytes a letter": ("# 日本語 ", 1, 7),
    "four bytes a letter": ("😀😀 ", 1, 4),
    "a letter and its accent": ("e\u0301 ", 1, 4),
    "form feed and vertical tab": ("\f\v ", 1, 4),
    "a line separator of Unicode": ("a\u2028b ", 1, 5),
}
ENDS = {"nothing": "", "LF": "\n", "CRLF": "\r\n", "a quote": "'", "a comma": ", ", "é": "é"}
REFERENCE = prepare(engine="reference").detector()


def place(detector: Detector, data: bytes, value: str) -> Place:
    """Where the only candidate with this value stands."""
    (found,) = (each for each in detect(detector, data) if each.secret.reveal() == value)
    return found.place


@pytest.mark.parametrize(("before", "line", "column"), BEFORE.values(), ids=BEFORE)
def test_lines_and_columns_count_characters(before: str, line: int, column: int, detector: Detector) -> None:
    token = fresh()
    name = "TWILIO_AUTH_TOKEN="
    wanted = Place(line, column + len(name), line, column + len(name) + 32)
    assert place(detector, f"{before}{name}{token}\n".encode(), token) == wanted


def test_a_byte_of_latin_1_is_a_character(detector: Detector) -> None:
    token = fresh()
    data = f"# clé secrète\né='' TWILIO_AUTH_TOKEN={token}".encode("latin-1")
    assert place(detector, data, token) == Place(2, 24, 2, 56)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN=", "twilio_auth_token: "])
def test_a_value_at_the_end_is_found(name: str, end: str, detector: Detector) -> None:
    token = fresh()
    assert place(detector, (name + token + end).encode(), token).end_column == len(name) + 33


@pytest.mark.parametrize(
    "kind", ["account_sid", "api_key_sid", "sendgrid_api_key", "segment_public_api_token", "access_token"]
)
def test_a_content_that_is_nothing_but_a_value(kind: str, detector: Detector) -> None:
    value = fresh(kind)
    assert place(detector, value.encode(), value) == Place(1, 1, 1, len(value) + 1)


def test_a_private_key_spans_its_lines(detector: Detector) -> None:
    key = fresh("pkcv_private_key")
    found = place(detector, f"# Twilio public key client validation\nprivate_key = '{key}'\n".encode(), key)
    assert (found.line, found.column, found.end_line) == (2, 16, 2 + key.count("\n"))
    assert found.end_column == len(key.splitlines()[-1]) + 1


def test_the_second_of_two_equal_values_has_its_own_place(detector: Detector) -> None:
    token = fresh()
    found = detect(detector, f"{token_line(token)}TWILIO_AUTH_TOKEN_OLD={token}\n")
    assert [each.place.line for each in found if each.secret.reveal() == token] == [2, 3]


def test_a_piece_of_a_file_counts_from_where_it_starts(detector: Detector) -> None:
    token = fresh()
    data = f" TWILIO_AUTH_TOKEN={token}\nTWILIO_AUTH_TOKEN={token}\n".encode()
    found = detector.detect(Content(data, Origin("big"), line=10, column=5))
    assert [each.place for each in found] == [Place(10, 24, 10, 56), Place(11, 19, 11, 51)]


@pytest.mark.parametrize("size", [300_000, 1_000_000])
@pytest.mark.parametrize("filler", [b"lorem ipsum dolor\n", b"x", b"\0\xff\x80"], ids=["lines", "one line", "binary"])
def test_one_value_in_the_middle_of_much_else_is_found(size: int, filler: bytes, detector: Detector) -> None:
    token = fresh()
    padding = filler * (size // len(filler))
    data = padding + b"\n" + token_line(token).encode() + padding
    assert place(detector, data, token) == Place(padding.count(b"\n") + 3, 19, padding.count(b"\n") + 3, 51)


@pytest.mark.parametrize("lines_before", [0, 100, 2000])
def test_a_value_in_the_first_part_of_a_large_content_is_found(lines_before: int, detector: Detector) -> None:
    token, filler = fresh(), b"lorem ipsum dolor\n"
    data = filler * lines_before + token_line(token).encode() + filler * 20_000
    assert place(detector, data, token).line == lines_before + 2


@settings(max_examples=12)
@given(offset=st.integers(-150, 150), border=st.integers(2, 6))
def test_a_value_at_any_border_between_windows_is_found(offset: int, border: int) -> None:
    token = fresh()
    line = f"\ntwilio_auth_token = '{token}'\n".encode()
    data = b"y" * (border * 64 * 1024 + offset) + line + b"z" * 300_000
    assert place(REFERENCE, data, token) == Place(2, 22, 2, 54)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(PIECES, max_size=30))
def test_arbitrary_bytes_never_crash(pieces: list[bytes]) -> None:
    for candidate in detect(REFERENCE, b"".join(pieces)):
        assert candidate.place.line >= 1
        assert candidate.secret.reveal() not in candidate.excerpt


@settings(max_examples=100)
@given(data=st.binary(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_a_value_among_arbitrary_bytes_keeps_to_its_line(data: bytes, encoding: str) -> None:
    token = Samples(3).value("auth_token")
    for candidate in detect(REFERENCE, data + b"\n" + token_line(token).encode(encoding)):
        assert candidate.place.end_line >= candidate.place.line >= 1


@given(line=st.text(max_size=80).map(lambda text: "# " + "".join(text.split()).replace("\0", "")))
def test_a_line_added_above_leaves_fingerprints_as_they_were(line: str) -> None:
    text = token_line(Samples(3).value("auth_token"), Samples(4).value("account_sid"))
    before, after = (
        {(each.rule, each.secret.fingerprint("any")): each.place.line for each in detect(REFERENCE, data)}
        for data in (text, f"{line}\n{text}".encode("utf-8", "replace"))
    )
    assert after == {mark: place + 1 for mark, place in before.items()}


def test_the_same_content_gives_the_same_again(detector: Detector) -> None:
    text = token_line(fresh())
    assert detect(detector, text) == detect(detector, text)


def test_an_excerpt_shows_the_line_and_not_the_value(detector: Detector) -> None:
    token = fresh()
    (found,) = (each for each in detect(detector, token_line(token)) if each.secret.reveal() == token)
    assert found.excerpt == f"TWILIO_AUTH_TOKEN={token[:4]}…"


def test_a_reason_names_what_the_value_is_assigned_to(detector: Detector) -> None:
    token = fresh()
    (found,) = (each for each in detect(detector, f"MY_TWILIO_AUTH_TOKEN={token}") if each.secret.reveal() == token)
    assert any("MY_TWILIO_AUTH_TOKEN" in reason for reason in found.evidence)


@pytest.mark.parametrize("comment", ["# {}", "// {}", "/* {} */", "<!-- {} -->", "-- {}", "; {}"])
@pytest.mark.parametrize("above", [True, False], ids=["line above", "same line"])
def test_an_inline_comment_is_read(comment: str, above: bool, detector: Detector) -> None:
    token, allow = fresh(), comment.format("leakscan:allow[twilio-auth-token] made up")
    line = f"TWILIO_AUTH_TOKEN = '{token}'"
    (found,) = detect(detector, f"x = 1\n{allow}\n{line}\n" if above else f"x = 1\n{line} {allow}\n")
    assert found.allowance is not None
    assert (found.allowance.rules, found.allowance.reason) == (("twilio-auth-token",), "made up")


@pytest.mark.parametrize(
    "text",
    [
        "x = 1 # leakscan:allow[twilio-auth-token]\n{}",
        "# leakscan:allow[twilio-auth-token]\n\n{}",
        "{}\n# leakscan:allow[twilio-auth-token]",
    ],
    ids=["of the line above", "two lines above", "of the line below"],
)
def test_a_comment_elsewhere_allows_nothing(text: str, detector: Detector) -> None:
    (found,) = detect(detector, text.format(f"TWILIO_AUTH_TOKEN={fresh()}"))
    assert found.allowance is None


@pytest.mark.parametrize("text", ["{}", " {}", "\n{}"], ids=["at the start", "after a blank", "after a line"])
def test_a_two_part_token_is_found_wherever_the_content_starts(text: str, detector: Detector) -> None:
    token = fresh("segment_config_api_token")
    data = f"{text.format(token)}\n# the access token of our Segment workspace: segment.com\n"
    assert token in {each.secret.reveal() for each in detect(detector, data)}


def test_a_log_with_a_sid_on_every_line_is_one_value_with_all_its_places(detector: Detector) -> None:
    samples = Samples()
    line = samples.fill('{"account_sid": "@{account_sid}", "body_md5": "@{hex32}"}\n')
    candidates = detect(detector, line * 1200)
    assert [candidate.place.line for candidate in candidates] == list(range(1, 1201))
    assert {candidate.secret.reveal() for candidate in candidates} == {samples.value("account_sid")}


def test_a_placeholder_of_an_identifier_is_told_once_a_content(detector: Detector) -> None:
    dummy, sid = f"AC{'a' * 32}", fresh("account_sid")
    lines = [f'  "sid": "{each}",\n' for each in (dummy, sid, dummy, sid) * 30]
    found = Counter(each.secret.reveal() for each in detect(detector, "".join(["twilio\n", *lines])))
    assert found == {dummy: 1, sid: 60}


def test_what_only_its_words_are_known_of_may_hold_a_value(shipped: Prepared) -> None:
    detector = shipped.detector(values_only=True)
    words, token = "Terms of the Twilio service, section 12 of them", fresh()
    assert not detector.promises(words.encode())
    assert detector.promises(f"{words}{token}{words.replace(' ', '')}".encode())
    assert not detector.promises(f"Terms of a service{token}".encode())
    assert shipped.detector().promises(words.encode())


def test_a_key_of_another_vendor_hides_no_token_behind_the_same_name(detector: Detector) -> None:
    samples = Samples()
    block = '  "%s": {\n    "account": {\n        "token": "@{%s}"\n    }\n  },\n'
    blocks = block % ("plivo", "hex32") + block % ("twilio", "auth_token")
    found = detect(detector, samples.fill("{\n" + blocks + "}\n"))
    assert samples.value("auth_token") in {candidate.secret.reveal() for candidate in found if candidate.score > 0}


@pytest.mark.parametrize("name", ["twilio_auth_token", "secrets/TWILIO_AUTH_TOKEN", "k8s/twilio-auth-token.txt"])
def test_a_file_that_holds_nothing_but_a_value_is_named_by_itself(detector: Detector, name: str) -> None:
    token = fresh()
    (found,) = [each for each in detect(detector, f"{token}\n", name) if each.score > 0]
    assert (found.secret.reveal(), found.place) == (token, Place(1, 1, 1, 33))
    assert detect(detector, f"{token}\n", "checksums/build") == []
