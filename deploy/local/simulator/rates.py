"""Reference rates of foreign currencies: DKK for one unit, on each weekday."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from deploy.local.simulator.chance import chance

STARTS = {"EUR": (7.46, 0.0006), "SEK": (0.66, 0.004), "USD": (6.80, 0.005)}
DAYS_BACK = 7
"""A day without a rate takes the newest of the seven days before (domain.md)."""
SATURDAY = 5

Rates = dict[tuple[str, date], str]


def rates(seed: int, begin: date, end: date) -> Rates:
    """Rates of all weekdays from `begin` to `end`, both included."""
    return {key: text for currency in STARTS for key, text in _walk(seed, currency, begin, end)}


def _walk(seed: int, currency: str, begin: date, end: date) -> Iterator[tuple[tuple[str, date], str]]:
    random = chance(seed, "rates", currency)
    start, sway = STARTS[currency]
    rate, day = start, begin
    while day <= end:
        if day.weekday() < SATURDAY:
            rate += (start - rate) * 0.05 + start * random.gauss(0, sway)
            yield (currency, day), f"{rate:.4f}"
        day += timedelta(days=1)


def rate_on(known: Rates, currency: str, day: date) -> Decimal | None:
    if currency == "DKK":
        return Decimal(1)
    for back in range(DAYS_BACK + 1):
        text = known.get((currency, day - timedelta(days=back)))
        if text is not None:
            return Decimal(text)
    return None
