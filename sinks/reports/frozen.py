"""Freezing a month: the first run computes and keeps the reports, every later one gives what was kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, text, update

from models.days import COPENHAGEN
from models.measures import MEASURES
from models.tally.adjusting import by_reference
from models.tally.figures import figures
from models.tally.report import Adjustment, UnitReport
from sinks.database.schema import reports
from sinks.database.sums import read_tree
from sinks.reports.adjustments import adjustments, frozen_months, seen_now
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
        _keep(connection, month, _made(connection, month, generation=generation, limits=limits))
        # Read back: the first run gives to the letter what every later one gives.
        return read(connection, month)


def revise(engine: Engine, month: Month, *, generation: int, limits: Limits) -> int:
    """Freeze a revision of every report of the month that would be another today; how many there are.

    A revision keeps the adjustments that its former one told, and tells what has changed since in its own month too.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("lock table reports in share row exclusive mode"))
        known = {report.unit: report for report in read(connection, month)}
        made = _made(connection, month, generation=generation, limits=limits)
        told_at = made[0].frozen_at if made else ""
        frozen = frozen_months(connection)
        own = [each for each in frozen if each.month == month]
        told = adjustments(connection, own, among=frozen, tree=read_tree(connection), told_at=told_at)
        revised = [_revised(report, known.get(report.unit), told.get(report.unit, ())) for report in made]
        changed = [report for report in revised if report is not None]
        _keep(connection, month, changed)
        return len(changed)


def _made(connection: Connection, month: Month, *, generation: int, limits: Limits) -> list[UnitReport]:
    frozen_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    material = gather(connection, month, told_at=frozen_at)
    return reports_of(material, generation=generation, frozen_at=frozen_at, limits=limits)


def _revised(new: UnitReport, old: UnitReport | None, told: tuple[Adjustment, ...]) -> UnitReport | None:
    """The next revision; None where nothing is another."""
    if old is None:
        return msgspec.structs.replace(new, adjustments=told)
    as_before = {"frozen_at": old.frozen_at, "revision": old.revision, "adjustments": old.adjustments}
    same = _content(msgspec.structs.replace(new, **as_before)) == _content(old)
    if same and not new.adjustments:
        return None
    if not told and new.figures != old.figures:
        told = (by_reference(old, told_at=new.frozen_at),)
    every = (*old.adjustments, *new.adjustments, *told)
    return msgspec.structs.replace(new, revision=old.revision + 1, adjustments=every)


def _content(report: UnitReport) -> object:
    return msgspec.json.decode(msgspec.json.encode(report))


def _keep(connection: Connection, month: Month, made: list[UnitReport]) -> None:
    if made:
        seen = seen_now(connection)
        connection.execute(insert(reports), [_row(month, report, seen) for report in made])


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


def _row(month: Month, report: UnitReport, seen: int) -> dict[str, object]:
    return {
        "month": month.first,
        "unit": report.unit,
        "revision": report.revision,
        "frozen_at": datetime.fromisoformat(report.frozen_at),
        "body": msgspec.to_builtins(report),
        "seen": seen,
    }
