"""The correlation id of an event and of all that follows from it: the trace id of a `traceparent`, which Kafka headers carry.

The form is W3C's, https://www.w3.org/TR/trace-context-1/#traceparent-header: version, trace id, parent id, flags.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b

HEADER = "traceparent"
SAMPLED = 1
"""Of the flags: whoever sent it may have recorded the trace."""
_LENGTH = 55
_FORM = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_FIRST_VERSION = b"00"

Headers = Iterable[tuple[str, bytes | None]]


def stated(headers: Headers | None) -> bytes:
    """The valid traceparent among a record's headers; empty if there is none."""
    for name, value in headers or ():
        if name == HEADER and value and _is_valid(value):
            return _FIRST_VERSION + value[2:_LENGTH]
    return b""


def _is_valid(value: bytes) -> bool:
    """A later version may say more behind a dash (section 3.2.4)."""
    whole = len(value) == _LENGTH or (value[:2] != _FIRST_VERSION and value[_LENGTH : _LENGTH + 1] == b"-")
    return whole and _FORM.match(value) is not None


def derived(*parts: str) -> bytes:
    """The traceparent of what came without one: the same for the same parts, so that a repeat is known again."""
    digest = blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=24).hexdigest()
    return f"00-{digest[:32]}-{digest[32:]}-00".encode()


def correlation(traceparent: bytes) -> str:
    """The correlation id, 32 hexadecimal digits; empty for an empty traceparent."""
    return traceparent[3:35].decode()


def carried(traceparent: bytes) -> tuple[tuple[str, bytes], ...]:
    """The header that carries it on."""
    return ((HEADER, traceparent),) if traceparent else ()
