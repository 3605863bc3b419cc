"""Values in encoded texts and in pieces are found where their encoded form stands, whatever lies in whatever."""

import base64
import gzip
import json
import quopri
import random
import zlib
from collections.abc import Callable

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.examination import DEEPEST
from leakscan.model import Candidate, Content, Origin
from tests.scanning import detect, fresh


def escaped(form: str, text: str) -> str:
    """Each character in the same form."""
    return "".join(form.format(ord(char)) for char in text)


def wrapped(text: str) -> str:
    """Base64 in lines of 76 letters, as MIME and many tools have it."""
    return base64.encodebytes(text.encode() * 2).decode().replace("\n", "\n  ")


ENCODINGS: dict[str, tuple[Callable[[str], str], str]] = {
    "base64": (lambda text: base64.b64encode(text.encode()).decode(), "base64"),
    "base64 with a line end": (lambda text: base64.b64encode(f"{text}\n".encode()).decode(), "base64"),
    "base64 without padding": (lambda text: base64.b64encode(text.encode()).decode().rstrip("="), "base64"),
    "base64 over lines": (wrapped, "base64"),
    "base64 of UTF-16": (lambda text: base64.b64encode(text.encode("utf-16-le")).decode(), "base64"),
    "gzip in base64": (lambda text: base64.b64encode(gzip.compress(text.encode())).decode(), "gzip+base64"),
    "hex": (lambda text: text.encode().hex(), "hex"),
    "hex in capitals": (lambda text: text.encode().hex().upper(), "hex"),
    "percent": (lambda text: escaped("%{:02X}", text), "percent"),
    r"\x": (lambda text: escaped("\\x{:02x}", text), "hex-escapes"),
    r"\u": (lambda text: escaped("\\u{:04x}", text), "unicode-escapes"),
    r"\u{}": (lambda text: escaped("\\u{{{:x}}}", text), "unicode-escapes"),
    "octal": (lambda text: escaped("\\{:03o}", text), "octal-escapes"),
    "entities": (lambda text: escaped("&#{};", text), "entities"),
    "hexadecimal entities": (lambda text: escaped("&#x{:x};", text), "entities"),
    "character codes": (lambda text: "[" + ", ".join(str(ord(char)) for char in text) + "]", "character-codes"),
    "hexadecimal codes": (lambda text: f"{{{', '.join(f'0x{ord(char):02x}' for char in text)}}};", "character-codes"),
    "chr()": (lambda text: " & ".join(f"Chr({ord(char)})" for char in text), "character-codes"),
}  # fmt: skip


def of_value(found: list[Candidate], value: str) -> list[Candidate]:
    """The candidates with a value that are likely to be one."""
    return [each for each in found if each.secret.reveal() == value and each.score > 0]


@pytest.mark.parametrize(("encode", "layer"), ENCODINGS.values(), ids=list(ENCODINGS))
def test_a_whole_line_that_is_encoded(detector: Detector, encode: Callable[[str], str], layer: str) -> None:
    token = fresh()
    text = f"# settings of twilio\nblob = '{encode(f'TWILIO_AUTH_TOKEN={token}')}'\n"
    (found,) = {each.decoded: each for each in of_value(detect(detector, text), token)}.values()
    assert found.decoded == (layer,)
    assert (found.place.line, found.place.column) == (2, 9) or layer == "character-codes"
    assert token[8:] not in found.excerpt


NAMED = [name for name in ENCODINGS if "UTF-16" not in name and "over lines" not in name]


@pytest.mark.parametrize("name", NAMED)
def test_a_value_that_is_encoded_and_named_in_plain_text(detector: Detector, name: str) -> None:
    token = fresh()
    encode, layer = ENCODINGS[name]
    found = of_value(detect(detector, f"TWILIO_AUTH_TOKEN: {encode(token)}\n"), token)
    assert [each.decoded for each in found] == [(layer,)]


BLIND = [name for name in ENCODINGS if name not in {"character codes", "hexadecimal codes", "chr()", r"\u{}"}]


