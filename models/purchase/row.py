"""The row of a number: every winning fact that names it, and what was last published of its purchases."""

from datetime import date

import msgspec

from models.facts import AnyFact, Stamp
from models.judgement import Judgement
from models.tally.contribution import Contribution

FORMAT = 1
"""The version of the row's format."""


class Kept(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A fact that won over others of its identity."""

    fact: AnyFact
    conflict: bool = False
    """Another fact of the same version had other content."""
    first_day: date | None = None
    """Of an order: the day of its first version, which fixes day and look-ups."""
    first: Stamp | None = None
    """The stamp of that first version."""


class Published(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The last revision of a purchase, and what it contributed."""

    judgement: Judgement
    contribution: Contribution = {}


class Row(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """All that is known of a number; nearly always one purchase."""

    format: int = FORMAT
    read_from: int = 0
    """The oldest format whose version reads it without losing what counts; 0: only its own."""
    facts: dict[str, Kept] = {}
    published: dict[str, Published] = {}
    reference: int = -1
    """The reference number that it was last judged by."""


EMPTY = Row()


def number_of(row: Row) -> str:
    """The number whose row it is; of a row that knows something."""
    return next(iter(row.facts.values())).fact.number


_decoder = msgspec.msgpack.Decoder(Row)
_encoder = msgspec.msgpack.Encoder()


def encode(row: Row) -> bytes:
    """The row as it is stored."""
    return _encoder.encode(row)


def decode(value: bytes | None) -> Row:
    """The stored row, or an empty one.

    Raises:
        ValueError: the row was written in a format that this version cannot read.
    """
    if value is None:
        return EMPTY
    row = _decoder.decode(value)
    if (row.read_from or row.format) > FORMAT:
        raise ValueError(f"a stored row has format {row.format}, this version knows {FORMAT}: run the newer version")
    return row
