"""The rolling windows: from which day to which day each of them reaches, as seen on a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

WINDOWS = ("day", "7d", "30d", "month", "year", "12m")
"""In the order they are shown."""


def span(window: str, today: date) -> tuple[date, date]:
    """First and last day of a window, both inclusive, as of a day in Copenhagen."""
    return spans(today)[window]


@lru_cache(maxsize=100)
def spans(today: date) -> Mapping[str, tuple[date, date]]:
    """All windows as of a day."""
    firsts = {
        "day": today,
        "7d": today - timedelta(days=6),
        "30d": today - timedelta(days=29),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
        "12m": _a_year_before(today) + timedelta(days=1),
    }
    return MappingProxyType({window: (firsts[window], today) for window in WINDOWS})


def _a_year_before(day: date) -> date:
    """The same day a year before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
