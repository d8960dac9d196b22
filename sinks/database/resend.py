"""What was rejected, and sending it again: the original is read by topic, partition and offset."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from sqlalchemy import Connection, func, select, tuple_, update

from models.topics import DECISIONS, DOCUMENTS, INPUT_MAX_BYTES, PURCHASES
from sinks.database.schema import rejections

RESENDABLE = (PURCHASES, DOCUMENTS, DECISIONS)
"""The topics that others write; what was refused elsewhere is ours to mend."""
READ_MS = 10_000


class OriginalGone(Exception):  # noqa: N818 - it says what happened
    """The topic does not hold the rejected record any more; the message says which."""


class Rejection(NamedTuple):
    """A refused record and why."""

    topic: str
    partition: int
    offset: int
    code: str
    field: str
    message: str
    source: str
    event_id: str
    rejected_at: datetime | None
    resent_at: datetime | None

    @property
    def place(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


def rejected(connection: Connection, *, code: str | None, limit: int | None, again: bool) -> list[Rejection]:
    """The rejections, newest first; with `again` only those that can be sent and were not sent yet."""
    columns = [rejections.c[name] for name in Rejection._fields]
    query = select(*columns).order_by(rejections.c.applied.desc()).limit(limit)
    if code:
        query = query.where(rejections.c.code == code)
    if again:
        query = query.where(rejections.c.resent_at.is_(None), rejections.c.topic.in_(RESENDABLE))
    return [Rejection(*row) for row in connection.execute(query)]


def resend(chosen: Sequence[Rejection], *, bootstrap_servers: str) -> Iterator[Rejection]:
    """Send the originals again, in the order in which they came; gives each one that the broker has taken.

    Raises OriginalGone and kafka.errors.KafkaError.
    """
    servers = bootstrap_servers.split(",")
    producer: Any = KafkaProducer(bootstrap_servers=servers, max_request_size=INPUT_MAX_BYTES)
    consumer: Any = KafkaConsumer(
        bootstrap_servers=servers, isolation_level="read_committed", max_partition_fetch_bytes=INPUT_MAX_BYTES
    )
    try:
        for one in sorted(chosen, key=lambda each: (each.topic, each.partition, each.offset)):
            original = _original(consumer, one)
            producer.send(original.topic, key=original.key, value=original.value, headers=list(original.headers)).get(
                timeout=READ_MS / 1000
            )
            yield one
    finally:
        consumer.close()
        producer.close()


def _original(consumer: Any, rejection: Rejection) -> Any:
    place = TopicPartition(rejection.topic, rejection.partition)
    consumer.assign([place])
    if not consumer.beginning_offsets([place])[place] <= rejection.offset < consumer.end_offsets([place])[place]:
        raise OriginalGone(
            f"{rejection.place} is not in the topic any more: ask {rejection.source or 'its sender'} for it."
        )
    consumer.seek(place, rejection.offset)
    for records in consumer.poll(timeout_ms=READ_MS, max_records=1).values():
        if records[0].offset == rejection.offset:
            return records[0]
    raise OriginalGone(f"{rejection.place} could not be read: ask {rejection.source or 'its sender'} for it.")


def note_resent(connection: Connection, sent: Rejection) -> None:
    """Remember that it was sent again."""
    place = tuple_(rejections.c.topic, rejections.c.partition, rejections.c.offset)
    connection.execute(
        update(rejections).where(place == (sent.topic, sent.partition, sent.offset)).values(resent_at=func.now())
    )
