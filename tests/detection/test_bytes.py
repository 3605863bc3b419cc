"""Values whose bytes are written as numbers, as tools and languages do it, and what looks alike."""

import base64
import random
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.coded import hexadecimal, signs
from leakscan.detection.coded.texts import is_list_in_order
from leakscan.detection.detector import Detector
from leakscan.detection.runs import stretches
from tests.scanning import detect, fresh

from .test_encodings import of_value


def each(form: str, between: str = ", ") -> Callable[[str], str]:
    """Each byte in the same form, with something between them."""
    return lambda text: between.join(form.format(ord(letter), letter) for letter in text)


def in_rows(form: str, between: str) -> Callable[[str], str]:
    """The same, eight in a line."""
    row = each(form, ",")
    return lambda text: between.join(row(text[at : at + 8]) for at in range(0, len(text), 8))


# {sid} and {token}, and what stands for the token.
NUMBERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "Go": ('const sid = "{sid}"\nvar s = string([]byte{{{it}}})\n', each("{}")),
    "Go, over lines": ('const sid = "{sid}"\nvar s = []byte{{\n\t{it},\n}}\n', in_rows("0x{:02x}", ",\n\t")),
    "Java": ('String SID = "{sid}";\nString s = new String(new byte[] {{{it}}});\n', each("{}")),
    "Java's casts": ('String SID = "{sid}";\nbyte[] s = {{{it}}};\n', each("(byte) 0x{:02x}")),
    "Rust": ('const SID: &str = "{sid}";\nconst S: [u8; 32] = [{it}];\n', each("0x{:02x}u8")),
    "Rust's letters": ('const SID: &str = "{sid}";\nconst S: [u8; 32] = [{it}];\n', each("b'{1}'")),
    "Swift": ('let sid = "{sid}"\nlet raw: [UInt8] = [{it}]\n', each("0x{:02X}")),
    "Kotlin": ('const val SID = "{sid}"\nval s = String(byteArrayOf({it}))\n', each("{}")),
    "PowerShell": ("$sid = '{sid}'\n$s = -join ([char[]]({it}))\n", each("{}", ",")),
    "PowerShell's casts": ("$sid = '{sid}'\n$s = {it}\n", each("[char]0x{:02x}", " + ")),
    "codes in a text": ("$sid = '{sid}'\n$s = -join ('{it}'.Split(' ') | % {{ [char][int]$_ }})\n", each("{}", " ")),
    "Visual Basic": ('sid = "{sid}"\ns = {it}\n', each("Chr$({})", " & _\n    ")),
    "Visual Basic's hex": ('sid = "{sid}"\ns = {it}\n', each("ChrW(&H{:02X})", " & ")),
    "one after the other": ("$sid = '{sid}';\n$s = '';\n$s .= {it};\n", each("chr({})", ";\n$s .= ")),
    "T-SQL": ("SET @sid = '{sid}';\nSET @s = {it};\n", each("CHAR({})", "+")),
    "JavaScript": ("const sid = '{sid}';\nconst s = {it};\n", each("String.fromCharCode({})", "+")),
    "Delphi": ("const sid = '{sid}';\nconst s = {it};\n", each("#{}", "")),
    "Delphi's hex": ("const sid = '{sid}';\nconst s = {it};\n", each("#${:02X}", "")),
    "Lua": ('local sid = "{sid}"\nlocal s = "{it}"\n', each("\\{:03d}", "")),
    "Lua, short": ('local sid = "{sid}"\nlocal s = "{it}"\n', each("\\{}", "")),
    "echo": ("SID={sid}\nS=$(echo -e '{it}')\n", each("\\0{:03o}", "")),
    "Perl": ("my $sid = '{sid}';\nmy $s = \"{it}\";\n", each("\\x{{{:02x}}}", "")),
    ".NET": ("sid {sid}\ns {it}\n", each("{:02X}", "-")),
    "blanks": ("SID={sid}\nS=$(echo {it} | xxd -r -p)\n", each("{:02x}", " ")),
    "a registry file": ('"Sid"="{sid}"\r\n"S"=hex:{it}\r\n', each("{:02x}", ",")),
    "a registry file, wide": ('"Sid"="{sid}"\r\n"S"=hex(2):{it},00,00\r\n', in_rows("{:02x},00", ",\\\r\n  ")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "encode"), NUMBERS.values(), ids=list(NUMBERS))
