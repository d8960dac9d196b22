"""Amounts of money: decimal strings to hundredths, currencies to øre, and spreading without losing one."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


def rounded(value: Decimal) -> int:
    """Half up, away from zero for negative amounts as well, so that a credit mirrors its debit."""
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def hundredths(value: Decimal) -> int:
    """Kroner to øre, or any currency to its hundredths."""
    return rounded(value * HUNDRED)


def in_ore(net_hundredths: int, rate: Decimal) -> int:
    """Hundredths of a currency in øre at a rate of DKK for one unit, rounded half up (domain.md, other currency)."""
    return rounded(Decimal(net_hundredths) * rate)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total in proportion to the weights by largest remainder; ties go to the lower place.

    The parts always sum to the total. Without any weight the first place takes it all.
    """
    if not weights:
        return []
    base = sum(weights)
    if base <= 0:
        return [total, *[0] * (len(weights) - 1)]
    parts = [total * weight // base for weight in weights]
    left = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % base), place))
    for place in by_remainder[:left]:
        parts[place] += 1
    return parts
