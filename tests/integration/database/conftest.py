"""A sink between the real Kafka and the real PostgreSQL, on topics of the test's own."""

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic

from deploy.local.postgres import Postgres
from models.topics import ORDERS
from sinks.database.feeds import FEEDS, Feed
from sinks.database.migrate import migrate
from sinks.database.sink import Sink, Watch, plain_url

DEADLINE_S = 20.0
Headers = list[tuple[str, bytes]]


def wait_until(condition: Callable[[], bool], *, what: str, deadline_s: float = DEADLINE_S) -> None:
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"{what}: not after {deadline_s} s"
        time.sleep(0.02)


class Bench:
    """Topics, a database, and sinks that can be started and stopped."""

    def __init__(self, *, bootstrap: str, url: str, prefix: str) -> None:
        self.bootstrap, self.url, self.prefix = bootstrap, url, prefix
        self.feeds: dict[str, Feed] = {self.topic(name): feed for name, feed in FEEDS.items()}
        self.producer: Any = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=5)
        self._running: list[tuple[Event, Thread]] = []

    def topic(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    def make_topics(self) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        names = [self.topic(ORDERS), *self.feeds]
        admin.create_topics([NewTopic(name=name, num_partitions=2, replication_factor=1) for name in names])
        admin.close()

    def send(self, name: str, key: str, body: bytes | None, headers: Headers | None = None) -> None:
        self.producer.send(self.topic(name), key=key.encode(), value=body, headers=headers or [])

    def sink(self, *, watch: Watch | None = None) -> Sink:
        return Sink(
            database_url=self.url,
            bootstrap_servers=self.bootstrap,
            group=f"{self.prefix}.database",
            orders=self.topic(ORDERS),
            feeds=self.feeds,
            watch=watch,
        )

    def start(self, sink: Sink | None = None) -> Event:
        stop = Event()
        thread = Thread(target=(sink or self.sink()).run, args=(stop,))
        thread.start()
        self._running.append((stop, thread))
        return stop

    def stop(self) -> None:
        for stop, thread in self._running:
            stop.set()
            thread.join(DEADLINE_S)
            assert not thread.is_alive()
        self._running.clear()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(plain_url(self.url)) as connection:
            return connection.execute(query.encode()).fetchall()

    def wait_for(self, query: str, expected: list[tuple[Any, ...]], *, deadline_s: float = DEADLINE_S) -> None:
        end = time.monotonic() + deadline_s
        while (found := self.rows(query)) != expected:
            assert time.monotonic() < end, f"{query}: {found}, expected {expected}"
            time.sleep(0.05)

    def consumed(self) -> int:
        return int(self.rows("select coalesce(sum(next_offset), 0) from consumed_offsets")[0][0])


@pytest.fixture
def fresh_url(postgres: Postgres, topic_prefix: str) -> Iterator[str]:
    """An empty database for one test."""
    yield postgres.create(topic_prefix)
    postgres.drop(topic_prefix)


@pytest.fixture
def bench(kafka: str, fresh_url: str, topic_prefix: str) -> Iterator[Bench]:
    migrate(fresh_url)
    bench = Bench(bootstrap=kafka, url=fresh_url, prefix=topic_prefix)
    bench.make_topics()
    yield bench
    bench.stop()
    bench.producer.close()
