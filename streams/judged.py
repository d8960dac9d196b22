"""What the records of a batch have brought about: rows changed, records to send, cells' change."""

from collections.abc import Sequence

import msgspec

from models.correlation import carried
from models.judgement import Judgement
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Step
from models.purchase.row import Row, decode, encode
from models.refusal import RefusalError, Refused
from models.tally.contribution import Contribution, add_to
from models.topics import ORDERS
from models.vocabulary import RejectionCode
from streams.errors import RowUnreadable
from streams.outbox import MAX_RECORD_BYTES, Record
from streams.pending import Rows
from streams.telling import Telling

PREFIX = b"n"
SCHEMA = b"compliance.orders/1"
MARGIN_BYTES = 4096
"""Room for key and headers of the largest output."""
_encode = msgspec.json.Encoder().encode


class Judged:
    """All of a batch so far; `keep` takes all that came of a record or nothing."""

    def __init__(self, basis: Basis, rows: Rows, *, oldest_ms: int | None = None) -> None:
        self.basis = basis
        self.oldest_ms = oldest_ms
        """Broker's time of the batch's first record."""
        self.swept: int | None = None
        """The reference that all rows are judged by now."""
        self.records: list[Record] = []
        self.change: Contribution = {}
        self.encoded: dict[bytes, bytes] = {}
        """The rows to write, by key."""
        self.telling = Telling("judge")
        self.newest: dict[str, bytes] = {}
        """By cell, the traceparent of the newest record in its change."""
        self._rows = rows
        self._changed: dict[str, Row] = {}

    def row(self, number: str) -> Row:
        """The row as it stands after the batch so far.

        Raises:
            RowUnreadable: it was written in a format that this version does not know.
        """
        changed = self._changed.get(number)
        if changed is not None:
            return changed
        try:
            return decode(self._rows.get(PREFIX + number.encode()))
        except ValueError as error:
            raise RowUnreadable(f"the row of {number}: {error}") from error

    def keep(self, number: str, step: Step, sends: Sequence[Record]) -> None:
        """Take over what came of one fact.

        Raises:
            RefusalError: it is more than the topics take; nothing was taken.
        """
        traceparent = self.telling.traceparent
        records = [*(output(each, traceparent) for each in step.judgements), *sends]
        for record in records:
            _fits(len(record.value or b""))
        encoded = encode(step.row)
        _fits(len(encoded))
        self._changed[number] = step.row
        self.encoded[PREFIX + number.encode()] = encoded
        self.records += records
        add_to(self.change, step.change)
        self.newest.update(dict.fromkeys(step.change, traceparent))
        self.telling.judged(step.judgements)


def _fits(size: int) -> None:
    if size > MAX_RECORD_BYTES - MARGIN_BYTES:
        raise RefusalError(
            Refused(
                code=RejectionCode.TOO_LARGE,
                field="",
                message=f"What follows from the record is {size} bytes, more than the topics take; split the purchase.",
            )
        )


def output(judgement: Judgement, traceparent: bytes = b"") -> Record:
    """What subscribers are told."""
    headers = (
        ("generation", str(judgement.generation).encode()),
        ("revision", str(judgement.revision).encode()),
        ("schema", SCHEMA),
        *carried(traceparent),
    )
    return Record(ORDERS, None, judgement.purchase.encode(), _encode(judgement), headers)
