"""A secret belongs to the identifier beside it, and to none where that would be a guess."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Detector
from leakscan.detection.samples import Samples
from tests.scanning import detect, judged


def pairs(detector: Detector, prepared: Prepared, samples: Samples, **files: str) -> set[tuple[str, str]]:
    """What is told to belong together in these files, as slots: identifier first."""
    slots: dict[str, str] = {}
    candidates = []
    for path, text in files.items():
        candidates += detect(detector, samples.fill(text), path.replace("__", "/"))
        slots |= {samples.value(part.split("}")[0]): part.split("}")[0] for part in text.split("@{")[1:]}
    found = judged(candidates, prepared.rules)
    by_mark = {finding.fingerprint: slots[value] for value, finding in found.items()}
    told = {tuple(sorted((by_mark[f.fingerprint], by_mark[mark]))) for f in found.values() for mark in f.pair}
    assert all(by_mark[f.fingerprint] in {m for pair in told for m in pair} for f in found.values() if f.pair)
    return {(one, other) for one, other in told}


PAIR = ("account_sid", "auth_token")
ONE_FILE = {
    "same line": "client = Client('@{account_sid}', '@{auth_token}')",
    "SID first": "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n",
    "SID last": "TWILIO_AUTH_TOKEN=@{auth_token}\nTWILIO_ACCOUNT_SID=@{account_sid}\n",
    "far away": "TWILIO_ACCOUNT_SID=@{account_sid}\n" + "\n" * 300 + "TWILIO_AUTH_TOKEN=@{auth_token}\n",
    "basic authentication": "curl -u @{account_sid}:@{auth_token} https://api.twilio.com/",
}


@pytest.mark.parametrize("text", ONE_FILE.values(), ids=ONE_FILE)
def test_the_two_of_one_file_belong_together(text: str, detector: Detector, prepared: Prepared) -> None:
    assert pairs(detector, prepared, Samples(), a=text) == {PAIR}


def test_both_kinds_of_secret_find_their_own_identifier(detector: Detector, prepared: Prepared) -> None:
    text = (
        "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_API_KEY=@{api_key_sid}\n"
        "TWILIO_API_SECRET=@{api_key_secret}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
    )
    assert pairs(detector, prepared, Samples(1), a=text) == {PAIR, ("api_key_secret", "api_key_sid")}


@pytest.mark.parametrize("sid_first", [True, False], ids=["SID first", "token first"])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n# next\n"], ids=["none", "empty line", "comment"])
def test_blocks_of_several_accounts_stay_together(
    sid_first: bool, gap: str, detector: Detector, prepared: Prepared
) -> None:
    blocks = []
    for label in "abc":
        lines = [f"twilio_account_sid = '@{{account_sid:{label}}}'", f"twilio_auth_token = '@{{auth_token:{label}}}'"]
        blocks.append("\n".join(lines if sid_first else lines[::-1]))
    wanted = {(f"account_sid:{label}", f"auth_token:{label}") for label in "abc"}
    assert pairs(detector, prepared, Samples(), a=gap.join(blocks)) == wanted


def test_names_tell_which_belong_together(detector: Detector, prepared: Prepared) -> None:
    text = (
        "TWILIO_PROD_ACCOUNT_SID=@{account_sid:prod}\nTWILIO_DEV_ACCOUNT_SID=@{account_sid:dev}\n"
        "TWILIO_DEV_AUTH_TOKEN=@{auth_token:dev}\nTWILIO_PROD_AUTH_TOKEN=@{auth_token:prod}\n"
    )
    wanted = {("account_sid:prod", "auth_token:prod"), ("account_sid:dev", "auth_token:dev")}
    assert pairs(detector, prepared, Samples(), a=text) == wanted


def test_two_tokens_of_one_account_both_belong_to_it(detector: Detector, prepared: Prepared) -> None:
    text = "TWILIO_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token:one}\nTWILIO_AUTH_TOKEN_OLD=@{auth_token:two}"
    assert pairs(detector, prepared, Samples(), a=text) == {
        ("account_sid", "auth_token:one"),
        ("account_sid", "auth_token:two"),
    }


def test_halves_in_two_files_belong_together(detector: Detector, prepared: Prepared) -> None:
    found = pairs(
        detector, prepared, Samples(), src__a="TWILIO_ACCOUNT_SID=@{account_sid}", b="TWILIO_AUTH_TOKEN=@{auth_token}"
    )
    assert found == {PAIR}


def test_the_file_that_holds_the_other_half_is_named(detector: Detector, prepared: Prepared) -> None:
    samples = Samples()
    candidates = detect(detector, samples.fill("TWILIO_ACCOUNT_SID=@{account_sid}"), "src/settings.py")
    candidates += detect(detector, samples.fill("TWILIO_AUTH_TOKEN=@{auth_token}"), ".env")
    found = judged(candidates, prepared.rules)[samples.value("auth_token")]
    assert any("src/settings.py" in reason for reason in found.evidence)


@pytest.mark.parametrize("above", ["owner_account_sid", "ParentAccountSid"])
def test_the_account_over_it_is_not_the_one_that_is_meant(above: str, detector: Detector, prepared: Prepared) -> None:
    text = f'"auth_token": "@{{auth_token}}",\n"{above}": "@{{account_sid:above}}",\n\n\n\n"sid": "@{{account_sid}}"\n'
    assert pairs(detector, prepared, Samples(), a=text) == {PAIR}


def test_of_two_equally_near_files_none_is_guessed(detector: Detector, prepared: Prepared) -> None:
    sid = "TWILIO_ACCOUNT_SID=@{account_sid:%s}"
    token = "TWILIO_AUTH_TOKEN=@{auth_token}"
    assert pairs(detector, prepared, Samples(), x__one=sid % "a", x__two=sid % "b", x__three=token) == set()


def test_the_nearer_folder_wins(detector: Detector, prepared: Prepared) -> None:
    sid = "TWILIO_ACCOUNT_SID=@{account_sid:%s}"
    found = pairs(
        detector, prepared, Samples(), a__one=sid % "a", b__two=sid % "b", b__three="TWILIO_AUTH_TOKEN=@{auth_token}"
    )
    assert found == {("account_sid:b", "auth_token")}


def test_a_placeholder_is_nobodys_other_half(detector: Detector, prepared: Prepared) -> None:
    text = f"TWILIO_ACCOUNT_SID=AC{'0' * 32}\nTWILIO_AUTH_TOKEN=@{{auth_token}}\n"
    assert pairs(detector, prepared, Samples(), a=text) == set()


def test_an_identifier_of_another_kind_is_no_other_half(detector: Detector, prepared: Prepared) -> None:
    text = "TWILIO_API_KEY=@{api_key_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
    assert PAIR not in pairs(detector, prepared, Samples(), a=text)
