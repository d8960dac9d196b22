"""Catalogue documents to rows for the reference table `catalogue`."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from models.documents import items, parties
from models.documents.element import Element
from models.documents.header import issued, number_of, sealed, stamp
from models.documents.lines import MAX_LINES
from models.documents.parties import Pseudonym
from models.documents.values import (
    free_text,
    identifier,
    indicator,
    missing,
    optional_day,
    optional_decimal,
    plain,
    required,
    usable,
    wrong,
)
from models.facts import Stamp
from models.reference.categories import written
from models.refusal import refuse
from models.vocabulary import RejectionCode


class CatalogueAction(StrEnum):
    """What a catalogue document, or one line of it, does to what was there."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


class CatalogueLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line does to its row of `reference.catalogue`. What a partial update leaves out is None: it stays."""

    action: CatalogueAction
    line: str
    """The catalogue's own id of the line: what a pricing update names it by."""
    catalogue: str
    supplier: str
    item: str | None = None
    gtin: str | None = None
    name: str | None = None
    category: str | None = None
    """As `UNSPSC:43191501`."""
    price: str | None = None
    currency: str | None = None
    unit: str | None = None
    base_quantity: str | None = None
    orderable: bool | None = None
    agreement: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class CatalogueDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """One catalogue document.

    ADD is the whole catalogue, in place of an earlier one of this provider and id; UPDATE only the rows given; after
    DELETE the catalogue is gone, there are no rows.
    """

    catalogue: str
    providers: tuple[str, ...]
    """The identifiers of who provides the catalogue: together with its id the key of the catalogue."""
    suppliers: tuple[str, ...]
    """The identifiers of the seller, else of the provider; the rows bear the first."""
    action: CatalogueAction
    stamp: Stamp
    day: date
    version: str | None = None
    replaces: str | None = None
    """The catalogue that it follows, where it bears another id."""
    of_contract: bool = False
    """It says that it changes an earlier catalogue, and does not name it."""
    agreement: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    rows: tuple[CatalogueLine, ...] = ()


_ACTIONS = {
    "add": CatalogueAction.ADD,
    "update": CatalogueAction.UPDATE,
    "replace": CatalogueAction.UPDATE,
    "delete": CatalogueAction.DELETE,
}
_CHANGING = frozenset({"update", "replace", "delete"})
_PUNCH_OUT = re.compile(r"punch_out|bii18(?!\d)|peppol18(?!\d)|trns077", re.IGNORECASE)
"""As Peppol names it today, and as the profiles of CEN BII before it."""
_RELATED = "cac:RelatedCatalogueReference/cbc:ID"
_ITEM_UPDATE = "cac:CatalogueItemSpecificationUpdateLine"
_PRICE_UPDATE = "cac:CataloguePricingUpdateLine"


def is_punch_out(root: Element) -> bool:
    """Whether a Catalogue is the cart of a punch-out session: it sells nothing and lists nothing."""
    return any(_PUNCH_OUT.search(root.said(path) or "") for path in ("cbc:ProfileID", "cbc:CustomizationID"))


def read_catalogue(root: Element, *, pseudonym: Pseudonym) -> CatalogueDocument:
    """A Catalogue: whole, or an update of some of its lines."""
    action = _action(root, default=CatalogueAction.ADD, whole=True)
    head = _head(root, catalogue=number_of(root), action=action, pseudonym=pseudonym)
    rows = () if action is CatalogueAction.DELETE else _rows(root, head, "cac:CatalogueLine", CatalogueAction.ADD)
    replaces = usable(root, "cac:SourceCatalogueReference/cbc:ID")
    changes = (root.said("cbc:ActionCode") or "").lower() in _CHANGING
    return sealed(msgspec.structs.replace(head, rows=rows, replaces=replaces, of_contract=changes and replaces is None))


def read_deletion(root: Element, *, pseudonym: Pseudonym) -> CatalogueDocument:
    """A CatalogueDeletion."""
    named = required(root, "cac:DeletedCatalogueReference/cbc:ID", "the number of the catalogue that goes")
    return sealed(_head(root, catalogue=identifier(named), action=CatalogueAction.DELETE, pseudonym=pseudonym))


def read_item_update(root: Element, *, pseudonym: Pseudonym) -> CatalogueDocument:
    """A CatalogueItemSpecificationUpdate: new descriptions of items, prices stay."""
    return _update(root, _ITEM_UPDATE, pseudonym=pseudonym)


def read_price_update(root: Element, *, pseudonym: Pseudonym) -> CatalogueDocument:
    """A CataloguePricingUpdate: new prices, items stay."""
    return _update(root, _PRICE_UPDATE, pseudonym=pseudonym)


def _update(root: Element, path: str, *, pseudonym: Pseudonym) -> CatalogueDocument:
    named = required(root, _RELATED, "the number of the catalogue that is updated")
    head = _head(root, catalogue=identifier(named), action=CatalogueAction.UPDATE, pseudonym=pseudonym)
    return sealed(msgspec.structs.replace(head, rows=_rows(root, head, path, CatalogueAction.UPDATE)))


