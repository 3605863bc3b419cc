"""What code needs of a Restricted key: each language, requests by hand, and what only looks like Twilio."""

import random

import pytest

from leakscan.analysis.usage.calls import usage
from leakscan.analysis.usage.catalogue import ACTIONS, shipped

MESSAGE, CALLS = "messaging/messages/create", "voice/calls/list"
VERIFICATION, CHECK = "verify/verification/create", "verify/verification-check/create"
LOOKUP, NUMBERS = "lookup/phone-numbers/read", "phone-numbers/active-numbers/list"

CODE = {
    "a.py": (
        (
            "from twilio.rest import Client\nclient = Client(sid, token)\nclient.messages.create(\n    to=x)\n"
            "for call in client.calls.list(limit=3): pass\nservice = client.verify.v2.services(sid)\n"
            "service.verifications.create(to=x)\nclient.verify.v2.services(sid).verification_checks.create(code=c)\n"
            "client.lookups.v2.phone_numbers(x).fetch()\nself.client.incoming_phone_numbers.stream()\n"
        ),
        {MESSAGE: 3, CALLS: 5, VERIFICATION: 7, CHECK: 8, LOOKUP: 9, NUMBERS: 10},
    ),
    "b.js": (
        (
            "const client = require('twilio')(sid, token);\nclient.messages\n  .create({ body })\n  .then(done);\n"
            "client.calls.each((call) => {});\nawait client.verify.v2.services(s)\n  .verifications.create({ to });\n"
            "client.verify.v2.services(s).verificationChecks.create({ to });\n"
            "client.lookups.v1.phoneNumbers(n).fetch({ type: ['carrier'] });\nclient.incomingPhoneNumbers.list();\n"
        ),
        {MESSAGE: 3, CALLS: 5, VERIFICATION: 7, CHECK: 8, LOOKUP: 9, NUMBERS: 10},
    ),
    "c.ts": (
        (
            "import twilio from 'twilio';\nconst c: Twilio = twilio(a, b);\nawait c.messages.create({});\n"
            "await this.twilioClient.calls.list();\n"
        ),
        {MESSAGE: 3, CALLS: 4},
    ),
    "d.rb": (
        (
            "require 'twilio-ruby'\n@client = Twilio::REST::Client.new sid, token\n"
            "@client.messages.create from: a, to: b\n"
            "@client.api.account.calls.list.each { |c| puts c }\n@client.incoming_phone_numbers.list\n"
        ),
        {MESSAGE: 3, CALLS: 4, NUMBERS: 5},
    ),
    "e.php": (
        (
            "<?php\nuse Twilio\\Rest\\Client;\n$twilio = new Client($sid, $token);\n"
            "$twilio->messages->create($to, []);\n"
            "$calls = $twilio->calls->read([], 20);\n"
            "$twilio->verify->v2->services($s)->verifications->create($to, 'sms');\n"
            "$twilio->lookups->v2->phoneNumbers($n)->fetch();\n"
        ),
        {MESSAGE: 4, CALLS: 5, VERIFICATION: 6, LOOKUP: 7},
    ),
    "F.java": (
        (
            "import com.twilio.rest.api.v2010.account.Message;\nMessage.creator(to, from, body).create();\n"
            "Call.reader().read();\nVerification.creator(s, to, channel).create();\n"
        ),
        {MESSAGE: 2, CALLS: 3, VERIFICATION: 4},
    ),
    "G.kt": ("import com.twilio.rest.api.v2010.account.Message\nMessage.creator(a, b, c).create()\n", {MESSAGE: 2}),
    "H.cs": (
        (
            "using Twilio.Rest.Api.V2010.Account;\nvar m = await MessageResource.CreateAsync(options);\n"
            "CallResource.Read();\n"
            "IncomingPhoneNumberResource.Read();\n"
        ),
        {MESSAGE: 2, CALLS: 3, NUMBERS: 4},
    ),
    "i.go": (
        (
            'import "github.com/twilio/twilio-go"\nclient.Api.CreateMessage(params)\nclient.Api.ListCall(p)\n'
            "client.VerifyV2.CreateVerification(s, p)\nclient.LookupsV2.FetchPhoneNumber(n, p)\n"
        ),
        {MESSAGE: 2, CALLS: 3, VERIFICATION: 4, LOOKUP: 5},
    ),
    "j.sh": (
        (
            "curl -X POST https://api.twilio.com/2010-04-01/Accounts/$SID/Messages.json -d Body=x -u $SID:$T\n"
            "curl https://api.twilio.com/2010-04-01/Accounts/$SID/Calls.json -u $SID:$T\n"
            "curl https://verify.twilio.com/v2/Services/$V/Verifications \\\n  --data-urlencode To=$N -u $SID:$T\n"
        ),
        {MESSAGE: 1, CALLS: 2, VERIFICATION: 3},
    ),
    "k.py": (
        (
            "import requests\nurl = 'https://api.twilio.com/2010-04-01/Accounts/' + sid + '/Messages.json'\n"
            "requests.post(url, data={})\n"
        ),
        {MESSAGE: 2},
    ),
    "l.swift": (
        'let url = "https://api.twilio.com/2010-04-01/Accounts/\\(sid)/Messages.json"\nrequest.httpMethod = "POST"\n',
        {MESSAGE: 1},
    ),
}


