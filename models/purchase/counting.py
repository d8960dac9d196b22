"""What the figures ask of a purchase beside its lines: the papers that belong to it, and whether its buyer was certified."""

from datetime import date

from models.judgement import Document
from models.purchase.amounts import invoiced, ore
from models.purchase.groups import CreditGroup, InvoiceGroup
from models.purchase.parties import is_test
from models.purchase.purchases import Purchase
from models.reference.snapshot import Snapshot


def certified(purchase: Purchase, snapshot: Snapshot) -> bool | None:
    """Was the buyer certified on the day? None without a buyer."""
    buyer = purchase.content.buyer
    return snapshot.certified(buyer, purchase.day) if buyer else None


def documents(purchase: Purchase, snapshot: Snapshot) -> tuple[Document, ...]:
    """Its invoices and credit notes; those of a test source never count."""
    if is_test(purchase.source):
        return ()
    ordered = _order_day(purchase)
    invoices = tuple([_invoice(each, ordered, snapshot) for each in purchase.invoices if not each.cancelled])
    if not purchase.credits and not purchase.refund:
        return invoices
    notes = (_credit_note(each, snapshot) for each in (*purchase.credits, *purchase.refund))
    return (*invoices, *notes)


def _order_day(purchase: Purchase) -> date | None:
    """The day of the order, or of the frame, that an invoice stands under; None without one."""
    if purchase.kind == "order":
        return purchase.day
    return purchase.frame.day if purchase.frame else None


def _invoice(group: InvoiceGroup, ordered: date | None, snapshot: Snapshot) -> Document:
    parties, day = group.parties, group.issued_on
    matched = ordered is not None and ordered <= day
    return Document("invoice", parties.root, parties.unit, day, invoiced((group,), snapshot), matched)


def _credit_note(note: CreditGroup, snapshot: Snapshot) -> Document:
    lead = note.lead
    amount = sum(each or 0 for each in ore(note.content, lead.day, snapshot))
    return Document("credit_note", lead.parties.root, lead.parties.unit, lead.day, -amount, matched=False)
