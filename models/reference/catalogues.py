"""What one supplier's catalogues hold: items by id and GTIN through time, and the days on which a category is held.

The rows lie under their supplier and item, so that one change copies one supplier's index only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from models.reference.categories import category_of, prefixes
from models.reference.effective import Held, effective, rows_of
from models.reference.rows import CatalogueRow
from models.reference.validity import Interval, any_on, began, interval, merged, valid_on


class SupplierCatalogue:
    """The catalogues of one supplier; never changed once a snapshot holds it."""

    def __init__(self, said: Mapping[str, Held]) -> None:
        self.said = said
        """All that files and documents said, by item id."""

    @cached_property
    def _items(self) -> Mapping[str, Held]:
        return effective(self.said)

    def rows(self) -> Iterator[CatalogueRow]:
        """Every row that holds."""
        for held in self._items.values():
            yield from rows_of(held)

    def find(self, item: str | None, gtin: str | None, catalogue: str | None, day: date) -> CatalogueRow | None:
        """The row of exactly this item, else of this GTIN, that is valid that day; see `_best`."""
        found = _best(rows_of(self._items.get(item)), catalogue, day) if item else None
        if found is None and gtin:
            found = _best(self._by_gtin.get(gtin, ()), catalogue, day)
        return found

    def any_on(self, day: date) -> bool:
        """Is any row valid that day?"""
        return any_on(self._days, day)

    @cached_property
    def categories(self) -> dict[str, tuple[Interval, ...]]:
        """The days on which an orderable item is held under each prefix of its category."""
        exact: dict[str, set[Interval]] = defaultdict(set)
        for row in self.rows():
            if row.category and row.orderable:
                exact[row.category].add(interval(row))
        under: dict[str, set[Interval]] = defaultdict(set)
        for category, intervals in exact.items():
            for prefix in prefixes(category_of(category)):
                under[prefix] |= intervals
        return {prefix: merged(intervals) for prefix, intervals in under.items()}

    @cached_property
    def _by_gtin(self) -> dict[str, tuple[CatalogueRow, ...]]:
        by_gtin: dict[str, tuple[CatalogueRow, ...]] = {}
        for row in self.rows():
            if row.gtin:
                by_gtin[row.gtin] = (*by_gtin.get(row.gtin, ()), row)
        return by_gtin

    @cached_property
    def _days(self) -> tuple[Interval, ...]:
        return merged({interval(row) for row in self.rows()})


def together(parts: Sequence[SupplierCatalogue]) -> SupplierCatalogue:
    """One supplier's catalogues that were sent under several of its names."""
    if len(parts) == 1:
        return parts[0]
    said: dict[str, Held] = {}
    for part in parts:
        for item, held in part.said.items():
            said[item] = (*rows_of(said.get(item)), *rows_of(held))
    return SupplierCatalogue(said)


def _best(rows: tuple[CatalogueRow, ...], catalogue: str | None, day: date) -> CatalogueRow | None:
    """Of the rows valid that day the one in the named catalogue, then an orderable one, then the one that began last."""
    if len(rows) == 1:
        return rows[0] if valid_on(rows[0], day) else None
    valid = [row for row in rows if valid_on(row, day)]
    if len(valid) <= 1:
        return valid[0] if valid else None
    return max(valid, key=lambda row: (row.catalogue == catalogue, row.orderable, began(row), row.key))
