"""Values that are put together in ways that are told by more than two literals side by side, and what looks alike."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared
from leakscan.detection.coded.pieces import JOINED, constants, has_pieces, may_have_pieces
from leakscan.detection.detector import Detector
from leakscan.detection.prefilter import ReferencePrefilter
from leakscan.detection.samples import Samples
from leakscan.model import Content
from tests.scanning import detect

from .test_encodings import of_value
from .test_versions import BLOB, is_still, whole

# {0} and {1} are the halves of an Auth Token, {tail} what follows AC in an Account SID, {id} and {secret} the parts of
# a SendGrid key, {front} and {rest} its first letters and the others.
TOKENS = {
    "side by side in C": '#define TW_TOKEN "{0}" "{1}"\n',
    "a remark between them": 'AUTH_TOKEN = ("{0}"  # flake8\'s limit\n              "{1}")\n',
    "added in PHP": "$tok = '{0}';\n$tok .= '{1}';\n",
    "added in JavaScript": "let authToken = '{0}';\nauthToken += '{1}';\n",
    "a builder": 'String token = new StringBuilder()\n    .append("{0}")\n    .append("{1}")\n    .toString();\n',
    "concat!": 'const TOKEN: &str = concat!(\n    "{0}",\n    "{1}",\n);\n',
    "string.Concat": 'static readonly string Token = string.Concat("{0}", "{1}");\n',
    "CONCAT": "INSERT INTO settings VALUES ('auth_token', CONCAT('{0}', '{1}'));\n",
    "a list by its name": "const parts = [\n  '{0}',\n  '{1}',\n];\nconst authToken = parts.join('');\n",
    "a pair by its name": "HALF = ('{0}', '{1}')\nTOKEN = '%s%s' % HALF\n",
    "words": "TOKEN = %w[{0} {1}].join\n",
    "Swift's list": 'let authToken = ["{0}", "{1}"].joined()\n',
    "Kotlin's template": 'const val A = "{0}"\nconst val B = "{1}"\nconst val TWILIO_TOKEN = "$A$B"\n',
    "the shell's, without quotes": 'A={0}\nB={1}\ncurl -u "{sid}:${{A}}${{B}}" https://api.twilio.com\n',
    "a format of literals": 'var token = string.Format("{{0}}{{1}}", "{0}", "{1}");\nTwilioClient.Init(sid, token);\n',
    "a format macro": 'let auth_token = format!("{{}}{{}}", "{0}", "{1}");\n',
    "handed on by its name": "const t = ['{0}', '{1}'].join('');\nconst c = require('twilio')(accountSid, t);\n",
    "named fields": 'parts = {{"x": "{0}", "y": "{1}"}}\nTOKEN = "{{x}}{{y}}".format(**parts)\n',
    "Go's list by its name": 'var parts = []string{{"{0}", "{1}"}}\nvar token = strings.Join(parts, "")\n',
    "Perl's join": "my $token = join '', '{0}', '{1}';\n",
    "Perl's list": "my @parts = ('{0}', '{1}');\nmy $token = join('', @parts);\n",
    "a constant of the class": "const P = ['{0}', '{1}'];\n$token = implode('', self::P);\n",
    "a field": "private $p = ['{0}', '{1}'];\n$token = implode('', $this->p);\n",
    "Java's list": 'List<String> p = List.of("{0}", "{1}");\nString token = String.join("", p);\n',
    "Lua's list": 'local p = {{"{0}", "{1}"}}\nlocal token = table.concat(p)\n',
    "Rust's list": 'let token = ["{0}", "{1}"].concat();\n',
    "Scala's list": 'val token = List("{0}", "{1}").mkString\n',
    "items by their numbers": "const p = ['{0}', '{1}'];\nconst token = p[0] + p[1];\n",
    "items in a template": "const p = ['{0}', '{1}'];\nconst token = `${{p[0]}}${{p[1]}}`;\n",
    "Haskell": 'token = "{0}" ++ "{1}"\n',
    "OCaml": 'let token = "{0}" ^ "{1}"\n',
    "an update": "UPDATE settings SET value = CONCAT('{0}', '{1}') WHERE name = 'twilio_auth_token';\n",
    "a sum that goes on below": 'static final String TOKEN = "{0}"\n            + "{1}";\n',
    "PHP's, behind a remark": "$token = '{0}' # the first half\n        . '{1}';\n",
    "CONCAT, a comma first": "INSERT INTO settings VALUES ('auth_token', concat('{0}'\n     , '{1}'));\n",
    "SQL's, below": "set @auth_token = '{0}'\n    || '{1}';\n",
    "constants, below": 'const A = "{0}";\nconst B = "{1}";\nconst authToken = A\n            + B;\n',
    "PHP's sum": "$a = '{0}';\n$b = '{1}';\n$token = $a.$b;\n",
    "PHP's sum, a gap behind": "$a = '{0}';\n$b = '{1}';\n$token = $a. $b;\n",
    "PHP's sum with a literal": "$a = '{0}';\n$token = $a.'{1}';\n",
    "PHP's fields": "private $a = '{0}';\nprivate $b = '{1}';\n$token = $this->a . $this->b;\n",
    "PHP's constants of the class": "const A = '{0}';\nconst B = '{1}';\n$token = self::A . self::B;\n",
    "PHP's constants, tight": "const A = '{0}';\nconst B = '{1}';\n$token = self::A.self::B;\n",
    "PHP's items": "$p = ['{0}', '{1}'];\n$token = $p[0].$p[1];\n",
    "Lua's sum": "local a = '{0}'\nlocal b = '{1}'\nlocal token = a..b\n",
    "Ruby's fields": "@a = '{0}'\n@b = '{1}'\n@token = @a + @b\n",
    "fields of a scope": "$scope.a = '{0}';\n$scope.b = '{1}';\nconst token = $scope.a + $scope.b;\n",
    "fields with a sign": "this.$a = '{0}';\nthis.$b = '{1}';\nconst token = this.$a + this.$b;\n",
    "settings of Xcode": "T_A = {0}\nT_B = {1}\nTWILIO_AUTH_TOKEN = $(T_A)$(T_B)\n",
}
SIDS = {
    "a sum": "$sid = 'AC' . '{tail}';\n",
    "a sum with a constant": 'TAIL = "{tail}"\nSID = "AC" + TAIL\n',
    "a template": "const acc = `AC${{'{tail}'}}`;\n",
    "an f-string": "TAIL = '{tail}'\nSID = f'AC{{TAIL}}'\n",
    "a format": 'SID = "AC%s" % "{tail}"\n',
    "Terraform's format": 'sid = format("AC%s", "{tail}")\n',
    "SQL": "VALUES ('account_sid', 'AC' || '{tail}');\n",
}
KEYS = {
    "dots between them": "setApiKey(['SG', '{id}', '{secret}'].join('.'));\n",
    "String.Join": 'var key = string.Join(".", "SG", "{id}", "{secret}");\n',
    "a list by its name": "const k = [\n  'SG',\n  '{id}',\n  '{secret}',\n];\nsetApiKey(k.join('.'));\n",
    "an f-string": 'ID = "{id}"\nSECRET = "{secret}"\nclient(api_key=f"SG.{{ID}}.{{SECRET}}")\n',
    "PowerShell": "$a = '{id}'\n$b = '{secret}'\n$key = 'SG.{{0}}.{{1}}' -f $a, $b\n",
    "an .env file": "SG_ID={id}\nSG_SEC={secret}\nKEY=SG.${{SG_ID}}.${{SG_SEC}}\n",
    "constants": 'const keyA = "{front}"\nconst keyB = "{rest}"\nnew(keyA + keyB)\n',
    "a scalar of YAML": 'password: "{front}\\\n  {rest}"\n',
}


def filled(text: str) -> tuple[str, Samples]:
    """A text about Twilio and SendGrid with its pieces in it, and the values that they are of."""
    samples = Samples()
    token, sid, key = (samples.value(kind) for kind in ("auth_token", "account_sid", "sendgrid_api_key"))
    key = f"{key[:21]}a1bc{key[25:65]}9xyz"
    samples._values["sendgrid_api_key"] = key  # one that is told from names
    _, identity, secret = key.split(".")
    # Pieces with digits and letters by turns: what is put together of constants is told by those.
    token = f"{token[:9]}4c{token[11:16]}7d5e{token[20:27]}3ee{token[30:]}"
    samples._values["auth_token"] = token  # the value whose halves are in the text
    text = text.format(
        token[:16], token[16:], tail=sid[2:], sid=sid, id=identity, secret=secret, front=key[:30], rest=key[30:]
    )
    return f"# twilio, sendgrid\n{text}", samples


@pytest.mark.parametrize(
    ("text", "kind"),
    [(text, kind) for texts, kind in ((TOKENS, "auth_token"), (SIDS, "account_sid")) for text in texts.values()],
    ids=[f"{kind}: {name}" for texts, kind in ((TOKENS, "token"), (SIDS, "SID")) for name in texts],
)
def test_a_value_that_is_put_together(detector: Detector, text: str, kind: str) -> None:
    content, samples = filled(text)
    found = of_value(detect(detector, f"TWILIO_SID = '{samples.value('account_sid')}'\n{content}"), samples.value(kind))
    assert ("concatenation",) in {each.decoded for each in found}


@pytest.mark.parametrize("text", KEYS.values(), ids=list(KEYS))
def test_a_key_of_sendgrid_that_is_put_together(detector: Detector, text: str) -> None:
    content, samples = filled(text)
    key = samples.value("sendgrid_api_key")
    assert {each.decoded for each in of_value(detect(detector, content), key)} == {("concatenation",)}


ALIKE = {
    "halves of a checksum": 'COMMIT = ("{0}"\n          "{1}")\n',
    "a checksum that goes on below": 'static final String COMMIT = "{0}"\n            + "{1}";\n',
    "items of a list": "etags:\n  - '{0}'\n  - '{1}'\n",
    "generated": 'account_sid = "AC" + "a" * 32\nauth_token = "0" * 16 + "f" * 16\nkey = "SG." + "x" * 22\n',
    "placeholders": "const KEY = ['SG', 'your_key_id', 'your_secret'].join('.');\nconst SID = 'AC' + 'X'.repeat(32);\n",
    "a path": 'digest = "{0}{1}"\nurl = f"https://cdn.example.org/{{digest}}/app.js"\n',
    "a list of hashes": "etags = ['{0}', '{1}', '{0}', '{1}']\nkeep = ','.join(etags)\n",
    "a table of checksums": "sums = [\n"
    + '    ("abc", "{0}" "{1}"),\n' * 5
    + '    ("ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-", "{0}" "{1}"),\n]\n',
    "arguments": 'cmd --etag "{0}" --revision "{1}"\n',
    "other vendors' keys": "const STRIPE = ['sk', 'test', '{0}'].join('_');\n",
}


@pytest.mark.parametrize("text", ALIKE.values(), ids=list(ALIKE))
def test_what_looks_alike(detector: Detector, text: str) -> None:
    content, _ = filled(text)
    assert [each.rule for each in detect(detector, content) if each.score > 0] == []


@pytest.mark.parametrize(
    "text",
    [
        'version = "1.27.3rc1"',
        "type = 'pv-room-participants-au1'",
        "size: '320x240'",
        'tag = "GTM-MWRD6S"',
        'resolution = "1280x720"',
        "encoding = 'utf8mb4'",
        'date = "20230101T101112Z"',
        "VERSION=2023.10.1",
        'sha1 = "@{hex40}"',
        "sid = '@{message_sid}'",
        "names = ['iso8859', 'latin1', 'sha256']",
        'client = TwilioRestClient("your_account_sid")',
        '{"places":{"caf2716b4633827715004ab02":13}}',
    ],
)
def test_what_software_has_plenty_of_is_no_piece(text: str) -> None:
    assert not has_pieces(Samples().fill(text))


@given(st.lists(st.sampled_from(["a1b2c3d4e5", "f00ba7", "k9j8h7g6", "/", ":", "=", "'", '"', " = ", ", ", "\n", "x"])))
def test_what_holds_pieces_is_told_by_their_ends(made: list[str]) -> None:
    text = "".join(made)
    slow = ReferencePrefilter({}, {})
    if has_pieces(text) or constants(text):
        assert may_have_pieces(text.encode(), slow.ends_of_pieces(text.encode() + b"\n"))


@pytest.mark.parametrize(
    ("use", "is_put_together"),
    [("A + B", True), ("cfg.A + cfg.B", True), ("f'{A}{B}'", True), ("['A'] + ['B']", False), ("XA + XB", False)],
)
def test_a_constant_is_used_where_its_name_stands_free(detector: Detector, use: str, *, is_put_together: bool) -> None:
    token = Samples().value("auth_token")
    text = f"A = '{token[:16]}'\nB = '{token[16:]}'\nTWILIO_AUTH_TOKEN = {use}\n"
    assert bool(of_value(detect(detector, text), token)) is is_put_together


@pytest.mark.parametrize("template", [*TOKENS.values(), *SIDS.values(), *KEYS.values()], ids=str)
@pytest.mark.parametrize("lines", [3, 900])
def test_what_a_version_brings_is_put_together_with_what_was_there(
    shipped: Prepared, template: str, lines: int
) -> None:
    content, _ = filled(template)
    pieces = content.splitlines(keepends=True)
    apart = "".join(f"x{number} = call({number})\n" for number in range(lines))
    base = "".join([pieces[0], *pieces[2:-1], apart, pieces[-1]]).encode()
    data = "".join([*pieces[:-1], apart, pieces[-1]]).encode()
    detector = shipped.detector()
    candidates, barren, _ = detector.examined(Content(base, BLOB))
    untold = bool(candidates) or barren is None or not is_still(detector, barren, base, data)
    assert untold or whole(shipped.detector(), data) == []


@pytest.mark.parametrize("size", [3, 4, 8, 16])
@pytest.mark.parametrize("meeting", [" + ", " .\n  ", "\n  ", "&"])
def test_pieces_of_any_size_meet(shipped: Prepared, detector: Detector, size: int, meeting: str) -> None:
    token = Samples().value("auth_token")
    pieces = meeting.join(f'"{token[at : at + size]}"' for at in range(0, len(token), size))
    found = of_value(detect(detector, f"TWILIO_AUTH_TOKEN = ({pieces})\n"), token)
    assert [each.decoded for each in found] == [(JOINED,)]


# What has no quotes there, or other gaps than in a file of its own, is not told in code in a string literal.
IN_LITERALS = [
    (text, kind)
    for texts, kind, untold in (
        (TOKENS, "auth_token", ("side by side in C", "a builder", "the shell's", "Go's list", "settings of Xcode")),
        (SIDS, "account_sid", ()),
        (KEYS, "sendgrid_api_key", ("an f-string", "an .env file", "a scalar of YAML")),
    )
    for name, text in texts.items()
    if not name.startswith(untold)
]
IN_LITERALS += [('const a="{0}",b="{1}";const authToken=a+b;', "auth_token")]


@pytest.mark.parametrize(("text", "kind"), IN_LITERALS, ids=str)
def test_a_value_that_is_put_together_in_a_string_literal(detector: Detector, text: str, kind: str) -> None:
    content, samples = filled(text)
    source = json.dumps({"file": "a.js", "source": f"TWILIO_SID = '{samples.value('account_sid')}'\n{content}"})
    assert ("concatenation",) in {each.decoded for each in of_value(detect(detector, source), samples.value(kind))}


@pytest.mark.parametrize("text", ['=\\"docutils literal\\"', '= \\"identifier\\"', '=\\"ACCORD\\"'])
def test_attributes_in_a_string_literal_are_no_code(prepared: Prepared, text: str) -> None:
    assert prepared.prefilter().gates(f'{{"html": "<b class{text}>"}}'.encode()) == []


def test_versions_in_a_lock_file_are_no_pieces(shipped: Prepared) -> None:
    lines = (f'"name-{number}" "^{number % 10}.{number}.0-beta.{number}"\n  ' for number in range(90))
    assert "seam" not in shipped.prefilter().gates("".join(lines).encode())
