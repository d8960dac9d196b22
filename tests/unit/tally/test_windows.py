"""The rolling windows reach from where to where, over New Year and in leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tally.windows import WINDOWS, span, spans


@pytest.mark.parametrize(
    ("window", "today", "first"),
    [
        ("day", date(2026, 3, 2), date(2026, 3, 2)),
        ("7d", date(2026, 1, 3), date(2025, 12, 28)),
        ("30d", date(2026, 1, 1), date(2025, 12, 3)),
        ("30d", date(2024, 3, 1), date(2024, 2, 1)),
        ("30d", date(2026, 3, 1), date(2026, 1, 31)),
        ("month", date(2026, 1, 1), date(2026, 1, 1)),
        ("month", date(2024, 2, 29), date(2024, 2, 1)),
        ("year", date(2026, 12, 31), date(2026, 1, 1)),
        ("year", date(2026, 1, 1), date(2026, 1, 1)),
        ("12m", date(2026, 3, 2), date(2025, 3, 3)),
        ("12m", date(2026, 12, 31), date(2026, 1, 1)),
        ("12m", date(2024, 2, 29), date(2023, 3, 1)),
        ("12m", date(2025, 2, 28), date(2024, 2, 29)),
        ("12m", date(2024, 2, 28), date(2023, 3, 1)),
    ],
)
def test_a_window_begins(window: str, today: date, first: date) -> None:
    assert span(window, today) == (first, today)


@given(today=st.dates(date(1971, 1, 1), date(2199, 12, 31)))
def test_twelve_months_are_a_whole_year_and_hold_every_shorter_window(today: date) -> None:
    found = spans(today)
    assert tuple(found) == WINDOWS
    first, last = found["12m"]
    assert (last - first).days + 1 in (365, 366)
    assert all(first <= each <= until == today for each, until in found.values())


@given(today=st.dates(date(1971, 1, 1), date(2199, 12, 31)))
def test_a_window_never_begins_earlier_the_next_day(today: date) -> None:
    assert all(span(window, today)[0] <= span(window, today + timedelta(days=1))[0] for window in WINDOWS)
