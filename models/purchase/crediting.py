"""Crediting: what credit notes leave of the lines they credit, and what is billed again afterwards.

By line id, else by item, else in proportion; never below zero, the excess is noted (domain.md, credit note). An invoice
that is credited and sent anew comes to a credit of the difference (docs/decisions/018-billed-again.md).
"""

from collections.abc import Sequence

from models.amounts import spread
from models.facts import Line


def credited_amounts(
    lines: Sequence[Line], amounts: Sequence[int | None], notes: Sequence[tuple[Line, int]]
) -> tuple[list[int | None], int]:
    """What is left of each line's amount (øre), and the excess that could not be credited."""
    left = list(amounts)
    excess = 0
    for line, amount in notes:
        excess += _credit(lines, left, line, amount)
    return left, excess


def billed_again(
    lines: Sequence[Line], ordered: Sequence[int | None], left: Sequence[int | None], again: Sequence[tuple[Line, int]]
) -> list[int | None]:
    """What is left of each line when these amounts, of what was taken from it, are billed anew: a credit of the credit."""
    taken: list[int | None] = [
        None if amount is None else amount - (rest or 0) for amount, rest in zip(ordered, left, strict=True)
    ]
    elsewhere = sum(_credit(lines, taken, line, amount) for line, amount in again)
    _take(taken, range(len(lines)), elsewhere)
    return [None if amount is None else amount - (credit or 0) for amount, credit in zip(ordered, taken, strict=True)]


def netted(amounts: Sequence[int]) -> list[int]:
    """A credit note's amounts; lines below zero lessen the others in proportion."""
    if min(amounts, default=0) >= 0:
        return list(amounts)
    return spread(max(sum(amounts), 0), [max(amount, 0) for amount in amounts])


def _credit(lines: Sequence[Line], left: list[int | None], credit: Line, amount: int) -> int:
    by_id = [place for place, line in enumerate(lines) if line.line == credit.line]
    by_item = [place for place, line in enumerate(lines) if credit.item is not None and line.item == credit.item]
    return _take(left, by_id or by_item or list(range(len(lines))), amount)


def _take(left: list[int | None], places: Sequence[int], amount: int) -> int:
    """Take an amount from lines in proportion to what is left of them; the excess is more than they or all have left."""
    weights = [max(left[place] or 0, 0) for place in places]
    taken = max(min(amount, sum(weights), sum(each or 0 for each in left)), 0)
    for place, part in zip(places, spread(taken, weights), strict=True):
        if part:
            left[place] = (left[place] or 0) - part
    return amount - taken
