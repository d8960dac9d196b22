"""The reference as of one number: immutable, with a look-up by day for everything that judging asks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from models.facts import Category
from models.reference.categories import significant
from models.reference.effective import rows_of
from models.reference.grouping import covered, last_valid, longest_prefix
from models.reference.indexes import Indexes
from models.reference.period import Period, Periods
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    CatalogueRow,
    ExternalChannelRow,
    LedgerRow,
    MandatoryRow,
    RulesetRow,
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.validity import any_on, valid_on

OLDEST_RATE_DAYS = 7
"""How old an exchange rate may be (domain.md, other currency)."""


class Snapshot(Indexes):
    """All reference rows, and what can be asked of them. `number` is the manifest's offset."""

    @cached_property
    def _periods(self) -> Periods:
        return Periods(self)

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
