"""How a line of code reads a credential from an environment variable instead of holding it."""

from leakscan.model import Finding

# https://www.twilio.com/docs/usage/secure-credentials
_READS = {
    "py": 'os.environ["{name}"]',
    "js ts jsx tsx mjs cjs mts cts": "process.env.{name}",
    "rb rake": 'ENV.fetch("{name}")',
    "php": 'getenv("{name}")',
    "java kt kts scala groovy": 'System.getenv("{name}")',
    "cs vb fs": 'Environment.GetEnvironmentVariable("{name}")',
    "go": 'os.Getenv("{name}")',
    "rs": 'std::env::var("{name}")',
    "ex exs": 'System.fetch_env!("{name}")',
    "pl": "$ENV{{{name}}}",
    "sh bash zsh yml yaml": '"${{{name}}}"',
    "tf tfvars hcl": "var.{lower} (marked sensitive)",
    "swift dart": "nothing: an app must not hold it; have a server hand out short-lived Access Tokens",
}
_BY_ENDING = {ending: text for endings, text in _READS.items() for ending in endings.split()}
_NAMES = {
    "auth_token": "TWILIO_AUTH_TOKEN",
    "api_key_secret": "TWILIO_API_SECRET",
    "oauth_client_secret": "TWILIO_CLIENT_SECRET",
    "sendgrid_api_key": "SENDGRID_API_KEY",
    "segment_public_api_token": "SEGMENT_API_TOKEN",
    "segment_config_api_token": "SEGMENT_API_TOKEN",
    "authy_api_key": "AUTHY_API_KEY",
}


def variable(kind: str) -> str:
    """The environment variable that usually holds a credential of a kind."""
    return _NAMES.get(kind, kind.upper())


def instead(finding: Finding, path: str) -> str:
    """What should stand at a path instead of the finding's value."""
    name = path.rpartition("/")[2]
    if name.startswith(".env") or name.endswith(".env"):
        return "nothing: take the file out of git (git rm --cached) and name it in .gitignore"
    wanted = variable(finding.rule.kind)
    text = _BY_ENDING.get(name.rpartition(".")[2].lower(), "a reference to the environment variable {name}")
    return text.format(name=wanted, lower=wanted.lower())
