"""Says a purchase in the ERP's words: the data of its order, its invoices and its credit notes."""

from datetime import date, datetime
from typing import Any

import msgspec

from deploy.local.simulator.goods import Basket, Bought
from deploy.local.simulator.tree import Unit
from deploy.local.simulator.ways import STATED, Way
from deploy.local.simulator.wire import decimal_text, time_text

KVANTUM = "erp/kvantum"
SKOLE = "erp/skole"
"""The school system: no versions, suppliers by ERP number, units by GLN."""


class Purchase(msgspec.Struct, frozen=True):
    """One purchase before it is told; `stated_unit` differs from the unit where somebody mistyped it."""

    number: str
    source: str
    unit: Unit
    buyer: str
    placed: datetime
    way: Way
    basket: Basket
    stated_unit: str = ""
    account: str | None = None
    exchange_rate: str | None = None
    standing_order: str | None = None
    session: str | None = None
    requisition: str | None = None
    frame: bool = False
    categories: bool = True

    @property
    def versioned(self) -> bool:
        return self.source == KVANTUM

    @property
    def unit_code(self) -> str:
        return self.unit.unit if self.versioned else self.unit.gln

    @property
    def supplier_code(self) -> str:
        return self.basket.supplier.cvr if self.versioned else self.basket.supplier.erp_number

    @property
    def in_kroner(self) -> bool:
        """A document says no exchange rate, so foreign purchases travel as events only."""
        return self.basket.currency == "DKK"


def order(purchase: Purchase, version: int, lines: tuple[Bought, ...], unit: str = "") -> dict[str, Any]:
    """The whole order as it is now."""
    placed = time_text(purchase.placed)
    return {
        "order": purchase.number,
        **({"version": version} if purchase.versioned else {}),
        "placed_at": placed,
        "unit": unit or purchase.stated_unit or purchase.unit_code,
        "buyer": purchase.buyer,
        "supplier": purchase.supplier_code,
        "account": purchase.account,
        "currency": purchase.basket.currency,
        "exchange_rate": purchase.exchange_rate,
        "frame": purchase.frame,
        "channel": STATED.get(purchase.way),
        "profile": None,
        "agreement": _agreement(purchase),
        "standing_order": purchase.standing_order,
        "requisition": purchase.requisition,
        "punch_out_session": purchase.session,
        "delivered_on": None,
        "lines": [_order_line(purchase, line) for line in lines],
    }


def invoice(
    purchase: Purchase,
    number: str,
    *,
    names: str | None,
    version: int,
    issued: date,
    delivered: date | None,
    lines: tuple[Bought, ...],
) -> dict[str, Any]:
    """An invoice; `names` is the order it names, if any."""
    return {"invoice": number, "order": names, **_billed(purchase, version, issued, delivered, lines)}


def credit_note(
    purchase: Purchase,
    number: str,
    *,
    credits_invoice: str | None,
    names: str | None,
    issued: date,
    lines: tuple[Bought, ...],
) -> dict[str, Any]:
    """A credit note; amounts are positive."""
    billed = _billed(purchase, 1, issued, None, lines)
    return {"credit_note": number, "invoice": credits_invoice, "order": names, **billed}


def cancellation(purchase: Purchase, field: str, number: str, version: int, reason: str) -> dict[str, Any]:
    """`field` is what is cancelled: order, invoice or credit_note."""
    return {field: number, **({"version": version} if purchase.versioned else {}), "reason": reason}


def _billed(
    purchase: Purchase, version: int, issued: date, delivered: date | None, lines: tuple[Bought, ...]
) -> dict[str, Any]:
    return {
        **({"version": version} if purchase.versioned else {}),
        "unit": purchase.unit_code,
        "supplier": purchase.supplier_code,
        "issued_on": issued.isoformat(),
        "delivered_on": delivered.isoformat() if delivered else None,
        "currency": purchase.basket.currency,
        "exchange_rate": purchase.exchange_rate,
        "channel": STATED.get(purchase.way) if purchase.way in {Way.STORE, Way.CARD, Way.EXTERNAL} else None,
        "agreement": _agreement(purchase),
        "standing_order": purchase.standing_order,
        "buyer": None,
        "account": purchase.account,
        "lines": [_invoice_line(purchase, line) for line in lines],
    }


def _agreement(purchase: Purchase) -> str | None:
    stated = purchase.versioned and purchase.way in {Way.OWN_CATALOGUE, Way.PUNCH_OUT, Way.STANDING_ORDER, Way.EXPIRED}
    return purchase.basket.agreement.agreement if stated and purchase.basket.agreement else None


def _order_line(purchase: Purchase, line: Bought) -> dict[str, Any]:
    agreement = purchase.basket.agreement
    return {
        "line": line.line,
        "item": line.item,
        "gtin": line.gtin,
        "catalogue": agreement.catalogue if agreement and line.item else None,
        "description": line.name,
        "category": _category(purchase, line),
        "account": None,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "unit_price": decimal_text(line.price_minor),
        "base_quantity": str(line.base_quantity),
        "net_amount": decimal_text(line.net_minor),
    }


def _invoice_line(purchase: Purchase, line: Bought) -> dict[str, Any]:
    return {
        "line": line.line,
        "item": line.item,
        "description": line.name,
        "category": _category(purchase, line),
        "quantity": str(line.quantity),
        "unit": line.unit,
        "unit_price": decimal_text(line.price_minor),
        "base_quantity": str(line.base_quantity),
        "net_amount": decimal_text(line.net_minor),
    }


def _category(purchase: Purchase, line: Bought) -> dict[str, str] | None:
    return {"scheme": "UNSPSC", "code": line.code} if purchase.categories else None
