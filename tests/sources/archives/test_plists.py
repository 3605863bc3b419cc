"""Property lists in binary form."""

import plistlib

import pytest

from leakscan.detection.detector import Detector
from leakscan.model import Content, Origin, Problem
from leakscan.sources.archives.opening import opened
from leakscan.sources.archives.source import Source, reading
from tests.scanning import fresh

from .making import found, zipped


def test_a_value_in_a_binary_property_list(detector: Detector) -> None:
    token, sid = fresh(), fresh("account_sid")
    data = plistlib.dumps(
        {"Endpoint": "https://example.com", "Twilio": {"AccountSID": sid, "AuthToken": token}, "Items": [1, "two"]},
        fmt=plistlib.FMT_BINARY,
    )
    (candidate, *_) = found(detector, data, token, "Keys.plist")
    assert candidate.origin.path == "Keys.plist!text"
    (candidate, *_) = found(detector, zipped({"Payload/A.app/Keys.plist": data}), token, "A.ipa")
    assert candidate.origin.path == "A.ipa!Payload/A.app/Keys.plist!text"


@pytest.mark.parametrize("rest", [b"", b"\xff" * 60], ids=["short", "long"])
def test_what_only_begins_like_one_is_scanned_as_it_is(rest: bytes) -> None:
    data = b"bplist00\nTWILIO_AUTH_TOKEN=" + fresh().encode() + b"\n" + rest
    problem, content = opened(Source(reading([data])), Origin("a.plist"), "a.plist")
    assert isinstance(problem, Problem)
    assert "scanned as they are" in problem.message
    assert isinstance(content, Content)
    assert content.data == data
