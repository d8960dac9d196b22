"""The purchases that a row's groups stand for: each with its id, its day and what it is judged on."""

from collections.abc import Sequence
from datetime import date

import msgspec

from models.contract.purchase_id import purchase_id
from models.facts import DOCUMENT, Content
from models.purchase.groups import CreditGroup, Groups, InvoiceGroup, OrderGroup, document_id
from models.purchase.parties import Parties


class Purchase(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is counted: an order, an invoice without one, an invoice of a frame, or a refund."""

    id: str
    kind: str
    """`order`, `frame`, `frame_invoice`, `invoice` or `refund`."""
    number: str
    version: int
    source: str
    day: date
    parties: Parties
    content: Content
    flags: tuple[str, ...] = ()
    void: str = ""
    seen_on: date | None = None
    seen_by: str = ""
    order: str | None = None
    order_day: date | None = None
    frame: OrderGroup | None = None
    credits: tuple[CreditGroup, ...] = ()
    invoices: tuple[InvoiceGroup, ...] = ()
    refund: tuple[CreditGroup, ...] = ()
    """Of a refund: the credit note that it is."""


def purchases(groups: Groups) -> list[Purchase]:
    """Every purchase of the row."""
    result = [_order(group) for group in groups.orders]
    result += [_invoice(invoice, group) for group in groups.orders if group.frame for invoice in group.invoices]
    result += [_invoice(invoice, None) for invoice in groups.invoices if invoice.attached is None]
    result += [_refund(note) for note in groups.refunds]
    return result


def order_id(group: OrderGroup) -> str:
    """`source~number` of an ERP's order; `buyer~seller~number~date` of a document's, and of a number used again."""
    lead = group.lead
    if lead.source != DOCUMENT and not group.reused:
        return purchase_id(lead.source, lead.number)
    return document_id(lead, group.day)


def _order(group: OrderGroup) -> Purchase:
    standing = [invoice for invoice in group.invoices if not invoice.cancelled]
    seen_on, seen_by = _first_seen(group.content, standing) if standing or group.content.delivered_on else (None, "")
    return Purchase(
        id=order_id(group),
        kind="frame" if group.frame else "order",
        number=group.number,
        version=group.version,
        source=group.lead.source,
        day=group.day,
        parties=group.parties,
        content=group.content,
        flags=tuple(sorted(group.flags)) if group.flags else (),
        void=group.void,
        seen_on=seen_on,
        seen_by=seen_by,
        credits=tuple(group.credits),
        invoices=() if group.frame else tuple(standing),
    )


def _first_seen(content: Content, invoices: Sequence[InvoiceGroup]) -> tuple[date | None, str]:
    """The earliest issue or actual delivery, and what says so."""
    seen = [(invoice.seen_on, f"invoice {invoice.number}") for invoice in invoices]
    if content.delivered_on is not None:
        seen.append((content.delivered_on, "delivered_on"))
    return min(seen) if seen else (None, "")


def _invoice(group: InvoiceGroup, frame: OrderGroup | None) -> Purchase:
    return Purchase(
        id=document_id(group.lead, group.issued_on),
        kind="frame_invoice" if frame is not None else "invoice",
        number=group.number,
        version=group.version,
        source=group.lead.source,
        day=group.issued_on,
        parties=group.parties,
        content=group.content,
        flags=tuple(sorted(group.flags)) if group.flags else (),
        void="cancelled" if group.cancelled else "",
        order=group.order.number if group.order is not None else None,
        order_day=group.order.issued_on if group.order is not None else None,
        frame=frame,
        credits=tuple(group.credits),
        invoices=() if group.cancelled else (group,),
    )


def _refund(note: CreditGroup) -> Purchase:
    lead = note.lead
    return Purchase(
        id=document_id(lead, lead.day),
        kind="refund",
        number=lead.number,
        version=lead.fact.stamp.version,
        source=lead.source,
        day=lead.day,
        parties=lead.parties,
        content=note.content,
        order=note.order.number if note.order is not None else None,
        refund=(note,),
    )
