"""A found value, and what is known of one that only a report remembers; neither ever shows itself."""

import hashlib


class Secret:
    """A found value that never shows itself: `reveal` is the only way out, and pickled copies lose it (workers.py)."""

    __slots__ = ("_length", "_value")

    def __init__(self, value: str) -> None:
        self._value: str | None = value
        self._length = len(value)

    @property
    def held(self) -> bool:
        """Whether the value is there to be revealed."""
        return self._value is not None

    def reveal(self) -> str:
        """The value itself. Raises ValueError where it is not held: on a copy that came out of a pickle."""
        if self._value is None:
            raise ValueError(f"{self!r} lost its value when it was pickled")
        return self._value

    @property
    def sha256(self) -> str:
        """SHA-256 of the exact value, 64 hex digits."""
        return hashlib.sha256(self.reveal().encode(errors="surrogatepass")).hexdigest()

    @property
    def redacted(self) -> str:
        """The first four characters and an ellipsis: enough to recognise, too little to use."""
        return self.reveal()[:4] + "…"

    def fingerprint(self, kind: str) -> str:
        """The identity of a finding, whatever moves: 16 hex digits of SHA-256 over kind, NUL and value."""
        return hashlib.sha256(f"{kind}\0{self.reveal()}".encode(errors="surrogatepass")).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value is not None and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"Secret({self._length} characters)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __getstate__(self) -> int:
        return self._length

    def __setstate__(self, length: int) -> None:
        self._value, self._length = None, length


class SavedSecret(Secret):
    """A value that a report was saved about: its redacted form, SHA-256 and fingerprint are known, itself it is not."""

    __slots__ = ("_fingerprint", "_redacted", "_sha256")

    def __init__(self, redacted: str, sha256: str, fingerprint: str) -> None:
        super().__init__("")
        self._value = None
        self._redacted, self._sha256, self._fingerprint = redacted, sha256, fingerprint

    def reveal(self) -> str:
        """Raises ValueError: a saved report holds no values."""
        raise ValueError(f"{self!r} has no value: a saved report holds none")

    @property
    def sha256(self) -> str:
        """SHA-256 of the value, as saved."""
        return self._sha256

    @property
    def redacted(self) -> str:
        """What is shown of the value, as saved."""
        return self._redacted

    def fingerprint(self, kind: str) -> str:
        """The finding's identity, as saved: its kind was the same then."""
        return self._fingerprint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SavedSecret) and self._sha256 == other._sha256

    def __hash__(self) -> int:
        return hash(self._sha256)

    def __repr__(self) -> str:
        return f"SavedSecret({self._sha256[:16]})"

    def __reduce__(self) -> tuple[type["SavedSecret"], tuple[str, str, str]]:
        return SavedSecret, (self._redacted, self._sha256, self._fingerprint)
