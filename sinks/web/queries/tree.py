"""The tree of units as it is today, and which rows of a table lie under a unit."""

import time
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, any_, func, literal, not_, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from sinks.database.schema import unit_snapshots, units

UNASSIGNED = "-unassigned"
"""Ending of the unit under which a root sums what no known unit bought."""

KEPT_S = 1.0
"""Pages show an event within two seconds, new units too."""
UNASSIGNED_NAME = "Uden kendt enhed"


def alphabetical(name: str) -> str:
    """A key that sorts as the Danish alphabet does: å comes last."""
    return name.casefold().replace("å", "\u00ff")


class Unit(msgspec.Struct, frozen=True):
    """A unit today; `fte` is its own, else the sum of what lies under it."""

    unit: str
    name: str
    level: str
    parent: str | None
    fte: float | None = None
    peer_group: str | None = None


class Tree(msgspec.Struct, frozen=True):
    """Every unit by id, and the ids under each."""

    units: dict[str, Unit]
    children: dict[str, tuple[str, ...]]

    def roots(self) -> list[str]:
        return [unit.unit for unit in self.units.values() if unit.parent not in self.units]

    def path(self, unit: str) -> list[Unit]:
        """From the root down to the unit itself."""
        path: list[Unit] = []
        at: str | None = unit
        while at in self.units and self.units[at] not in path:
            path.append(self.units[at])
            at = self.units[at].parent
        return path[::-1]

    def under(self, unit: str) -> Iterator[str]:
        """The unit and all below it."""
        seen, waiting = set(), [unit]
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                yield at
                waiting.extend(self.children.get(at, ()))

    def name(self, unit: str) -> str:
        return self.units[unit].name if unit in self.units else unit

    def fte(self, unit: str) -> float | None:
        """Employees of the unit and all below it; a stated number that holds them already is not added to."""
        own = self.units[unit].fte or 0.0
        below = sum(self.fte(child) or 0.0 for child in self.children.get(unit, ()))
        return (own if own >= below else own + below) or None

    def home(self, unit: str, root: str) -> str:
        """Where a row of this unit is counted: at itself, or under its root's `unassigned`."""
        return unit if unit in self.units else f"{root}{UNASSIGNED}"

    def covers(self, table: Table, unit: str) -> ColumnElement[bool]:
        """The condition for the rows of a table that lie under a unit, unknown units under `unassigned`."""
        roots = self.roots()
        if roots == [unit]:
            return true()
        found = [table.c.unit == any_(_array(self.under(unit)))]
        for root in roots:
            if unit in {root, f"{root}{UNASSIGNED}"}:
                unknown = not_(table.c.unit == any_(_array(self.units)))
                found.append(and_(table.c.root == root, unknown))
        return or_(*found)


def _array(values: Iterable[str]) -> ColumnElement[list[str]]:
    return literal(list(values), ARRAY(Text))


_kept: dict[tuple[str, date], tuple[float, Tree]] = {}


def read_tree(connection: Connection, *, today: date) -> Tree:
    """The units valid today, and those that only the merge knows; every question needs it, so it is kept for a moment."""
    key, now = (str(connection.engine.url), today), time.monotonic()
    known = _kept.get(key)
    if known is None or now - known[0] > KEPT_S:
        known = now, _read_tree(connection, today=today)
        _kept.clear()
        _kept[key] = known
    return known[1]


def _read_tree(connection: Connection, *, today: date) -> Tree:
    known = {unit.unit: unit for unit in (*_from_snapshots(connection), *_from_reference(connection, today))}
    children: dict[str, list[str]] = {}
    for unit in sorted(known.values(), key=lambda unit: (alphabetical(unit.name), unit.unit)):
        if unit.parent is not None:
            children.setdefault(unit.parent, []).append(unit.unit)
    return Tree(units=known, children={parent: tuple(below) for parent, below in children.items()})


def _from_snapshots(connection: Connection) -> Iterator[Unit]:
    table = unit_snapshots.c
    for row in connection.execute(select(table.unit, table.name, table.level, table.parent)):
        unassigned = row.unit.endswith(UNASSIGNED)
        name, level = (UNASSIGNED_NAME, "unassigned") if unassigned else (row.name or row.unit, row.level)
        yield Unit(unit=row.unit, name=name, level=level, parent=row.parent or None)


def _from_reference(connection: Connection, today: date) -> Iterator[Unit]:
    table = units.c
    valid = and_(func.coalesce(table.valid_from, today) <= today, func.coalesce(table.valid_to, today) >= today)
    columns = (table.unit, table.name, table.level, table.parent, table.fte, table.peer_group)
    for row in connection.execute(select(*columns).where(valid)):
        fte = None if row.fte is None else float(row.fte)
        yield Unit(
            unit=row.unit, name=row.name, level=row.level, parent=row.parent or None, fte=fte, peer_group=row.peer_group
        )
