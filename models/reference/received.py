"""Catalogue documents into catalogue rows: what a document replaces, updates or ends, from which day on.

What was valid before a document's day stays, with an end: a purchase is judged by the catalogue of its own day.
Every row keeps the stamp of its document, and an ending is a row too, so that documents may arrive in any order.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import msgspec

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.facts import Stamp
from models.reference.build import Change, applied
from models.reference.rows import CatalogueRow
from models.reference.snapshot import Snapshot
from models.reference.validity import began, row_at_or_nearest

_TAKEN_OVER = ("gtin", "name", "category", "price", "unit", "agreement", "valid_to")
_LEFT_OUT = (None, "")
_WHOLE = ""
"""The item of an ending that is of the whole catalogue."""


def changes_by(document: CatalogueDocument, snapshot: Snapshot) -> list[Change]:
    """What the document changes in the reference: the same after any order of arrival, nothing for a repeat.

    `Add`: the catalogue as given from its first day on, in place of the earlier one. `Update`: the lines given.
    `Delete`: nothing is valid from the document's day on. Of two documents the greater stamp speaks from its first
    day on. An update's line that leaves something out takes it from the older rows that have arrived by then,
    else from the first that does.
    """
    supplier = snapshot.supplier_id(document.suppliers)
    names = {document.catalogue, document.replaces}
    present = {row.key: row for row in snapshot.catalogue_of(supplier) if row.catalogue in names}
    said = list(_said(document, supplier, present.values()))
    completed = {key: _completed(row, said) for key, row in present.items()}
    after = _settled({**completed, **_newest(said, present)})
    written = [Change(row) for key, row in after.items() if present.get(key) != row]
    return [*(Change(row, deleted=True) for key, row in present.items() if key not in after), *written]


def after_documents(snapshot: Snapshot, documents: list[CatalogueDocument]) -> Snapshot:
    """The snapshot with these documents taken in, the oldest first."""
    for document in sorted(documents, key=lambda one: one.stamp):
        snapshot = applied(snapshot, changes_by(document, snapshot), number=snapshot.number)
    return snapshot


def _said(document: CatalogueDocument, supplier: str, present: Iterable[CatalogueRow]) -> Iterator[CatalogueRow]:
    """The rows that the document says, and the endings."""
    if document.action is CatalogueAction.UPDATE:
        yield from _updates(document, supplier, present)
        return
    yield from _endings(document, supplier, _WHOLE, _first_day(document))
    for line in document.rows:
        if (row := _row(line, document, supplier, None)) is not None:
            yield row


def _updates(document: CatalogueDocument, supplier: str, present: Iterable[CatalogueRow]) -> Iterator[CatalogueRow]:
    by_item = _by_item(row for row in present if not _newer(row.stamp, document.stamp) and not _is_ending(row))
    for line in document.rows:
        item = line.item or line.gtin
        if item is None:
            continue
        first = line.valid_from or _first_day(document)
        older = by_item.get(item, ()) if line.action is CatalogueAction.UPDATE else ()
        yield from _endings(document, supplier, item, first)
        row = _row(line, document, supplier, row_at_or_nearest(sorted(older, key=began), first))
        if row is not None:
            yield row


def _endings(document: CatalogueDocument, supplier: str, item: str, first: date) -> Iterator[CatalogueRow]:
    """That nothing older is valid from the day on: rows that are never valid, kept for what arrives late."""
    for catalogue in filter(None, (document.replaces, document.catalogue)):
        yield CatalogueRow(
            catalogue, supplier, item, valid_from=first, valid_to=first - timedelta(days=1), stamp=document.stamp
        )


def _is_ending(row: CatalogueRow) -> bool:
    return row.valid_from is not None and row.valid_to is not None and row.valid_to < row.valid_from


def _first_day(document: CatalogueDocument) -> date:
    if document.action is CatalogueAction.DELETE:
        return document.day
    return document.valid_from or document.day


def _newest(said: Iterable[CatalogueRow], present: Mapping[str, CatalogueRow]) -> dict[str, CatalogueRow]:
    """What is said by key, the last; without what a newer document has said of the same first day."""
    return {row.key: row for row in said if row.key not in present or not _newer(present[row.key].stamp, row.stamp)}


def _completed(row: CatalogueRow, said: Iterable[CatalogueRow]) -> CatalogueRow:
    """A row that an update said before anything older had arrived, with what it left out."""
    if not row.partial or row.valid_from is None:
        return row
    older = (one for one in said if (one.catalogue, one.item) == (row.catalogue, row.item) and not _is_ending(one))
    before = sorted((one for one in older if _newer(row.stamp, one.stamp)), key=began)
    base = row_at_or_nearest(before, row.valid_from)
    if base is None:
        return row
    stated = {name: value for name in _TAKEN_OVER if (value := getattr(row, name)) not in _LEFT_OUT}
    taken = {name: getattr(base, name) for name in _TAKEN_OVER} | stated
    return msgspec.structs.replace(row, **taken, partial=base.partial)


def _settled(rows: Mapping[str, CatalogueRow]) -> dict[str, CatalogueRow]:
    """The rows as the newer ones of their item and of the whole catalogue leave them."""
    by_item = _by_item(rows.values())
    left = ((key, _left(row, (*by_item.get(_WHOLE, ()), *by_item[row.item]))) for key, row in rows.items())
    return {key: row for key, row in left if row is not None}


def _left(row: CatalogueRow, others: Iterable[CatalogueRow]) -> CatalogueRow | None:
    """The row, valid until the day before the first of a newer one; None where that leaves no day."""
    newer = (one for one in others if one.catalogue == row.catalogue and _newer(one.stamp, row.stamp))
    first = min(map(began, newer), default=None)
    if first is None or (row.valid_to is not None and row.valid_to < first and began(row) < first):
        return row
    return None if began(row) >= first else msgspec.structs.replace(row, valid_to=first - timedelta(days=1))


def _newer(stamp: Stamp | None, other: Stamp | None) -> bool:
    return stamp is not None and (other is None or stamp > other)


def _by_item(rows: Iterable[CatalogueRow]) -> dict[str, list[CatalogueRow]]:
    found: dict[str, list[CatalogueRow]] = {}
    for row in rows:
        found.setdefault(row.item, []).append(row)
    return found


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
        stamp=document.stamp,
        partial=line.action is CatalogueAction.UPDATE and (base is None or base.partial),
    )
