"""When purchases are made: by hour and weekday, spread over a history or live at a rate."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

from models.days import COPENHAGEN

HOUR = timedelta(hours=1)
HISTORY_MONTHS = 13

WEEKDAYS = (1.0, 1.05, 1.02, 1.0, 0.8, 0.07, 0.05)
HOURS = (
    0.01, 0.0, 0.0, 0.0, 0.01, 0.04, 0.20, 0.55, 0.90, 1.0, 1.0, 0.90,
    0.65, 0.85, 0.70, 0.45, 0.22, 0.10, 0.07, 0.06, 0.06, 0.05, 0.03, 0.02,
)  # fmt: skip
MONTHS = (1.0, 0.95, 1.05, 0.9, 1.0, 0.95, 0.5, 1.05, 1.1, 0.95, 1.1, 0.8)
LIVE_FLOOR = 0.35
"""Live, the quietest hour still has this part of the rate: at night too there is something to see."""


class Tempo(msgspec.Struct, frozen=True):
    """How long a day of waiting takes: a day, or less when somebody wants to see it."""

    day: timedelta = timedelta(days=1)

    def wait(self, random: Random, shortest_days: float, longest_days: float) -> timedelta:
        return self.day * (shortest_days + (longest_days - shortest_days) * random.random())


LIVE = Tempo(timedelta(seconds=10))
"""Live, what takes a day in life takes ten seconds, so that invoices can be watched arriving."""


def history_start(now: datetime) -> datetime:
    """Midnight in Copenhagen on the first of the month thirteen months before; the thirteenth is the present one."""
    today = now.astimezone(COPENHAGEN)
    months = today.year * 12 + today.month - 1 - (HISTORY_MONTHS - 1)
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=COPENHAGEN).astimezone(UTC)


def busyness(at: datetime) -> float:
    """How busy the hour is, about 1 on a Tuesday at ten."""
    local = at.astimezone(COPENHAGEN)
    return WEEKDAYS[local.weekday()] * HOURS[local.hour] * MONTHS[local.month - 1]


def spread(random: Random, start: datetime, end: datetime, count: int) -> Iterator[datetime]:
    """`count` ordered instants between start and end, dense where it is busy.

    Each instant is drawn from its own slice of the summed busyness, so none has to be sorted or kept.
    """
    hours = [(at, min(HOUR, end - at)) for at in _hours(start, end)]
    weights = [busyness(at) * (length / HOUR) + 1e-9 for at, length in hours]
    slice_weight = sum(weights) / count if count else 0.0
    place, passed = 0, 0.0
    for number in range(count):
        aim = (number + random.random()) * slice_weight
        while place < len(hours) - 1 and passed + weights[place] <= aim:
            passed += weights[place]
            place += 1
        at, length = hours[place]
        yield rounded(at + length * min((aim - passed) / weights[place], 0.999_999))


def live(random: Random, start: datetime, rate_per_s: float) -> Iterator[datetime]:
    """Instants without end; `rate_per_s` is that of a busy hour."""
    at = start
    while True:
        level = max(min(busyness(at), 1.0), LIVE_FLOOR)
        at += timedelta(seconds=random.expovariate(rate_per_s * level))
        yield rounded(at)


def rounded(at: datetime) -> datetime:
    """To the millisecond, which is what the events say."""
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    at = start
    while at < end:
        yield at
        at += HOUR
