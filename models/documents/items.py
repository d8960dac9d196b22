"""What a line is about: the seller's item, its GTIN, its category, the catalogue it was picked from."""

import re

from models.documents.element import Element
from models.documents.values import MAX_IDENTIFIER, free_text, usable
from models.facts import Category
from models.reference.categories import CPV, UNSPSC, normalised

_PREFERRED = (UNSPSC, CPV)
_UNSPSC_AGENCY = "113"
_UNSTATED = "unstated"
_GTIN_SCHEMES = frozenset({"0160", "GTIN", "EAN", "9"})
_GS1_AGENCY = "9"
_GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
_NO_ITEM = "1"
"""As an item's identifier "1" is a placeholder (domain.md), as an order's number it may be one."""


def item_id(item: Element) -> str | None:
    """The seller's identifier, else the catalogue's own of the item."""
    found = usable(item, "cac:SellersItemIdentification/cbc:ID", "cac:CatalogueItemIdentification/cbc:ID")
    return None if found == _NO_ITEM else found


def gtin(item: Element) -> str | None:
    """The item's GTIN: a standard identification of that scheme or of none, or the seller's where it says it is one."""
    standard = (
        element for element in item.every("cac:StandardItemIdentification/cbc:ID") if _is_gtin(element, default=True)
    )
    sellers = (
        element for element in item.every("cac:SellersItemIdentification/cbc:ID") if _is_gtin(element, default=False)
    )
    found = next(standard, None) or next(sellers, None)
    return None if found is None else found.text[:MAX_IDENTIFIER]


def _is_gtin(element: Element, *, default: bool) -> bool:
    scheme = element.attributes.get("schemeID", "").strip().upper()
    agency = element.attributes.get("schemeAgencyID", "").strip()
    if scheme in _GTIN_SCHEMES or (not scheme and agency == _GS1_AGENCY):
        return element.text.isascii() and element.text.isdigit()
    return default and not scheme and _GTIN.fullmatch(element.text) is not None


def category(item: Element) -> Category | None:
    """The commodity classification: UNSPSC before CPV before others, which are kept under their list's name."""
    codes = item.every("cac:CommodityClassification/cbc:ItemClassificationCode")
    found = [_category(code) for code in codes if code.text and code.text.isprintable()]
    by_preference = [one for scheme in _PREFERRED for one in found if one.scheme == scheme]
    return next(iter(by_preference or found), None)


def _category(element: Element) -> Category:
    stated = element.attributes.get("listID", "").strip()
    if not stated and element.attributes.get("listAgencyID", "").strip() == _UNSPSC_AGENCY:
        stated = UNSPSC
    return normalised((stated or _UNSTATED)[:MAX_IDENTIFIER], element.text[:MAX_IDENTIFIER])


def description(item: Element) -> str | None:
    """The item's name, else its description."""
    return free_text(item.said("cbc:Name", "cbc:Description"))


def catalogue(root: Element, line: Element, item: Element) -> str | None:
    """The catalogue that a line names, else the one that the document names."""
    return (
        usable(line, "cac:CatalogueLineReference/cac:DocumentReference/cbc:ID")
        or usable(item, "cac:CatalogueDocumentReference/cbc:ID")
        or usable(root, "cac:CatalogueReference/cbc:ID")
    )