def test_a_value_that_hides_beside_a_sid(detector: Detector, text: str, encode: Callable[[str], str]) -> None:
    token, sid = fresh(), fresh("account_sid")
    found = detect(detector, "// twilio\n" + text.format(sid=sid, it=encode(token)))
    assert [one.secret.reveal() for one in found if one.score > 0] == [sid, token]


@pytest.mark.parametrize(("text", "encode"), NUMBERS.values(), ids=list(NUMBERS))
def test_a_table_of_hashes_hides_nothing(detector: Detector, text: str, encode: Callable[[str], str]) -> None:
    sid = fresh("account_sid")
    table = "".join(text.format(sid=sid, it=encode(fresh())) for _ in range(6))
    assert {one.secret.reveal() for one in detect(detector, "// twilio\n" + table) if one.score > 0} == {sid}


def lines(data: bytes, form: Callable[[int, bytes], str], width: int = 16) -> str:
    """A dump: a line for so many bytes."""
    return "\n".join(form(at, data[at : at + width]) for at in range(0, len(data), width))


def shown(data: bytes) -> str:
    """What dumps show beside the digits."""
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)


DUMPS: dict[str, Callable[[bytes], str]] = {
    "xxd": lambda data: lines(data, lambda at, row: f"{at:08x}: {row.hex(' ', 2):<39}  {shown(row)}"),
    "hexdump -C": lambda data: lines(data, lambda at, row: f"{at:08x}  {row.hex(' '):<47}  |{shown(row)}|"),
    "od": lambda data: lines(data, lambda _, row: f" {row.hex(' ')}"),
    "tcpdump": lambda data: lines(data, lambda at, row: f"\t0x{at:04x}:  {row.hex(' ', -2):<39}  {shown(row)}"),
    "xxd -p": lambda data: lines(data, lambda _, row: row.hex(), 30),
    "xxd -i": lambda data: lines(data, lambda _, row: "  " + "".join(f"0x{byte:02x}, " for byte in row), 12),
    "NSData": lambda data: f"<{data.hex(' ', -4)}>",
}


@pytest.mark.parametrize("dump", DUMPS.values(), ids=list(DUMPS))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_dump_of_settings(detector: Detector, dump: Callable[[bytes], str], line_end: str) -> None:
    token = fresh()
    settings = line_end.join(["TWILIO=1", f"TWILIO_AUTH_TOKEN={token}", "PORT=1", ""])
    assert of_value(detect(detector, f"twilio\n\n{dump(settings.encode())}\n\nend\n"), token)


@pytest.mark.parametrize("dump", DUMPS.values(), ids=list(DUMPS))
def test_a_dump_of_what_is_no_text(detector: Detector, dump: Callable[[bytes], str]) -> None:
    data = dump(random.Random(1).randbytes(800))
    assert detect(detector, f"twilio auth_token\n{data}\n") == []


DATABASES = {
    "MySQL": "INSERT INTO `settings` VALUES (1,'twilio_account_sid',0x{sid}),(2,'twilio_auth_token',0x{token});\n",
    "standard": "INSERT INTO settings (k, v) VALUES ('account_sid', X'{sid}'), ('twilio_auth_token', x'{token}');\n",
    "bytea": "VALUES ('twilio_sid', '\\x{sid}'::bytea), ('twilio_auth_token', E'\\\\x{token}');\n",
    "decode": "VALUES ('twilio_sid', decode('{sid}', 'hex')), ('twilio_auth_token', decode('{token}', 'hex'));\n",
}


