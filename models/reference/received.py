"""Catalogue documents as rows of the reference: each line as it was said, and the end of what was there before.

What holds follows from all that was said (effective.py): here nothing is looked up but the supplier.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.reference.build import Change, applied
from models.reference.identifiers import comparable
from models.reference.rows import CatalogueRow, Says
from models.reference.snapshot import Snapshot

_MAY_BE_LEFT_OUT = ("gtin", "name", "category", "price", "unit", "orderable", "agreement", "valid_to")
_WITH_THE_PRICE = ("currency", "base_quantity")
_SAYS = {CatalogueAction.ADD: Says.WHOLE, CatalogueAction.UPDATE: Says.UPDATE, CatalogueAction.DELETE: Says.END}


def changes_by(document: CatalogueDocument, snapshot: Snapshot) -> list[Change]:
    """What the document says, as far as it is not there yet: nothing for a repeat."""
    supplier = snapshot.supplier_id(document.suppliers)
    document = msgspec.structs.replace(document, providers=_named(document.providers, snapshot))
    present = {row.key: row for row in snapshot.said_of(supplier) if row.stamp == document.stamp}
    return [Change(row) for key, row in _rows(document, supplier).items() if present.get(key) != row]


def _named(providers: tuple[str, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """All of a provider's identifiers as they are compared, and its id: another document may name it by any of them."""
    return tuple(sorted({snapshot.supplier_id(providers), *map(comparable, providers)}))


def after_documents(snapshot: Snapshot, documents: list[CatalogueDocument]) -> Snapshot:
    """The snapshot with these documents taken in, in whatever order."""
    changes = [change for document in documents for change in changes_by(document, snapshot)]
    return applied(snapshot, changes, number=snapshot.number)


def _rows(document: CatalogueDocument, supplier: str) -> dict[str, CatalogueRow]:
    """By key: of two lines of the same item and day the last one speaks."""
    lines = (_row(line, document, supplier) for line in document.rows if _says_something(line, document))
    said = [*_end(document, supplier), *lines]
    last = {(row.item, row.item or row.line, row.valid_from, row.says): row for row in said}
    return {row.key: row for row in last.values()}


def _says_something(line: CatalogueLine, document: CatalogueDocument) -> bool:
    """What is not in a whole catalogue needs no end of its own; without an item's id there is nothing to order by."""
    if document.action is CatalogueAction.ADD and line.action is CatalogueAction.DELETE:
        return False
    return _item(line) != "" or _says(line, document) is not Says.WHOLE


def _says(line: CatalogueLine, document: CatalogueDocument) -> Says:
    return _SAYS[line.action] if document.action is CatalogueAction.UPDATE else Says.WHOLE


def _item(line: CatalogueLine) -> str:
    return line.item or line.gtin or ""


def _end(document: CatalogueDocument, supplier: str) -> Iterator[CatalogueRow]:
    """The end of what the catalogue held, where the document is whole or deletes."""
    if document.action is not CatalogueAction.UPDATE:
        yield CatalogueRow(
            catalogue=document.catalogue,
            supplier=supplier,
            item="",
            agreement=document.agreement,
            valid_from=_first_day(document),
            stamp=document.stamp,
            says=Says.END,
            providers=document.providers,
            follows=document.replaces,
            of_contract=document.of_contract,
        )


def _first_day(document: CatalogueDocument) -> date:
    if document.action is CatalogueAction.DELETE:
        return document.day
    return document.valid_from or document.day


def _row(line: CatalogueLine, document: CatalogueDocument, supplier: str) -> CatalogueRow:
    says = _says(line, document)
    stated = {
        "gtin": line.gtin,
        "name": line.name,
        "category": line.category,
        "price": line.price,
        "currency": line.currency,
        "unit": line.unit,
        "base_quantity": line.base_quantity,
        "orderable": line.orderable,
        "agreement": line.agreement or document.agreement,
        "valid_to": line.valid_to or document.valid_to,
    }
    return CatalogueRow(
        catalogue=document.catalogue,
        supplier=supplier,
        item=_item(line),
        providers=document.providers,
        line=line.line,
        valid_from=line.valid_from or _first_day(document),
        stamp=document.stamp,
        says=says,
        of_update=document.action is CatalogueAction.UPDATE,
        follows=document.replaces,
        of_contract=document.of_contract,
        left_out=_left_out(line, stated) if says is Says.UPDATE else (),
        **{name: value for name, value in stated.items() if value is not None},  # type: ignore[arg-type]
    )


def _left_out(line: CatalogueLine, stated: Mapping[str, object]) -> tuple[str, ...]:
    """A price comes with its currency and its quantity, stated or not."""
    missing = [name for name in _MAY_BE_LEFT_OUT if stated[name] is None]
    return (*missing, *(() if line.price is not None else _WITH_THE_PRICE))
