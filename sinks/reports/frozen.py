"""Freezing a month: the first run computes and keeps the reports, every later one gives what was kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, text, update

from models.days import COPENHAGEN
from models.measures import MEASURES
from models.tally.figures import figures
from models.tally.report import UnitReport
from sinks.database.schema import reports
from sinks.reports.material import gather
from sinks.reports.month import Month
from sinks.reports.monthly import reports_of
from sinks.reports.ranking import Limits


def freeze(engine: Engine, month: Month, *, generation: int, limits: Limits) -> list[UnitReport]:
    """The month's reports; computed once, whoever runs it at the same time."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        # Taken before the first read: who waited here sees what the other froze.
        connection.execute(text("lock table reports in share row exclusive mode"))
        found = read(connection, month)
        if found:
            return found
        now = datetime.now(UTC)
        made = reports_of(
            gather(connection, month), generation=generation, frozen_at=f"{now:%Y-%m-%dT%H:%M:%SZ}", limits=limits
        )
        if made:
            connection.execute(insert(reports), [_row(month, report, now) for report in made])
        # Read back: the first run gives to the letter what every later one gives.
        return read(connection, month)


def read(connection: Connection, month: Month) -> list[UnitReport]:
    """What is frozen of the month, the newest revision of each unit; empty if nothing is."""
    query = select(reports.c.unit, reports.c.body).where(reports.c.month == month.first)
    rows = connection.execute(query.order_by(reports.c.unit, reports.c.revision))
    newest: dict[str, Any] = dict(map(tuple, rows))
    return [_report(body) for body in newest.values()]


def reported_until(engine: Engine) -> datetime | None:
    """The end of the newest month that is frozen, the first moment after it."""
    with engine.connect() as connection:
        newest = connection.scalar(select(func.max(reports.c.month)))
    return datetime.combine(Month.of(newest).last + timedelta(days=1), time.min, COPENHAGEN) if newest else None


def unpublished(connection: Connection, month: Month) -> list[UnitReport]:
    """What is frozen and not yet known to be on its topic."""
    query = select(reports.c.body).where(reports.c.month == month.first, reports.c.published_at.is_(None))
    return [_report(body) for body in connection.scalars(query.order_by(reports.c.unit))]


def _report(body: dict[str, Any]) -> UnitReport:
    """A report with its figures and measures in their usual order, which jsonb does not keep."""
    for part, usual in (("figures", figures({})), ("measures", MEASURES)):
        kept = body[part]
        body[part] = {name: kept[name] for name in [*(one for one in usual if one in kept), *kept]}
    return msgspec.convert(body, UnitReport)


def publish(engine: Engine, month: Month, *, send: Callable[[Iterable[UnitReport]], None]) -> int:
    """Send what was not sent yet; a repeat after a crash carries the same key and revision."""
    with engine.connect() as connection:
        waiting = unpublished(connection, month)
    if waiting:
        send(waiting)
        with engine.begin() as connection:
            condition = (reports.c.month == month.first) & reports.c.published_at.is_(None)
            connection.execute(update(reports).where(condition).values(published_at=func.now()))
    return len(waiting)


def _row(month: Month, report: UnitReport, now: datetime) -> dict[str, object]:
    return {
        "month": month.first,
        "unit": report.unit,
        "revision": report.revision,
        "frozen_at": now,
        "body": msgspec.to_builtins(report),
    }
