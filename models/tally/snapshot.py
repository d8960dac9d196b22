"""A unit's snapshot: the value of `compliance.units`, its figures in every window with targets and distances."""

from collections.abc import Mapping
from datetime import date

import msgspec

from models.measures import PLACE
from models.reference.rows import TargetRow
from models.reference.validity import valid_on
from models.tally.figures import Figure, figures, gain_ore
from models.tally.units import UnitSums, named, unassigned
from models.tally.windows import spans

_FIGURES = figures({}).keys()


class Target(msgspec.Struct, frozen=True):
    """A target in force, and how far the figure is above (or, negative, below) it."""

    target: float
    distance: float | None
    valid_to: date | None = None
    pace: float | None = None
    """Where the figure will be at `valid_to`, by a line through its last six full months."""


class Window(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """One window of a snapshot."""

    first: date
    last: date
    measures: dict[str, int]
    figures: dict[str, dict[str, int | float | None]]
    targets: dict[str, Target]
    gain_ore: int = 0
    """What e-trade gained: invoices of catalogue purchases × the ruleset's gain for each."""
    gain_left_ore: int = 0
    """What is left to gain: the same of off-channel purchases."""


class UnitSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit's figures are as of a moment."""

    unit: str
    name: str
    level: str
    parent: str | None
    root: str
    tree: str = "as_is"
    as_of: str
    day: date
    generation: int
    revision: int
    gain_per_invoice_ore: int
    """What the ruleset says an e-traded invoice saves: what the gains of the windows are made of."""
    windows: dict[str, Window]


def unit_snapshot(
    sums: UnitSums, unit: str, *, as_of: str, generation: int, revision: int, gain_per_invoice_ore: int
) -> UnitSnapshot:
    """The snapshot of a unit from the sums as they are now."""
    reference, today = sums.snapshot, sums.today
    row = reference.unit_row(unit, today)
    root = reference.root_of(unit, today) if row is not None else unit.removesuffix("-unassigned")
    windows, reach = sums.windows(unit), spans(today)
    control = sums.control(unit, windows["30d"][PLACE["seen_documents"]], windows["30d"][PLACE["seen_ore"]])
    certified_buyers = sums.certified_buyers(unit)
    in_force = _targets_in_force(sums, unit)
    made: dict[str, Window] = {}
    for window, measures in windows.items():
        by_name = named(measures)
        found = figures(by_name, control, certified_buyers)
        first, last = reach[window]
        shown = {name: figure.as_json() for name, figure in found.items()}
        won, left = gain_ore(by_name, gain_per_invoice_ore)
        made[window] = Window(first, last, by_name, shown, _targets(in_force, found), won, left)
    return UnitSnapshot(
        unit=unit,
        name=row.name if row is not None else unit,
        level=row.level if row is not None else ("municipality" if unit == root else "institution"),
        parent=row.parent if row is not None else (root if unit == unassigned(root) else None),
        root=root,
        as_of=as_of,
        day=today,
        generation=generation,
        revision=revision,
        gain_per_invoice_ore=gain_per_invoice_ore,
        windows=made,
    )


def _targets_in_force(sums: UnitSums, unit: str) -> dict[str, tuple[TargetRow, float | None]]:
    """By figure, the unit's targets of today and where the figure is heading; a unit that is closed has none."""
    reference, today = sums.snapshot, sums.today
    if not any(valid_on(row, today) for row in reference.unit_rows(unit)):
        return {}
    rows = (reference.target(unit, name, today) for name in {row.figure for row in reference.targets(unit)} & _FIGURES)
    return {
        row.figure: (row, sums.pace(unit, row.figure, row.valid_to) if row.valid_to else None)
        for row in rows
        if row is not None
    }


def _targets(in_force: Mapping[str, tuple[TargetRow, float | None]], found: Mapping[str, Figure]) -> dict[str, Target]:
    """The targets as a window's figures stand to them."""
    result: dict[str, Target] = {}
    for name, (row, heading) in in_force.items():
        target, value = float(row.value), found[name].value
        result[name] = Target(target, None if value is None else value - target, row.valid_to, heading)
    return result
