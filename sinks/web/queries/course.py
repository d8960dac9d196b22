"""The course of a unit's e-handelsgrad month by month, summed from `unit_days` over today's tree."""

from datetime import date

import msgspec
from sqlalchemy import Connection, Date, cast, func, select

from sinks.database.schema import unit_days
from sinks.web.queries.tree import Tree

MONTHS = 13
_MEASURES = ("catalogue_ore", "off_channel_ore", "review_ore", "catalogue_count", "off_channel_count", "review_count")


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
    sums = [cast(func.sum(unit_days.c[name]), unit_days.c[name].type).label(name) for name in _MEASURES]
    statement = (
        select(month, *sums)
        .where(unit_days.c.day >= first, unit_days.c.day <= today, tree.covers(unit_days, unit))
        .group_by(month)
    )
    found = {row["month"]: Month(**row) for row in connection.execute(statement).mappings()}
    every = [months_back(today, back) for back in reversed(range(months))]
    return [found.get(month, Month(month=month)) for month in every]
