"""The lines that use a credential's variable, and what kind of place each is."""

import pytest

from leakscan.analysis.usage.dependents import depending, names
from leakscan.analysis.usage.variables import instead
from leakscan.detection.detector import Detector
from leakscan.detection.rules import RuleSet
from leakscan.model import Finding
from tests.scanning import detect, fresh, judged, token_line

PLACES = {
    ".github/workflows/ci.yml": (
        "  TOKEN: ${{ secrets.TWILIO_AUTH_TOKEN }}",
        "GitHub Actions, secret TWILIO_AUTH_TOKEN",
    ),
    ".gitlab-ci.yml": ("  - deploy $TWILIO_AUTH_TOKEN", "GitLab CI"),
    "docker-compose.yml": ("      TWILIO_AUTH_TOKEN: ${TWILIO_AUTH_TOKEN}", "Docker"),
    "infra/main.tf": ("  TWILIO_AUTH_TOKEN = var.token", "Terraform"),
    "deploy/app.yaml": ("        - name: TWILIO_AUTH_TOKEN", "Kubernetes"),
    "x.yaml": ("kind: Secret\ndata:\n  TWILIO_AUTH_TOKEN: x", "Kubernetes"),
    "src/app.py": ('token = os.environ["TWILIO_AUTH_TOKEN"]', "code"),
    ".env.example": ("TWILIO_AUTH_TOKEN=", "environment file"),
    "README.md": ("Set TWILIO_AUTH_TOKEN.", "documentation"),
}


@pytest.mark.parametrize("path", list(PLACES))
def test_places(path: str) -> None:
    text, kind = PLACES[path]
    (found,) = depending([(path, text)], ["TWILIO_AUTH_TOKEN"])
    assert (found.path, found.name, found.kind) == (path, "TWILIO_AUTH_TOKEN", kind)


def test_a_part_of_another_name_is_none() -> None:
    assert depending([("a.py", "MY_TWILIO_AUTH_TOKEN TWILIO_AUTH_TOKENS")], ["TWILIO_AUTH_TOKEN"]) == ()
    assert depending([("a.py", "TWILIO_AUTH_TOKEN")], []) == ()


def test_no_value_is_shown() -> None:
    token = fresh()
    (found,) = depending([("a.env", token_line(token))], ["TWILIO_AUTH_TOKEN"])
    assert token not in found.excerpt


def finding(detector: Detector, rules: RuleSet, text: str, value: str) -> Finding:
    return judged(detect(detector, text), rules)[value]


def test_names_come_from_where_it_was_found(detector: Detector, rules: RuleSet) -> None:
    token = fresh()
    text = token_line(token).replace("TWILIO_AUTH_TOKEN", "OUR_TWILIO_TOKEN")
    assert names(finding(detector, rules, text, token)) == ("OUR_TWILIO_TOKEN", "TWILIO_AUTH_TOKEN")


INSTEAD = {
    "a.py": 'os.environ["TWILIO_AUTH_TOKEN"]',
    "a.tsx": "process.env.TWILIO_AUTH_TOKEN",
    "a.rb": 'ENV.fetch("TWILIO_AUTH_TOKEN")',
    "a.php": 'getenv("TWILIO_AUTH_TOKEN")',
    "A.java": 'System.getenv("TWILIO_AUTH_TOKEN")',
    "a.go": 'os.Getenv("TWILIO_AUTH_TOKEN")',
    "A.cs": 'Environment.GetEnvironmentVariable("TWILIO_AUTH_TOKEN")',
    "a.sh": '"${TWILIO_AUTH_TOKEN}"',
    "a.unknown": "a reference to the environment variable TWILIO_AUTH_TOKEN",
}


@pytest.mark.parametrize("path", list(INSTEAD))
def test_what_to_write_instead(detector: Detector, rules: RuleSet, path: str) -> None:
    token = fresh()
    found = finding(detector, rules, token_line(token), token)
    assert instead(found, path) == INSTEAD[path]
    assert "out of git" in instead(found, "config/.env.production")
