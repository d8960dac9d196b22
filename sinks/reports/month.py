"""A calendar month, as a report names it: 2026-10."""

import re
from datetime import date, timedelta
from typing import NamedTuple, Self

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
COVERAGE_DAYS = 30


class Month(NamedTuple):
    """A month by its first and last day."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds the day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `2026-10`; ValueError says how to write it."""
        found = _WRITTEN.fullmatch(text)
        if not found or found[1] in {"0000", "9999"}:
            raise ValueError(f"“{text}” is no month; write it as 2026-10")
        return cls.of(date(int(found[1]), int(found[2]), 1))

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def covered_from(self) -> date:
        """Coverage is always over 30 days (domain.md, Figures): these end with the month."""
        return self.last - timedelta(days=COVERAGE_DAYS - 1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
