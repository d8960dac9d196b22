"""The course of a unit's e-handelsgrad month by month, summed from `unit_days` over today's tree or each day's own."""

from datetime import date, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, Date, cast, func, select

from models.reference.tree import UnitTree
from sinks.database import sums
from sinks.database.schema import unit_days
from sinks.web.queries.tree import Tree

MONTHS = 13
_MEASURES = ("catalogue_ore", "off_channel_ore", "review_ore", "catalogue_count", "off_channel_count", "review_count")


class WhichTree(StrEnum):
    """The organisation as it is today, or as it was on each day."""

    AS_IS = "as_is"
    AS_WAS = "as_was"


class Month(msgspec.Struct, frozen=True):
    """One month's sums; the last one is the month to date."""

    month: date
    catalogue_ore: int = 0
    off_channel_ore: int = 0
    review_ore: int = 0
    catalogue_count: int = 0
    off_channel_count: int = 0
    review_count: int = 0

    @property
    def rate(self) -> float | None:
        return divided(self.catalogue_ore, self.catalogue_ore + self.off_channel_ore)

    @property
    def rate_by_count(self) -> float | None:
        return divided(self.catalogue_count, self.catalogue_count + self.off_channel_count)

    @property
    def low(self) -> float | None:
        return divided(self.catalogue_ore, self.catalogue_ore + self.off_channel_ore + self.review_ore)

    @property
    def high(self) -> float | None:
        whole = self.catalogue_ore + self.off_channel_ore + self.review_ore
        return divided(self.catalogue_ore + self.review_ore, whole)


def divided(numerator: int, denominator: int) -> float | None:
    """A rate, or None where there is nothing to divide by."""
    return numerator / denominator if denominator > 0 else None


def months_back(month: date, count: int) -> date:
    """The first day of the month that lies `count` months earlier."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def read_course(connection: Connection, *, tree: Tree, unit: str, today: date, months: int = MONTHS) -> list[Month]:
    """The last months, oldest first, those without purchases included."""
    first = months_back(today, months - 1)
    month = cast(func.date_trunc("month", unit_days.c.day), Date).label("month")
    columns = [cast(func.sum(unit_days.c[name]), unit_days.c[name].type).label(name) for name in _MEASURES]
    statement = (
        select(month, *columns)
        .where(unit_days.c.day >= first, unit_days.c.day <= today, tree.covers(unit_days, unit))
        .group_by(month)
    )
    found = {row["month"]: Month(**row) for row in connection.execute(statement).mappings()}
    every = [months_back(today, back) for back in reversed(range(months))]
    return [found.get(month, Month(month=month)) for month in every]


def read_course_as_was(connection: Connection, *, unit: str, today: date, months: int = MONTHS) -> list[Month]:
    """The same with each day counted under whom the unit stood that day, as the frozen reports have it."""
    tree = sums.read_tree(connection)
    return [_as_was(connection, tree, unit, months_back(today, back), today) for back in reversed(range(months))]


def _as_was(connection: Connection, tree: UnitTree, unit: str, first: date, today: date) -> Month:
    last = min(months_back(first, -1) - timedelta(days=1), today)
    measures = sums.sums_as_was(connection, tree=tree, first=first, last=last).get(unit, {})
    return Month(month=first, **{name: measures.get(name, 0) for name in _MEASURES})
