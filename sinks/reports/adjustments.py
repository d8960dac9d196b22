"""What has changed in months that are frozen, read from the database: what was told of them, and what stands now."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select, text

from models.reference.tree import UnitTree
from models.tally.adjusting import Move, Standing, adjustment, reasons_of, told_of
from models.tally.report import Adjustment, UnitReport
from sinks.database.schema import reports, revisions
from sinks.database.sums import Sent, chain, sums_as_was
from sinks.reports.month import Month

Adjustments = Mapping[str, tuple[Adjustment, ...]]
"""By unit."""

_MOVES = text(
    """
    with touched as (select distinct purchase from revisions where applied > :seen),
    old as (
        select distinct on (purchase) purchase, root, unit, day, tallied, body->'amounts_ore' as amounts
        from revisions join touched using (purchase) where applied <= :seen
        order by purchase, generation desc, revision desc
    ),
    new as (
        select distinct on (purchase) purchase, root, unit, day, tallied, body->'amounts_ore' as amounts, cause_kind
        from revisions join touched using (purchase) order by purchase, generation desc, revision desc
    )
    select new.purchase, new.cause_kind,
        old.root, old.unit, old.day, coalesce(old.tallied, false), old.amounts,
        new.root, new.unit, new.day, new.tallied, new.amounts
    from new left join old using (purchase)
    where old.day between :first and :last or new.day between :first and :last
    order by new.purchase
    """
)


class Frozen(NamedTuple):
    """A month that is frozen: the newest report of each unit, and up to which change it and its adjustments know."""

    month: Month
    revision: int
    reports: Mapping[str, UnitReport]
    seen: int


def seen_now(connection: Connection) -> int:
    """The greatest number of a change that is in the database."""
    return connection.scalar(select(func.coalesce(func.max(revisions.c.applied), 0))) or 0


def frozen_months(connection: Connection) -> list[Frozen]:
    """Every month that is frozen, the oldest first."""
    newest: dict[date, dict[str, UnitReport]] = {}
    seen: dict[date, int] = {}
    columns = reports.c.month, reports.c.unit, reports.c.seen, reports.c.body
    for first, unit, known, body in connection.execute(select(*columns).order_by(reports.c.month, reports.c.revision)):
        newest.setdefault(first, {})[unit] = msgspec.convert(body, UnitReport)
        seen[first] = max(seen.get(first, 0), known)
    return [
        Frozen(
            Month.of(first),
            max(one.revision for one in found.values()),
            found,
            max(known for other, known in seen.items() if other >= first),  # a later report has told what it saw
        )
        for first, found in newest.items()
    ]


def adjustments(
    connection: Connection, months: Iterable[Frozen], *, among: Iterable[Frozen], tree: UnitTree, told_at: str
) -> Adjustments:
    """What is to be told of these months; `among` all reports are looked through for what was told already."""
    told = [one for frozen in among for report in frozen.reports.values() for one in _with_unit(report)]
    found: dict[str, tuple[Adjustment, ...]] = {}
    for frozen in months:
        for unit, one in _of_month(connection, frozen, told, tree=tree, told_at=told_at):
            found[unit] = (*found.get(unit, ()), one)
    return found


def _with_unit(report: UnitReport) -> Iterator[tuple[str, Adjustment]]:
    for one in report.adjustments:
        yield report.unit, one


def _of_month(
    connection: Connection, frozen: Frozen, told: list[tuple[str, Adjustment]], *, tree: UnitTree, told_at: str
) -> Iterator[tuple[str, Adjustment]]:
    month = frozen.month
    now = sums_as_was(connection, tree=tree, first=month.first, last=month.last)
    reasons = reasons_of(_moves(connection, frozen, tree))
    for unit in sorted({*frozen.reports, *now}):
        report = frozen.reports.get(unit)
        since = report.frozen_at if report else ""
        earlier = [
            one
            for whose, one in told
            if whose == unit and one.month == str(month) and (not since or one.told_at > since)
        ]
        one = adjustment(
            str(month),
            revision=frozen.revision,
            told_at=told_at,
            before=told_of(report.measures if report else {}, earlier),
            after=now.get(unit, {}),
            reasons=reasons.get(unit, ()),
        )
        if one is not None:
            yield unit, one


def _moves(connection: Connection, frozen: Frozen, tree: UnitTree) -> Iterator[Move]:
    days = frozen.month.first, frozen.month.last
    rows = connection.execute(_MOVES, {"seen": frozen.seen, "first": days[0], "last": days[1]})
    for purchase, cause, *sides in rows:
        before, after = (_standing(side, days, tree) for side in (sides[:5], sides[5:]))
        if before != after:
            yield Move(purchase, cause, before, after)


def _standing(side: list[Any], days: tuple[date, date], tree: UnitTree) -> Standing | None:
    root, unit, day, tallied, amounts = side
    if not tallied or not days[0] <= day <= days[1]:
        return None
    named = amounts or {}
    of = tuple(named.get(outcome, 0) for outcome in ("catalogue", "off_channel", "review"))
    return Standing(chain(Sent(root, unit), tree=tree, day=day), of)
