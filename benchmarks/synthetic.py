"""A made-up source tree of any size, the same for the same seed: what is scanned when no folder is given."""

import os
import random
from pathlib import Path

from leakscan.detection.samples import Samples

MEAN_BYTES = 7_500
_LARGEST = 400_000
_FILES_PER_FOLDER = 40
_PLANTED = 2_000  # one file in so many holds a SID with its token
_BLOCKS = 4_000
_SUFFIXES = {
    ".js": 22, ".py": 18, ".java": 12, ".c": 8, ".h": 4, ".go": 8, ".ts": 8, ".rb": 3, ".php": 3,
    ".md": 5, ".json": 4, ".yml": 3, ".html": 2, ".css": 2, ".min.js": 1, ".png": 2, ".woff2": 1,
}  # fmt: skip
_BINARY = {".png", ".woff2"}
_WORDS = (
    "account action adapter address amount api array async attribute auth base batch block body buffer build "
    "builder cache call channel child client code column command config connection content context count create "
    "current data date debug default delete delta depth device dict document element empty encode end entry error "
    "event extra factory field file filter first flag format frame get group handle handler hash header height "
    "hook host index info init input insert instance item iterator job kernel key label last layer length level "
    "limit line link list load local lock log loop main map mask match max message method min mode model module "
    "name next node null number object offset old open option order output owner page parent parse path pattern "
    "payload pending phone pool port prefix print process query queue random range read record ref region remote "
    "render request reset resolve response result retry root route row run sample scale schema scope score search "
    "second send sequence server service session set shape size slot sort source stack start state status step "
    "stop store stream string style sub sum switch sync table tag target task temp test text thread time title "
    "token total trace tree type unit update url user value version view wait walk width window word worker write "
    "zone "
).split()
_LINES = (
    "    {a}.{b} = {c}({d}, {n})",
    "    if ({a}_{b} != {c}) {{",
    "        return self.{a}_{b}({c}={n}, {d}=None)",
    "  const {a}{B} = await {c}.{d}({{ {a}: {n}, {b}: '{c}' }});",
    "    // {a} the {b} of every {c} before its {d} is {a}",
    "public static {A} {b}{C}(final {A} {a}, int {d}) throws {D}Exception {{",
    "\tfor (i = 0; i < {a}->{b}_{c}; i++)",
    "  {a}-{b}: {n}",
    '    "{a}_{b}": "{c}-{d}",',
    '<div class="{a}-{b} {c}"><span>{d}</span></div>',
    "import {{ {A}{B} }} from '../{c}/{d}';",
    "    assert {a}_{b}({n}) == {c}[{n}]",
    "}}",
    "",
    "The {a} {b} takes a {c} and returns the {d}, unless the {a} is {n}.",
    "#define {A}_{B}_{C} 0x{h8}",
)
_RARE_LINES = (
    '      "integrity": "sha512-{b64}==",',
    "    commit = '{h40}'",
    "{h64}  {a}-{b}.tar.gz",
    '    etag: "{h32}"',
    "    id: {h8}-{h4}-{h4}-{h4}-{h8}{h4}",
    "    auth_token = os.environ['{A}_{B}_TOKEN']",
    "  client_secret: ${{{A}_SECRET}}",
    "    api_secret_{a} = get_{b}(segment={n})",
    "    password = {a}.{b}('{c}')  # {d}",
    "background: url(data:image/png;base64,{b64}{b64}{b64})",
)
_RARELY = 0.0012  # so that about one file in ten gives a scanner something to look at, as in real trees
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def make(folder: Path, files: int, seed: int = 1) -> tuple[int, int]:
    """Fill the empty `folder` with `files` files; returns how many files and bytes were written."""
    source = random.Random(seed)
    blocks = [_block(source) for _ in range(_BLOCKS)]
    minified = [b"".join(block.split()) for block in blocks]
    suffixes = source.choices(list(_SUFFIXES), list(_SUFFIXES.values()), k=files)
    total = 0
    for number, kind in enumerate(suffixes):
        if number % _FILES_PER_FOLDER == 0:
            home = folder / f"{source.choice(_WORDS)}{number % 97}" / f"{source.choice(_WORDS)}{number}"
            home.mkdir(parents=True)
        suffix, data = kind, _content(source, kind, minified if kind == ".min.js" else blocks)
        if number % _PLANTED == _PLANTED // 2:
            suffix, data = ".env", _planted(seed + number) + data
        path = f"{home}/{source.choice(_WORDS)}_{number}{suffix}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            total += os.write(descriptor, data)
        finally:
            os.close(descriptor)
    return files, total


def _content(source: random.Random, suffix: str, blocks: list[bytes]) -> bytes:
    """Sizes are log-normal, as those of source files are: the median is about half the mean."""
    size = min(int(source.lognormvariate(8.28, 1.1)), _LARGEST)
    if suffix in _BINARY:
        return b"\x89PNG\r\n\x1a\n\0" + source.randbytes(size)
    if suffix == ".min.js":
        size = min(size * 8, _LARGEST)
    average = sum(map(len, blocks[:100])) // 100
    head = f"/* {source.getrandbits(64):x} */\n".encode()
    return (head + b"".join(source.choices(blocks, k=size // average + 1)))[: size + len(head)]


def _planted(seed: int) -> bytes:
    text = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
    return Samples(seed).fill(text).encode()


def _block(source: random.Random) -> bytes:
    return b"".join(_line(source).encode() for _ in range(source.randint(8, 30)))


def _line(source: random.Random) -> str:
    rare = source.random() < _RARELY
    names = {letter: source.choice(_WORDS) for letter in "abcd"}
    digests = (8, 4, 32, 40, 64) if rare else (8,)
    return (
        source.choice(_RARE_LINES if rare else _LINES).format(
            **names,
            **{letter.upper(): name.title() for letter, name in names.items()},
            **{f"h{digits}": f"{source.getrandbits(4 * digits):0{digits}x}" for digits in digests},
            n=source.randrange(1, 2_000),
            b64="".join(source.choices(_BASE64, k=86)) if rare else "",
        )
        + "\n"
    )
