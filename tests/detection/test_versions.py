"""Of a content without candidates the next version is told by what changed, and as if it were read whole."""

import base64
import pickle
import random

import pytest
from dulwich.pack import create_delta
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.cache import Prepared
from leakscan.detection.detector import Barren, Detector
from leakscan.model import WIDEST, Content, Origin
from leakscan.sources.entries import Entry
from tests.scanning import fresh

BLOB = Origin("", "0" * 40)
CODE = "from twilio.rest import Client\n"
# Each of these can change what the lines round it mean.
CHANGES = (
    "setting = 3\n", "# another remark\n", "auth_token = (\n", "twilio:\n", "[twilio]\n", "'\n", "token ", "", "\0",
    "authy\n", "AC", "segment: {\n", "name,auth_token\n", "TWILIO_AUTH_TOKEN=",
)  # fmt: skip


def whole(detector: Detector, data: bytes) -> list[str]:
    """The values found when all of a content is read."""
    return [each.secret.reveal() for each in detector.examined(Content(data, BLOB))[0]]


def known_of(detector: Detector, base: bytes) -> Barren:
    """What is known of a content that has no candidates, when all of it is read."""
    barren = detector.examined(Content(base, BLOB))[1]
    assert barren is not None
    return barren


def version(base: bytes, data: bytes) -> Entry:
    """`data` as a pack has it, made from `base`."""
    return Entry(1, data, 0, b"".join(create_delta(base, data)))


def is_still(detector: Detector, barren: Barren, base: bytes, data: bytes) -> bool:
    """Whether a version of a barren content is told to be barren, too."""
    changed = version(base, data).changed(barren.margin)
    return detector.still(barren, data, changed) is not None


def text(rng: random.Random, lines: int) -> list[str]:
    """Lines of code about Twilio, some of which hold what a value looks like."""
    made = [f"x{rng.randrange(10**9)} = call({rng.randrange(10**9)})\n" for _ in range(lines)]
    for _ in range(rng.randrange(3)):
        made[rng.randrange(lines)] = f"checksum = '{rng.randbytes(16).hex()}'\n"
    return [CODE, *made]


def test_a_small_change_is_all_that_is_read(shipped: Prepared) -> None:
    lines = text(random.Random(5), 2000)
    base = "".join(lines).encode()
    data = "".join([*lines[:700], "another = 1\n", *lines[700:]]).encode()
    detector = shipped.detector()
    candidates, barren, _ = detector.examined(Content(base, BLOB))
    assert candidates == []
    assert barren is not None
    changed = version(base, data).changed(barren.margin)
    assert changed is not None
    assert sum(end - start for start, end in changed) < len(data) // 2
    assert is_still(detector, barren, base, data)


@pytest.mark.parametrize("line", ["TWILIO_AUTH_TOKEN=@", "client = Client(sid, '@')", "auth_token: '@'"])
def test_a_value_that_comes_in_is_read(shipped: Prepared, line: str) -> None:
    lines = text(random.Random(6), 2000)
    base = "".join(lines).encode()
    value = fresh()
    data = "".join([*lines[:700], line.replace("@", value) + "\n", *lines[700:]]).encode()
    detector = shipped.detector()
    barren = known_of(detector, base)
    assert not is_still(detector, barren, base, data)
    assert value in whole(detector, data)


def test_a_name_that_comes_before_a_hash_is_read(shipped: Prepared) -> None:
    rng = random.Random(7)
    lines = text(rng, 1000)
    lines[500] = f"checksum = '{fresh()}'\n"
    base = "".join(lines).encode()
    detector = shipped.detector()
    barren = known_of(detector, base)
    data = base.replace(lines[500].encode(), lines[500].replace("checksum", "twilio_auth_token").encode())
    assert not is_still(detector, barren, base, data)


def test_a_hash_that_comes_in_is_judged_where_it_stands(shipped: Prepared) -> None:
    lines = text(random.Random(8), 2000)
    base = "".join(lines).encode()
    detector = shipped.detector()
    barren = known_of(detector, base)
    new = f"checksum = '{fresh()}'\n"
    data = "".join([*lines[:700], new, *lines[700:]]).encode()
    after = detector.still(barren, data, version(base, data).changed(barren.margin))
    assert after is not None
    named = data.replace(new.encode(), new.replace("checksum", "twilio_auth_token").encode())
    assert not is_still(detector, after, data, named)


def test_long_paths_alone_leave_the_margin_small(shipped: Prepared) -> None:
    lines = ["// twilio\n", *(f"call({number});\n" for number in range(2000))]
    base = "".join(lines).encode()
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, base)
    path = "see /docs/conversations/api/service/conversation/participant\n"
    data = "".join([*lines[:700], path, *lines[700:]]).encode()
    after = detector.still(barren, data, version(base, data).changed(barren.margin))
    assert after == barren


@pytest.mark.parametrize("line", ['size = "1280x720"\n', "tag = 'utf8mb4'\n", 'date = "20230101T101112Z"\n'])
def test_what_cannot_be_a_piece_leaves_the_margin_small(shipped: Prepared, line: str) -> None:
    base = "".join([CODE, line, *(f"call({number});\n" for number in range(2000))]).encode()
    assert known_of(shipped.detector(), base).margin == WIDEST


