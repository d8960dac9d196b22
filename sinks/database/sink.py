"""The process that fills the database: rows and consumed offsets in one transaction, so each record counts once."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

import psycopg
import structlog
from kafka.errors import KafkaError
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from models.correlation import HEADER, correlation, stated
from models.denied import told
from models.topics import ORDERS, PURCHASES
from models.vocabulary import RejectionCode
from sinks import outcomes
from sinks.database.batch import decide, notify, write
from sinks.database.feeds import FEEDS, Feed
from sinks.database.inflow import Inflow, TopicsMissing
from sinks.database.migrate import migrate
from sinks.database.positions import Partition, PositionMoved, move, moves, read_positions, verify_positions
from sinks.database.reading import Reading
from sinks.database.records import Record, Unreadable
from sinks.outcomes import Place, Told
from sinks.tracing import spans

BATCH_RECORDS = 5_000
LAG_EVERY_S = 2.0
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 5.0
# A database that vanishes without a word is noticed after these, in seconds and milliseconds.
CONNECTION: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 20_000}
PASSING = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, KafkaError, TopicsMissing, PositionMoved)
"""What another attempt may mend: a part that is away, topics not made yet, another sink at work."""
TO_BLAME = (
    Unreadable,
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.StatementTooComplex,
)
"""What no other attempt mends: the record itself is at fault."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Watch:
    """What the sink tells of itself; each is called from the sink's thread."""

    wrote: Callable[[Mapping[str, int], float], None] = lambda _records, _seconds: None
    """Records by topic, and seconds, of a transaction."""
    lag: Callable[[str, int], None] = lambda _topic, _records: None
    unreadable: Callable[[str], None] = lambda _topic: None
    """A record of this topic that no table could take."""
    reads: Callable[[], None] = lambda: None
    """Kafka and the database are both there."""
    waits: Callable[[str], None] = lambda _reason: None
    """One of them is away, or not ready."""


class Sink:
    """Reads committed records from the database's own positions and writes them in batches, until told to stop."""

    def __init__(
        self,
        *,
        database_url: str,
        bootstrap_servers: str,
        group: str,
        generation: int = 1,
        orders: str = ORDERS,
        feeds: Mapping[str, Feed] = FEEDS,
        watch: Watch | None = None,
    ) -> None:
        self._database_url = database_url
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._generation = generation
        self._orders = orders
        self._feeds = feeds
        self._watch = watch or Watch()
        self._positions: dict[Partition, int] = {}
        self._reading = Reading(generation=generation)
        self._next_lag = 0.0
        self._wait_s = FIRST_WAIT_S

    def run(self, stop: Event) -> None:
        """Work until `stop` is set. A part that is away is waited for; PositionLost and what is no one's fault end it."""
        while not stop.is_set():
            try:
                self._work(stop)
            except PASSING as away:
                self._watch.waits(_sentence(away))
                log.warning("sink waits", reason=_sentence(away), again_in_s=self._wait_s)
                stop.wait(self._wait_s)
                self._wait_s = min(LONGEST_WAIT_S, self._wait_s * 2)

    def _work(self, stop: Event) -> None:
        migrate(self._database_url)
        with (
            psycopg.connect(plain_url(self._database_url), **CONNECTION) as connection,
            Inflow(
                bootstrap_servers=self._bootstrap_servers, group=self._group, topics=[self._orders, *self._feeds]
            ) as inflow,
        ):
            self._go_on(connection, inflow)
            while not stop.is_set():
                records = inflow.poll(max_records=BATCH_RECORDS)
                if records:
                    self._store(connection, records)
                self._tell_lag(connection, inflow)

    def _go_on(self, connection: psycopg.Connection[Any], inflow: Inflow) -> None:
        inflow.find_partitions()
        beginnings = inflow.beginnings()
        with connection.transaction(), connection.cursor() as cursor:
            self._positions = read_positions(cursor, beginnings=beginnings, generation=self._generation)
        verify_positions(self._positions, beginnings=beginnings, ends=inflow.ends())
        inflow.start(self._positions)
        self._watch.reads()
        self._wait_s = FIRST_WAIT_S
        log.info("sink reads", partitions=len(self._positions), records_before=sum(self._positions.values()))

    def _store(self, connection: psycopg.Connection[Any], records: Sequence[Record]) -> None:
        """Write a batch; one that cannot be written is halved until the record that is to blame stands alone."""
        try:
            self._store_at_once(connection, records)
        except TO_BLAME as wrong:
            if len(records) == 1:
                self._set_aside(connection, records[0], wrong)
                return
            middle = len(records) // 2
            self._store(connection, records[:middle])
            self._store(connection, records[middle:])

    def _store_at_once(self, connection: psycopg.Connection[Any], records: Sequence[Record]) -> None:
        began, began_ns = time.monotonic(), time.time_ns()
        batch = decide(records, orders=self._orders, feeds=self._feeds)
        steps = moves(records, self._positions)
        with connection.transaction(), connection.cursor() as cursor:
            move(cursor, steps)
            write(cursor, batch)
            notify(cursor, batch.tables)
        self._positions |= {(step.topic, step.partition): step.next_offset for step in steps}
        self._reading.see(batch.purchases.current.values())
        self._watch.wrote(Counter(record.topic for record in records), time.monotonic() - began)
        if outcomes.are_told():
            outcomes.tell("store", [_told(each) for each in records if HEADER in each.headers], began_ns=began_ns)

    def _set_aside(self, connection: psycopg.Connection[Any], record: Record, wrong: Exception) -> None:
        """Show among the rejections what no table takes, and go on behind it."""
        steps = moves([record], self._positions)
        with connection.transaction(), connection.cursor() as cursor:
            move(cursor, steps)
            cursor.execute(
                'insert into rejections (topic, partition, "offset", code, field, message, source, event_id)'
                " values (%s, %s, %s, %s, '', %s, '', '') on conflict do nothing",
                (record.topic, record.partition, record.offset, RejectionCode.INTERNAL_ERROR, _sentence(wrong)),
            )
            notify(cursor, ["rejections"])
        self._positions[record.topic, record.partition] = record.offset + 1
        self._watch.unreadable(record.topic)
        came = correlation(_traceparent(record))
        log.error("record set aside", correlation=came, place=record.place, reason=_sentence(wrong))

    def _tell_lag(self, connection: psycopg.Connection[Any], inflow: Inflow) -> None:
        now = time.monotonic()
        if now < self._next_lag:
            return
        self._next_lag = now + LAG_EVERY_S
        by_topic: dict[str, int] = dict.fromkeys([self._orders, *self._feeds], 0)
        for (topic, _), records in inflow.lags().items():
            by_topic[topic] += records
        for topic, records in by_topic.items():
            self._watch.lag(topic, records)
        with connection.transaction(), connection.cursor() as cursor:
            self._reading.keep(cursor, inflow.ends_of(PURCHASES))


def _told(record: Record) -> Told:
    came = _traceparent(record)
    place = Place(record.topic, record.partition, record.offset)
    key = (record.key or b"").decode(errors="replace")
    onward = spans.onward(came, stage="store", place=str(place))
    return Told(place, "stored", onward, came, (("key", key), ("revision", record.headers.get("revision", ""))))


def _traceparent(record: Record) -> bytes:
    return stated([(HEADER, record.headers.get(HEADER, "").encode())])


def plain_url(url: str) -> str:
    """A SQLAlchemy URL as psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _sentence(wrong: Exception) -> str:
    """The first line of what went wrong: databases add the row after it."""
    return told(wrong).splitlines()[0].replace("\x00", "\ufffd")
