"""What is packed, turned round, partly escaped or glued together, and what looks like it."""

import base64
import pickle
import random
from collections.abc import Callable

import pytest

from leakscan.detection.coded.packed import unpacked
from leakscan.detection.detector import Detector
from tests.scanning import detect, fresh, token_line
from tests.sources.archives.making import STREAMS, tarred, zipped

from .test_encodings import of_value, wrapped

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "zip+base64": lambda data: zipped({"a/b.env": data, "a/picture.png": random.Random(1).randbytes(900)}),
    "gzip+base64": lambda data: STREAMS["gz"](tarred({"a/b.env": data, "a/VERSION": b"1.2\n"})),
    "zip+base64, twice": lambda data: zipped({"inner.zip": zipped({"b.env": data})}),
}


def lines(data: bytes) -> str:
    """Base64 in lines, as in a message."""
    return base64.encodebytes(data).decode()


@pytest.mark.parametrize("name", list(PACKED))
def test_an_archive_in_base64(detector: Detector, name: str) -> None:
    token = fresh()
    text = f"Content-Transfer-Encoding: base64\n\n{lines(PACKED[name](token_line(token).encode()))}\n--x--\n"
    (found,) = of_value(detect(detector, text), token)
    assert found.decoded == (name.partition(",")[0],)
    assert found.place.line == 3


def test_a_document_in_an_archive_in_base64(detector: Detector) -> None:
    token = fresh()
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in (token[:9], token[9:]))
    xml = f"<w:p><w:r><w:t>TWILIO_AUTH_TOKEN: </w:t></w:r>{runs}</w:p>".encode()
    text = lines(zipped({"notes.docx": zipped({"word/document.xml": xml})}))
    assert of_value(detect(detector, text), token)


@pytest.mark.parametrize("damage", [0, 40, 120])
def test_a_damaged_archive_is_none(damage: int) -> None:
    data = zipped({"a.env": token_line(fresh()).encode()})
    assert unpacked(data[:damage] if damage else b"PK\x03\x04" + data[60:]) is None


def test_an_archive_that_unpacks_to_much_is_read_as_far_as_its_bound() -> None:
    read = unpacked(zipped({f"{number}": b"a" * 3_000_000 for number in range(9)}))
    assert read is not None
    assert len(read) < 5_000_000


@pytest.mark.parametrize(
    "text",
    [
        "client = twilio('{sid}', '{turned}'.split('').reverse().join(''));",
        "$client = new Client('{sid}', strrev('{turned}'));  // twilio",
        "client = Client('{sid}', '{turned}'[::-1])",
    ],
)
def test_what_is_written_from_its_end_on(detector: Detector, text: str) -> None:
    token = fresh()
    _, *found = detect(detector, text.format(sid=fresh("account_sid"), turned=token[::-1]))
    assert [each.secret.reveal() for each in found if each.score > 0] == [token]
    assert found[0].decoded == ("reversed",)


def test_a_key_of_which_only_some_letters_are_escaped(detector: Detector) -> None:
    key = f"SG.{fresh()[:21]}_.a-b_{fresh()}{fresh()[:7]}"
    escaped = key.replace(".", "%2E").replace("_", "%5F").replace("-", "%2D")
    text = f"SMTP_URL=smtp://apikey:{escaped}@smtp.sendgrid.net:587\n"
    assert {each.decoded for each in of_value(detect(detector, text), key)} == {("percent",)}


@pytest.mark.parametrize("form", ["\\x{:02x}", "\\u{:04x}"])
def test_a_token_of_which_every_third_letter_is_escaped(detector: Detector, form: str) -> None:
    token = fresh()
    escaped = "".join(letter if at % 3 else form.format(ord(letter)) for at, letter in enumerate(token))
    assert of_value(detect(detector, f'twilio_auth_token = "{escaped}"\n'), token)


def test_base64_behind_a_blank_in_an_address(detector: Detector) -> None:
    token, sid = fresh(), fresh("account_sid")
    coded = base64.b64encode(f"{sid}:{token}".encode()).decode().replace("=", "%3D")
    assert of_value(detect(detector, f"GET /relay?to=api.twilio.com&auth=Basic%20{coded} 200\n"), token)


def test_base64_over_lines_ends_before_the_next_name(detector: Detector) -> None:
    token = fresh()
    text = f"data: !!binary |\n  {wrapped(f'TWILIO_AUTH_TOKEN={token} x').rstrip()}\n  hostname: mx1\n"
    assert of_value(detect(detector, text), token)


def test_the_header_of_a_token_is_no_secret(detector: Detector) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":""}').decode()
    assert len(header) == 32
    text = f"twilio: {fresh('account_sid')}\n  token: {header}.{'aB3_' * 40}.{'x9-Z' * 60}\n"
    assert [each.rule for each in detect(detector, text) if each.score > 0] == ["twilio-account-sid"]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_is_read_and_never_loaded(detector: Detector, protocol: int) -> None:
    token, sid = fresh(), fresh("account_sid")
    data = pickle.dumps({"n": 1.5, "twilio_account_sid": sid, "twilio_auth_token": token, "k": None}, protocol)
    assert of_value(detect(detector, data), token)
    assert of_value(detect(detector, data), sid)


def test_compiled_python(detector: Detector) -> None:
    import marshal

    token, sid = fresh(), fresh("account_sid")
    code = compile(f"TWILIO_ACCOUNT_SID = '{sid}'\nTWILIO_AUTH_TOKEN = '{token}'\nDEBUG = True\n", "c.py", "exec")
    data = b"\xa7\x0d\r\n" + bytes(12) + marshal.dumps(code)
    assert of_value(detect(detector, data), token)


def test_texts_of_compiled_android_code_do_not_name_each_other(detector: Detector) -> None:
    texts = [b"TWILIO_URL", b"authToken", fresh().encode(), b"https://example.com/twilio/token"]
    data = b"dex\n035\0" + bytes(120) + b"".join(bytes([len(text)]) + text + b"\0" for text in texts)
    assert [each.rule for each in detect(detector, data) if each.score > 0] == []


def test_a_value_that_is_handed_to_a_function_that_decodes_it(detector: Detector) -> None:
    secret = fresh("api_key_secret")
    text = f'# twilio\nAPI_KEY_SECRET = _u("{secret.encode().hex()}")\n'
    assert of_value(detect(detector, text), secret)