@pytest.mark.parametrize("name", [name for name in BLIND if "UTF-16" not in name])
def test_nothing_in_plain_text_has_to_speak_of_twilio(detector: Detector, name: str) -> None:
    token = fresh()
    encode, _ = ENCODINGS[name]
    assert of_value(detect(detector, f"data: {encode(f'TWILIO_AUTH_TOKEN={token}')}\n"), token)


@pytest.mark.parametrize("name", ["AUTH_TOKEN", "auth_token", "authToken", "AuthToken"])
@pytest.mark.parametrize("before", ["", "a", "ab"], ids=len)
def test_a_file_in_base64_that_speaks_of_a_token(detector: Detector, name: str, before: str) -> None:
    token, sid = fresh(), fresh("account_sid")
    coded = base64.b64encode(f"{before}\nACCOUNT_SID={sid}\n{name}={token}\n".encode()).decode()
    assert of_value(detect(detector, f"data: {coded}\n"), token)


def test_a_message_in_quoted_printable(detector: Detector) -> None:
    token = fresh()
    body = quopri.encodestring(f"Hello, {'x' * 40} our TWILIO_AUTH_TOKEN={token} is in the vault\n".encode()).decode()
    assert token not in body
    found = of_value(detect(detector, f"Content-Transfer-Encoding: quoted-printable\n\n{body}\n"), token)
    assert [each.decoded for each in found] == [("quoted-printable",)]


@pytest.mark.parametrize("seed", range(12))
def test_encodings_in_each_other(detector: Detector, seed: int) -> None:
    rng = random.Random(seed)
    token, text, layers = fresh(), "", []
    text = f"export TWILIO_AUTH_TOKEN={token}\n"
    for _ in range(rng.randint(2, 4)):
        name = rng.choice(["base64", "hex", "percent", "gzip in base64", r"\x", "entities"])
        encode, layer = ENCODINGS[name]
        text = encode(text)
        layers.append(layer)
    found = of_value(detect(detector, f"twilio: '{text}'\n"), token)
    assert tuple(reversed(layers)) in {each.decoded for each in found}


def test_what_lies_too_deep_is_told(shipped: Prepared) -> None:
    text = f"TWILIO_AUTH_TOKEN={fresh()}\n"
    for _ in range(DEEPEST + 3):
        text = base64.b64encode(text.encode()).decode()
    content = Content(f"twilio: {text}\n".encode(), Origin("deep"))
    _, _, problems = shipped.detector().examined(content)
    assert any("deep" in problem for problem in problems)


PIECES: dict[str, str] = {
    "plus": "authToken = '{0}' + '{1}';",
    "dot": "$auth_token = '{0}' . '{1}';",
    "ampersand": 'AuthToken = "{0}" & "{1}"',
    "ampersand over lines": 'AuthToken = "{0}" & _\n    "{1}"',
    "side by side": 'auth_token = ("{0}"\n              "{1}")',
    "backslash": 'auth_token = "{0}" \\\n    "{1}"',
    "join": "authToken = ['{0}', '{1}'].join('');",
    "python's join": "auth_token = ''.join(['{0}', '{1}'])",
    "implode": "$auth_token = implode('', ['{0}', '{1}']);",
    "go's join": 'authToken := strings.Join([]string{{"{0}", "{1}"}}, "")',
    "concat": 'String authToken = "{0}".concat("{1}");',
    "constants": "const a = '{0}';\nconst b = '{1}';\nconst authToken = a + b;",
    "template": "const a = '{0}';\nconst b = '{1}';\nconst authToken = `${{a}}${{b}}`;",
    "f-string": "a = '{0}'\nb = '{1}'\nauth_token = f'{{a}}{{b}}'",
    "format": "a = '{0}'\nb = '{1}'\nauth_token = '%s%s' % (a, b)",
    "shell": 'A="{0}"\nB="{1}"\nexport TWILIO_AUTH_TOKEN="$A$B"',
    "continued line": "TWILIO_AUTH_TOKEN={0}\\\n{1}",
}


