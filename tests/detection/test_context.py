"""The name that a value is assigned to, in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.context import Context
from leakscan.detection.enclosure import distance
from leakscan.detection.naming import core, words
from tests.scanning import fresh

NAMES = {
    "shell": ("export TWILIO_AUTH_TOKEN=§", "twilio auth token"),
    "tcl, array": ('set twilio(auth_token) "§"', "twilio auth token"),
    "qt": ('s.setValue("sms/authToken",  QStringLiteral("§"));', "sms auth token"),
    "cells with a style": (
        '<tr><td class="e">TWILIO_AUTH_TOKEN </td><td class="v" style="top: 0">§ </td></tr>',
        "twilio auth token",
    ),
    "one of several": ("Twilio Auth Token (prod): §", "twilio auth token"),
    "one of several, in a cell": ("| Auth Token (Website) | § |", "auth token"),
    "one of several, in Markdown": ("**Auth Token** [live] = `§`", "auth token"),
    "in a chat": ("12/05/21 21:41 - Ana: auth token\n12/05/21 21:42 - Ana: §", "auth token"),
    "copied rows": ("COPY public.t (id, auth_token) FROM stdin;\n1\tx\n2\t§", "t auth token"),
    "a dump's row": ("CREATE TABLE t (id INT(4), auth_token TEXT);\nINSERT INTO t VALUES (1, '§')", "t auth token"),
    "beside a comment": ("f(\n  'auth_token',  # its name\n  '§',\n)", "auth token"),
    "env, quoted": ('TWILIO_AUTH_TOKEN="§"', "twilio auth token"),
    "python": ("auth_token = '§'", "auth token"),
    "python, annotated": ("auth_token: str = '§'", "auth token"),
    "python, bytes": ("auth_token = b'§'", "auth token"),
    "python, keyword": ("client = connect(auth_token='§')", "auth token"),
    "python, dict": ("{'auth_token': '§'}", "auth token"),
    "python, default of getenv": ('os.getenv("TWILIO_AUTH_TOKEN", "§")', "twilio auth token"),
    "python, environ": ("os.environ['TWILIO_AUTH_TOKEN'] = '§'", "twilio auth token"),
    "javascript": ('const authToken = "§";', "auth token"),
    "javascript, backticks": ("let authToken = `§`", "auth token"),
    "javascript, property": ("module.exports = { authToken: '§' }", "auth token"),
    "javascript, fallback": ("const t = process.env.TWILIO_AUTH_TOKEN || '§'", "twilio auth token"),
    "typescript": ('private readonly authToken: string = "§";', "auth token"),
    "java": ('public static final String AUTH_TOKEN = "§";', "auth token"),
    "kotlin": ('const val AUTH_TOKEN: String = "§"', "auth token"),
    "scala": ('val authToken = "§"', "auth token"),
    "c#": ('const string authToken = "§";', "auth token"),
    "c# verbatim": ('var authToken = @"§";', "auth token"),
    "go": ('authToken := "§"', "auth token"),
    "go, struct": ('Config{AuthToken: "§"}', "auth token"),
    "rust": ('const AUTH_TOKEN: &str = "§";', "auth token"),
    "rust, raw": ('let auth_token = r"§".to_string();', "auth token"),
    "c": ('#define AUTH_TOKEN "§"', "auth token"),
    "c array": ('char auth_token[] = "§";', "auth token"),
    "objective-c": ('NSString *authToken = @"§";', "auth token"),
    "swift": ('let authToken = "§"', "auth token"),
    "dart": ("final authToken = '§';", "auth token"),
    "php": ("$auth_token = '§';", "auth token"),
    "php, array": ("'auth_token' => '§',", "auth token"),
    "php, define": ("define('TWILIO_AUTH_TOKEN', '§');", "twilio auth token"),
    "php, property": ("$this->authToken = '§';", "auth token"),
    "ruby": ("@auth_token = '§'", "auth token"),
    "ruby, symbol": (":auth_token => '§'", "auth token"),
    "ruby, keyword": ("auth_token: '§'", "auth token"),
    "ruby, fetch": ("ENV.fetch('TWILIO_AUTH_TOKEN', '§')", "twilio auth token"),
    "perl": ("my $auth_token = '§';", "auth token"),
    "elixir": ('config :app, auth_token: "§"', "auth token"),
    "r": ('auth_token <- "§"', "auth token"),
    "powershell": ('$authToken = "§"', "auth token"),
    "powershell, env": ('$env:TWILIO_AUTH_TOKEN = "§"', "twilio auth token"),
    "batch": ("set TWILIO_AUTH_TOKEN=§", "twilio auth token"),
    "dockerfile": ("ENV TWILIO_AUTH_TOKEN §", "twilio auth token"),
    "cobol": ('01 WS-AUTH-TOKEN  PIC X(32) VALUE\n    "§".', "auth token"),
    "yaml": ("auth_token: §", "auth token"),
    "yaml, list of env": ("- name: TWILIO_AUTH_TOKEN\n  value: §", "twilio auth token"),
    "json": ('{"authToken": "§"}', "auth token"),
    "json in a string": ('"{\\"authToken\\": \\"§\\"}"', "auth token"),
    "json, name and value": ('{"name": "TWILIO_AUTH_TOKEN", "value": "§"}', "twilio auth token"),
    "json, value and name": ('{"value": "§", "name": "TWILIO_AUTH_TOKEN"}', "twilio auth token"),
    "toml": ("auth-token = '§'", "auth token"),
    "ini": ("auth_token = §", "auth token"),
    "properties": ("twilio.auth.token=§", "twilio auth token"),
    "xml, element": ("<authToken>§</authToken>", "auth token"),
    "xml, attribute": ('<twilio authToken="§"/>', "auth token"),
    "xml, app settings": ('<add key="TwilioAuthToken" value="§" />', "twilio auth token"),
    "android strings": ('<string name="twilio_auth_token">§</string>', "twilio auth token"),
    "android strings, not translated": (
        '<string name="twilio_auth_token" translatable="false">§</string>',
        "twilio auth token",
    ),
    "a choice, first": ("authToken: isProd ? '§' : other,", "auth token"),
    "a choice, second": ("authToken: isProd ? 'no value' : '§',", "auth token"),
    "a default with its environment": ("auth_token: str = typer.Option('§', envvar='X')", "auth token"),
    "sql, options": (
        "INSERT INTO wp_options (option_id, option_name, option_value) VALUES (4, 'twilio_auth_token', '§');",
        "twilio auth token",
    ),
    "robot framework": ("*** Variables ***\n${TWILIO_TOKEN}    §\n", "twilio token"),
    "zig": ('const twilio_token: []const u8 = "§";', "twilio token"),
    "xml, elements": (
        '<field name="key">sms.auth_token</field>\n    <field name="value">§</field>',
        "sms auth token",
    ),
    "terraform": ('auth_token = "§"', "auth token"),
    "makefile": ("AUTH_TOKEN := §", "auth token"),
    "lisp": ('(def auth-token "§")', "auth token"),
    "plist": ("<key>AuthToken</key>\n<string>§</string>", "auth token"),
    "markdown": ("Auth Token: `§`", "auth token"),
    "csv": ("account,auth_token\nmain,§\n", "auth token"),
    "markdown table": ("| # | auth_token |\n|---|---|\n| 1 | § |", "auth token"),
    "sql": ("INSERT INTO accounts (id, auth_token) VALUES (1, '§');", "auth token"),
}
CASINGS = [
    "twilioAuthToken",
    "TwilioAuthToken",
    "TWILIO_AUTH_TOKEN",
    "twilio-auth-token",
    "twilio.auth.token",
    "twilio auth token",
]


def name_in(text: str) -> str:
    """The name that the value standing at `§` is assigned to."""
    start, value = text.index("§"), fresh()
    return Context(text.replace("§", value), start, start + len(value)).name


@pytest.mark.parametrize(("text", "name"), NAMES.values(), ids=NAMES)
def test_the_name_of_a_value(text: str, name: str) -> None:
    assert name in name_in(text)


@pytest.mark.parametrize("said", ["md5", "Stripe", "CSRF", "session", "example.org"])
def test_a_remark_in_brackets_that_tells_more_is_no_aside(said: str) -> None:
    assert "token" not in name_in(f"Auth Token ({said}): §")


@pytest.mark.parametrize(
    "text", ["und das Token=§", "ihr nehmt den Token: §", "et le token : §", "el token: §", "Token ist §"]
)
def test_small_words_of_prose_are_no_part_of_a_name(text: str) -> None:
    assert core(name_in(text)).endswith("token")


@pytest.mark.parametrize("text", ["connect(password='§')", "password: §", "<password>§</password>"])
def test_a_password_is_named(text: str) -> None:
    assert "password" in name_in(text)


BESIDE_ANOTHER_CELL = {
    "markdown table": "| name | auth_token |\n|---|---|\n| main | § |",
    "mediawiki": '{| class="wikitable"\n! Name !! scope="col" | Auth token\n|-\n| main || §\n|}',
    "mediawiki, a line a cell": "{|\n! Name\n! Auth token\n|-\n| old\n| none\n|-\n| main\n| §\n|}",
    "sql": "INSERT INTO accounts (name, auth_token) VALUES ('main', '§');",
}


@pytest.mark.parametrize("text", BESIDE_ANOTHER_CELL.values(), ids=BESIDE_ANOTHER_CELL)
def test_a_cell_is_named_by_its_column_and_not_by_its_neighbour(text: str) -> None:
    assert "auth token" in name_in(text)


@pytest.mark.parametrize("text", ["§", "see §", "foo(); §", "auth_token = other;\n\n§", "}\n§\n{"], ids=repr)
def test_a_value_that_stands_alone_is_not_named_after_a_token(text: str) -> None:
    assert "token" not in name_in(text)


@pytest.mark.parametrize("name", CASINGS)
def test_every_casing_gives_the_same_words(name: str) -> None:
    assert words(name) == "twilio auth token"


def test_the_core_of_a_name_leaves_out_what_tells_nothing() -> None:
    assert core("const my production auth token 2") == "auth token"
    assert core("auth 0 client secret") == "auth 0 secret"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("twilio:\n  token: §", "twilio"),
        ("[twilio]\ntoken = §", "twilio"),
        ('{"twilio": {"token": "§"}}', "twilio"),
        ("config = {\n  twilio: {\n    token: '§'\n  }\n}", "twilio"),
        ("<twilio>\n  <token>§</token>\n</twilio>", "twilio"),
    ],
    ids=["yaml", "ini", "json", "javascript", "xml"],
)
def test_what_encloses_a_value_is_its_scope(text: str, scope: str) -> None:
    start = text.index("§")
    assert scope in Context(text, start, start + 1).scope


def test_the_rest_of_its_row_encloses_a_cell() -> None:
    text = f"service,user,password,note\nmailgun,kim,§,old\ntwilio,{fresh('account_sid')},{fresh()},new\n"
    start = text.index("§")
    assert Context(text, start, start + 1).scope == "mailgun kim old"


def test_a_closed_section_does_not_enclose() -> None:
    text = '{"twilio": {"sid": 1}, "other": {"token": "§"}}'
    start = text.index("§")
    assert "twilio" not in Context(text, start, start + 1).scope


def test_an_argument_knows_its_call() -> None:
    text = f'client = new Twilio("{fresh("account_sid")}", "§")'
    start = text.index("§")
    assert "Twilio" in Context(text, start, start + 1).call


@given(text=st.text("ab_ =:\"'(){}[],;<>|\\/&\n\t-.xN", max_size=300), data=st.data())
def test_any_surroundings_have_a_context(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    around = Context(text, start, data.draw(st.integers(start, len(text))))
    assert around.name == words(around.written)
    assert around.before + text[start:] in text
    for aspect in (around.scope, around.call, around.previous, around.after, around.line, around.near):
        assert isinstance(aspect, str)


@pytest.mark.parametrize(
    ("between", "said"),
    [(" ", "same line"), ("\n", "adjacent line"), ("\n\n\n", "3 lines away"), ("\n" * 200, "same file")],
    ids=["same line", "next line", "three lines", "far"],
)
def test_distance_is_told_in_lines(between: str, said: str) -> None:
    text = f"AA{between}BB"
    assert distance(text, len(text) - 2, len(text), [(0, 2)]) == said
    assert distance(text, 0, 2, [(len(text) - 2, len(text))]) == said


def test_there_is_no_distance_to_nothing() -> None:
    assert distance("text", 0, 2, []) == ""


OTHER_SECTIONS = {
    "ini": ("[twilio]\nsid = ^\n[ami]\nsecret = ", "another section"),
    "yaml": ("twilio:\n  sid: ^\nmqtt:\n  password: ", "another section"),
    "yaml in one line": ("twilio:\n  sid: ^\nmqtt: { password: ", "another section"),
    "the other half's section": ("[account]\nsid = ^\n[secrets]\ntoken = ", "2 lines away"),
    "the left margin": ("sid: ^\nmqtt:\n  password: ", "2 lines away"),
    "a time": ("[02:11] Ann: ^\n[02:12] Ann: ", "adjacent line"),
    "code": ("    sid = '^'\nelse:\n    word = '", "2 lines away"),
    "a user of its own": ("user: ^\npassword: x\nuser: EX0012\npassword: ", "another section"),
    "an element's own user": ("<user>^</user>\n<pbx>\n<user>100</user>\n<password>", "another section"),
    "the user is the other half": ("user: ^\npassword: ", "adjacent line"),
    "the user is read by its name": ("sid = '^'\nlog_in(user=user, password='", "adjacent line"),
    "a user of something before": ("sid: ^\nuser: bob\npassword: x\ntoken: ", "3 lines away"),
    "a row of its own": (f"a,^,{'0' * 32}\nb,^,", "another section"),
    "another layout": (f"a,^,{'0' * 32}\nb = ", "adjacent line"),
    "a row below": ("sid,^\npassword,", "adjacent line"),
}


@pytest.mark.parametrize(("text", "said"), OTHER_SECTIONS.values(), ids=OTHER_SECTIONS)
def test_what_is_in_another_things_section_is_not_near(text: str, said: str) -> None:
    at = text.index("^")
    assert distance(text, len(text), len(text), [(at, at + 1)]) == said


def test_rows_behind_the_end_of_a_copy_have_none_of_its_columns() -> None:
    text = "COPY t (id, auth_token) FROM stdin;\n1\tx\n\\.\n\n2\t"
    assert Context(text + "0" * 32, len(text), len(text) + 32).name != "t auth token"
