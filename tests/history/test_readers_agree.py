"""What is found along delta chains, and in what is new alone, is what is found in every object as git reads it."""

import random

import pytest

from leakscan.detection.cache import Prepared
from leakscan.detection.samples import Samples
from tests.databases import database_of
from tests.histories import History
from tests.repository import Repository

from .agreement import check

LINES = (
    "TWILIO_ACCOUNT_SID=@{account_sid}",
    "TWILIO_AUTH_TOKEN=@{auth_token}",
    "client = Client('@{account_sid}', '@{auth_token}')",
    "twilio.api_key = '@{api_key_sid}'; twilio.api_secret = '@{api_key_secret}'",
    "curl -u @{account_sid}:@{auth_token} https://api.twilio.com",
    "Authorization: Basic @{base64|account_sid|:|auth_token}",
    "SENDGRID_API_KEY=@{sendgrid_api_key}",
    "segment: { token: '@{segment_public_api_token}' }",
    "token = '@{access_token}'",
    "@{pkcv_private_key}",
    "checksum = @{hex32}",
    "authy_key: @{authy_api_key}",
)
NAMES = (
    "keys/@{api_key_sid}.json",
    "twilio-@{auth_token}.txt",
    "recordings/recording-of-account-@{account_sid}.log",
    "deep/er/@{account_sid}-@{auth_token}",
    "@{sendgrid_api_key}",
)


class Story:
    """A random history, in which values come into files, are cut, moved, copied and taken out again."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.samples = Samples(seed)
        self.history = History()
        self.files: dict[str, list[str]] = {}
        self.count = 0

    def filled(self, text: str) -> str:
        """A template with fresh values, or with ones that stood somewhere before."""
        if self.random.random() < 0.8:
            self.samples = Samples(self.random.randrange(1 << 30))
        return self.samples.fill(text)

    def filler(self) -> str:
        """A line without suspicion, or with as little as makes a content worth a look."""
        match self.random.randrange(60):
            case 0:
                return "from twilio.rest import Client"
            case 1:
                return f"checksum = '{self.random.randbytes(16).hex()}'"
            case 2:
                return f"path = /{'/'.join(self.random.randbytes(3).hex() for _ in range(9))}"
        return f"setting_{self.random.randrange(10**6)} = {self.random.randbytes(self.random.randrange(30)).hex()!r}"

    def edit(self, lines: list[str]) -> None:
        """Change a file in one of many ways."""
        at = self.random.randrange(len(lines))
        match self.random.randrange(9):
            case 7:
                lines[:] = [line.replace("checksum", "twilio_auth_token") for line in lines]
            case 0 | 1:
                lines.insert(at, self.filled(self.random.choice(LINES)))
            case 2:
                lines[at] = lines[at][: self.random.randrange(len(lines[at]) + 1)]
            case 3:
                cut = self.random.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + self.random.choice(("", "\n", "x", "AC", "SK")) + lines[at][cut:]
            case 4:
                lines[at : at + 1] = lines[at : at + 1] * 2
            case 5:
                other = self.random.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 6:
                del lines[at : at + self.random.randrange(1, 5)]
                lines.append(self.filler())
            case _:
                other = self.random.randrange(len(lines))
                lines[at] += lines[other]

    def step(self, parents: list[int]) -> int:
        """A commit: some files are made, changed, renamed or deleted, and now and then a branch is merged."""
        changed: dict[str, bytes | None] = {}
        for _ in range(self.random.randrange(1, 4)):
            choice = self.random.random()
            names = sorted(self.files)
            if choice < 0.2 or not names:
                self.count += 1
                name = self.filled(self.random.choice(NAMES)) if choice < 0.1 else f"folder/file{self.count}"
                self.files[name] = [self.filler() for _ in range(self.random.choice((3, 20, 400, 900)))]
            elif choice < 0.3:
                old = self.random.choice(names)
                self.count += 1
                name = f"{old}{self.count}"
                self.files[name] = self.files.pop(old)
                changed[old] = None
            elif choice < 0.35:
                name = self.random.choice(names)
                del self.files[name]
                changed[name] = None
                continue
            else:
                name = self.random.choice(names)
                for _ in range(self.random.randrange(1, 4)):
                    self.edit(self.files[name])
            changed[name] = "\n".join(self.files[name]).encode()
        message = self.filled(self.random.choice(LINES)) if self.random.random() < 0.3 else "A commit"
        merged = [self.random.choice(parents[:-1])] if len(parents) > 3 and self.random.random() < 0.2 else []
        return self.history.commit(changed, *parents[-1:], *merged, message=message)

    def write(self, repository: Repository, steps: int) -> None:
        """Write all of it."""
        commits: list[int] = []
        for _ in range(steps):
            commits.append(self.step(commits))
        self.history.tag("v1", commits[-1], self.filled(LINES[1]))
        self.history.write(repository)


@pytest.mark.parametrize("packing", ["as it is", "once", "aggressive"])
@pytest.mark.parametrize("seed", range(5))
def test_on_random_histories(repository: Repository, shipped: Prepared, seed: int, packing: str) -> None:
    Story(seed).write(repository, 40)
    if packing == "aggressive":
        repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    elif packing == "once":
        repository.git("repack", "--quiet", "-adf", "--depth=250", "--window=100")
    assert check(shipped, repository.root).candidates


def test_on_random_histories_in_several_packs(repository: Repository, shipped: Prepared) -> None:
    for seed in (20, 21):
        Story(seed).write(repository, 20)
        repository.git("repack", "--quiet", "-a", "-f")  # without -d: what was packed stays where it is, too
    Story(22).write(repository, 5)
    assert len(database_of(repository.root).packs) > 3
    check(shipped, repository.root)


def test_without_hyperscan(repository: Repository, prepared: Prepared) -> None:
    Story(30).write(repository, 20)
    repository.git("gc", "--quiet", "--aggressive", "--prune=now")
    check(prepared, repository.root)
