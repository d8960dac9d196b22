"""From a loaded folder to the changes that make it true: what is new, what changed, what is to go."""

from collections.abc import Iterator, Mapping

import msgspec

from models.reference.build import Change, snapshot_of
from models.reference.folder import Loaded
from models.reference.received import after_documents
from models.reference.rows import AnyRow, CatalogueRow, RulesetRow, SupplierRow
from models.reference.snapshot import Snapshot

MOST_DROPPED = 0.2
"""A load that drops a larger share of a table needs to be forced (contract.md)."""

Rows = Mapping[str, AnyRow]


class TableDifference(msgspec.Struct, frozen=True):
    """How a table changes, in rows."""

    table: str
    before: int
    added: int
    changed: int
    dropped: int

    @property
    def drops_too_much(self) -> bool:
        """More than a fifth of the table would go."""
        return self.dropped > MOST_DROPPED * self.before

    @property
    def nothing(self) -> bool:
        """The table stays as it is."""
        return not (self.added or self.changed or self.dropped)


def tables_of(snapshot: Snapshot) -> dict[str, Rows]:
    """Every table by key, the catalogue too."""
    catalogue = {row.key: row for row in snapshot.rows(CatalogueRow)}
    return {**snapshot.tables, CatalogueRow.table: catalogue}


def changes_of(loaded: Loaded, standing: Mapping[str, Rows]) -> tuple[list[Change], list[TableDifference]]:
    """The changes from what stands to what was loaded, and their number per table."""
    changes: list[Change] = []
    differences: list[TableDifference] = []
    for table, after in _tables_after(loaded, standing).items():
        before = standing.get(table, {})
        written = [row for key, row in after.items() if before.get(key) != row]
        dropped = [row for key, row in before.items() if key not in after]
        changes += [Change(row) for row in written]
        changes += [Change(row, deleted=True) for row in dropped]
        added = sum(row.key not in before for row in written)
        differences.append(TableDifference(table, len(before), added, len(written) - added, len(dropped)))
    return changes, differences


def loaded_snapshot(loaded: Loaded, *, number: int = 0) -> Snapshot:
    """The snapshot of a folder alone; what has no file is empty (`judge --reference`)."""
    rows: Iterator[AnyRow] = (row for table in _tables_after(loaded, {}).values() for row in table.values())
    return snapshot_of(rows, number=number)


def _tables_after(loaded: Loaded, standing: Mapping[str, Rows]) -> dict[str, Rows]:
    after: dict[str, Rows] = dict(loaded.tables)
    if loaded.documents:
        after[CatalogueRow.table] = _with_documents(loaded, {**standing, **after})
    if loaded.rulesets:
        after[RulesetRow.table] = _with_rulesets(loaded, standing.get(RulesetRow.table, {}))
    return after


def _with_documents(loaded: Loaded, tables: Mapping[str, Rows]) -> Rows:
    needed = (tables.get(row.table, {}).values() for row in (SupplierRow, CatalogueRow))
    snapshot = after_documents(snapshot_of(row for rows in needed for row in rows), loaded.documents)
    return {row.key: row for row in snapshot.rows(CatalogueRow)}


def _with_rulesets(loaded: Loaded, before: Rows) -> Rows:
    """Rulesets are kept for ever; a new active one takes the place of the other."""
    replaced = any(row.active for row in loaded.rulesets)
    kept = {key: _inactive(row) if replaced else row for key, row in before.items()}
    return {**kept, **{row.key: row for row in loaded.rulesets}}


def _inactive(row: AnyRow) -> AnyRow:
    return msgspec.structs.replace(row, active=False) if isinstance(row, RulesetRow) else row
