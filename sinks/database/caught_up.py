"""Has the database taken in all that its topics hold? What is to be frozen should not miss what is on its way."""

import time

from sqlalchemy import Engine, select

from sinks.database.inflow import Inflow
from sinks.database.positions import Partition
from sinks.database.schema import consumed_offsets

POLL_RECORDS = 500
AGAIN_S = 0.5


def is_caught_up(engine: Engine, *, bootstrap_servers: str, within_s: float) -> bool:
    """Wait until it has, but no longer than this; raises TopicsMissing and kafka.errors.KafkaError."""
    until = time.monotonic() + within_s
    topics = sorted({topic for topic, _ in _positions(engine)})
    if not topics:
        return False
    with Inflow(bootstrap_servers=bootstrap_servers, group="report", topics=topics) as inflow:
        inflow.find_partitions()
        while _is_behind(engine, inflow):
            if time.monotonic() >= until:
                return False
            time.sleep(AGAIN_S)
    return True


def _positions(engine: Engine) -> dict[Partition, int]:
    table = consumed_offsets.c
    with engine.connect() as connection:
        rows = connection.execute(select(table.topic, table.partition, table.next_offset))
        return {(topic, partition): offset for topic, partition, offset in rows}


def _is_behind(engine: Engine, inflow: Inflow) -> bool:
    """Is there a record behind the database's positions? The ends alone do not say: transactions end in markers."""
    inflow.start(inflow.beginnings() | _positions(engine))
    while any(inflow.lags().values()):
        if inflow.poll(max_records=POLL_RECORDS):
            return True
    return False