def _head(root: Element, *, catalogue: str, action: CatalogueAction, pseudonym: Pseudonym) -> CatalogueDocument:
    providers = _party(root, "cac:ProviderParty", pseudonym=pseudonym)
    suppliers = _party(root, "cac:SellerSupplierParty/cac:Party", pseudonym=pseudonym) or providers
    if not suppliers:
        raise missing(
            root, "cac:ProviderParty/cac:PartyIdentification/cbc:ID", "who provides the catalogue, by CVR or GLN"
        )
    return CatalogueDocument(
        catalogue=catalogue,
        providers=providers or suppliers,
        suppliers=suppliers,
        action=action,
        stamp=stamp(root),
        day=issued(root).day,
        version=usable(root, "cbc:VersionID"),
        agreement=usable(root, "cac:ReferencedContract/cbc:ID"),
        valid_from=optional_day(root, "cac:ValidityPeriod/cbc:StartDate"),
        valid_to=optional_day(root, "cac:ValidityPeriod/cbc:EndDate"),
    )


def _party(root: Element, path: str, *, pseudonym: Pseudonym) -> tuple[str, ...]:
    found = (text for party in root.every(path) for text in parties.party_identifiers(party, pseudonym=pseudonym))
    return tuple(dict.fromkeys(found))


def _action(element: Element, *, default: CatalogueAction, whole: bool = False) -> CatalogueAction:
    stated = element.stated("cbc:ActionCode")
    if stated is None:
        return default
    if whole and stated.text.lower() == "replace":
        return CatalogueAction.ADD
    action = _ACTIONS.get(stated.text.lower())
    if action is None:
        raise wrong(stated, "Add, Update or Delete")
    return action


def _rows(root: Element, head: CatalogueDocument, path: str, default: CatalogueAction) -> tuple[CatalogueLine, ...]:
    lines = list(root.every(path))
    if len(lines) > MAX_LINES:
        message = f"The catalogue has {len(lines)} lines, {MAX_LINES} are accepted: split it into one Add and Updates."
        raise refuse(RejectionCode.TOO_MANY_LINES, f"{root.path}/{path}", message)
    return tuple(row for line in lines for row in _priced(_row(line, head, _action(line, default=default)), line))


def _row(line: Element, head: CatalogueDocument, action: CatalogueAction) -> CatalogueLine:
    item = next(line.every("cac:Item"), None)
    row = CatalogueLine(
        action=action,
        line=identifier(required(line, "cbc:ID", "the line's number")),
        catalogue=head.catalogue,
        supplier=head.suppliers[0],
        unit=free_text(line.said("cbc:OrderableUnit"), length=16),
        orderable=_orderable(line),
        agreement=head.agreement,
        valid_from=optional_day(line, "cac:LineValidityPeriod/cbc:StartDate") or head.valid_from,
        valid_to=optional_day(line, "cac:LineValidityPeriod/cbc:EndDate") or head.valid_to,
    )
    return _described(row, item) if item is not None else row


def _orderable(line: Element) -> bool | None:
    """A catalogue's line is orderable unless it says no; an update of prices or items says nothing about it."""
    stated = line.stated("cbc:OrderableIndicator")
    if stated is not None:
        return indicator(stated)
    return True if line.name == "cac:CatalogueLine" else None


def _described(row: CatalogueLine, item: Element) -> CatalogueLine:
    category = items.category(item)
    return msgspec.structs.replace(
        row,
        item=items.item_id(item),
        gtin=items.gtin(item),
        name=items.description(item),
        category=None if category is None else written(category),
    )


def _priced(row: CatalogueLine, line: Element) -> Iterator[CatalogueLine]:
    """The row with its price; a row for each where prices follow each other. Of one day's the first: the least quantity's."""
    prices = [price for price in line.every("cac:RequiredItemLocationQuantity/cac:Price") if _amount(price) is not None]
    by_day: dict[date | None, CatalogueLine] = {}
    for price in prices:
        first = optional_day(price, "cac:ValidityPeriod/cbc:StartDate") or row.valid_from
        by_day.setdefault(first, _with_price(row, price))
    if not by_day:
        yield row
    elif line.name == "cac:CatalogueLine":
        yield from _one_after_the_other(by_day, row)
    else:
        yield from (msgspec.structs.replace(priced, valid_from=first) for first, priced in by_day.items())


def _one_after_the_other(by_day: Mapping[date | None, CatalogueLine], row: CatalogueLine) -> Iterator[CatalogueLine]:
    """The item is there through all of its own days, each price until the next one begins."""
    in_order = sorted(by_day.items(), key=lambda each: each[0] or date.min)
    ends = [first - timedelta(days=1) for first, _ in in_order[1:] if first is not None]
    for (first, priced), end in zip(in_order, (*ends, row.valid_to), strict=True):
        begins = row.valid_from if priced is in_order[0][1] else first
        yield msgspec.structs.replace(priced, valid_from=begins, valid_to=end)


def _amount(price: Element) -> Element | None:
    return price.stated("cbc:PriceAmount")


def _with_price(row: CatalogueLine, price: Element) -> CatalogueLine:
    amount, base = required(price, "cbc:PriceAmount", "the price"), price.stated("cbc:BaseQuantity")
    base_unit = base.attributes.get("unitCode", "").strip() if base is not None else ""
    return msgspec.structs.replace(
        row,
        price=plain(optional_decimal(price, "cbc:PriceAmount")),
        currency=amount.attributes.get("currencyID", "").strip().upper()[:3] or None,
        unit=free_text(base_unit, length=16) or row.unit,
        base_quantity=plain(optional_decimal(price, "cbc:BaseQuantity")),
        valid_to=row.valid_to or optional_day(price, "cac:ValidityPeriod/cbc:EndDate"),
    )
