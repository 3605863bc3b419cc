"""Twilio's own descriptions of its answers (https://github.com/twilio/twilio-oai) as JSON schemas, where there are any.

The environment variable TWILIO_OAI names the folder that holds them.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

# Read here, because the guards of each test may take variables away.
_FOLDER = os.environ.get("TWILIO_OAI", "")
_FILES = {
    "accounts": "twilio_accounts_v1.json",
    "api": "twilio_api_v2010.json",
    "iam": "twilio_iam_v1.json",
    "messaging": "twilio_messaging_v1.json",
    "monitor": "twilio_monitor_v1.json",
    "serverless": "twilio_serverless_v1.json",
    "verify": "twilio_verify_v2.json",
    "voice": "twilio_voice_v1.json",
}


def validator(product: str, path: str) -> Draft202012Validator:
    """What a 200 answer to a GET of a path must be; skips where the descriptions are not there."""
    spec = _spec(product)
    for template, item in spec["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(template)).replace(r"\-", "-")
        # A name in braces ends at a dot where the path does.
        if re.fullmatch(pattern, path) and "get" in item and _as_long(template, path):
            schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            return Draft202012Validator(_plain({**schema, "components": spec["components"]}))
    raise AssertionError(f"no such path: {product} {path}")


def _as_long(template: str, path: str) -> bool:
    return template.rpartition("/")[2].startswith("{") or template.rpartition("/")[2] == path.rpartition("/")[2]


@cache
def _spec(product: str) -> Any:
    path = Path(_FOLDER, _FILES[product])
    if not _FOLDER or not path.is_file():
        pytest.skip(f"TWILIO_OAI names no folder with {_FILES[product]}")
    return json.loads(path.read_text())


def _plain(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as a JSON schema that knows no other keys than those that it describes."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _plain(value) for name, value in schema.items() if name not in {"nullable", "format", "example"}}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    if "matching the pattern" in str(made.get("description")):  # which allows more than its own pattern does
        made.pop("pattern", None)
    if schema.get("nullable") is True:
        if "type" in made:
            made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
        if "$ref" in made:
            made = {"anyOf": [made, {"type": "null"}]}
    return made
