"""The texts of a repository that may speak of a credential: paths and texts, and what could not be read."""

from collections.abc import Iterable
from pathlib import Path

from leakscan.model import Content, Problem
from leakscan.sources.files import find

MOST_FILES = 50_000
LARGEST = 1_000_000
_PACKED = tuple(
    ".zip .jar .war .apk .aab .ipa .whl .egg .gz .tgz .bz2 .xz .zst .tar .7z .pdf .docx .xlsx .pptx .sqlite .db "
    ".png .jpg .jpeg .gif .webp .woff .woff2 .ttf .mp3 .mp4 .wav".split()
)


def texts(folder: Path, words: Iterable[str]) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The texts below a folder in which one of the words stands, in any case. Raises UsageError for no such folder.

    Archives, and files larger than LARGEST, are not source code and are passed over.
    """
    wanted = [word.lower().encode() for word in words]
    found = find((str(folder),), include_ignored=False)
    reader = found.reader()
    read: list[tuple[str, str]] = []
    problems: list[Problem] = []
    count = 0
    try:
        for tree in found.trees:
            for name in tree.files:
                if name.lower().endswith(_PACKED):
                    continue
                count += 1
                if count > MOST_FILES:
                    says = f"there are more than {MOST_FILES:,} files; how the rest uses Twilio was not looked at"
                    return read, [*found.problems, *problems, Problem(str(folder), says)]
                for content in reader.read(tree, name):
                    if isinstance(content, Problem):
                        problems.append(content)
                    elif _is_source(content) and any(word in content.data.lower() for word in wanted):
                        read.append((content.origin.path, content.data.decode("utf-8", "replace")))
    finally:
        reader.close()
    return read, [*found.problems, *problems]


def _is_source(content: Content) -> bool:
    """Whether a content is text of somebody's own, and no report, baseline or journal of ours."""
    beginning = content.data[:8000]
    ours = b'"schema": "leakscan/' in beginning[:400]
    return "!" not in content.origin.path and len(content.data) <= LARGEST and b"\0" not in beginning and not ours
