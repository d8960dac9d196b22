"""Invoice and Credit Note to facts; a negative invoice is a credit note."""

from decimal import Decimal

import msgspec

from models.documents import references
from models.documents.content import content
from models.documents.element import Element
from models.documents.header import currency, issued, number_of, sealed, stamp
from models.documents.lines import CREDIT_NOTE, INVOICE, Shape, line_elements, read_lines
from models.documents.parties import Pseudonym
from models.documents.values import plain
from models.facts import DOCUMENT, Content, CreditNote, Invoice, Line
from models.refusal import refuse
from models.vocabulary import RejectionCode

_PROFORMA = "325"


def is_proforma(root: Element) -> bool:
    """Whether an invoice only foretells one (UNCL 1001)."""
    return root.said("cbc:InvoiceTypeCode") == _PROFORMA


def read_invoice(root: Element, *, pseudonym: Pseudonym) -> Invoice | CreditNote:
    """A UBL Invoice."""
    read = _content(root, INVOICE, pseudonym=pseudonym)
    if _total(read) < 0:
        return _credit_note(root, msgspec.structs.replace(read, lines=tuple(map(_turned, read.lines))), INVOICE)
    number, order = number_of(root), references.order(root)
    return sealed(
        Invoice(
            source=DOCUMENT,
            number=order.number if order else number,
            stamp=stamp(root),
            invoice=number,
            issued_on=issued(root).day,
            content=read,
            order=order,
        )
    )


def read_credit_note(root: Element, *, pseudonym: Pseudonym) -> CreditNote:
    """A UBL Credit Note."""
    read = _content(root, CREDIT_NOTE, pseudonym=pseudonym)
    if _total(read) < 0:
        message = "The credit note's lines come to less than zero: state what is credited as positive amounts."
        raise refuse(RejectionCode.NEGATIVE_TOTAL, f"{root.path}/{CREDIT_NOTE.amount}", message)
    return _credit_note(root, read, CREDIT_NOTE)


def _credit_note(root: Element, read: Content, shape: Shape) -> CreditNote:
    """Its home is the order, else the invoice it credits, else itself."""
    number, order, invoice = number_of(root), references.order(root), references.credited_invoice(root)
    return sealed(
        CreditNote(
            source=DOCUMENT,
            number=order.number if order else invoice or number,
            stamp=stamp(root),
            credit_note=number,
            issued_on=issued(root).day,
            content=msgspec.structs.replace(
                read, lines=_as_credited(root, read.lines, shape, of_order=order is not None)
            ),
            order=order,
            invoice=invoice,
            below_zero=shape is INVOICE,
        )
    )


def _content(root: Element, shape: Shape, *, pseudonym: Pseudonym) -> Content:
    money_in = currency(root, shape.amount)
    return content(root, read_lines(root, shape, currency=money_in), currency=money_in, pseudonym=pseudonym)


def _total(read: Content) -> int:
    return sum(line.net_hundredths for line in read.lines)


def _turned(line: Line) -> Line:
    quantity = None if line.quantity is None else plain(-Decimal(line.quantity))
    return msgspec.structs.replace(line, net_hundredths=-line.net_hundredths, quantity=quantity)


def _as_credited(root: Element, lines: tuple[Line, ...], shape: Shape, *, of_order: bool) -> tuple[Line, ...]:
    """Lines under the ids of what they credit: a credit note numbers its own lines from 1 whatever they credit."""
    ids = references.credited_line_ids(line_elements(root, shape), of_order=of_order)
    if ids is None:
        return lines
    return tuple(msgspec.structs.replace(line, line=name) for line, name in zip(lines, ids, strict=True))
