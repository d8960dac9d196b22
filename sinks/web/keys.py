"""The keys of those who send over HTTP: which sources each may name, and how often it may knock."""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SHORTEST = 16
REQUESTS_A_SECOND = 10.0
BURST = 50.0


@dataclass(frozen=True)
class ApiKey:
    """A key, known by its digest only, and the sources that it may send for; `document` stands for UBL documents."""

    digest: bytes = field(repr=False)
    sources: frozenset[str]


class UnusableKeysError(ValueError):
    """The list of keys cannot be read; says where, and never a key."""


def read_keys(text: str) -> tuple[ApiKey, ...]:
    """One key a line, or between semicolons: the key, then its sources, separated by spaces; # begins a comment."""
    lines = text.replace(";", "\n").splitlines()
    stated = [(number, line.partition("#")[0].split()) for number, line in enumerate(lines, start=1)]
    keys = tuple(_key(number, words) for number, words in stated if words)
    if len({key.digest for key in keys}) < len(keys):
        raise UnusableKeysError("The same key stands twice: name all its sources on one line.")
    return keys


def _key(number: int, words: Sequence[str]) -> ApiKey:
    key, *sources = words
    if len(key) < SHORTEST:
        raise UnusableKeysError(f"Key {number} is shorter than {SHORTEST} characters; use a longer one.")
    if not sources:
        raise UnusableKeysError(f"Key {number} names no source: write the sources that it may send for after it.")
    return ApiKey(_digest(key), frozenset(sources))


def key_of(presented: str, keys: Sequence[ApiKey]) -> ApiKey | None:
    """The key that was presented; each is compared, in a time that tells nothing of them."""
    digest, found = _digest(presented), None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


class Pace:
    """How often each key may knock: so many requests a second, and a few more at once."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[bytes, tuple[float, float]] = {}

    def wait_s(self, key: ApiKey) -> float:
        """Take a turn: 0, or after how many seconds there is one."""
        now = self._clock()
        at, left = self._left.get(key.digest, (now, BURST))
        left = min(BURST, left + (now - at) * REQUESTS_A_SECOND)
        if left < 1:
            return (1 - left) / REQUESTS_A_SECOND
        self._left[key.digest] = now, left - 1
        return 0.0
