"""The tree of units through time: who a unit is known as, and what stands above it on a day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from models.reference.identifiers import comparable
from models.reference.rows import Level, UnitRow
from models.reference.validity import began, row_at, row_at_or_nearest

_RANK = {level: rank for rank, level in enumerate(reversed(Level))}


class UnitTree:
    """All units with their rows; what is asked for a day is the same for all days between two changes."""

    def __init__(self, rows: Iterable[UnitRow]) -> None:
        by_unit: dict[str, list[UnitRow]] = defaultdict(list)
        for row in rows:
            by_unit[row.unit].append(row)
        self._rows = {unit: tuple(sorted(by_unit[unit], key=began)) for unit in sorted(by_unit)}
        self._names = self._named()
        self._changes = self._change_days()
        self._chains: dict[tuple[str, int], tuple[str, ...]] = {}
        self._roots: dict[int, tuple[str, ...]] = {}

    def units(self) -> tuple[str, ...]:
        """Every unit id, in order."""
        return tuple(self._rows)

    def known(self, unit: str) -> bool:
        """Is it the id of a unit?"""
        return unit in self._rows

    def unit_id(self, identifiers: Sequence[str]) -> str | None:
        """The unit of the first identifier that any unit has as its id or identifier."""
        for one in identifiers:
            if one in self._rows:
                return one
            unit = self._names.get(comparable(one))
            if unit is not None:
                return unit
        return None

    def rows(self, unit: str) -> tuple[UnitRow, ...]:
        """The unit's rows through time."""
        return self._rows.get(unit, ())

    def row(self, unit: str, day: date | None) -> UnitRow | None:
        """The row that speaks for the day or is nearest to it; without a day the last one."""
        rows = self.rows(unit)
        if day is None:
            return rows[-1] if rows else None
        return row_at_or_nearest(rows, day)

    def ancestors(self, unit: str, day: date) -> tuple[str, ...]:
        """The unit itself, what stands above it, up to the root, in the tree of that day."""
        if unit not in self._rows:
            return (unit,)
        where = unit, bisect_right(self._changes, day)
        chain = self._chains.get(where)
        if chain is None:
            chain = self._chains[where] = self._climb(unit, day)
        return chain

    def roots(self, day: date) -> tuple[str, ...]:
        """The units without a parent that are valid that day; if none is valid, those that are nearest to it."""
        where = bisect_right(self._changes, day)
        if where not in self._roots:
            tops = [unit for unit in self._rows if len(self.ancestors(unit, day)) == 1]
            valid = tuple(unit for unit in tops if row_at(self._rows[unit], day) is not None)
            self._roots[where] = valid or tuple(tops)
        return self._roots[where]

    def _climb(self, unit: str, day: date) -> tuple[str, ...]:
        chain = [unit]
        while True:
            row = row_at_or_nearest(self.rows(chain[-1]), day)
            if row is None or row.parent is None or row.parent not in self._rows or row.parent in chain:
                return tuple(chain)
            chain.append(row.parent)

    def _named(self) -> dict[str, str]:
        """Identifiers to units. One that several have means the highest of them: a municipality's CVR is everyone's."""
        owners: dict[str, tuple[int, str]] = {}
        for unit, rows in self._rows.items():
            rank = _RANK[rows[-1].level]
            for one in {unit, *(one for row in rows for one in row.identifiers)}:
                name = comparable(one)
                owners[name] = min(owners.get(name, (rank, unit)), (rank, unit))
        return {name: unit for name, (_, unit) in owners.items()}

    def _change_days(self) -> list[date]:
        days = {began(row) for rows in self._rows.values() for row in rows}
        ends = {row.valid_to for rows in self._rows.values() for row in rows if row.valid_to}
        return sorted(days | {end + timedelta(days=1) for end in ends if end < date.max})
