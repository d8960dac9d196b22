"""The ERP's own control totals: per unit and day the invoices and credit notes it booked, sent or not."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from deploy.local.simulator.chance import chance
from deploy.local.simulator.happening import Happening
from deploy.local.simulator.town import Town

GAPS = 6
"""So many units' ERP fails to send a part of what it books."""
SMALLEST_GAP = 0.15
LARGEST_GAP = 0.60

Totals = dict[tuple[str, date], tuple[int, int]]
"""(unit, day) → documents, net amount in øre."""


def sent(happenings: Iterable[Happening]) -> Totals:
    """What was sent: each document once, cancelled ones not at all."""
    sums: defaultdict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for happening in happenings:
        entry = happening.entry
        if entry:
            total = sums[entry.unit, entry.day]
            total[0] += entry.documents
            total[1] += entry.amount_ore
    return {key: (documents, amount) for key, (documents, amount) in sums.items() if documents or amount}


def booked(town: Town, totals: Totals) -> Totals:
    """What was booked: the same, but more in the units with a gap."""
    gaps = gaps_of(town)
    return {
        (unit, day): _more(documents, amount, gaps.get(unit, 0.0))
        for (unit, day), (documents, amount) in totals.items()
    }


def gaps_of(town: Town) -> dict[str, float]:
    """The units with a gap, with what they book beyond what they send, as a part of what they send."""
    random = chance(town.seed, "gaps")
    large = sorted(
        (unit for unit in town.units if unit.level == "institution"), key=lambda unit: (-unit.fte, unit.unit)
    )
    span = LARGEST_GAP - SMALLEST_GAP
    return {unit.unit: SMALLEST_GAP + span * random.random() for unit in random.sample(large[: 10 * GAPS], GAPS)}


def _more(documents: int, amount_ore: int, gap: float) -> tuple[int, int]:
    if not gap:
        return documents, amount_ore
    return documents + max(1, round(documents * gap)), amount_ore + round(abs(amount_ore) * gap)
