"""The reference as of one number: immutable, with a look-up by day for everything that judging asks.

Indexes are made at first use and handed on to the next snapshot where their tables did not change (build.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from models.facts import Category
from models.reference.catalogues import SupplierCatalogue, together
from models.reference.categories import as_prefix, significant
from models.reference.effective import rows_of
from models.reference.grouping import covered, grouped, last_valid, longest_prefix
from models.reference.period import Period, Periods
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
    RulesetRow,
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.suppliers import Suppliers
from models.reference.tree import UnitTree
from models.reference.validity import Interval, any_on, merged, valid_on

NEVER_LOADED = -1
"""The number of the empty snapshot, before any set was published."""

OLDEST_RATE_DAYS = 7
"""How old an exchange rate may be (domain.md, other currency)."""

Some = TypeVar("Some")


class Snapshot:
    """All reference rows, and what can be asked of them. `number` is the manifest's offset."""

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

    # rows

    def rows(self, row: type[Some]) -> Iterator[Some]:
        """All rows of a table; of catalogues those that hold."""
        name: str = row.table  # type: ignore[attr-defined]
        rows: Iterator[Any] = (
            (row for catalogue in self._held_of.values() for row in catalogue.rows())
            if name == CatalogueRow.table
            else iter(self.tables.get(name, {}).values())
        )
        return rows

    def period(self, day: date) -> Period:
        """The reference on this day and all days like it."""
        return self._periods.at(day)

    # units

    def units(self) -> tuple[str, ...]:
        """Every unit id."""
        return self._tree.units()

    def known_unit(self, unit: str) -> bool:
        """Is it the id of a unit?"""
        return self._tree.known(unit)

    def unit_id(self, identifiers: Sequence[str]) -> str | None:
        """The unit of the first identifier that resolves: an id, a GLN, a CVR with or without DK, an account code."""
        return self._tree.unit_id(identifiers)

    def unit_row(self, unit: str, day: date | None = None) -> UnitRow | None:
        """The unit's row on the day or nearest to it; without a day the last one."""
        return self._tree.row(unit, day)

    def unit_rows(self, unit: str) -> tuple[UnitRow, ...]:
        """The unit's rows through time."""
        return self._tree.rows(unit)

    def ancestors(self, unit: str, day: date) -> tuple[str, ...]:
        """The unit itself up to its root, in the tree of that day; a unit that is not known stands alone."""
        return self._tree.ancestors(unit, day)

    def root_of(self, unit: str, day: date) -> str:
        """The root above the unit that day; itself where nothing is above it."""
        return self._tree.ancestors(unit, day)[-1]

    def roots(self, day: date) -> tuple[str, ...]:
        """The roots of the tree of that day."""
        return self._tree.roots(day)

    # suppliers

    def supplier_id(self, identifiers: Sequence[str]) -> str:
        """The reference's id; for unknown suppliers the first identifier, a CVR without DK."""
        return self._suppliers.supplier_id(identifiers)

    def supplier(self, supplier_id: str) -> SupplierRow | None:
        """The supplier's row."""
        return self._suppliers.row(supplier_id)

    # catalogues

    def item(
        self, supplier_id: str, *, item: str | None, gtin: str | None = None, catalogue: str | None = None, day: date
    ) -> CatalogueRow | None:
        """The item in this supplier's own catalogues, exactly, valid that day; a named catalogue and orderable go first."""
        held = self._held_of.get(supplier_id)
        return None if held is None else held.find(item, gtin, catalogue, day)

    def supplier_has_catalogue(self, supplier_id: str, day: date) -> bool:
        """Does any of the supplier's catalogues hold anything that day?"""
        held = self._held_of.get(supplier_id)
        return held is not None and held.any_on(day)

    def catalogue_of(self, supplier_id: str) -> Iterator[CatalogueRow]:
        """Every row of the supplier's catalogues that holds, through time."""
        held = self._held_of.get(supplier_id)
        return iter(()) if held is None else held.rows()

    def said_of(self, supplier_id: str) -> Iterator[CatalogueRow]:
        """All that files and documents said of the supplier's catalogues."""
        held = self._held_of.get(supplier_id)
        return iter(()) if held is None else (row for rows in held.said.values() for row in rows_of(rows))

    def category_held(self, category: Category, day: date) -> bool:
        """Is an orderable item of this category, or of a more special one, held in any catalogue that day?"""
        return any_on(self._held.get(significant(category), ()), day)

    # agreements

    def agreement(self, agreement: str, day: date, supplier_id: str | None = None) -> AgreementRow | None:
        """The agreement, valid that day; with a supplier, of that supplier only."""
        rows = self._agreements.get(agreement, ())
        if supplier_id is not None:
            rows = tuple(row for row in rows if self._resolved(row.supplier) == supplier_id)
        return last_valid(rows, day)

    def agreements_of(self, supplier_id: str, day: date) -> tuple[AgreementRow, ...]:
        """The supplier's agreements that are valid that day."""
        return tuple(row for row in self._agreements_of.get(supplier_id, ()) if valid_on(row, day))

    def covers(self, agreement: AgreementRow, category: Category | None) -> bool:
        """Does the agreement cover the category? One that names none covers all of its supplier's."""
        return covered(agreement.categories, category)

    def category_agreed(self, category: Category, day: date) -> bool:
        """Does any agreement that names categories cover this one that day?"""
        return longest_prefix(self._agreed, category, day) is not None

    # the smaller tables

    def account(self, account: str, day: date) -> AccountRow | None:
        """The row of the longest prefix of the account that is valid that day."""
        for length in range(len(account), 0, -1):
            found = last_valid(self._accounts.get(account[:length], ()), day)
            if found is not None:
                return found
        return None

    def standing_order(
        self, standing_order: str, supplier_id: str, unit_chain: Sequence[str], day: date
    ) -> StandingOrderRow | None:
        """The supplier's standing order, valid that day for a unit of the chain or for all."""
        fitting = [
            row
            for row in self._standing_orders.get(standing_order, ())
            if self._resolved(row.supplier) == supplier_id and (row.unit is None or self._unit(row.unit) in unit_chain)
        ]
        return last_valid(fitting, day)

    def external_channel(self, supplier_id: str, category: Category | None, day: date) -> ExternalChannelRow | None:
        """The registered external digital channel for supplier and category that day."""
        rows = self._external_channels.get(supplier_id, ())
        return last_valid([row for row in rows if covered(row.categories, category)], day)

    def mandatory(self, category: Category, day: date) -> MandatoryRow | None:
        """The row by which e-trade is required for the category that day."""
        return longest_prefix(self._mandatory, category, day)

    def certified(self, buyer: str, day: date) -> bool:
        """Was the buyer certified that day?"""
        return any(row.certified_on(day) for row in self._buyers.get(buyer, ()))

    def buyer_known(self, buyer: str) -> bool:
        """Is the buyer in the reference?"""
        return buyer in self._buyers

    def buyer_unit(self, buyer: str) -> str | None:
        """The buyer's unit, as the newest row has it."""
        rows = self._buyers.get(buyer, ())
        unit = rows[-1].unit if rows else None
        return self._unit(unit) if unit else None

    def rate(self, currency: str, day: date) -> tuple[date, Decimal] | None:
        """DKK for one unit of the currency: that day's, else the newest of the seven days before."""
        if currency == "DKK":
            return day, Decimal(1)
        rates = self._rates.get(currency, {})
        days = (day - timedelta(days=back) for back in range(OLDEST_RATE_DAYS + 1))
        return next(((one, rates[one]) for one in days if one in rates), None)

    def target(self, unit: str, figure: str, day: date) -> TargetRow | None:
        """The unit's target for a figure that day."""
        return last_valid([row for row in self._targets.get(unit, ()) if row.figure == figure], day)

    def targets(self, unit: str) -> tuple[TargetRow, ...]:
        """All targets of the unit through time."""
        return self._targets.get(unit, ())

    def ledger(self, unit: str, first: date, last: date) -> tuple[LedgerRow, ...]:
        """The unit's control totals from the first day to the last, both inclusive."""
        return tuple(row for row in self._ledger.get(unit, ()) if first <= row.day <= last)

    def ledger_rows(self) -> tuple[LedgerRow, ...]:
        """All control totals, by unit and day."""
        return tuple(row for unit in sorted(self._ledger) for row in self._ledger[unit])

    @property
    def ruleset_text(self) -> str | None:
        """The active ruleset, as TOML; None until one was published."""
        row = self.ruleset
        return row.text if row else None

    @property
    def ruleset(self) -> RulesetRow | None:
        """The active ruleset's row."""
        return max((row for row in self.rows(RulesetRow) if row.active), key=lambda row: row.key, default=None)

    @property
    def shadow_ruleset(self) -> RulesetRow | None:
        """The row of the ruleset that runs beside the active one, to be compared with it."""
        return max((row for row in self.rows(RulesetRow) if row.shadow), key=lambda row: row.key, default=None)

    # indexes

    def _resolved(self, supplier: str) -> str:
        return self._suppliers.supplier_id((supplier,))

    def _unit(self, unit: str) -> str:
        return self._tree.unit_id((unit,)) or unit

    @cached_property
    def _periods(self) -> Periods:
        return Periods(self)

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
