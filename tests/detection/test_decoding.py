"""Values in texts of other encodings and inside other texts are found, with their own line and column."""

import base64
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.coded.base64_runs import base64_texts
from leakscan.detection.decoding import jwt_text, pem_text, plain_text, unescaped
from leakscan.detection.detector import Detector
from leakscan.detection.gates import may_be_wide
from leakscan.detection.samples import Samples
from leakscan.model import Candidate
from tests.scanning import detect, fresh, token_line

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1"]
TEXT = "# settings\r\nTWILIO_ACCOUNT_SID=@{account_sid}\r\nTWILIO_AUTH_TOKEN=@{auth_token}\r\n"
PAIRS = {
    "token": ("account_sid", "auth_token", "", ""),
    "API key": ("api_key_sid", "api_key_secret", "", ""),
    "LF behind": ("account_sid", "auth_token", "", "\n"),
    "CRLF behind": ("account_sid", "auth_token", "", "\r\n"),
}


def of_value(candidates: list[Candidate], value: str) -> Candidate:
    """The only candidate with this value."""
    (found,) = (each for each in candidates if each.secret.reveal() == value)
    return found


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_value_is_found_in_every_encoding(encoding: str, detector: Detector) -> None:
    samples = Samples()
    found = of_value(detect(detector, samples.fill(TEXT).encode(encoding)), samples.value("auth_token"))
    assert (found.rule, found.place.line, found.place.column, found.place.end_column) == (
        "twilio-auth-token",
        3,
        19,
        51,
    )


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\0\0\xfe\xff"], ids=["utf-16-be", "utf-32-be"])
def test_a_big_endian_mark_is_understood(mark: bytes, detector: Detector) -> None:
    samples = Samples()
    data = mark + samples.fill(TEXT).encode("utf-16-be" if len(mark) == 2 else "utf-32-be")
    assert of_value(detect(detector, data), samples.value("auth_token")).place.column == 19


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("shift", [0, 1])
def test_a_wide_text_in_a_binary_file_is_found(encoding: str, shift: int, detector: Detector) -> None:
    token = fresh()
    data = b"MZ\x90\xff" * 500 + b"\xee" * shift + token_line(token).encode(encoding) + b"\xcc\xdd" * 500
    assert of_value(detect(detector, data), token).rule == "twilio-auth-token"


def test_a_plain_text_in_a_binary_file_is_found(detector: Detector) -> None:
    token = fresh()
    data = bytes(range(256)) * 20 + token_line(token).encode() + bytes(range(256)) * 20
    assert of_value(detect(detector, data), token).rule == "twilio-auth-token"


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0"), max_size=200))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_marked_text_is_read_as_it_was_written(encoding: str, text: str) -> None:
    data = text.encode("utf-8-sig" if encoding == "utf-8" else encoding)
    assert plain_text(data).decode() == text


@given(data=st.binary(max_size=600))
def test_any_bytes_are_read(data: bytes) -> None:
    assert isinstance(plain_text(data), bytes)


@given(data=st.binary(max_size=300).map(lambda data: data.replace(b"\0", b" ")))
def test_bytes_without_zeros_or_mark_stay_as_they_are(data: bytes) -> None:
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        assert plain_text(data) == data


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a=\"b\"\n", 'a= "b " \n'),
        (r"\u0022 \/ \t", '     "  /  \t'),
        ("%22%3D%2522", '  "  =    "'),
        ("&quot;&#34;&#39;", '     "    "    \''),
        ("&amp;lt;", "       <"),
        ("&amp;quot;", "    &quot;"),
        (r"\u0026lt;", "        <"),
        ("${A:-b}", "${A  b}"),
    ],
    ids=range(8),
)  # fmt: skip
def test_escapes_are_resolved_in_place(written: str, read: str) -> None:
    assert unescaped(written.encode()).decode() == read


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_value_in_a_pickle_stands_apart_in_every_protocol(protocol: int, detector: Detector) -> None:
    token = fresh()
    data = pickle.dumps({"twilio_auth_token": token, "another": 1}, protocol)
    assert of_value(detect(detector, data), token).rule == "twilio-auth-token"


@pytest.mark.parametrize(("sid", "secret", "before", "after"), PAIRS.values(), ids=PAIRS)
def test_both_halves_of_a_basic_header_are_found(
    sid: str, secret: str, before: str, after: str, detector: Detector
) -> None:
    samples = Samples()
    plain = f"{before}{samples.value(sid)}:{samples.value(secret)}{after}"
    coded = base64.b64encode(plain.encode()).decode()
    found = detect(detector, f"Authorization: Basic {coded}\n")
    for kind in (sid, secret):
        each = of_value(found, samples.value(kind))
        assert (each.decoded, each.place.column, each.place.end_column) == (("base64",), 22, 22 + len(coded))


