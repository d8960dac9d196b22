"""Sums of `unit_days` up the tree of units: what a reconciliation and a report add up."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, cast, func, select

from models.measures import MEASURES
from models.reference.rows import Level, UnitRow
from models.reference.tree import UnitTree
from sinks.database.schema import unit_days, units

Measures = dict[str, int]


class Sent(NamedTuple):
    """A unit as the cells name it, maybe unknown to the tree."""

    root: str
    unit: str


def read_tree(connection: Connection) -> UnitTree:
    """The tree that the reference has now, through time."""
    rows = connection.execute(select(units)).mappings()
    return UnitTree(
        UnitRow(
            unit=row["unit"],
            name=row["name"],
            level=Level(row["level"]),
            parent=row["parent"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            peer_group=row["peer_group"],
            fte=None if row["fte"] is None else float(row["fte"]),
        )
        for row in rows
    )


def sums_of_cells(connection: Connection, *, first: date, last: date) -> dict[Sent, Measures]:
    """The measures of each unit's own cells, both days included."""
    totals = [cast(func.sum(unit_days.c[name]), BigInteger).label(name) for name in MEASURES]
    query = (
        select(unit_days.c.root, unit_days.c.unit, *totals)
        .where(unit_days.c.day.between(first, last))
        .group_by(unit_days.c.root, unit_days.c.unit)
    )
    return {
        Sent(root, unit): dict(zip(MEASURES, values, strict=True)) for root, unit, *values in connection.execute(query)
    }


def climbed(cells: Mapping[Sent, Measures], *, tree: UnitTree, day: date) -> dict[str, Measures]:
    """Each unit's sum with all below it, in the tree of the day."""
    result: dict[str, Measures] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for sent, measures in cells.items():
        for unit in chain(sent, tree=tree, day=day):
            total = result[unit]
            for name, value in measures.items():
                total[name] = total.get(name, 0) + value
    return dict(result)


def chain(sent: Sent, *, tree: UnitTree, day: date) -> tuple[str, ...]:
    """The unit and all above it; a unit that the tree does not know is its root's unassigned one."""
    if tree.known(sent.unit):
        return tree.ancestors(sent.unit, day)
    return unassigned(sent.root), sent.root


def unassigned(root: str) -> str:
    """The unit under which a root's unknown units are summed."""
    return f"{root}-unassigned"


def spans(tree: UnitTree, *, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last in spans within which the tree stays as it is."""
    starts = {first}
    for unit in tree.units():
        for row in tree.rows(unit):
            if row.valid_from:
                starts.add(row.valid_from)
            if row.valid_to and row.valid_to < last:
                starts.add(row.valid_to + timedelta(days=1))
    inside = sorted(day for day in starts if first <= day <= last)
    for begin, following in zip(inside, [*inside[1:], None], strict=True):
        yield begin, last if following is None else following - timedelta(days=1)


def sums_as_was(connection: Connection, *, tree: UnitTree, first: date, last: date) -> dict[str, Measures]:
    """Each unit's sum with all that was below it, day by day."""
    result: dict[str, Measures] = {}
    for begin, end in spans(tree, first=first, last=last):
        for unit, measures in climbed(sums_of_cells(connection, first=begin, last=end), tree=tree, day=begin).items():
            before = result.get(unit)
            result[unit] = measures if before is None else {name: before[name] + measures[name] for name in MEASURES}
    return result
