"""Catalogue documents into catalogue rows: what a document replaces, updates or ends, from which day on.

What was valid before a document's day stays, with an end: a purchase is judged by the catalogue of its own day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.reference.build import Change, applied
from models.reference.rows import CatalogueRow
from models.reference.snapshot import Snapshot
from models.reference.validity import row_at_or_nearest


def changes_by(document: CatalogueDocument, snapshot: Snapshot) -> list[Change]:
    """What the document changes in the reference; the same document again gives the same changes.

    `Add`: the catalogue as given from its first day on, in place of the earlier one. `Update`: the lines given.
    `Delete`: nothing is valid from the document's day on.
    """
    supplier = snapshot.supplier_id(document.suppliers)
    present = _present(document, supplier, snapshot)
    if document.action is CatalogueAction.UPDATE:
        return _settled(_updates(document, supplier, present))
    ended = [change for rows in present.values() for row in rows for change in _ended(row, _first_day(document))]
    added = [Change(row) for line in document.rows if (row := _row(line, document, supplier, None))]
    return _settled([*ended, *added])


def after_documents(snapshot: Snapshot, documents: list[CatalogueDocument]) -> Snapshot:
    """The snapshot with these documents taken in, the oldest first."""
    for document in sorted(documents, key=lambda one: one.stamp):
        snapshot = applied(snapshot, changes_by(document, snapshot), number=snapshot.number)
    return snapshot


def _present(document: CatalogueDocument, supplier: str, snapshot: Snapshot) -> dict[str, tuple[CatalogueRow, ...]]:
    """The rows of this catalogue of this supplier, by item."""
    names = {document.catalogue, document.replaces}
    found: dict[str, tuple[CatalogueRow, ...]] = {}
    for row in snapshot.catalogue_of(supplier):
        if row.catalogue in names:
            found[row.item] = (*found.get(row.item, ()), row)
    return found


def _first_day(document: CatalogueDocument) -> date:
    if document.action is CatalogueAction.DELETE:
        return document.day
    return document.valid_from or document.day


def _ended(row: CatalogueRow, first: date) -> Iterator[Change]:
    """The row is valid until the day before; one that would begin later is gone."""
    if row.valid_from is not None and row.valid_from >= first:
        yield Change(row, deleted=True)
    elif row.valid_to is None or row.valid_to >= first:
        yield Change(msgspec.structs.replace(row, valid_to=first - timedelta(days=1)))


def _updates(
    document: CatalogueDocument, supplier: str, present: dict[str, tuple[CatalogueRow, ...]]
) -> Iterator[Change]:
    for line in document.rows:
        rows = present.get(line.item or line.gtin or "", ())
        first = line.valid_from or _first_day(document)
        for row in rows:
            yield from _ended(row, first)
        base = row_at_or_nearest(rows, first)
        updated = None if line.action is CatalogueAction.DELETE else _row(line, document, supplier, base)
        if updated is not None:
            yield Change(updated)


def _row(
    line: CatalogueLine, document: CatalogueDocument, supplier: str, base: CatalogueRow | None
) -> CatalogueRow | None:
    """The line as a row; what it leaves out is as it was. Without an item id there is nothing to order by."""
    item = line.item or line.gtin
    if item is None or line.action is CatalogueAction.DELETE:
        return None
    was = base or CatalogueRow(catalogue=document.catalogue, supplier=supplier, item=item)
    return CatalogueRow(
        catalogue=document.catalogue,
        supplier=was.supplier,
        item=item,
        gtin=line.gtin or was.gtin,
        name=line.name or was.name,
        category=line.category or was.category,
        price=line.price or was.price,
        currency=line.currency or was.currency,
        unit=line.unit or was.unit,
        base_quantity=line.base_quantity or was.base_quantity,
        orderable=was.orderable if line.orderable is None else line.orderable,
        agreement=line.agreement or document.agreement or was.agreement,
        valid_from=line.valid_from or _first_day(document),
        valid_to=line.valid_to or document.valid_to or was.valid_to,
    )


def _settled(changes: "Iterator[Change] | list[Change]") -> list[Change]:
    """One change a key: the last."""
    return list({change.row.key: change for change in changes}.values())
