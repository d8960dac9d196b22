"""Order, Order Agreement and Order Change to facts."""

from models.documents import references
from models.documents.content import content
from models.documents.element import Element
from models.documents.header import currency, issued, number_of, sealed, sequence, stamp, uuid_of
from models.documents.lines import ORDER, is_untouched, line_elements, read_lines
from models.documents.parties import Pseudonym
from models.documents.values import usable
from models.facts import DOCUMENT, Line, Order, OrderChange
from models.refusal import refuse
from models.vocabulary import RejectionCode

_BLANKET_ORDER = "221"
"""UNCL 1001: an order that only sets a frame."""


def read_order(root: Element, *, pseudonym: Pseudonym) -> Order:
    """A UBL Order."""
    return _order(root, number=number_of(root), pseudonym=pseudonym)


def read_order_agreement(root: Element, *, pseudonym: Pseudonym) -> Order:
    """A purchase that the seller recorded: under the order it names, else the seller's number of it, else its own."""
    reference = references.order(root)
    number = (reference.number if reference else None) or usable(root, "cbc:SalesOrderID") or number_of(root)
    return _order(root, number=number, pseudonym=pseudonym)


def read_order_change(root: Element, *, pseudonym: Pseudonym) -> OrderChange:
    """A UBL Order Change: only the lines that it touches."""
    reference = references.required_order(root)
    money_in = currency(root, ORDER.amount)
    lines = _touched(root, read_lines(root, ORDER, currency=money_in))
    return sealed(
        OrderChange(
            source=DOCUMENT,
            number=reference.number,
            stamp=stamp(root, version=sequence(root)),
            day=issued(root).day,
            order=reference,
            content=content(root, lines, currency=money_in, pseudonym=pseudonym),
        )
    )


def _order(root: Element, *, number: str, pseudonym: Pseudonym) -> Order:
    money_in = currency(root, ORDER.amount)
    lines = read_lines(root, ORDER, currency=money_in)
    _check_total(root, lines)
    return sealed(
        Order(
            source=DOCUMENT,
            number=number,
            stamp=stamp(root),
            day=issued(root).day,
            content=content(root, lines, currency=money_in, pseudonym=pseudonym),
            frame=root.said("cbc:OrderTypeCode") == _BLANKET_ORDER,
            uuid=uuid_of(root),
        )
    )


def _touched(root: Element, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    elements = line_elements(root, ORDER)
    return tuple(line for element, line in zip(elements, lines, strict=True) if not is_untouched(element))


def _check_total(root: Element, lines: tuple[Line, ...]) -> None:
    if sum(line.net_hundredths for line in lines) < 0:
        message = "The order's lines come to less than zero: send what is given back as a credit note."
        raise refuse(RejectionCode.NEGATIVE_TOTAL, f"{root.path}/{ORDER.amount}", message)
