"""Facts to the figures of a unit, as the service makes them: judged, put into cells, summed up the tree."""

from datetime import date

from models.purchase.assessing import Basis
from models.tally.snapshot import UnitSnapshot, Window, unit_snapshot
from models.tally.units import UnitSums
from tests.builders import DAY, basis, lived


def summed(*facts: object, on: Basis | None = None, today: date = DAY) -> UnitSums:
    on = on or basis()
    rows = lived(facts, on)
    sums = UnitSums(on.snapshot, today)
    for cell, measures in rows.cells.items():
        sums.replace(0, cell, 1, measures, rows.buyers[cell])
    return sums


def shown(
    *facts: object, on: Basis | None = None, today: date = DAY, unit: str = "U1", gain_ore: int = 6200
) -> UnitSnapshot:
    sums = summed(*facts, on=on, today=today)
    return unit_snapshot(sums, unit, as_of="now", generation=1, revision=1, gain_per_invoice_ore=gain_ore)


def figures_of(*facts: object, window: str = "12m", **more: object) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every figure."""
    found = window_of(*facts, window=window, **more).figures
    return {name: (int(each["numerator"] or 0), int(each["denominator"] or 0)) for name, each in found.items()}


def window_of(*facts: object, window: str = "12m", **more: object) -> Window:
    return shown(*facts, **more).windows[window]  # type: ignore[arg-type]
