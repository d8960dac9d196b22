"""Answers to records that were refused: what goes to `erp.rejected`."""

from typing import Any

from models.contract.rejection import RESENT_FROM, masked, masked_key, rejected_headers
from models.correlation import carried
from models.refusal import Refused
from models.topics import REJECTED
from streams.outbox import Record


def rejected(record: Any, refused: Refused, *, partition: int, traceparent: bytes = b"") -> Record:
    """The answer to a record; its key and its value masked."""
    value, instead = masked(record.value)
    headers = rejected_headers(
        refused, topic=record.topic, partition=record.partition, offset=record.offset, time_ms=record.timestamp
    )
    before = {name: where for name, where in record.headers or () if name == RESENT_FROM and where}
    stated = headers | instead | before | dict(carried(traceparent))
    return Record(REJECTED, partition, masked_key(record.key), value, tuple(stated.items()))
