"""A secret that signed a token of the repository is proven, wherever the token stands and however old it is."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.model import Finding
from tests.scanning import fresh, scan_paths


def part(data: object) -> str:
    """A part of a token."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def token(secret: str, header: dict[str, object], claims: dict[str, object]) -> str:
    """A token that a secret signs."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def access_token(secret: str, key: str, account: str) -> str:
    """An Access Token that has long expired."""
    header: dict[str, object] = {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}
    grants = {"identity": "bob", "video": {"room": "one"}}
    return token(
        secret, header, {"jti": f"{key}-1", "iss": key, "sub": account, "exp": 1_600_000_000, "grants": grants}
    )


def capability_token(secret: str, account: str) -> str:
    """A Capability Token of an account."""
    scope = f"scope:client:outgoing?appSid=AP{'0123456789abcdef' * 2}"
    return token(secret, {"typ": "JWT", "alg": "HS256"}, {"scope": scope, "iss": account, "exp": 1_500_000_000})


def finding(prepared: Prepared, folder: Path, value: str) -> Finding:
    """The finding of a value in a folder."""
    report = scan_paths(prepared, folder)
    (found,) = [each for each in report.findings if each.secret.reveal() == value]
    return found


def test_the_secret_of_an_api_key(tmp_path: Path, shipped: Prepared) -> None:
    secret, key, account = fresh("api_key_secret"), fresh("api_key_sid"), fresh("account_sid")
    (tmp_path / "old.log").write_text(f"token={access_token(secret, key, account)}\n")
    (tmp_path / "settings.py").write_text(f"TWILIO_API_SECRET = '{secret}'\n")
    found = finding(shipped, tmp_path, secret)
    assert (found.confidence, found.verification.state) == (1.0, "proven_offline")
    assert "old.log:1" in found.verification.detail
    both = {finding(shipped, tmp_path, value).fingerprint for value in (key, account)}
    assert both <= set(found.pair)


def test_an_auth_token(tmp_path: Path, shipped: Prepared) -> None:
    secret, account = fresh(), fresh("account_sid")
    (tmp_path / "a.html").write_text(f"Twilio.Device.setup('{capability_token(secret, account)}');\n")
    (tmp_path / ".env").write_text(f"TWILIO_AUTH_TOKEN={secret}\n")
    found = finding(shipped, tmp_path, secret)
    assert (found.confidence, found.verification.state) == (1.0, "proven_offline")


def test_a_secret_that_signed_nothing_is_not_proven(tmp_path: Path, shipped: Prepared) -> None:
    secret, key, account = fresh("api_key_secret"), fresh("api_key_sid"), fresh("account_sid")
    (tmp_path / "a.log").write_text(f"token={access_token(fresh('api_key_secret'), key, account)}\n")
    (tmp_path / "b.env").write_text(f"TWILIO_API_SECRET={secret}\n")
    assert finding(shipped, tmp_path, secret).verification.state == "unchecked"


@pytest.mark.parametrize("claims", ["[]", "{", '"a"', '{"sub": 1}'])
def test_a_token_that_is_none_proves_nothing(tmp_path: Path, shipped: Prepared, claims: str) -> None:
    secret = fresh("api_key_secret")
    broken = f"{part({'alg': 'HS256', 'cty': 'twilio-fpa;v=1'})}.{part(claims.encode())}.{part(b'x' * 32)}"
    (tmp_path / "b.env").write_text(f"TWILIO_API_SECRET={secret}\nTOKEN={broken}\n")
    assert finding(shipped, tmp_path, secret).verification.state == "unchecked"
