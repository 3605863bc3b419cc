"""A value is named by the function that returns it, the builder it is put into, or its row; not by another section."""

import pytest

from leakscan.detection.detector import Detector
from leakscan.detection.samples import Samples
from tests.scanning import detect

SID = "// twilio @{account_sid}\n"
NAMED = {
    "Java": 'private static String authToken() {\n    return "@{auth_token}";\n}\n',
    "behind another statement": "function getAuthToken() {\n  if (x) { log(); }\n  return '@{auth_token}';\n}\n",
    "a getter": "class A { get authToken() { return '@{auth_token}'; } }\n",
    "in brackets": 'def auth_token():\n    return ("@{auth_token}")\n',
    "Rust": 'fn auth_token() -> &\'static str {\n    "@{auth_token}"\n}\n',
    "Swift": 'var authToken: String { "@{auth_token}" }\n',
    "Go": 'func twilioAuthToken() string {\n\treturn "@{auth_token}"\n}\n',
    "a builder": 'String authToken() {\n  sb.append("@{auth_token}");\n  return sb.toString();\n}\n',
    "a builder of that name": 'StringBuilder authToken = new StringBuilder();\nauthToken.append("@{auth_token}");\n',
    "an export": "module.exports.AUTH_TOKEN = '@{auth_token}';\n",
    "a row in Spanish": (
        "INSERT INTO ajustes (id, clave, valor) VALUES\n(1, 'logo_md5', '@{hex32}'),\n(2, 'twilio_auth_token', "
        "'@{auth_token}');\n"
    ),
    "a row of accounts in Turkish": "servis;kullanici;sifre\nTwilio Auth Token;;@{auth_token}\n",
    "a row in German": "INSERT INTO e (name, wert) VALUES ('twilio_auth_token', '@{auth_token}');\n",
}
OTHERS = {
    "a function for something else": 'String cacheKey() {\n    return "@{hex32}";\n}\n',
    "a hash of a token": "function authTokenHash() {\n  return '@{hex32}';\n}\n",
    "what is returned in a check of a name": "if (authToken) {\n  return '@{hex32}';\n}\n",
    "a builder for something else": 'String etag() {\n  sb.append("@{hex32}");\n}\n',
    "a section of its own": "[main]\nsecret = @{hex32}\n\n[twilio]\naccount_sid = @{account_sid}\nfrom = 1\n",
    "an indented section": "  a: |\n    [db]\n    secret = @{hex32}\n    [twilio]\n    sid = @{account_sid}\n",
}


@pytest.mark.parametrize("text", NAMED.values(), ids=list(NAMED))
def test_a_value_has_the_name_of_what_gives_it(detector: Detector, text: str) -> None:
    samples = Samples()
    found = detect(detector, samples.fill(SID + text))
    sure = [each.secret.reveal() for each in found if each.rule == "twilio-auth-token" and each.score > 0]
    assert sure == [samples.value("auth_token")]


@pytest.mark.parametrize("text", OTHERS.values(), ids=list(OTHERS))
def test_a_value_of_something_else_is_none(detector: Detector, text: str) -> None:
    found = detect(detector, Samples().fill("# twilio\n" + text))
    assert not [each for each in found if each.rule == "twilio-auth-token" and each.score > 0]


def test_a_sid_in_hex_speaks_for_itself_and_what_is_beside_it(detector: Detector) -> None:
    samples = Samples()
    sid, token = (samples.value(kind).encode().hex() for kind in ("account_sid", "auth_token"))
    found = detect(detector, f'#define SID_HEX "{sid}"\n#define TOKEN_HEX "{token}"\n#define SHA "{"ab" * 32}"\n')
    assert {each.secret.reveal() for each in found if each.score > 0} == {
        samples.value("account_sid"), samples.value("auth_token")
    }  # fmt: skip


SPLIT = {
    "far below each other": 'static const char twilio_auth_token[] = "{0}"\n{blanks}"{1}";\n',
    "constants given at once": '_p, _q = "{0}", "{1}"\ntwilio_auth_token = "{{}}{{}}".format(_p, _q)\n',
    "a builder of C#": 'String authToken() {{\n  sb.Append("{0}");\n  sb.Append("{1}");\n}}\n',
    "a builder of Go": 'func authToken() string {{\n\tb.WriteString("{0}")\n\tb.WriteString("{1}")\n}}\n',
    "a format of a literal": 'twilio_auth_token = "{0}%s" % "{1}"\n',
}


@pytest.mark.parametrize("form", SPLIT.values(), ids=list(SPLIT))
def test_halves_that_are_put_together(detector: Detector, form: str) -> None:
    token = next(token for token in iter(lambda: Samples().value("auth_token"), "") if token[14:16].isdigit())
    text = SID + form.format(token[:16], token[16:], blanks=" " * 45)
    found = detect(detector, Samples().fill(text))
    assert token in {each.secret.reveal() for each in found if each.score > 0}


def test_a_key_in_pieces_needs_no_word_beside_it(detector: Detector) -> None:
    key = Samples().value("sendgrid_api_key")
    found = detect(detector, f'String S = "{key[:21]}" + "{key[21:47]}" + "{key[47:]}";\n')
    assert [each.secret.reveal() for each in found] == [key]