@pytest.mark.parametrize("template", PIECES.values(), ids=list(PIECES))
@pytest.mark.parametrize("cut", [11, 16, 21])
def test_a_value_in_pieces(detector: Detector, template: str, cut: int) -> None:
    # Pieces with digits and letters: what is put together of constants is told by those.
    token = f"{fresh()[:9]}4c{fresh()[:9]}7d{fresh()[:8]}3e"[:32]
    text = f"# twilio\n{template.format(token[:cut], token[cut:])}\n"
    found = of_value(detect(detector, text), token)
    assert [each.decoded for each in found][:1] == [("concatenation",)]


IN_JSON = ["plus", "dot", "ampersand", "join", "python's join", "implode", "go's join", "constants", "template"]


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("name", IN_JSON)
def test_a_value_in_pieces_in_the_sources_of_a_source_map(detector: Detector, name: str, quote: str) -> None:
    token = f"{fresh()[:9]}4c{fresh()[:9]}7d{fresh()[:8]}3e"[:32]
    code = f"// twilio\n{PIECES[name].format(token[:16], token[16:])}\n".replace("'", quote)
    text = json.dumps({"version": 3, "sources": ["sms.js"], "sourcesContent": [code], "mappings": "AAAA"})
    (found, *_) = of_value(detect(detector, text), token)
    assert found.decoded == ("concatenation",)


def test_the_releases_that_helm_stores(detector: Detector) -> None:
    token = fresh()
    release = json.dumps({"name": "sms", "config": {"twilio": {"authToken": token}}}).encode()
    stored = base64.b64encode(base64.b64encode(gzip.compress(release))).decode()
    text = f"kind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: {stored}\n"
    (found,) = of_value(detect(detector, text), token)
    assert found.decoded == ("base64", "gzip+base64")


ENCODED_BESIDE = {
    "hex in short constants": (
        "from twilio.rest import Client\n_U = '{0}'\n_P = '{1}'\n",
        lambda text: text.encode().hex(),
    ),
    "character codes": (
        "// twilio\nvar sid = String.fromCharCode({0});\nvar token = String.fromCharCode({1});\n",
        lambda text: ", ".join(str(ord(letter)) for letter in text),
    ),
    "atob on one line": (
        "// twilio\nconst s = atob('{0}'), t = atob('{1}');\n",
        lambda text: base64.b64encode(text.encode()).decode(),
    ),
    "escapes": ('$s="{0}";$t="{1}"; // twilio\n', lambda text: escaped("\\x{:02x}", text)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "encode"), ENCODED_BESIDE.values(), ids=list(ENCODED_BESIDE))
def test_a_secret_that_is_encoded_like_the_sid_beside_it(
    detector: Detector, text: str, encode: Callable[[str], str]
) -> None:
    token, sid = fresh(), fresh("account_sid")
    assert of_value(detect(detector, text.format(encode(sid), encode(token))), token)


@pytest.mark.parametrize(
    "text",
    [
        "static const char TWILIO_AUTH_TOKEN[] = {{{}, 0x00}};\n".replace("{}", "{codes}"),
        "char[] TWILIO_AUTH_TOKEN = {{{letters}}};\n",
        "twilio = json.loads(zlib.decompress(base64.b64decode('{zlib}')))\n",
        "powershell -NoProfile -EncodedCommand {wide}\n",
    ],
    ids=["C's bytes", "letters", "zlib", "PowerShell"],
)
def test_other_ways_to_write_a_value(detector: Detector, text: str) -> None:
    token = fresh()
    line = f"TWILIO_AUTH_TOKEN={token}"
    filled = text.format(
        codes=", ".join(f"0x{ord(letter):02x}" for letter in token),
        letters=",".join(f"'{letter}'" for letter in token),
        zlib=base64.b64encode(zlib.compress(f'{{"auth_token": "{token}", "x": 1}}'.encode())).decode(),
        wide=base64.b64encode(f"$env:{line}".encode("utf-16-le")).decode(),
    )
    assert of_value(detect(detector, filled), token)


