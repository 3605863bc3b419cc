"""What the code hands to Twilio under another name, and who has that name."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from leakscan.analysis.following import Following, references
from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.samples import Samples
from leakscan.model import Candidate, Content, Origin
from tests.scanning import detect, scan_paths

NAMED = {
    "an argument": ("client = Client(SID, hidden.word)", "word"),
    "of the environment": ('Client(SID, os.environ["SMS_GATE"]).messages.create(to=to)', "SMS_GATE"),
    "in ruby": ("Twilio::REST::Client.new(ENV['SMS_SID'], ENV.fetch('SMS_GATE'))", "SMS_GATE"),
    "two members": ("twilio.ClientParams{Username: accountSid, Password: smsGate}", "smsGate"),
    "a setting": ("auth_token = var.gate", "gate"),
    "composed": ("TWILIO_AUTH_TOKEN: ${SMS_GATE}", "SMS_GATE"),
    "of a cluster": (
        "name: TWILIO_AUTH\n  valueFrom:\n    secretKeyRef:\n      name: sms\n      key: gate",
        "gate",
    ),
    "injected": ('@Value("${sms.gate}") String gate;\nvoid init() { Twilio.init(user, gate); }', "sms.gate"),
    "by a variable": ("gate = settings['SMS_GATE']\nClient(sid, gate)", "SMS_GATE"),
    "what signs tokens": ("AccessToken(sid, api_key, os.environ['ROOM_GATE'], identity=me)", "ROOM_GATE"),
    "with a key": ("twilio.rest.Client(api_key, gate, account)", "gate"),
    "a file": ("twilio_token_file: ./run/gate", "run/gate"),
    "a file of a secret": ("secrets:\n  twilio_token:\n    file: ./run/gate\n", "run/gate"),
    "a file of a secret on one line": ("secrets:\n  twilio_auth_token: { file: ./run/gate }\n", "run/gate"),
}
NOBODYS = {
    "it tells itself": "Client(SID, os.environ['TWILIO_AUTH_TOKEN'])",
    "another client": "queue = new Client(host, cachePw)",
    "another key": "Cache(api_key, word)",
    "nothing": "Client(SID, None)",
    "a literal": "Client(SID, '" + "a1" * 16 + "')",
}


@pytest.mark.parametrize(("text", "name"), NAMED.values(), ids=NAMED)
def test_a_name_is_taken_from(text: str, name: str) -> None:
    assert [each.name for each in references("a", text)] == [name]


@pytest.mark.parametrize("text", NOBODYS.values(), ids=NOBODYS)
def test_no_name_is_taken_where(text: str) -> None:
    assert not list(references("a", text))


def followed(detector: Detector, prepared: Prepared, files: Mapping[str, str]) -> list[Candidate]:
    """What is found over these files, of which the first hands something on."""
    contents = [Content(text.encode(), Origin(path)) for path, text in files.items()]
    seen = [each for path, text in files.items() for each in detect(detector, text, path)]
    following = Following(seen, prepared.rules)
    if following.wanted:
        for look in (following.learn, following.find):
            for content in contents:
                look(content)
    return following.candidates


CODE = "from twilio.rest import Client\nclient = Client('@{account_sid}', gate)\n"


def test_the_value_is_found_and_not_told(detector: Detector, prepared: Prepared) -> None:
    samples = Samples()
    files = {"app/a.py": samples.fill(CODE), "lib/b.py": samples.fill("\n\ngate = '@{auth_token}'\n")}
    (found,) = followed(detector, prepared, files)
    assert found.secret.reveal() == samples.value("auth_token")
    assert (found.origin.path, found.place.line, found.place.column) == ("lib/b.py", 3, 9)
    assert "app/a.py hands gate to Twilio" in found.evidence
    assert samples.value("auth_token") not in " ".join((*found.evidence, found.excerpt))


def test_nothing_is_sought_where_each_sid_has_its_secret(detector: Detector, prepared: Prepared) -> None:
    own = Samples().fill(CODE + "TWILIO_AUTH_TOKEN = '@{auth_token}'\n")
    assert not followed(detector, prepared, {"a.py": own, "b.py": Samples().fill("gate = '@{hex32}'")})


def test_everybodys_word_counts_in_folders_of_one_line_only(detector: Detector, prepared: Prepared) -> None:
    code = Samples().fill(CODE.replace("gate", "token"))
    value = Samples().fill("token: @{auth_token}\n")
    assert followed(detector, prepared, {"sms/app.py": code, "sms/conf/a.yml": value})
    assert not followed(detector, prepared, {"sms/app.py": code, "git/a.yml": value})


def test_a_name_with_many_values_is_none(detector: Detector, prepared: Prepared) -> None:
    many = {f"{number}.py": Samples().fill("gate = '@{auth_token}'") for number in range(6)}
    assert not followed(detector, prepared, {"a.py": Samples().fill(CODE)} | many)


def test_a_scan_follows_what_it_reads_alone(prepared: Prepared, tmp_path: Path) -> None:
    samples = Samples()
    for name, text in {"a.py": CODE, "b.py": "gate = '@{auth_token}'\n"}.items():
        (tmp_path / name).write_text(samples.fill(text))
    kinds = [finding.rule.kind for finding in scan_paths(prepared, tmp_path).findings]
    assert sorted(kinds) == ["account_sid", "auth_token"]
    assert [f.rule.kind for f in scan_paths(prepared, tmp_path / "a.py").findings] == ["account_sid"]


def test_many_names_end(detector: Detector, prepared: Prepared) -> None:
    code = "".join(f"twilio(sid, gate{number}); gate{number} = conf.way{number};\n" for number in range(3000))
    files = {"a.js": Samples().fill("// twilio @{account_sid}\n") + code, "b.js": "x = (" * 20_000}
    assert not followed(detector, prepared, files)


READ = {
    "go": ("//go:embed run/gate.txt\nvar word string\nx := twilio.ClientParams{Username: sid, Password: trim(word)}"),
    "python": "word = open('run/gate.txt').read().strip()\nclient = Client(SID, word)",
    "rust": 'let word = include_str!("run/gate.txt").trim();\nlet client = twilio::Client::new(account_sid, word);',
    "ruby": "word = File.read('run/gate.txt').strip\nTwilio::REST::Client.new(account_sid, word)",
    "vite": "import word from './run/gate.txt?raw'\nconst client = twilio(sid, word)",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_a_file_is_named_whose_text_is_handed_over(text: str) -> None:
    assert "run/gate.txt" in [each.name for each in references("a", text)]
