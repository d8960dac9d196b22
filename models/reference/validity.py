"""Validity through time: which of several dated rows speaks for a day, and on which days anything is valid at all.

`valid_from` and `valid_to` are both inclusive; without one the row is valid since, or for, ever. Where rows of one
identity overlap, the one that began last speaks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row with a validity."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


Row = TypeVar("Row", bound=Dated)
Interval = tuple[date, date]
"""First and last day, both inclusive."""


def valid_on(row: Dated, day: date) -> bool:
    """Is the row valid that day?"""
    first, last = row.valid_from, row.valid_to
    return (first is None or first <= day) and (last is None or day <= last)


def began(row: Dated) -> date:
    """The first day; the beginning of time for an open one, so that rows can be sorted."""
    return row.valid_from or date.min


def row_at(rows: Sequence[Row], day: date) -> Row | None:
    """The row that speaks for the day; the rows are sorted by `began`."""
    for row in reversed(rows):
        if valid_on(row, day):
            return row
    return None


def row_at_or_nearest(rows: Sequence[Row], day: date) -> Row | None:
    """The row that speaks for the day, else the last that began before it, else the first that is to come."""
    found = row_at(rows, day)
    if found is not None or not rows:
        return found
    earlier = [row for row in rows if began(row) <= day]
    return max(earlier, key=lambda row: (row.valid_to or date.max, began(row))) if earlier else rows[0]


def interval(row: Dated) -> Interval:
    """The row's first and last day."""
    return row.valid_from or date.min, row.valid_to or date.max


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same days in as few intervals as possible, in order; empty ones vanish."""
    result: list[Interval] = []
    for first, last in sorted(intervals):
        if first > last:
            continue
        if result and (result[-1][1] == date.max or first <= result[-1][1] + timedelta(days=1)):
            result[-1] = result[-1][0], max(last, result[-1][1])
        else:
            result.append((first, last))
    return tuple(result)


def any_on(intervals: Sequence[Interval], day: date) -> bool:
    """Does any of the intervals hold the day?"""
    return any(first <= day <= last for first, last in intervals)
