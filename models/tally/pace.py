"""Pace: where a figure is heading, by a line through its last six full months (domain.md, Figures)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from models.measures import MEASURES
from models.tally.figures import figures

MONTHS = 6
FEWEST = 3
"""Months with a rate that a line needs to say anything."""


def full_months(today: date, count: int = MONTHS) -> list[tuple[date, date]]:
    """First and last day of the last full months before a day, the oldest first."""
    months: list[tuple[date, date]] = []
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(count):
        months.insert(0, (last.replace(day=1), last))
        last = last.replace(day=1) - timedelta(days=1)
    return months


def line_at(points: Sequence[tuple[float, float]], at: float) -> float | None:
    """The least-squares line through the points, read at a place; None with too few points."""
    if len(points) < FEWEST:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    return mean_y + slope * (at - mean_x)


def pace(days: Mapping[date, Sequence[int]], figure: str, *, today: date, at: date) -> float | None:
    """Where the figure will be on a day if the last six full months go on as they did, between 0 and 1.

    `days` may be summed up by month, each standing at its first day.
    """
    points: list[tuple[float, float]] = []
    for first, last in full_months(today):
        sums = [0] * len(MEASURES)
        for day, measures in days.items():
            if first <= day <= last:
                sums = [one + other for one, other in zip(sums, measures, strict=True)]
        value = figures(dict(zip(MEASURES, sums, strict=True)))[figure].value
        if value is not None:
            points.append((float(last.toordinal()), value))
    reached = line_at(points, float(at.toordinal()))
    return None if reached is None else min(max(reached, 0.0), 1.0)