@pytest.mark.parametrize("text", DATABASES.values(), ids=list(DATABASES))
@pytest.mark.parametrize("digits", [str.lower, str.upper])
def test_a_literal_of_a_database(detector: Detector, text: str, digits: Callable[[str], str]) -> None:
    token, sid = fresh(), fresh("account_sid")
    text = text.format(sid=digits(sid.encode().hex()), token=digits(token.encode().hex()))
    found = detect(detector, text)
    assert of_value(found, token)
    assert of_value(found, sid)


@pytest.mark.parametrize("written", [str, lambda json: "\\\\x" + json.encode().hex()], ids=["jsonb", "bytea"])
def test_settings_in_json_in_a_column(detector: Detector, written: Callable[[str], str]) -> None:
    token = fresh()
    value = written(f'{{"authToken": "{token}", "etag": "{fresh()}"}}')
    row = f"COPY public.integration (id, kind, config) FROM stdin;\n2\ttwilio\t{value}\n\\.\n"
    assert [one.secret.reveal() for one in detect(detector, row) if one.score > 0] == [token]


@pytest.mark.parametrize("column", ["value", "option_value"])
def test_an_update_of_the_row_with_a_name(detector: Detector, column: str) -> None:
    token, other = fresh(), fresh()
    text = (
        f"UPDATE settings SET {column} = '{other}' WHERE name = 'twilio_build_md5';\n"
        f"UPDATE settings SET {column} = '{token}' WHERE name = 'twilio_auth_token';\n"
    )
    assert [one.secret.reveal() for one in detect(detector, text) if one.score > 0] == [token]


def bare(text: str) -> str:
    """Compressed without a header, in base64."""
    return base64.b64encode(zlib.compress(text.encode(), 9)[2:-4]).decode()


@pytest.mark.parametrize(
    "text",
    [
        "<?php eval(gzinflate(base64_decode('{}')));\n",
        "const c = zlib.inflateRawSync(Buffer.from('{}', 'base64'));\n",
        "C = zlib.decompress(base64.b64decode('{}'), -15)\n",
        '<mxfile host="app.diagrams.net"><diagram id="a" name="Page-1">{}</diagram></mxfile>\n',
    ],
)
def test_text_that_is_compressed_without_a_header(detector: Detector, text: str) -> None:
    token = fresh()
    settings = f"# {' '.join(map(str, range(60)))}\ndefine('TWILIO_AUTH_TOKEN', '{token}');\n"
    assert of_value(detect(detector, text.format(bare(settings))), token)
    assert detect(detector, text.format(bare(settings.replace(token, "set-it-here")))) == []
    noise = base64.b64encode(random.Random(2).randbytes(900)).decode()
    assert detect(detector, "twilio " + text.format(noise)) == []


def test_who_logs_in_at_a_mail_server(detector: Detector) -> None:
    key, token, sid = fresh("sendgrid_api_key"), fresh(), fresh("account_sid")
    for name, value in (("apikey", key), (sid, token)):
        said = base64.b64encode(f"\0{name}\0{value}".encode()).decode()
        assert of_value(detect(detector, f"# sendgrid, twilio\nAUTH PLAIN {said}\n"), value)


def test_a_line_that_goes_on_behind_a_blank(detector: Detector) -> None:
    token, sid = fresh(), fresh("account_sid")
    text = f"description: Twilio account {sid[:11]}\n {sid[11:]}, ours\ntwilioAuthToken: {token[:20]}\n {token[20:]}\n"
    found = detect(detector, text)
    assert of_value(found, token)
    assert of_value(found, sid)


def test_an_address_in_an_address(detector: Detector) -> None:
    token, sid = fresh(), fresh("account_sid")
    text = f"GET /login?next=cb%3Dhttps%253A%252F%252Fapi.twilio.com%26auth%3D{sid}%253A{token} HTTP/1.1\n"
    assert of_value(detect(detector, text), token)


@pytest.mark.parametrize("name", ["twilio%5Bauth_token%5D", "settings%5btwilio%5d%5btoken%5d", "twilio[auth_token]"])
def test_a_field_of_a_form(detector: Detector, name: str) -> None:
    token, sid = fresh(), fresh("account_sid")
    assert of_value(detect(detector, f"a=b&twilio%5Bsid%5D={sid}&{name}={token}\n"), token)


