"""Checks of a whole reference set: what refers to what, and whether the units form a tree. Errors refuse the set."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from models.reference.identifiers import comparable
from models.reference.problems import Problem
from models.reference.rows import AgreementRow, AnyRow, CatalogueRow, SupplierRow, UnitRow
from models.reference.validity import began, row_at_or_nearest

Tables = Mapping[str, Mapping[str, AnyRow]]
"""Rows by key, by table."""

MOST_OF_A_KIND = 20
"""Warnings of one kind in one file; the rest are counted."""


class Place(msgspec.Struct, frozen=True):
    """Where a row of the set was read; rows that were there before have line 0."""

    lines: Mapping[str, Mapping[str, int]]

    def problem(self, row: AnyRow, column: str, message: str) -> Problem:
        """A problem of the row."""
        return Problem(f"{row.table}.csv", self.lines.get(row.table, {}).get(row.key, 0), column, message)


def errors(tables: Tables, place: Place) -> list[Problem]:
    """What makes the set impossible: a validity that ends before it begins, and cycles in the tree."""
    return [*_reversed_validities(tables, place), *_cycles(_units(tables), place)]


def warnings(tables: Tables, place: Place) -> list[Problem]:
    """What is probably wrong, but can be judged with."""
    found = [
        *_unknown_references(tables, place),
        *_shared_identifiers(tables, place),
        *_overlaps(tables, place),
    ]
    return _shortened(found)


def _reversed_validities(tables: Tables, place: Place) -> Iterator[Problem]:
    for rows in tables.values():
        for row in rows.values():
            first = getattr(row, "valid_from", None) or getattr(row, "certified_from", None)
            last = getattr(row, "valid_to", None) or getattr(row, "certified_until", None)
            if first and last and last < first:
                yield place.problem(
                    row, "valid_to", f"ends on {last}, before it begins on {first}; swap or correct them"
                )


def _units(tables: Tables) -> dict[str, list[UnitRow]]:
    by_unit: dict[str, list[UnitRow]] = defaultdict(list)
    for row in tables.get("units", {}).values():
        if isinstance(row, UnitRow):
            by_unit[row.unit].append(row)
    for rows in by_unit.values():
        rows.sort(key=began)
    return by_unit


def _cycles(units: Mapping[str, list[UnitRow]], place: Place) -> Iterator[Problem]:
    """A cycle on any day on which the tree changes."""
    days = {began(row) for rows in units.values() for row in rows}
    days |= {
        row.valid_to + timedelta(days=1)
        for rows in units.values()
        for row in rows
        if row.valid_to and row.valid_to < date.max
    }
    told: set[str] = set()
    for day in sorted(days):
        speaking = {unit: row for unit, rows in units.items() if (row := row_at_or_nearest(rows, day))}
        for unit in _in_cycles({unit: row.parent for unit, row in speaking.items()}):
            if unit not in told:
                told.add(unit)
                sentence = f"{unit} is above itself in the tree on {day}; correct its parent or one further up"
                yield place.problem(speaking[unit], "parent", sentence)


def _in_cycles(parents: Mapping[str, str | None]) -> Iterator[str]:
    settled: set[str] = set()
    for start in sorted(parents):
        path: dict[str, None] = {}
        unit: str | None = start
        while unit is not None and unit in parents and unit not in settled and unit not in path:
            path[unit] = None
            unit = parents[unit]
        if unit is not None and unit in path:
            walked = list(path)
            yield from walked[walked.index(unit) :]
        settled.update(path)


def _unknown_references(tables: Tables, place: Place) -> Iterator[Problem]:
    units = set(_units(tables)) | _listed(tables, "units")
    agreements = {row.agreement for row in tables.get("agreements", {}).values() if isinstance(row, AgreementRow)}
    suppliers = {
        comparable(row.supplier) for row in tables.get("suppliers", {}).values() if isinstance(row, SupplierRow)
    }
    suppliers |= _listed(tables, "suppliers")
    for table, rows in tables.items():
        for row in rows.values():
            parent, unit = getattr(row, "parent", None), getattr(row, "unit", None)
            supplier, agreement = getattr(row, "supplier", None), getattr(row, "agreement", None)
            if parent and parent not in units:
                yield place.problem(
                    row, "parent", f"the unit “{parent}” is not in units.csv; the unit counts as a root"
                )
            if unit and table in ("standing_orders", "buyers", "targets", "ledger") and unit not in units:
                yield place.problem(row, "unit", f"the unit “{unit}” is not in units.csv")
            if supplier and comparable(supplier) not in suppliers:
                yield place.problem(row, "supplier", f"the supplier “{supplier}” is not in suppliers.csv")
            if isinstance(row, CatalogueRow) and agreement and agreement not in agreements:
                yield place.problem(row, "agreement", f"the agreement “{agreement}” is not in agreements.csv")


def _listed(tables: Tables, table: str) -> set[str]:
    return {comparable(one) for row in tables.get(table, {}).values() for one in getattr(row, "identifiers", ())}


def _shared_identifiers(tables: Tables, place: Place) -> Iterator[Problem]:
    for table, field in (("units", "unit"), ("suppliers", "supplier")):
        owner: dict[str, str] = {}
        for row in tables.get(table, {}).values():
            name = getattr(row, field)
            for one in getattr(row, "identifiers", ()):
                first = owner.setdefault(comparable(one), name)
                if first != name:
                    yield place.problem(row, "identifiers", f"“{one}” also stands for {first}; it can mean only one")


def _overlaps(tables: Tables, place: Place) -> Iterator[Problem]:
    for table in ("units", "agreements", "catalogue", "targets", "accounts"):
        groups: dict[str, list[AnyRow]] = defaultdict(list)
        for key, row in tables.get(table, {}).items():
            groups[key.rpartition("|")[0]].append(row)
        for rows in groups.values():
            if len(rows) > 1:
                yield from _overlaps_among(rows, place)


def _overlaps_among(rows: Iterable[AnyRow], place: Place) -> Iterator[Problem]:
    dated = sorted(rows, key=lambda row: getattr(row, "valid_from", None) or date.min)
    for earlier, later in pairwise(dated):
        last, first = getattr(earlier, "valid_to", None), getattr(later, "valid_from", None)
        if last is not None and first is not None and last >= first:
            yield place.problem(
                later, "valid_from", f"begins on {first}, while {earlier.key} is valid to {last}; it wins there"
            )


def _shortened(found: Iterable[Problem]) -> list[Problem]:
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in found:
        kinds[problem.file, problem.column].append(problem)
    result: list[Problem] = []
    for (file, column), problems in kinds.items():
        problems.sort()
        result += problems[:MOST_OF_A_KIND]
        if len(problems) > MOST_OF_A_KIND:
            result.append(Problem(file, 0, column, f"and {len(problems) - MOST_OF_A_KIND} more of this kind"))
    return result
