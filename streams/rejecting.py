"""Answers to records that were refused: what goes to `erp.rejected`."""

from typing import Any

from models.contract.rejection import RESENT_FROM, masked, masked_key, rejected_headers
from models.refusal import Refused
from models.topics import REJECTED
from sinks import metrics
from streams.outbox import Record


def rejected(record: Any, refused: Refused, *, partition: int) -> Record:
    """The answer to a record; its key and its value masked."""
    metrics.REJECTIONS.labels(record.topic, refused.code.value).inc()
    metrics.REFUSED_SENDERS.labels(metrics.sender(refused.source)).inc()
    value, instead = masked(record.value)
    headers = rejected_headers(
        refused, topic=record.topic, partition=record.partition, offset=record.offset, time_ms=record.timestamp
    )
    before = {name: where for name, where in record.headers or () if name == RESENT_FROM and where}
    return Record(REJECTED, partition, masked_key(record.key), value, tuple((headers | instead | before).items()))
