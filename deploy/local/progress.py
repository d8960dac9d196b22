"""How far the local run has come, seen from outside: what answers, what has been sent and judged."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import psycopg
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from models.brokers import connection

POLL_S = 0.5
REMIND_S = 10.0


@dataclass(frozen=True)
class Step:
    """Something that is reached once; `detail` says how far it is, where that can be said."""

    reached: Callable[[], bool]
    what: str
    detail: Callable[[], str] = lambda: ""


def follow(steps: Sequence[Step], *, say: Callable[[str], None], stopping: Callable[[], bool]) -> bool:
    """Wait for one step after the other and say so; False when the run ends before."""
    started = time.monotonic()
    for number, step in enumerate(steps, start=1):
        next_reminder = time.monotonic() + REMIND_S
        while not step.reached():
            if stopping():
                return False
            if time.monotonic() > next_reminder:
                say(f"[{number}/{len(steps)}] waiting: {step.what} {step.detail()}".rstrip())
                next_reminder += REMIND_S
            time.sleep(POLL_S)
        say(f"[{number}/{len(steps)}] {step.what} ({time.monotonic() - started:.0f} s) {step.detail()}".rstrip())
    return True


def records_in(bootstrap: str, topic: str) -> int:
    """Return how many records a topic has taken so far; 0 while it or the broker is not there."""
    try:
        consumer = KafkaConsumer(**connection(bootstrap), request_timeout_ms=5_000)
    except (KafkaError, OSError):
        return 0
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        return sum(consumer.end_offsets(partitions).values()) if partitions else 0
    except (KafkaError, OSError):
        return 0
    finally:
        consumer.close()


def database_answers(url: str) -> bool:
    """Tell whether the database of a SQLAlchemy URL takes connections."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def page_answers(address: str) -> bool:
    """Tell whether a page is served at the address."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
