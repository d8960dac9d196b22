"""From a loaded folder to the changes that make it true: what is new, what changed, what is to go."""

from collections.abc import Iterator, Mapping

import msgspec

from models.reference.build import Change, snapshot_of
from models.reference.effective import rows_of
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
    """Every table by key, the catalogue too: all that was said of it."""
    said = (rows for catalogue in snapshot.catalogues.values() for rows in catalogue.said.values())
    return {**snapshot.tables, CatalogueRow.table: {row.key: row for rows in said for row in rows_of(rows)}}


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
        kept = sum(map(_of_document, before.values()))
        differences.append(TableDifference(table, len(before) - kept, added, len(written) - added, len(dropped)))
    return changes, differences


def loaded_snapshot(loaded: Loaded, *, number: int = 0) -> Snapshot:
    """The snapshot of a folder alone; what has no file is empty (`judge --reference`)."""
    rows: Iterator[AnyRow] = (row for table in _tables_after(loaded, {}).values() for row in table.values())
    return snapshot_of(rows, number=number)


def _tables_after(loaded: Loaded, standing: Mapping[str, Rows]) -> dict[str, Rows]:
    after: dict[str, Rows] = dict(loaded.tables)
    if loaded.documents or CatalogueRow.table in after:
        after[CatalogueRow.table] = _catalogue_after(loaded, standing)
    if loaded.rulesets:
        after[RulesetRow.table] = _with_rulesets(loaded, standing.get(RulesetRow.table, {}))
    return after


def _catalogue_after(loaded: Loaded, standing: Mapping[str, Rows]) -> Rows:
    """A file takes the place of a file's rows; what documents said stays beside it, and is joined by the folder's."""
    before = standing.get(CatalogueRow.table, {})
    of_files = {key: row for key, row in before.items() if not _of_document(row)}
    of_files = loaded.tables.get(CatalogueRow.table, of_files)
    rows = {**of_files, **{key: row for key, row in before.items() if _of_document(row)}}
    suppliers = {**standing, **loaded.tables}.get(SupplierRow.table, {})
    said = after_documents(snapshot_of((*suppliers.values(), *rows.values())), loaded.documents)
    return tables_of(said)[CatalogueRow.table]


def _of_document(row: AnyRow) -> bool:
    return isinstance(row, CatalogueRow) and row.stamp is not None


def _with_rulesets(loaded: Loaded, before: Rows) -> Rows:
    """Rulesets are kept for ever; a new active one takes the place of the other."""
    replaced = any(row.active for row in loaded.rulesets)
    kept = {key: _inactive(row) if replaced else row for key, row in before.items()}
    return {**kept, **{row.key: row for row in loaded.rulesets}}


def _inactive(row: AnyRow) -> AnyRow:
    return msgspec.structs.replace(row, active=False) if isinstance(row, RulesetRow) else row
