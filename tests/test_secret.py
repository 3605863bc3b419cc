"""A Secret never shows itself; of a saved one only is known what its report said."""

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable

import pytest

from leakscan.model import Candidate, Origin, Place
from leakscan.secret import SavedSecret, Secret
from tests.scanning import fresh

VALUE = fresh()
SHOWN: dict[str, Callable[[Secret], object]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "format with a width": lambda secret: format(secret, ">60"),
    "f-string": lambda secret: f"<{secret}>",
    "f-string with repr": lambda secret: f"{secret!r} {secret!s} {secret!a}",
    "f-string with =": lambda secret: f"{secret=}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031  # the old way is what this is about
    "str.format": "{0} {0!r}".format,
    "in a list": lambda secret: str([secret, {secret: secret}]),
    "in a candidate": lambda secret: repr(candidate(secret)),
    "json with default": lambda secret: json.dumps(secret, default=str),
    "pickle": pickle.dumps,
    "pickle, oldest": lambda secret: pickle.dumps(secret, protocol=2),
    "pickle of a candidate": lambda secret: pickle.dumps(candidate(secret)),
    "deep copy": lambda secret: repr(copy.deepcopy(secret)),
    "as a dictionary": lambda secret: str(candidate(secret)._asdict()),
    "attributes": lambda secret: str(getattr(secret, "__dict__", "")),
    "redacted": lambda secret: secret.redacted,
    "hash": lambda secret: secret.sha256 + secret.fingerprint("auth_token"),
    "error": lambda secret: "".join(traceback.format_exception(failure(secret))),
    "error with its variables": lambda secret: "".join(
        traceback.TracebackException.from_exception(failure(secret), capture_locals=True).format()
    ),
}


def candidate(secret: Secret) -> Candidate:
    """A candidate of this value."""
    return Candidate("twilio-auth-token", secret, Origin("a"), Place(1, 1, 1, 33), 1.0, ())


def failure(secret: Secret) -> ValueError:
    """An error that a secret was handed to, with a traceback through code that holds it."""
    try:
        raise ValueError("bad", secret)  # noqa: TRY301
    except ValueError as error:
        return error


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_a_secret_never_shows_itself(show: Callable[[Secret], object]) -> None:
    shown = show(Secret(VALUE))
    text = shown.decode("latin-1") if isinstance(shown, bytes) else str(shown)
    assert all(VALUE[start : start + 8] not in text for start in range(len(VALUE) - 7))


def test_a_secret_does_not_log_itself(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").error("found %s", Secret(VALUE))
    assert VALUE not in caplog.text
    assert "32 characters" in caplog.text


def test_json_refuses_a_secret() -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps({"value": Secret(VALUE)})
    assert VALUE not in str(caught.value)


def test_reveal_is_the_way_out() -> None:
    assert Secret(VALUE).reveal() == VALUE


def test_a_pickled_copy_has_lost_its_value_and_knows_its_length() -> None:
    copied = pickle.loads(pickle.dumps(Secret(VALUE)))
    assert repr(copied) == repr(Secret(VALUE))
    with pytest.raises(ValueError, match="lost its value"):
        copied.reveal()


def test_equal_values_are_equal_secrets() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert hash(Secret(VALUE)) == hash(Secret(VALUE))
    assert Secret(VALUE) != Secret(fresh())
    assert Secret(VALUE) != VALUE


def test_copies_that_lost_different_values_are_not_equal() -> None:
    one, other = (pickle.loads(pickle.dumps(Secret(value))) for value in (VALUE, fresh("segment_public_api_token")))
    assert one != other


def test_a_fingerprint_depends_on_kind_and_value() -> None:
    marks = {Secret(value).fingerprint(kind) for value in (VALUE, fresh()) for kind in ("auth_token", "authy_api_key")}
    assert len(marks) == 4
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in marks)


@pytest.mark.parametrize("value", ["", "a", "é", "\udcff"], ids=ascii)
def test_any_text_can_be_a_secret(value: str) -> None:
    assert Secret(value).reveal() == value
    assert repr(Secret(value)) == f"Secret({len(value)} characters)"


def saved(value: str = VALUE) -> SavedSecret:
    """What a saved report knows of a value."""
    secret = Secret(value)
    return SavedSecret(secret.redacted, secret.sha256, secret.fingerprint("auth_token"))


def test_a_saved_secret_knows_what_its_report_said() -> None:
    secret = Secret(VALUE)
    assert (saved().redacted, saved().sha256) == (secret.redacted, secret.sha256)
    assert saved().fingerprint("auth_token") == secret.fingerprint("auth_token")
    assert (secret.held, saved().held) == (True, False)


def test_a_saved_secret_has_nothing_to_reveal() -> None:
    with pytest.raises(ValueError, match="a saved report holds none"):
        saved().reveal()


def test_saved_secrets_are_equal_by_their_hashes() -> None:
    assert saved() == saved()
    assert saved() != saved(fresh())
    assert saved() != Secret(VALUE)
    assert Secret(VALUE) != saved()
    assert len({saved(), saved(), saved(fresh())}) == 2


def test_a_saved_secret_crosses_a_pickle() -> None:
    copied = pickle.loads(pickle.dumps(saved()))
    assert copied == saved()
    assert copied.fingerprint("auth_token") == saved().fingerprint("auth_token")
