"""An order of our own, sent again and again: that it is judged shows that the way through works when nobody buys."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from models.brokers import connection
from models.topics import ORDERS, PURCHASES

NUMBER = "canary"
SOURCE = "test/canary"
"""A source `test/…` is judged and answered, and counted nowhere (contract.md)."""
ANSWER_MS = 10_000


def sung(version: int, now: datetime) -> bytes:
    """The order in a version that nobody has seen yet: each one is a revision of the same purchase."""
    data = {
        "order": NUMBER,
        "version": version,
        "placed_at": now.isoformat(),
        "unit": NUMBER,
        "supplier": NUMBER,
        "lines": [{"line": "1", "net_amount": "1.00"}],
    }
    envelope = {"specversion": "1.0", "id": f"{NUMBER}-{version}", "source": SOURCE, "type": "order.changed"}
    return json.dumps(envelope | {"time": now.isoformat(), "data": data}).encode()


def heard(value: bytes | None, version: int) -> bool:
    """Whether a judgement is of that version, or of a later one."""
    said = json.loads(value) if value else {}
    return said.get("number") == NUMBER and int(said.get("version") or 0) >= version


def sing(bootstrap_servers: str, *, within_s: float, clock: Callable[[], float] = time.time) -> float | None:
    """Seconds from sending to judgement; None where none came in time. Raises kafka.errors.KafkaError."""
    consumer: Any = KafkaConsumer(**connection(bootstrap_servers), isolation_level="read_committed")
    try:
        _listen(consumer)
        began = clock()
        version = int(began)
        _send(bootstrap_servers, sung(version, datetime.fromtimestamp(began, UTC)))
        while clock() - began < within_s:
            fetched = consumer.poll(timeout_ms=500)
            if any(heard(record.value, version) for records in fetched.values() for record in records):
                return clock() - began
        return None
    finally:
        consumer.close(autocommit=False, timeout_ms=ANSWER_MS)


def _listen(consumer: Any) -> None:
    """From the end as it is now: looked up before the order is sent."""
    consumer.assign([TopicPartition(ORDERS, number) for number in consumer.partitions_for_topic(ORDERS) or ()])
    consumer.seek_to_end()
    for partition in consumer.assignment():
        consumer.position(partition)


def _send(bootstrap_servers: str, event: bytes) -> None:
    producer: Any = KafkaProducer(**connection(bootstrap_servers), acks="all")
    try:
        producer.send(PURCHASES, key=NUMBER.encode(), value=event).get(timeout=ANSWER_MS / 1000)
    finally:
        producer.close(timeout=ANSWER_MS / 1000)
