"""What a process does with records: the contract between a partition and the code that judges, merges or converts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from aiokafka import ConsumerRecord

from streams.outbox import Record
from streams.pending import Rows

POSITION_KEY = b"\0position"


NEVER_SWEPT = -2
"""Before any reference: an empty partition owes nobody a second judgement (-1 is the reference that holds nothing)."""


class Marks(msgspec.Struct, frozen=True):
    """What a step wants to find again after a restart, written with the position."""

    sequence: int = 0
    flushed: int = 0
    reference: int = NEVER_SWEPT


class Position(msgspec.Struct, frozen=True):
    """How far a partition has come: by source topic the offset to read next, and the step's marks."""

    offsets: dict[str, int] = {}
    marks: Marks = Marks()
    topics: dict[str, str] = {}
    """The ids of the source topics: one that was created anew under the same name holds other records."""

    def past(self, topic: str, offset: int) -> "Position":
        return msgspec.structs.replace(self, offsets={**self.offsets, topic: offset})

    def marked(self, marks: Marks | None) -> "Position":
        return self if marks is None else msgspec.structs.replace(self, marks=marks)


def position_of(row: bytes | None) -> Position:
    return Position() if row is None else msgspec.json.decode(row, type=Position)


class Effects(msgspec.Struct, frozen=True):
    """What becomes of some records, all of it in one transaction."""

    changes: Mapping[bytes, bytes] = {}
    records: Sequence[Record] = ()
    marks: Marks | None = None
    """None leaves the marks as they are."""
    sweep: bool = False
    """Work through old rows goes on: the stall detector counts it as progress."""
    results: Mapping[tuple[str, str], int] = {}
    """How many records of a topic became what: counted once they are committed, so that what is given up counts once."""
    tell: Callable[[], None] | None = None
    """Counts, logs and traces the rest; called once it is committed."""


class Step(Protocol):
    """One for each partition, called by its task only, never twice at a time.

    A step may hold in memory what it can read from the table again: `opened` tells it to do so, at the start and after
    effects had to be given up. An exception ends the process, a restart repeats the work: what is wrong with a record
    is settled inside `step`.
    """

    async def opened(self, table: Rows, marks: Marks) -> None: ...

    async def step(self, records: Sequence[ConsumerRecord], table: Rows) -> Effects:
        """All that waits, of one topic or several, each topic's in the order of its offsets."""
        ...

    async def idle(self, now: datetime) -> Effects | None:
        """Between batches, every so often: what wants to go out without new records, or None."""
        ...