def test_base64_without_its_padding_is_read() -> None:
    plain = f"{fresh('account_sid')}:{fresh()}"
    coded = base64.b64encode(plain.encode()).decode().rstrip("=")
    assert list(base64_texts(f"x {coded} y".encode(), [len(coded) + 3])) == [(2, 2 + len(coded), plain, "base64")]


@pytest.mark.parametrize(
    "text", ["", "A" * 40, "Q" * 41, base64.b64encode(bytes(range(120, 170))).decode(), "sha512/with/slashes/in/it" * 3]
)
def test_base64_of_anything_else_is_left_alone(text: str) -> None:
    assert list(base64_texts(text.encode(), [len(text), 40])) == []


@given(text=st.text("ABCQUMxyz019+/= \n", max_size=200))
def test_any_text_is_searched_for_base64(text: str) -> None:
    data = text.encode()
    assert all(data[start:end].strip() for start, end, *_ in base64_texts(data, list(range(len(data) + 1))))


def test_a_json_web_token_is_read() -> None:
    samples = Samples()
    inside = jwt_text(samples.value("access_token")) or ""
    assert samples.value("account_sid") in inside
    assert samples.value("api_key_sid") in inside


def test_the_sids_in_an_access_token_are_found_at_its_place(detector: Detector) -> None:
    samples = Samples()
    token = samples.value("access_token")
    found = of_value(detect(detector, f"token = '{token}'"), samples.value("api_key_sid"))
    assert found.decoded == ("jwt",)
    assert (found.place.column, found.place.end_column) == (10, 10 + len(token))


@pytest.mark.parametrize("length", [60, 120, 180, 400])
def test_a_part_of_a_token_is_no_text_in_base64_however_long_the_token_is(length: int) -> None:
    parts = [base64.urlsafe_b64encode(f'{{"{name * length}":1}}'.encode()).decode().rstrip("=") for name in "abc"]
    data = f"token = '{'.'.join(parts)}'\n".encode()
    places = [at + 1 for at in range(len(data)) if data[at : at + 1] in {b".", b"'"} and at > 20]
    assert len(places) == 3
    assert list(base64_texts(data, places)) == []


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "..", "e30.e30", "W10.W10.x", "bnVsbA.bnVsbA.x", "/w.e30.x", "e30.é.x", "e30.e.x"]
)
def test_what_is_no_json_web_token_is_none(token: str) -> None:
    assert jwt_text(token) is None


@given(parts=st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30), min_size=3, max_size=3))
def test_any_token_is_read_or_none(parts: list[str]) -> None:
    jwt_text(".".join(parts))


def test_a_deeply_nested_token_is_no_error(detector: Detector) -> None:
    header = base64.urlsafe_b64encode(b'{"a":' + b"[" * 1_400).decode().rstrip("=")
    assert detect(detector, f"twilio_token = '{header}.{header}.{'A' * 43}'") == []


@pytest.mark.parametrize(
    "written",
    ["{}", "{oneline}", '"{quoted}"', "{crlf}"],
    ids=["lines", "one line with escapes", "concatenated strings", "CRLF"],
)
def test_a_private_key_is_recognised_however_it_is_written(written: str) -> None:
    key = Samples(5).value("pkcv_private_key")
    forms = {
        "{}": key,
        "{oneline}": key.replace("\n", "\\n"),
        '"{quoted}"': key.replace("\n", '",\n"'),
        "{crlf}": key.replace("\n", "\r\n"),
    }
    assert (pem_text(forms[written]) or "").startswith("-----BEGIN ")


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key.replace("\n", "\nProc-Type: 4,ENCRYPTED\n", 1),
        lambda key: key.splitlines()[0] + "\n" + key.splitlines()[-1],
        lambda key: key.replace("MII", "AII", 1),
        lambda key: key[:200] + "…" + key[200:],
    ],
    ids=["encrypted", "empty", "not DER", "not base64"],
)
def test_what_is_no_private_key_is_none(change: object) -> None:
    assert callable(change)
    assert pem_text(change(Samples(5).value("pkcv_private_key"))) is None


@given(st.lists(st.sampled_from([b"a\0", b"\0a", b"a\0\0\0", b"\0" * 7, b"\0", b"a", b"text "]), max_size=60))
def test_letters_are_wide_where_every_other_byte_is_nothing(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    wide = any(data[at : at + 29 : 2] == b"\0" * 15 for at in range(len(data)))
    assert may_be_wide(data) is wide