def test_a_field_of_a_form_that_is_no_token(detector: Detector) -> None:
    text = f"twilio%5Bsid%5D={fresh('account_sid')}&file%5Bmd5%5D={fresh()}&csrf%5Btoken%5D={fresh()}\n"
    assert [each.rule for each in detect(detector, text) if each.rule == "twilio-auth-token" and each.score > 0] == []


@pytest.mark.parametrize("form", ["&#x{:x};", "&#{};", "\\x{:02X}", "\\u{:04x}", "%{:02x}"])
def test_a_key_whose_signs_are_escaped(detector: Detector, form: str) -> None:
    key = fresh("sendgrid_api_key")
    escaped = "".join(letter if letter.isalnum() else form.format(ord(letter)) for letter in key)
    assert of_value(detect(detector, f'sendgrid <input name="apiKey" value="{escaped}">\n'), key)


@pytest.mark.parametrize("name", ["token_hex", "tokenHex", "TOKEN_HEX", "token-b64"])
def test_how_it_is_encoded_is_no_part_of_its_name(detector: Detector, name: str) -> None:
    token, sid = fresh(), fresh("account_sid")
    coded = base64.b64encode(token.encode()).decode() if "b64" in name else token.encode().hex()
    found = of_value(detect(detector, f"[twilio]\naccount={sid}\n{name}={coded}\nmd5={fresh()}\n"), token)
    assert [one.name for one in found] == ["token"]


def test_an_equals_sign_in_quoted_printable_is_no_part_of_a_value(detector: Detector) -> None:
    sid, token = fresh("account_sid"), fresh()
    body = f"F=C3=BCr Twilio:\nTWILIO_ACCOUNT_SID=3D{sid}\nTWILIO_AUTH_TOKEN=3D{token}\n"
    found = detect(detector, f"Content-Transfer-Encoding: quoted-printable\n\n{body}")
    assert {each.secret.reveal() for each in found} == {sid, token}


# Pieces of lists of numbers and of what stands beside them, any of which may end or begin a run.
CODES = st.sampled_from(
    [
        "84",
        "0x57",
        "119",
        " 105",
        "8",
        "1",
        ",",
        ", ",
        " ",
        "\n  ",
        "\v",
        "(byte)",
        "u8",
        "x",
        "z",
        ".",
        "4f:",
        "4f-",
        "\\\n",
    ]
)
SOME = st.just("".join(f"{code}, " for code in b"TWILIO_AUTH_TOKEN="))


@given(st.lists(st.one_of(CODES, SOME), max_size=60))
def test_where_codes_may_stand_is_told_without_their_pattern(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    (codes,) = signs._SIGNS["codes"]
    assert list(codes._runs(data)) == list(codes._replace(outline=None)._runs(data))
    assert [each.start() for each in hexadecimal._SPACED.finditer(data)] == [
        found.start()
        for start, end in stretches(data, hexadecimal._SPACED_OUTLINE, hexadecimal._LEAST_SPACED)
        for found in hexadecimal._SPACED.finditer(data, start, end + 1)
    ]


@pytest.mark.parametrize("sign", [", ", ","])
def test_codes_behind_a_list_in_order_are_read(detector: Detector, sign: str) -> None:
    token = fresh()
    numbers = sign.join(map(str, range(40, 90)))
    codes = sign.join(str(code) for code in f"TWILIO_AUTH_TOKEN={token}\n".encode())
    text = f"# twilio\nlines = [{numbers}]\ncodes = [{numbers}{sign}{codes}]\nbytes([{codes}])\n"
    assert token in {each.secret.reveal() for each in detect(detector, text)}


@given(st.lists(st.integers(0, 127), max_size=30))
def test_a_list_in_order_is_told_with_its_commas(numbers: list[int]) -> None:
    listed = ", ".join(map(str, numbers)).encode()
    assert is_list_in_order(listed) is (len(numbers) >= 12 and numbers == sorted(numbers))
    assert not is_list_in_order(listed.replace(b",", b""))
    assert not is_list_in_order(listed + b", 0x41")
