"""Making snapshots: a draft takes over a snapshot, copies what changes, and becomes the next one."""

from collections.abc import Iterable, Mapping

import msgspec

from models.reference.catalogues import SupplierCatalogue
from models.reference.effective import Held, rows_of
from models.reference.indexes import NEVER_LOADED
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
from models.reference.snapshot import Snapshot

_INDEXES: Mapping[str, tuple[str, ...]] = {
    "_tree": (UnitRow.table,),
    "_suppliers": (SupplierRow.table,),
    "_held_of": (CatalogueRow.table, SupplierRow.table),
    "_held": (CatalogueRow.table, SupplierRow.table),
    "_agreements": (AgreementRow.table,),
    "_agreements_of": (AgreementRow.table, SupplierRow.table),
    "_agreed": (AgreementRow.table,),
    "_standing_orders": (StandingOrderRow.table,),
    "_external_channels": (ExternalChannelRow.table, SupplierRow.table),
    "_accounts": (AccountRow.table,),
    "_mandatory": (MandatoryRow.table,),
    "_targets": (TargetRow.table, UnitRow.table),
    "_buyers": (BuyerRow.table,),
    "_rates": (RateRow.table,),
    "_ledger": (LedgerRow.table, UnitRow.table),
}
"""What each index of a snapshot is made from."""


class Change(msgspec.Struct, frozen=True):
    """A row that is to be there, or to be gone."""

    row: AnyRow
    deleted: bool = False


class Draft:
    """The next snapshot while rows still come in; what it shares with the one before is never written to."""

    def __init__(self, before: Snapshot | None = None) -> None:
        self._before = before or Snapshot()
        self._tables: dict[str, dict[str, AnyRow]] = {}
        self._catalogues: dict[str, dict[str, Held]] = {}

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over changes, in their order; one that says what is so already changes nothing."""
        for change in changes:
            if isinstance(change.row, CatalogueRow):
                self._apply_to_catalogue(change.row, deleted=change.deleted)
            else:
                self._apply_to_table(change.row, deleted=change.deleted)

    def snapshot(self, number: int) -> Snapshot:
        """The snapshot of that number. The draft must not be used any more."""
        tables = {**self._before.tables, **self._tables}
        catalogues = dict(self._before.catalogues)
        for supplier, items in self._catalogues.items():
            catalogues.pop(supplier, None)
            if items:
                catalogues[supplier] = SupplierCatalogue(items)
        after = Snapshot(number=number, tables=tables, catalogues=catalogues)
        self._hand_on_indexes(after)
        return after

    def _apply_to_table(self, row: AnyRow, *, deleted: bool) -> None:
        rows = self._tables.get(row.table)
        if rows is None:
            rows = self._tables[row.table] = dict(self._before.tables.get(row.table, {}))
        if deleted:
            rows.pop(row.key, None)
        else:
            rows[row.key] = row

    def _apply_to_catalogue(self, row: CatalogueRow, *, deleted: bool) -> None:
        items = self._catalogues.get(row.supplier)
        if items is None:
            before = self._before.catalogues.get(row.supplier)
            items = self._catalogues[row.supplier] = dict(before.said) if before else {}
        present = items.get(row.item)
        if present is None and not deleted:
            items[row.item] = row
            return
        others = tuple(one for one in rows_of(present) if not _same(one, row))
        held = others if deleted else (*others, row)
        if held:
            items[row.item] = held[0] if len(held) == 1 else held
        else:
            items.pop(row.item, None)

    def _hand_on_indexes(self, after: Snapshot) -> None:
        changed = set(self._tables) | ({CatalogueRow.table} if self._catalogues else set())
        made = vars(self._before)
        for index, tables in _INDEXES.items():
            if index in made and changed.isdisjoint(tables):
                vars(after)[index] = made[index]


def _same(one: CatalogueRow, other: CatalogueRow) -> bool:
    """Whether two rows of one item bear the same key, without writing it."""
    return (one.valid_from, one.catalogue, one.stamp, one.says, one.line) == (
        other.valid_from,
        other.catalogue,
        other.stamp,
        other.says,
        other.line,
    )


def snapshot_of(rows: Iterable[AnyRow], *, number: int = 0) -> Snapshot:
    """A snapshot of these rows."""
    draft = Draft()
    draft.apply(Change(row) for row in rows)
    return draft.snapshot(number)


def applied(before: Snapshot, changes: Iterable[Change], *, number: int) -> Snapshot:
    """The snapshot after these changes; the one before stays as it was."""
    draft = Draft(before)
    draft.apply(changes)
    return draft.snapshot(number)


EMPTY = Snapshot(number=NEVER_LOADED)
"""Before any set was published: nothing is known, and everything is judged all the same."""
