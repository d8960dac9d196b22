"""A record of a topic as the sink reads it, and what one record becomes in a table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from models.days import from_milliseconds

Value = Any
"""What a column of a row takes: text, whole numbers, booleans, days, lists, None."""

NUL = "\x00"
REPLACEMENT = "\ufffd"


class Record(NamedTuple):
    """A committed record; headers as text by name."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]
    timestamp_ms: int | None = None

    @property
    def at(self) -> datetime | None:
        """The broker's time of the record."""
        return None if self.timestamp_ms is None else from_milliseconds(self.timestamp_ms)

    @property
    def place(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class Row(NamedTuple):
    """A row by its primary key; of two with one key the greater `rank` counts. `values` None deletes it."""

    key: tuple[Value, ...]
    rank: tuple[int, ...]
    values: tuple[Value, ...] | None


class Unreadable(ValueError):  # noqa: N818 - it says what the record is
    """A record of our own topics that does not hold what contract.md says; the message says what is wrong with it."""


def text_headers(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    """Kafka's headers as text; of a name given twice the last counts."""
    return {name: (value or b"").decode("utf-8", "replace") for name, value in headers}


def storable(text: str | None) -> str | None:
    """PostgreSQL's text holds no NUL character; it becomes the replacement character."""
    return text.replace(NUL, REPLACEMENT) if text and NUL in text else text


def key_text(record: Record) -> str:
    """The key as text; a record without one raises Unreadable."""
    if record.key is None:
        raise Unreadable(f"{record.place} has no key.")
    return record.key.decode("utf-8", "replace").replace(NUL, REPLACEMENT)


def generation_of(record: Record) -> int:
    """The generation in the headers, 1 where none is given."""
    stated = record.headers.get("generation", "1")
    if not stated.isdecimal():
        raise Unreadable(f"{record.place}: the header generation is {stated!r}, not a whole number.")
    return int(stated)
