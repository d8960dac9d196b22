"""Adjustments: what has changed in months that are frozen, and by what; pure, so that the same material gives the same."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.tally.figures import figures
from models.tally.report import ADJUSTED, Adjustment, Rate, Reason, UnitReport

Measures = Mapping[str, int]
MOVED = ("catalogue_ore", "off_channel_ore", "review_ore")
"""The amounts of which a reason says how much it moved."""
UNITS_CHANGED = "units.changed"
"""What no judgement explains: the tree was corrected for those days."""
REFERENCE_CHANGED = "reference.changed"


class Standing(NamedTuple):
    """Where a purchase counted, and with what."""

    units: tuple[str, ...]
    """The unit and all above it, on the purchase's day."""
    amounts: tuple[int, ...]
    """In the order of MOVED."""


class Move(NamedTuple):
    """A purchase that stands otherwise than when the month was told of; None: it was, or is, not in the month."""

    purchase: str
    cause: str
    before: Standing | None
    after: Standing | None


def adjustment(
    month: str, *, revision: int, told_at: str, before: Measures, after: Measures, reasons: Iterable[Reason]
) -> Adjustment | None:
    """The adjustment of one unit's month; None where nothing has changed."""
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in before.keys() | after.keys()}
    changed = {name: changed[name] for name in sorted(changed) if changed[name]}
    if not changed:
        return None
    return Adjustment(
        month=month,
        revision=revision,
        told_at=told_at,
        before=_rates(before),
        after=_rates(after),
        measures=changed,
        reasons=(*(found := tuple(reasons)), *_unexplained(changed, found)),
    )


def by_reference(report: UnitReport, *, told_at: str) -> Adjustment:
    """The adjustment of a month of which no sum has changed: targets, the ledger or certificates did."""
    rates = _rates(report.measures)
    return Adjustment(
        month=report.month,
        revision=report.revision,
        told_at=told_at,
        before=rates,
        after=rates,
        measures={},
        reasons=(Reason(REFERENCE_CHANGED, 0, 0, 0, 0),),
    )


def reasons_of(moves: Iterable[Move]) -> dict[str, tuple[Reason, ...]]:
    """By unit and cause how many purchases moved, and what amounts."""
    sums: dict[tuple[str, str], list[int]] = {}
    for move in moves:
        for unit, amounts in _by_unit(move).items():
            total = sums.setdefault((unit, move.cause), [0] * (1 + len(MOVED)))
            total[0] += 1
            for place, amount in enumerate(amounts, 1):
                total[place] += amount
    found: dict[str, tuple[Reason, ...]] = {}
    for (unit, cause), total in sorted(sums.items()):
        found[unit] = (*found.get(unit, ()), Reason(cause, *total))
    return found


def told_of(frozen: Measures, adjustments: Iterable[Adjustment]) -> Measures:
    """What was last said of a month: as it was frozen, and adjusted since."""
    told = dict(frozen)
    for one in adjustments:
        for name, change in one.measures.items():
            told[name] = told.get(name, 0) + change
    return told


def _by_unit(move: Move) -> dict[str, tuple[int, ...]]:
    """What the move changed in each unit that it concerns."""
    units = {unit: None for side in (move.before, move.after) if side for unit in side.units}
    return {
        unit: tuple(new - old for old, new in zip(_of(move.before, unit), _of(move.after, unit), strict=True))
        for unit in units
    }


def _of(side: Standing | None, unit: str) -> tuple[int, ...]:
    return side.amounts if side is not None and unit in side.units else (0,) * len(MOVED)


def _unexplained(changed: Measures, reasons: tuple[Reason, ...]) -> Iterable[Reason]:
    left = [changed.get(name, 0) - sum(each.amounts[place] for each in reasons) for place, name in enumerate(MOVED)]
    if any(left) or not reasons:
        yield Reason(UNITS_CHANGED, 0, *left)


def _rates(measures: Measures) -> dict[str, Rate]:
    found = figures(measures)
    return {name: Rate(found[name].numerator, found[name].denominator, found[name].value) for name in ADJUSTED}
