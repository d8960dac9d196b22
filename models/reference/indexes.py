"""All rows of the reference, and what is made of them so that they can be asked: each index at its first use.

An index is handed on to the next snapshot where the tables that it is made of did not change (build.py).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from models.reference.catalogues import SupplierCatalogue, together
from models.reference.categories import as_prefix
from models.reference.grouping import grouped
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    AnyRow,
    BuyerRow,
    CatalogueRow,
    ExternalChannelRow,
    LedgerRow,
    MandatoryRow,
    RateRow,
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.suppliers import Suppliers
from models.reference.tree import UnitTree
from models.reference.validity import Interval, merged

NEVER_LOADED = -1
"""The number of the empty snapshot, before any set was published."""

Some = TypeVar("Some")


class Indexes:
    """The tables by key, and their rows by what they are looked up by. `number` is the manifest's offset."""

    def __init__(
        self,
        *,
        number: int = NEVER_LOADED,
        tables: Mapping[str, Mapping[str, AnyRow]] | None = None,
        catalogues: Mapping[str, SupplierCatalogue] | None = None,
    ) -> None:
        self.number = number
        self.tables = tables or {}
        """Rows by key, of every table but the catalogue."""
        self.catalogues = catalogues or {}
        """What was said of catalogues, under the supplier as the row names it."""

    def rows(self, row: type[Some]) -> Iterator[Some]:
        """All rows of a table; of catalogues those that hold."""
        name: str = row.table  # type: ignore[attr-defined]
        rows: Iterator[Any] = (
            (row for catalogue in self._held_of.values() for row in catalogue.rows())
            if name == CatalogueRow.table
            else iter(self.tables.get(name, {}).values())
        )
        return rows

    def _resolved(self, supplier: str) -> str:
        return self._suppliers.supplier_id((supplier,))

    def _unit(self, unit: str) -> str:
        return self._tree.unit_id((unit,)) or unit

    @cached_property
    def _tree(self) -> UnitTree:
        return UnitTree(self.rows(UnitRow))

    @cached_property
    def _suppliers(self) -> Suppliers:
        return Suppliers(self.rows(SupplierRow))

    @cached_property
    def _held_of(self) -> dict[str, SupplierCatalogue]:
        parts: dict[str, list[SupplierCatalogue]] = {}
        for named in sorted(self.catalogues):
            parts.setdefault(self._resolved(named), []).append(self.catalogues[named])
        return {supplier: together(named) for supplier, named in parts.items()}

    @cached_property
    def _held(self) -> dict[str, tuple[Interval, ...]]:
        gathered: dict[str, list[Interval]] = {}
        for catalogue in self._held_of.values():
            for prefix, intervals in catalogue.categories.items():
                gathered.setdefault(prefix, []).extend(intervals)
        return {prefix: merged(intervals) for prefix, intervals in gathered.items()}

    @cached_property
    def _agreements(self) -> dict[str, tuple[AgreementRow, ...]]:
        return grouped(self.rows(AgreementRow), lambda row: (row.agreement,))

    @cached_property
    def _agreements_of(self) -> dict[str, tuple[AgreementRow, ...]]:
        return grouped(self.rows(AgreementRow), lambda row: (self._resolved(row.supplier),))

    @cached_property
    def _agreed(self) -> dict[str, tuple[AgreementRow, ...]]:
        return grouped(self.rows(AgreementRow), lambda row: map(as_prefix, row.categories))

    @cached_property
    def _standing_orders(self) -> dict[str, tuple[StandingOrderRow, ...]]:
        return grouped(self.rows(StandingOrderRow), lambda row: (row.standing_order,))

    @cached_property
    def _external_channels(self) -> dict[str, tuple[ExternalChannelRow, ...]]:
        return grouped(self.rows(ExternalChannelRow), lambda row: (self._resolved(row.supplier),))

    @cached_property
    def _accounts(self) -> dict[str, tuple[AccountRow, ...]]:
        return grouped(self.rows(AccountRow), lambda row: (row.account,))

    @cached_property
    def _mandatory(self) -> dict[str, tuple[MandatoryRow, ...]]:
        return grouped(self.rows(MandatoryRow), lambda row: (as_prefix(row.category),))

    @cached_property
    def _targets(self) -> dict[str, tuple[TargetRow, ...]]:
        return grouped(self.rows(TargetRow), lambda row: (self._unit(row.unit),))

    @cached_property
    def _buyers(self) -> dict[str, tuple[BuyerRow, ...]]:
        buyers: dict[str, tuple[BuyerRow, ...]] = {}
        for row in sorted(self.rows(BuyerRow), key=lambda row: (row.certified_from or date.min, row.key)):
            buyers[row.buyer] = (*buyers.get(row.buyer, ()), row)
        return buyers

    @cached_property
    def _rates(self) -> dict[str, dict[date, Decimal]]:
        rates: dict[str, dict[date, Decimal]] = {}
        for row in self.rows(RateRow):
            rates.setdefault(row.currency, {})[row.day] = Decimal(row.rate)
        return rates

    @cached_property
    def _ledger(self) -> dict[str, tuple[LedgerRow, ...]]:
        by_unit: dict[str, list[LedgerRow]] = {}
        for row in sorted(self.rows(LedgerRow), key=lambda row: (row.day, row.unit)):
            by_unit.setdefault(self._unit(row.unit), []).append(row)
        return {unit: tuple(rows) for unit, rows in by_unit.items()}
