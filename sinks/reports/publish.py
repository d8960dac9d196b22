"""Frozen reports onto `compliance.reports`: key unit:month, headers generation, revision and schema."""

from collections.abc import Iterable
from typing import Any

import msgspec
from kafka import KafkaProducer

from models.brokers import connection
from models.tally.report import UnitReport
from models.topics import DERIVED_MAX_BYTES, REPORTS

SCHEMA = "compliance.reports/1"
ANSWER_S = 30.0


def send_reports(made: Iterable[UnitReport], *, bootstrap_servers: str, topic: str = REPORTS) -> None:
    """Send them and wait until the broker has all; raises kafka.errors.KafkaError."""
    producer: Any = KafkaProducer(**connection(bootstrap_servers), acks="all", max_request_size=DERIVED_MAX_BYTES)
    try:
        sent = [
            producer.send(topic, key=key_of(report), value=msgspec.json.encode(report), headers=_headers(report))
            for report in made
        ]
        for one in sent:
            one.get(timeout=ANSWER_S)
    finally:
        producer.close(timeout=ANSWER_S)


def key_of(report: UnitReport) -> bytes:
    """`unit:month`."""
    return f"{report.unit}:{report.month}".encode()


def _headers(report: UnitReport) -> list[tuple[str, bytes]]:
    named = {"generation": report.generation, "revision": report.revision, "schema": SCHEMA}
    return [(name, str(value).encode()) for name, value in named.items()]
