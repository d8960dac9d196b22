"""Facts on their way to the row of their number: where that is, and how they travel on `compliance.routed`."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from models.correlation import carried
from models.days import from_milliseconds
from models.facts import AnyFact
from models.judgement import Origin
from models.topics import ROUTED
from streams.outbox import Record, partition_of


class Received(msgspec.Struct, frozen=True, gc=False):
    """A fact with the type of event it came as, and the record it was first seen in."""

    fact: AnyFact
    kind: str
    origin: Origin
    time_ms: int
    """The broker's timestamp of that record."""

    @property
    def at(self) -> str:
        """RFC 3339, UTC."""
        return _written(self.time_ms)


@lru_cache(maxsize=1024)
def _written(time_ms: int) -> str:
    return from_milliseconds(time_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_decoder = msgspec.json.Decoder(Received)
_encoder = msgspec.json.Encoder()


@lru_cache(maxsize=65_536)  # Kafka's hash is in Python here, and a number comes again
def home_of(number: str, partitions: int) -> int:
    """The partition of a number's row: what Kafka's own clients make of it as a key."""
    return partition_of(number.encode(), partitions)


def routed(received: Received, *, partitions: int, traceparent: bytes = b"") -> Record:
    """The record that takes a fact to its row."""
    headers = (
        ("topic", received.origin.topic.encode()),
        ("partition", str(received.origin.partition).encode()),
        ("offset", str(received.origin.offset).encode()),
        ("timestamp", str(received.time_ms).encode()),
        *carried(traceparent),
    )
    number = received.fact.number
    return Record(ROUTED, home_of(number, partitions), number.encode(), _encoder.encode(received), headers)


def read_routed(value: bytes) -> Received:
    """What `routed` made."""
    return _decoder.decode(value)


def headers_of(record: Any) -> Mapping[str, bytes]:
    """A consumed record's headers; of a name that stands twice the last."""
    return {name: value or b"" for name, value in record.headers or ()}
