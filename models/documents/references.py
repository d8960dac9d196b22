"""How a document names others: the order, the credited invoice, the agreement, the quotation, the requisition."""

from models.documents.element import Element
from models.documents.header import uuid_of
from models.documents.values import evidence, fits, is_placeholder, missing, optional_day, usable
from models.facts import OrderReference

_ORDER = "cac:OrderReference"
_ORDER_OF_LINES = (
    "cac:InvoiceLine/cac:OrderLineReference/cac:OrderReference",
    "cac:CreditNoteLine/cac:OrderLineReference/cac:OrderReference",
)
_NAMES = ("cbc:ID", "cbc:SalesOrderID")


def order(root: Element) -> OrderReference | None:
    """The order that the document names, in its head or else first in its lines. "NA" names none.

    Peppol writes "NA" where only the seller's number is known; that number is what an order agreement goes by.
    """
    references = (found for path in (_ORDER, *_ORDER_OF_LINES) for found in root.every(path))
    return next((_reference(found) for found in references if usable(found, *_NAMES)), None)


def required_order(root: Element) -> OrderReference:
    """The order that a change, a cancellation or a response is about."""
    found = order(root)
    if found is None:
        raise missing(root, f"{_ORDER}/cbc:ID", f"the number of the order that this {root.name} is about")
    return found


def _reference(element: Element) -> OrderReference:
    return OrderReference(
        number=usable(element, *_NAMES) or "",
        issued_on=optional_day(element, "cbc:IssueDate"),
        uuid=uuid_of(element),
    )


def credited_invoice(root: Element) -> str | None:
    """The invoice that a credit note credits, by its head or else first by its lines."""
    reference = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    return usable(root, reference, f"cac:CreditNoteLine/{reference}", f"cac:InvoiceLine/{reference}")


def agreement(parent: Element) -> str | None:
    """The contract that is named."""
    return usable(
        parent,
        "cac:Contract/cbc:ID",
        "cac:ContractDocumentReference/cbc:ID",
        "cac:Contract/cac:ContractDocumentReference/cbc:ID",
    )


def punch_out(root: Element) -> str | None:
    """The quotation that a punch-out session ended in."""
    return evidence(
        root,
        "cac:QuotationDocumentReference/cbc:ID",
        "cac:OrderLine/cac:QuotationLineReference/cac:DocumentReference/cbc:ID",
    )


def requisition(root: Element) -> str | None:
    """The originator's document; free text in practice, so without CPR numbers."""
    return evidence(root, "cac:OriginatorDocumentReference/cbc:ID")


def credited_line_ids(lines: list[Element], *, of_order: bool) -> list[str] | None:
    """The order's, else the invoice's ids of the lines that a credit note's lines credit, where each names its own."""
    of_invoice = "cac:BillingReference/cac:BillingReferenceLine/cbc:ID"
    path = "cac:OrderLineReference/cbc:LineID" if of_order else of_invoice
    named = [line.said(path) or "" for line in lines]
    if len(set(named)) == len(named) and all(fits(name) and not is_placeholder(name) for name in named):
        return named
    return None