@pytest.mark.parametrize(
    ("given", "use"),
    [
        ("A = '{0}'\nB = '{1}'\n", "TWILIO_AUTH_TOKEN = A + B\n"),
        ("p = ['{0}', '{1}']\n", "TWILIO_AUTH_TOKEN = p[0] + p[1]\n"),
        ("a, b = '{0}', '{1}'\n", "TWILIO_AUTH_TOKEN = a + b\n"),
        ("p = ['{0}', '{1}']\n", "TWILIO_AUTH_TOKEN = ''.join(p)\n"),
    ],
)
def test_pieces_that_are_put_together_far_away_are_read(shipped: Prepared, given: str, use: str) -> None:
    token = fresh()
    apart = [f"call({number})\n" for number in range(2000)]
    base = "".join([CODE, given.format(token[:16], token[16:]), *apart]).encode()
    data = base + use.encode()
    detector = shipped.detector()
    assert token in whole(detector, data)
    barren = detector.examined(Content(base, BLOB))[1]
    assert barren is None or not is_still(detector, barren, base, data)


def test_a_word_that_comes_in_from_two_sides_is_read(shipped: Prepared) -> None:
    value = fresh()
    lines = ["# sendgrid\n", *(f"call({number})\n" for number in range(2000)), f"twil.Client(sid, '{value}')\n"]
    base = "".join(lines).encode()
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, base)
    data = base.replace(b"twil.", b"twilio.")
    assert value in whole(detector, data)
    assert not is_still(detector, barren, base, data)


def test_what_changes_at_several_places_is_not_taken_for_one_text(shipped: Prepared) -> None:
    lines = ["twilio\n", *(f"<a class={number:010}>text</a>\n" for number in range(3000))]
    base = "".join(lines).encode()
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, base)
    # What is looked at ends behind one equals sign, and begins behind another.
    first, second = (base.index(b"class=", at) + len(b"class=") for at in (20_000, 60_000))
    first, second = first - barren.margin, second + barren.margin
    data = base[:first] + b"#&!" + base[first:second] + b"*%?" + base[second:]
    assert is_still(detector, barren, base, data)


def test_a_signature_is_read_wherever_it_is_spoken_of(shipped: Prepared) -> None:
    """The one may come long before the other."""
    digest = f"'{base64.b64encode(random.Random(3).randbytes(20)).decode()}'\n"
    spoken = "X-Twilio-Signature\n"
    lines = ["twilio\n", *(f"call({number})\n" for number in range(2000))]
    detector = shipped.detector(values_only=True)
    for first, second in ((spoken, digest), (digest, spoken)):
        base = "".join([*lines[:100], first, *lines[100:]]).encode()
        barren = known_of(detector, base)
        assert is_still(detector, barren, base, base.replace(b"call(1800)", b"call('eighteen hundred')"))
        data = "".join([*lines[:100], first, *lines[100:1900], second, *lines[1900:]]).encode()
        assert len(whole(detector, data)) == 1
        assert not is_still(detector, barren, base, data)


def binary(*texts: str) -> bytes:
    """A binary file with texts in it."""
    noise = random.Random(9).randbytes(4000)
    return noise + b"\0\1".join(each.encode() for each in texts) + b"\0" + noise[::-1]


def test_a_version_of_a_binary_file_is_told_by_its_changes(shipped: Prepared) -> None:
    value = fresh()
    texts = ["twilio", *(f"text {number}" for number in range(2000))]
    base = binary(*texts)
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, base)
    texts[1000] = "another text"
    assert is_still(detector, barren, base, binary(*texts))
    texts[1000] = f"TWILIO_AUTH_TOKEN={value};"
    assert value in whole(detector, binary(*texts))
    assert not is_still(detector, barren, base, binary(*texts))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_letters_in_a_version_of_a_binary_file_are_read(shipped: Prepared, encoding: str) -> None:
    value = fresh()
    base = binary("twilio", *(f"text {number}" for number in range(2000)))
    detector = shipped.detector(values_only=True)
    barren = known_of(detector, base)
    data = base.replace(b"text 1000", f"TWILIO_AUTH_TOKEN={value};\n".encode(encoding))
    assert not is_still(detector, barren, base, data)


def test_a_value_that_comes_into_a_pickle_is_read(shipped: Prepared) -> None:
    value = fresh()
    texts = [f"text {number}" for number in range(2000)]
    base = pickle.dumps({"twilio": 1, "other": texts}, 4)
    data = pickle.dumps({"twilio": 1, "twilio_auth_token": value, "other": texts}, 4)
    detector = shipped.detector(values_only=True)
    barren = detector.examined(Content(base, BLOB))[1]
    assert value in whole(detector, data)
    assert barren is None or not is_still(detector, barren, base, data)


@pytest.mark.parametrize("values_only", [False, True])
@given(st.integers(0, 2**32), st.integers(1, 4), st.booleans())
def test_a_version_told_by_its_changes_has_nothing_when_read_whole(
    shipped: Prepared, values_only: bool, seed: int, changes: int, large: bool
) -> None:
    rng = random.Random(seed)
    lines = text(rng, 1200 if large else 60)
    base = "".join(lines).encode()
    detector = shipped.detector(values_only=values_only)
    barren = detector.examined(Content(base, BLOB))[1]
    for _ in range(changes):
        at = rng.randrange(len(lines))
        lines[at : at + rng.randrange(2)] = [rng.choice(CHANGES)]
    if rng.random() < 0.3:
        lines = lines[rng.randrange(len(lines)) :]
    data = "".join(lines).encode()[rng.randrange(40) :]
    if barren is not None and data and is_still(detector, barren, base, data):
        assert whole(shipped.detector(values_only=values_only), data) == []
