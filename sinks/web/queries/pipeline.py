"""The state of the pipeline as the database sees it: how far it read, how fresh the figures are, what was refused."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from models.contract.rejection import RejectionState
from models.tally.alerts import UNKNOWN_UNITS
from models.topics import ORDERS
from sinks.database.schema import (
    alerts,
    consumed_offsets,
    purchases,
    reading,
    rejections,
    revisions,
    unit_snapshots,
)


class Position(msgspec.Struct, frozen=True):
    """How far the database sink has read a topic's partition."""

    topic: str
    partition: int
    next_offset: int
    updated_at: datetime


class Alert(msgspec.Struct, frozen=True):
    """A target that was crossed, or the end of it."""

    unit: str
    figure: str
    window: str
    state: str
    value_from: float | None
    value_to: float | None
    target: float | None
    since: datetime | None
    """When the figure fell below its target."""
    told_at: datetime | None
    """When this was said: of an end, when it ended."""

    @property
    def counts(self) -> bool:
        """Does it tell of a number, of units that nobody knows, rather than of a rate?"""
        return self.figure == UNKNOWN_UNITS

    @property
    def word(self) -> str:
        """What it tells, as a word for readers."""
        if self.counts:
            return "unknown" if self.state == "crossed" else "known"
        over = self.state == "ended" and self.value_to is not None and self.value_to < (self.target or 0)
        return "over" if over else self.state


BEHIND_S = 30.0
BEHIND_RECORDS = 1000
"""Fewer are no history, they are on their way."""


class Pipeline(msgspec.Struct, frozen=True):
    """`lag_s` is the time from the broker's stamp of the newest record until the database held it."""

    now: datetime
    last_event_at: datetime | None
    last_written_at: datetime | None
    figures_as_of: datetime | None
    lag_s: float | None
    age_s: float | None
    rejections: int
    purchases: int
    unresent: int
    read_share: float = 1.0
    """How much of the ERP's events is judged, and in the database."""
    positions: tuple[Position, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def is_behind(self) -> bool:
        """Are old records being written right now? Then the figures are those of a history still being read."""
        if self.lag_s is None or self.last_written_at is None:
            return False
        is_reading = self.lag_s > BEHIND_S or self.read_share < 1.0
        return is_reading and (self.now - self.last_written_at).total_seconds() < BEHIND_S


def read_pipeline(connection: Connection, *, alert_count: int = 10) -> Pipeline:
    """The whole state, in a handful of short reads."""
    now = connection.execute(select(func.now())).scalar_one()
    event = connection.scalar(select(revisions.c.judged_at).order_by(revisions.c.applied.desc()).limit(1))
    at_orders = consumed_offsets.c.topic == ORDERS
    written = connection.scalar(select(func.max(consumed_offsets.c.updated_at)).where(at_orders))
    return Pipeline(
        now=now,
        last_event_at=event,
        last_written_at=written,
        figures_as_of=connection.scalar(select(func.max(unit_snapshots.c.as_of))),
        lag_s=None if event is None or written is None else max((written - event).total_seconds(), 0.0),
        age_s=None if event is None else max((now - event).total_seconds(), 0.0),
        rejections=_count(connection, select(func.count()).select_from(rejections)),
        unresent=_count(connection, select(func.count()).where(rejections.c.state == RejectionState.OPEN)),
        purchases=_count(connection, select(func.count()).select_from(purchases)),
        read_share=read_share(connection),
        positions=_positions(connection),
        alerts=read_alerts(connection, alert_count),
    )


def read_share(connection: Connection) -> float:
    """How much of the ERP's events is judged; 1 where what is left is no more than what is always on its way."""
    newest = select(func.max(reading.c.generation)).scalar_subquery()
    sums = select(func.sum(reading.c.read_to), func.sum(reading.c.ends_at)).where(reading.c.generation == newest)
    read, ends = connection.execute(sums).one()
    if not ends or ends - read < BEHIND_RECORDS:
        return 1.0
    return float(read / ends)


def _count(connection: Connection, statement: object) -> int:
    return int(connection.scalar(statement) or 0)  # type: ignore[call-overload]


def _positions(connection: Connection) -> tuple[Position, ...]:
    columns = [consumed_offsets.c[name] for name in Position.__struct_fields__]
    statement = select(*columns).order_by(consumed_offsets.c.topic, consumed_offsets.c.partition)
    return tuple(Position(**row) for row in connection.execute(statement).mappings())


def read_alerts(connection: Connection, count: int) -> tuple[Alert, ...]:
    statement = select(alerts).order_by(alerts.c.applied.desc()).limit(count)
    return tuple(_alert(row) for row in connection.execute(statement))


def _alert(row: Row[tuple[Any, ...]]) -> Alert:
    before, after, target = (
        None if value is None else float(value) for value in (row.value_from, row.value_to, row.target)
    )
    since = datetime.fromisoformat(row.since) if row.since else None
    return Alert(row.unit, row.figure, row.window, row.state, before, after, target, since, row.told_at)
