"""Every unit's figures before and after, summed up the tree as the merge does it."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from models.measures import ZERO
from models.reference.snapshot import Snapshot
from models.tally.figures import Figure, figures
from models.tally.units import UnitSums, named, unassigned
from models.whatif.comparison import Comparison, Place

HEADLINE = ("e_handelsgrad_amount", "e_handelsgrad_count")

_LEVELS = {"municipality": 0, "department": 1, "area": 2, "institution": 3}


class UnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """A unit, its own and all under it, on both sides."""

    unit: str
    name: str
    level: str
    parent: str | None
    before: dict[str, int]
    """Measures by name."""
    after: dict[str, int]

    @property
    def changes(self) -> bool:
        """Does any measure differ?"""
        return self.before != self.after

    def figure(self, name: str) -> tuple[Figure, Figure]:
        """A figure on both sides."""
        return figures(self.before)[name], figures(self.after)[name]


def unit_changes(comparison: Comparison, before: Snapshot, after: Snapshot, today: date) -> list[UnitChange]:
    """Every unit that either tree, or a purchase, names: from the root down, then by id."""
    old = _summed(comparison.before, UnitSums(before, today))
    new = _summed(comparison.after, UnitSums(after, today))
    units = {*before.units(), *after.units(), *old, *new}
    made = [_change(unit, old.get(unit, ZERO), new.get(unit, ZERO), after, today) for unit in units]
    return sorted(made, key=lambda each: (_LEVELS.get(each.level, len(_LEVELS)), each.unit))


def _summed(places: Mapping[Place, Sequence[int]], tree: UnitSums) -> dict[str, Sequence[int]]:
    sums: dict[str, Sequence[int]] = {}
    for (root, unit), measures in places.items():
        for each in tree.chain(root, unit):
            sums[each] = [one + more for one, more in zip(sums.get(each, ZERO), measures, strict=True)]
    return sums


def _change(unit: str, old: Sequence[int], new: Sequence[int], snapshot: Snapshot, today: date) -> UnitChange:
    row = snapshot.unit_row(unit, today)
    root = unit.removesuffix(unassigned(""))
    stands_apart = row is None and root != unit
    return UnitChange(
        unit=unit,
        name=row.name if row is not None else unit,
        level=row.level.value if row is not None else ("institution" if stands_apart else "municipality"),
        parent=row.parent if row is not None else (root if stands_apart else None),
        before=named(old),
        after=named(new),
    )