@pytest.mark.parametrize("path", list(CODE))
def test_each_language(path: str) -> None:
    text, wanted = CODE[path]
    found = usage([(path, text)])
    assert {use.permission.removeprefix("/twilio/"): use.line for use in found.uses} == wanted
    assert found.beyond == ()


def test_the_order_of_files_does_not_matter() -> None:
    texts = [(path, text) for path, (text, _) in CODE.items()]
    once = usage(texts)
    random.shuffle(texts)
    assert usage(texts) == once
    assert len(once.permissions) == 6


TWILIO = "from twilio.rest import Client\nclient = Client(a, b)\n"
NOT_TWILIO = {
    "no word of Twilio": ("a.py", "client.messages.create(to=x)\n"),
    "Anthropic's": ("a.py", TWILIO + "ai = anthropic.Anthropic()\nai.messages.create(model=m)\n"),
    "OpenAI's": ("a.js", "import twilio from 'twilio'\nconst ai = new OpenAI();\nawait ai.messages.create({})\n"),
    "a model of one's own": ("a.py", TWILIO + "row = Row(1)\nrow.messages.create(body=x)\n"),
    "a comment": ("a.py", TWILIO + "# client.messages.create(to=x)\n"),
    "prose": ("a.md", "Twilio: client.messages.create(to=x)\n"),
    "an attribute": ("a.py", TWILIO + "client.messages.create = fake\n"),
    "another provider's host": (
        "a.sh",
        "# not twilio\ncurl -X POST https://api.example.org/v2/Services/x/Verifications\n",
    ),
}


@pytest.mark.parametrize(("path", "text"), NOT_TWILIO.values(), ids=list(NOT_TWILIO))
def test_what_only_looks_like_it(path: str, text: str) -> None:
    assert usage([(path, text)]) == ((), ())


BEYOND = {
    "webhooks, Python": (
        "a.py",
        "from twilio.request_validator import RequestValidator\nv = RequestValidator(t)\n",
        "auth_token",
    ),
    "webhooks, JavaScript": (
        "a.js",
        "const twilio = require('twilio');\napp.post('/', twilio.webhook(), f);\n",
        "auth_token",
    ),
    "webhooks, Ruby": ("a.rb", "v = Twilio::Security::RequestValidator.new(t)\n", "auth_token"),
    "webhooks, PHP": ("a.php", "use Twilio\\Security;\n$v = new RequestValidator($t);\n", "auth_token"),
    "Access Tokens": (
        "a.py",
        "from twilio.jwt.access_token import AccessToken\nt = AccessToken(a, k, s)\n",
        "api_key_secret",
    ),
    "Access Tokens, Ruby": ("a.rb", "t = Twilio::JWT::AccessToken.new(a, k, s)\n", "api_key_secret"),
    "Conversations": ("a.py", TWILIO + "client.conversations.v1.conversations.create()\n", ""),
    "Balance": ("a.py", TWILIO + "client.balance.fetch()\n", ""),
    "an action that there is not": ("a.py", TWILIO + "client.transcriptions(x).update()\n", ""),
    "what nobody knows yet": ("a.py", TWILIO + "client.telepathy.v1.thoughts.create()\n", ""),
    "Conversations, Go": ("a.go", "// twilio-go\nc.ConversationsV1.CreateConversation(p)\n", ""),
    "Balance, C#": ("a.cs", "using Twilio;\nBalanceResource.Fetch();\n", ""),
}


@pytest.mark.parametrize(("path", "text", "needs"), BEYOND.values(), ids=list(BEYOND))
def test_what_no_permission_covers_is_told(path: str, text: str, needs: str) -> None:
    found = usage([(path, text)])
    assert found.uses == ()
    assert {each.needs for each in found.beyond} == {needs}


def test_nothing_in_an_excerpt_is_a_value_or_a_person() -> None:
    text = (
        TWILIO
        + "client.messages.create(to='+14155550123', from_='ada@example.org', sid='0123456789abcdef0123456789abcdef')\n"
    )
    (use,) = usage([("a.py", text)]).uses
    for hidden in ("4155550123", "ada@example.org", "456789abcdef0"):
        assert hidden not in use.excerpt


def test_the_catalogue_is_sound() -> None:
    for each in shipped().resources:
        assert set(each.actions) <= set(ACTIONS)
        assert each.permission == each.permission.lower()
        assert each.allowing(ACTIONS[each.actions[0]])


HOSTILE = {
    "brackets": "twilio " + "(" * 50_000,
    "closing brackets": "twilio " + ")" * 50_000 + ".create(",
    "steps": "twilio" + ".a" * 50_000 + ".create(",
    "many calls": "twilio " + "a.b.create(" * 5_000,
    "one word": "twilio = " + "aA" * 50_000,
    "names": "twilio " + "a = B " * 20_000,
    "colons": "twilio " + "a::" * 50_000,
    "paths": "https://api.twilio.com/2010-04-01/Accounts/" + "/A" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.usefixtures("_time_limit")
def test_hostile_texts_end(text: str) -> None:
    usage([("a.py", text), ("a.sh", text)])
