"""An Auth Token that signed a request which somebody recorded is proven, however the request was written down."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest
from twilio.request_validator import RequestValidator

from leakscan.detection.cache import Prepared
from leakscan.model import Finding
from tests.scanning import fresh, scan_paths

URL = "https://example.org/sms/incoming?lang=en"


def parameters(account: str) -> dict[str, str]:
    return {
        "AccountSid": account,
        "ApiVersion": "2010-04-01",
        "Body": "Hi & 'bye' = \u00e9",
        "From": "+15005550006",
        "FromState": "",
        "NumMedia": "0",
        "To": "+15005550009",
    }


def har(signature: str, sent: Mapping[str, str]) -> str:
    headers = [{"name": "Host", "value": "example.org"}, {"name": "X-Twilio-Signature", "value": signature}]
    posted = {"mimeType": "x", "params": [{"name": name, "value": value} for name, value in sent.items()]}
    entry = {"request": {"method": "POST", "url": URL, "headers": headers, "postData": posted}}
    return json.dumps({"log": {"entries": [entry]}}, indent=1)


def har_text(signature: str, sent: Mapping[str, str]) -> str:
    headers = [{"name": "X-Twilio-Signature", "value": signature}]
    entry = {"request": {"url": URL, "headers": headers, "postData": {"text": urlencode(sent)}}}
    return json.dumps({"log": {"entries": [entry]}})


def cassette(signature: str, sent: Mapping[str, str]) -> str:
    return (
        f"http_interactions:\n- request:\n    method: post\n    uri: {URL}\n    body:\n      encoding: UTF-8\n"
        f"      string: {urlencode(sent)}\n    headers:\n      X-Twilio-Signature:\n      - {signature}\n"
    )


def wire(signature: str, sent: Mapping[str, str]) -> str:
    path = URL.removeprefix("https://example.org")
    return (
        f"POST {path} HTTP/1.1\nHost: example.org\nX-Twilio-Signature: {signature}\n"
        f"Content-Type: application/x-www-form-urlencoded\n\n{urlencode(sent)}\n"
    )


def curl(signature: str, sent: Mapping[str, str]) -> str:
    return f"curl -X POST '{URL}' -H 'X-Twilio-Signature: {signature}' -d '{urlencode(sent, quote_via=quote_plus)}'\n"


def ruby(signature: str, sent: Mapping[str, str]) -> str:
    table = ",\n".join(f'        "{name}" => "{value}"' for name, value in sent.items())
    return (
        f"describe Twilio::Security::RequestValidator do\n  let(:url) {{ '{URL}' }}\n"
        f"  let(:params) do\n      {{\n{table}\n      }}\n  end\n  let(:signature) {{ '{signature}' }}\n"
    )


def python(signature: str, sent: Mapping[str, str]) -> str:
    table = "\n".join(f'    "{name}": {value!r},' for name, value in sent.items())
    return f"# X-Twilio-Signature\nURL = {URL!r}\nPARAMS = {{\n{table}\n}}\nSIGNATURE = '{signature}'\n"


def yaml(signature: str, sent: Mapping[str, str]) -> str:
    table = "\n".join(f'  {name}: "{value}"' for name, value in sent.items())
    return f"url: {URL}\nheaders:\n  X-Twilio-Signature: {signature}\nform:\n{table}\n"


FORMS: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    form.__name__: form for form in (har, har_text, cassette, wire, curl, ruby, python, yaml)
}


def finding(prepared: Prepared, folder: Path, value: str) -> Finding:
    (found,) = [each for each in scan_paths(prepared, folder).findings if each.secret.reveal() == value]
    return found


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_recorded_request(tmp_path: Path, shipped: Prepared, form: Callable[..., str]) -> None:
    token, account = fresh(), fresh("account_sid")
    sent = parameters(account)
    signature = RequestValidator(token).compute_signature(URL, sent)
    (tmp_path / "fixture.txt").write_text(form(signature, sent))
    (tmp_path / ".env").write_text(f"TWILIO_AUTH_TOKEN={token}\n")
    found = finding(shipped, tmp_path, token)
    assert (found.verification.state, found.confidence) == ("proven_offline", 1.0)
    assert account in found.verification.detail
    assert found.pair == (finding(shipped, tmp_path, account).fingerprint,)


def test_a_request_without_parameters(tmp_path: Path, shipped: Prepared) -> None:
    token = fresh()
    digest = hmac.digest(token.encode(), URL.encode(), hashlib.sha1)
    text = f"GET it: {URL}\nX-Twilio-Signature: {base64.b64encode(digest).decode()}\n"
    (tmp_path / "a.log").write_text(text)
    (tmp_path / ".env").write_text(f"TWILIO_AUTH_TOKEN={token}\n")
    assert finding(shipped, tmp_path, token).verification.state == "proven_offline"


@pytest.mark.parametrize("change", ["token", "body"])
def test_a_signature_of_something_else_proves_nothing(tmp_path: Path, shipped: Prepared, change: str) -> None:
    token, sent = fresh(), parameters(fresh("account_sid"))
    signature = RequestValidator(token).compute_signature(URL, sent)
    shown = sent | {"Body": "another"} if change == "body" else sent
    (tmp_path / "fixture.har").write_text(har(signature, shown))
    other = fresh() if change == "token" else token
    (tmp_path / ".env").write_text(f"TWILIO_AUTH_TOKEN={other}\n")
    assert finding(shipped, tmp_path, other).verification.state == "unchecked"


def test_a_signature_is_no_finding(tmp_path: Path, shipped: Prepared) -> None:
    sent = parameters("none")
    (tmp_path / "a.har").write_text(har(RequestValidator(fresh()).compute_signature(URL, sent), sent))
    assert scan_paths(shipped, tmp_path).findings == ()


def test_many_signatures_come_to_an_end(tmp_path: Path, shipped: Prepared) -> None:
    digest = base64.b64encode(hashlib.sha1(b"x").digest()).decode()
    (tmp_path / "a.log").write_text("X-Twilio-Signature\n" + f"https://a.example/ {digest} A=b&C=d\n" * 20_000)
    (tmp_path / ".env").write_text(f"TWILIO_AUTH_TOKEN={fresh()}\n")
    assert scan_paths(shipped, tmp_path).complete
