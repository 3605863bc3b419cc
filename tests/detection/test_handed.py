"""A value that a client is handed under a name that says nothing, and names that are handed to others."""

import pytest

from leakscan.detection.detector import Detector
from leakscan.detection.samples import Samples
from leakscan.model import Candidate
from tests.scanning import detect

from .test_encodings import of_value

HANDED = {
    "JavaScript": "const t = '@{auth_token}';\nconst c = require('twilio')('@{account_sid}', t);\n",
    "TypeScript": "let t: string = '@{auth_token}';\nconst c = new Twilio('@{account_sid}', t);\n",
    "Python": "k = '@{auth_token}'\nclient = Client('@{account_sid}', k)\n",
    "C#": 'var k = "@{auth_token}";\nTwilioClient.Init("@{account_sid}", k);\n',
    "Ruby": "k = '@{auth_token}'\nTwilio::REST::Client.new '@{account_sid}', k\n".replace("new '", "new('").replace(
        "k\n", "k)\n"
    ),
    "PHP": "$k = '@{auth_token}';\n$c = new Twilio\\Rest\\Client('@{account_sid}', $k);\n",
    "Go": 'k := "@{auth_token}"\nclient := twilio.NewClient("@{account_sid}", k, nil)\n',
    "a request": "k = '@{auth_token}'\n# twilio\nrequests.post(url, auth=('@{account_sid}', k))\n",
}


def handed(detector: Detector, text: str) -> list[Candidate]:
    """The candidates for the token of a text with slots that say that a client is handed it behind a SID."""
    samples = Samples()
    found = of_value(detect(detector, samples.fill(text)), samples.value("auth_token"))
    return [each for each in found if "passed to a client right after the Account SID" in each.evidence]


@pytest.mark.parametrize("text", HANDED.values(), ids=list(HANDED))
def test_what_a_client_is_handed_beside_a_sid(detector: Detector, text: str) -> None:
    assert handed(detector, text)


READ = {  # the SID is read where it is used
    "Python": 'client = Client(os.environ["TWILIO_ACCOUNT_SID"], "@{auth_token}")\n',
    "a call": "client = Client(os.getenv('TWILIO_ACCOUNT_SID'), '@{auth_token}')\n",
    "Ruby": "@client = Twilio::REST::Client.new(ENV['TWILIO_ACCOUNT_SID'], '@{auth_token}')\n",
    "PHP": '$twilio = new Client($_ENV["TWILIO_ACCOUNT_SID"], "@{auth_token}");\n',
    "C#": 'TwilioClient.Init(Environment.GetEnvironmentVariable("TWILIO_ACCOUNT_SID"), "@{auth_token}");\n',
    "settings": 'c = Client(cfg["twilio"]["sid"], "@{auth_token}")\n',
}


@pytest.mark.parametrize("text", READ.values(), ids=list(READ))
def test_what_a_client_is_handed_behind_a_sid_that_is_read(detector: Detector, text: str) -> None:
    assert handed(detector, "# twilio\n" + text)


MADE = {  # the SID is put together where it is used
    "a template": "const c = twilio(`AC${id}`, `@{auth_token}`);\n",
    "a sum": "const c = twilio('AC' + id, '@{auth_token}');\n",
    "an f-string": "client = Client(f'AC{cfg[\"id\"]}', '@{auth_token}')  # twilio\n",
    "Ruby": "c = Twilio::REST::Client.new(\"AC#{id}\", '@{auth_token}')\n",
    "PHP": "$c = new Twilio\\Rest\\Client('AC' . $id, '@{auth_token}');\n",
    "Java": 'Twilio.init("AC" + ID, "@{auth_token}");\n',
    "a format": "client = Client('AC%s' % rest, '@{auth_token}')  # twilio\n",
    "format": "client = Client('AC{}'.format(rest), '@{auth_token}')  # twilio\n",
    "concat": "const c = twilio('AC'.concat(rest), '@{auth_token}');\n",
    "by its name": "const t = '@{auth_token}';\nconst c = twilio(`AC${id}`, t);\n",
    "by its name, a sum": "k = '@{auth_token}'\nclient = twilio.Client('AC' + rest, k)\n",
}


@pytest.mark.parametrize("text", MADE.values(), ids=list(MADE))
def test_what_a_client_is_handed_beside_a_sid_that_is_put_together(detector: Detector, text: str) -> None:
    assert handed(detector, text)


NOT_HANDED = {
    "what follows another thing that is read": 'c = Client(os.environ["REDIS_URL"], "@{hex32}")  # twilio\n',
    "a hash after a SID that is put together": "etag = md5(`AC${id}`, '@{hex32}'); // twilio\n",
    "a hash by its name after such a one": "const t = '@{hex32}';\ncache.put(`AC${id}`, t); // twilio\n",
    "another name": "const t = '@{hex32}';\nconst c = require('twilio')('@{account_sid}', token);\n",
    "a part of it": "const t = '@{hex32}';\nconst c = require('twilio')('@{account_sid}', t2.t);\n",
    "another call": "const t = '@{hex32}';\ncache.put('@{account_sid}', t);\n",
    "no SID": "const t = '@{hex32}';\nconst c = new HttpClient(host, t);\n",
    "a hash by its name": "const etag = '@{hex32}';\nconst c = client('@{account_sid}', etag);\n",
    "a member": "this.cache.t = '@{hex32}';\nconst c = require('twilio')('@{account_sid}', t);\n",
}


@pytest.mark.parametrize("text", NOT_HANDED.values(), ids=list(NOT_HANDED))
def test_what_no_client_is_handed(detector: Detector, text: str) -> None:
    assert [
        each for each in detect(detector, Samples().fill(text)) if each.rule == "twilio-auth-token" and each.score > 0
    ] == []
