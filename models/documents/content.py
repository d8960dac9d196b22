"""What orders, changes, invoices and credit notes have in common, put together from head and lines."""

from datetime import date

from models.documents import parties, references
from models.documents.element import Element
from models.documents.header import is_seller_recorded, profile
from models.documents.parties import Pseudonym
from models.documents.values import account, day, free_text
from models.facts import Content, Line
from models.vocabulary import StatedChannel

_DELIVERIES = (
    "cac:Delivery",
    "cac:OrderLine/cac:LineItem/cac:Delivery",
    "cac:InvoiceLine/cac:Delivery",
    "cac:CreditNoteLine/cac:Delivery",
)
_CARD_MEANS = frozenset({"48", "54", "55"})
"""Bank card, credit card and debit card in UNCL 4461."""


def content(root: Element, lines: tuple[Line, ...], *, currency: str, pseudonym: Pseudonym) -> Content:
    """The content of a document; its originator leaves as a pseudonym only."""
    return Content(
        units=parties.units(root, pseudonym=pseudonym),
        suppliers=parties.suppliers(root, pseudonym=pseudonym),
        lines=lines,
        buyer=parties.buyer(root, pseudonym=pseudonym),
        account=account(root),
        currency=currency,
        channel=_channel(root),
        profile=free_text(profile(root)),
        order_agreement=is_seller_recorded(root),
        agreement=references.agreement(root),
        requisition=references.requisition(root),
        punch_out=references.punch_out(root),
        delivered_on=_delivered_on(root),
    )


def _channel(root: Element) -> str | None:
    means = (element.text for element in root.every("cac:PaymentMeans/cbc:PaymentMeansCode"))
    is_invoice = root.name not in {"Order", "OrderChange", "OrderResponse"}
    return StatedChannel.CARD.value if is_invoice and any(code in _CARD_MEANS for code in means) else None


def _delivered_on(root: Element) -> date | None:
    """The earliest actual delivery; requested and promised days prove nothing."""
    found = (element for path in _DELIVERIES for element in root.every(f"{path}/cbc:ActualDeliveryDate"))
    return min((day(element) for element in found if element.text), default=None)
