"""The cells of one partition: sums per root, unit and day, kept as rows, and sent to the merge when they have changed."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from models.correlation import carried
from models.measures import MEASURES
from models.tally.contribution import Contribution, add, cell_parts
from models.topics import PARTIALS, ROUTED
from streams.outbox import Record
from streams.pending import Rows

PREFIX = b"c"
RESEND = ("control", b"resend-cells")
"""Header of a record of `compliance.routed` that holds no fact: the partition is to send all its cells again."""


class Cell(msgspec.Struct, array_like=True):
    """A cell as it is stored; `sequence` is that of the batch which changed it last."""

    sequence: int = 0
    measures: list[int] = []
    buyers: dict[str, int] = {}


_decoder = msgspec.msgpack.Decoder(Cell)
_encoder = msgspec.msgpack.Encoder()


class Partial(msgspec.Struct, frozen=True):
    """The value of `compliance.partials`: a cell of one source partition; the greatest sequence counts."""

    sequence: int
    measures: list[int]
    buyers: dict[str, int] = {}
    """By pseudonym, how many purchases a buyer made: active buyers are counted over days and units."""
    since_ms: int | None = None
    """Broker's time of the oldest record behind this flush: from there to the snapshot is the service's own time."""


class Cells:
    """Sums in memory as far as they were touched, over what the table holds; `dirty` are those not yet sent."""

    def __init__(self, table: Rows, *, generation: int, sequence: int, flushed: int) -> None:
        self._table = table
        self._headers = (("generation", str(generation).encode()),)
        self._known: dict[str, Cell] = {}
        self.sequence = sequence
        self._since_ms: int | None = None
        self._newest: dict[str, bytes] = {}
        self.dirty = {name for name, cell in _stored(table) if cell.sequence > flushed}

    def add(self, change: Contribution, *, at_ms: int | None, newest: Mapping[str, bytes]) -> dict[bytes, bytes]:
        """Add a batch's change; the rows to write. `newest` has by cell the traceparent of the newest record in it."""
        if not change:
            return {}
        if self._since_ms is None:
            self._since_ms = at_ms
        self._newest.update(newest)
        self.sequence += 1
        return {PREFIX + name.encode(): self._changed(name, measures) for name, measures in change.items()}

    def _changed(self, name: str, change: dict[int | str, int]) -> bytes:
        cell = self._get(name)
        add(cell.measures, cell.buyers, change)
        cell.sequence = self.sequence
        self.dirty.add(name)
        return _encoder.encode(cell)

    def _get(self, name: str) -> Cell:
        cell = self._known.get(name)
        if cell is None:
            cell = self._known[name] = _widened(self._table.get(PREFIX + name.encode()))
        return cell

    def flush(self, partition: int) -> list[Record]:
        """The partials of all dirty cells; they are clean from here on."""
        records = [self._partial(partition, name) for name in sorted(self.dirty)]
        self.dirty = set()
        self._since_ms = None
        self._newest = {}
        self._known.clear()
        return records

    def _partial(self, partition: int, name: str) -> Record:
        cell = self._get(name)
        value = msgspec.json.encode(Partial(cell.sequence, cell.measures, cell.buyers, self._since_ms))
        headers = self._headers + carried(self._newest.get(name, b""))
        return Record(PARTIALS, 0, f"{partition}|{name}".encode(), value, headers)

    def all_dirty(self) -> None:
        """Send every cell again with the next flush."""
        self.dirty = {name for name, _ in _stored(self._table)}


def asks_to_resend(record: Any) -> bool:
    """Is it no fact, but the order to send all cells again?"""
    return record.topic == ROUTED and RESEND in (record.headers or ())


def cell_row(name: str, cell: Cell) -> tuple[bytes, bytes]:
    """Key and value of a cell in the table."""
    return PREFIX + name.encode(), _encoder.encode(cell)


def _widened(value: bytes | None) -> Cell:
    """A stored cell, with zeros for measures that are younger than it."""
    cell = _decoder.decode(value) if value is not None else Cell()
    cell.measures += [0] * (len(MEASURES) - len(cell.measures))
    return cell


def _stored(table: Rows) -> Iterator[tuple[str, Cell]]:
    for key, value in table.scan(PREFIX):
        yield key[len(PREFIX) :].decode(), _decoder.decode(value)


def partial_key(key: bytes) -> tuple[int, str]:
    """Source partition and cell of a partial's key."""
    partition, _, cell = key.decode().partition("|")
    cell_parts(cell)
    return int(partition), cell