def test_escapes_over_literals_side_by_side(detector: Detector) -> None:
    token = fresh()
    halves = [escaped("\\x{:02x}", half) for half in (token[:16], token[16:])]
    text = f'static const char TWILIO_TOKEN[] = "{halves[0]}"\n    "{halves[1]}";\n'
    assert [each.decoded for each in of_value(detect(detector, text), token)] == [("hex-escapes",)]


@pytest.mark.parametrize("between", ['", "', "\n", '" == "'])
def test_escapes_in_literals_that_are_not_one(detector: Detector, between: str) -> None:
    halves = [escaped("\\x{:02x}", fresh()[:16]) for _ in range(2)]
    assert detect(detector, f'twilio_tokens = "{between.join(halves)}"\n') == []


@pytest.mark.parametrize("form", ["\\u{:04x}", "\\x{:02x}"])
@pytest.mark.parametrize("kind", ["account_sid", "api_key_sid", "oauth_client_id"])
@pytest.mark.parametrize("letters", [1, 2])
def test_a_sid_of_which_only_the_prefix_is_escaped(detector: Detector, form: str, kind: str, letters: int) -> None:
    sid = fresh(kind)
    text = f'// twilio\nvar s = "{escaped(form, sid[:letters])}{sid[letters:]}";\n'
    assert of_value(detect(detector, text), sid)


@pytest.mark.parametrize("tag", ["!!binary ", "!!binary |\n  ", "!binary >-\n    ", '!!binary "'])
def test_a_name_before_a_tag_of_yaml(detector: Detector, tag: str) -> None:
    token = fresh()
    text = f"twilio_token: {tag}{base64.b64encode(token.encode()).decode()}\n"
    assert [each.name for each in of_value(detect(detector, text), token)] == ["twilio token"]


def test_an_address_whose_parameters_are_escaped(detector: Detector) -> None:
    token, sid = fresh(), fresh("account_sid")
    text = f"<!-- twilio --><a href='/set?sid={escaped('%{:02X}', sid)}&token={escaped('%{:02X}', token)}'>"
    assert of_value(detect(detector, text), token)
    assert of_value(detect(detector, text), sid)


@pytest.mark.parametrize("level", [1, 6, 9])
@pytest.mark.parametrize("before", ["", "\n", "data: ", "DATA="])
def test_zlib_in_base64_of_any_level(detector: Detector, level: int, before: str) -> None:
    token = fresh()
    packed = zlib.compress(f"sid: 1\nTWILIO_AUTH_TOKEN={token}\n{fresh()}".encode(), level)
    coded = base64.b64encode(packed).decode()
    assert (
        of_value(detect(detector, f"{before}{coded}\n"), token) or level == 1
    )  # whose beginning is not told from text


@pytest.mark.parametrize("word", ["TWILIO", "twilio", "Twilio"])
@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize("outside", range(3))
def test_base64_twice_with_nothing_beside_it(detector: Detector, word: str, before: int, outside: int) -> None:
    token = fresh()
    once = base64.b64encode(f"{'#' * before}\n{word}_AUTH_TOKEN={token}\n".encode()).decode()
    twice = base64.b64encode(f"{'#' * outside}\n{once}\n".encode()).decode()
    assert of_value(detect(detector, f"data: {twice}\n"), token)


@pytest.mark.parametrize("word", ["SENDGRID", "sendgrid", "SendGrid"])
@pytest.mark.parametrize("before", range(3))
def test_a_key_of_sendgrid_in_a_file_in_base64(detector: Detector, word: str, before: int) -> None:
    key = fresh("sendgrid_api_key")
    coded = base64.b64encode(f"{'#' * before}\n{word}_KEY={key}\n".encode()).decode()
    assert of_value(detect(detector, f"data: {coded}\n"), key)


def test_a_list_of_hashes_is_not_put_together(detector: Detector) -> None:
    halves = [fresh()[:16] for _ in range(6)]
    text = f"# twilio\nauth_tokens = [{', '.join(map(repr, halves))}]\n"
    assert [each for each in detect(detector, text) if each.score > 0] == []
