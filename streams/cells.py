"""The cells of one partition: sums per root, unit and day, kept as rows, and sent to the merge when they have changed."""

from collections.abc import Iterator
from typing import Any

import msgspec

from models.measures import MEASURES
from models.purchase.row import Contribution
from models.tally.contribution import cell_parts
from models.topics import PARTIALS, ROUTED
from streams.outbox import Record
from streams.pending import Rows

PREFIX = b"c"
RESEND = ("control", b"resend-cells")
"""Header of a record of `compliance.routed` that holds no fact: the partition is to send all its cells again."""
_decoder = msgspec.msgpack.Decoder(list[int])
_encoder = msgspec.msgpack.Encoder()


class Partial(msgspec.Struct, frozen=True):
    """The value of `compliance.partials`: a cell of one source partition; the greatest sequence counts."""

    sequence: int
    measures: list[int]
    since_ms: int | None = None
    """Broker's time of the oldest record behind this flush: from there to the snapshot is the service's own time."""


class Cells:
    """Sums in memory as far as they were touched, over what the table holds; `dirty` are those not yet sent."""

    def __init__(self, table: Rows, *, generation: int, sequence: int, flushed: int) -> None:
        self._table = table
        self._headers = (("generation", str(generation).encode()),)
        self._known: dict[str, list[int]] = {}
        self.sequence = sequence
        self._since_ms: int | None = None
        self.dirty = {name for name, value in _stored(table) if value[0] > flushed}

    def add(self, change: Contribution, *, at_ms: int | None) -> dict[bytes, bytes]:
        """Add a batch's change; the rows to write. Each has the batch's sequence before its measures."""
        if not change:
            return {}
        if self._since_ms is None:
            self._since_ms = at_ms
        self.sequence += 1
        return {PREFIX + name.encode(): self._changed(name, measures) for name, measures in change.items()}

    def _changed(self, name: str, measures: dict[int, int]) -> bytes:
        cell = self._get(name)
        for place, value in measures.items():
            cell[place + 1] += value
        cell[0] = self.sequence
        self.dirty.add(name)
        return _encoder.encode(cell)

    def _get(self, name: str) -> list[int]:
        cell = self._known.get(name)
        if cell is None:
            cell = self._known[name] = _widened(self._table.get(PREFIX + name.encode()))
        return cell

    def flush(self, partition: int) -> list[Record]:
        """The partials of all dirty cells; they are clean from here on."""
        records = [self._partial(partition, name) for name in sorted(self.dirty)]
        self.dirty = set()
        self._since_ms = None
        self._known.clear()
        return records

    def _partial(self, partition: int, name: str) -> Record:
        cell = self._get(name)
        value = msgspec.json.encode(Partial(cell[0], cell[1:], self._since_ms))
        return Record(PARTIALS, 0, f"{partition}|{name}".encode(), value, self._headers)

    def all_dirty(self) -> None:
        """Send every cell again with the next flush."""
        self.dirty = {name for name, _ in _stored(self._table)}


def asks_to_resend(record: Any) -> bool:
    """Is it no fact, but the order to send all cells again?"""
    return record.topic == ROUTED and RESEND in (record.headers or ())


def _widened(value: bytes | None) -> list[int]:
    """A stored cell, with zeros for measures that are younger than it."""
    cell = _decoder.decode(value) if value is not None else [0]
    return cell + [0] * (len(MEASURES) + 1 - len(cell))


def _stored(table: Rows) -> Iterator[tuple[str, list[int]]]:
    for key, value in table.scan(PREFIX):
        yield key[len(PREFIX) :].decode(), _decoder.decode(value)


def partial_key(key: bytes) -> tuple[int, str]:
    """Source partition and cell of a partial's key."""
    partition, _, cell = key.decode().partition("|")
    cell_parts(cell)
    return int(partition), cell
