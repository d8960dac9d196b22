"""What a fact makes a row send to another row: links to an invoice's home, drops and what is passed on from there.

Each is idempotent by identity and stamp, so that sending it again changes nothing.
"""

from collections.abc import Callable, Sequence

import msgspec

from models.facts import (
    AnyFact,
    Cancellation,
    CreditNote,
    Decision,
    Invoice,
    InvoiceDrop,
    InvoiceLink,
    OrderReference,
)
from models.purchase.clusters import SAME_PURCHASE_DAYS
from models.purchase.groups import document_id
from models.purchase.invoices import link_of
from models.purchase.parties import Parties, same_seller

PartiesOf = Callable[[AnyFact], Parties]


def sends(fact: AnyFact, facts: Sequence[AnyFact], parties_of: PartiesOf) -> tuple[AnyFact, ...]:
    """What follows elsewhere from a fact, given all facts of the row with it among them."""
    if isinstance(fact, Invoice) and fact.order is not None:
        return (_link(fact),)
    if isinstance(fact, Invoice | InvoiceLink):
        passed_on = [_passed_on(each, facts, parties_of) for each in facts]
        return (*_drops(fact, facts, parties_of), *(each for each in passed_on if each is not None))
    onward = _passed_on(fact, facts, parties_of)
    return (onward,) if onward is not None else ()


def _link(invoice: Invoice) -> InvoiceLink:
    return InvoiceLink(
        source=invoice.source,
        number=invoice.invoice,
        stamp=invoice.stamp,
        invoice=invoice.invoice,
        order=invoice.number,
        issued_on=invoice.issued_on,
        units=invoice.content.units,
        suppliers=invoice.content.suppliers,
    )


def _drops(fact: Invoice | InvoiceLink, facts: Sequence[AnyFact], parties_of: PartiesOf) -> list[InvoiceDrop]:
    """Tell every order that the invoice stood under before that it stands there no more."""
    same = [each for each in facts if isinstance(each, Invoice | InvoiceLink) and _same_invoice(each, fact, parties_of)]
    winner = max((each for each in same if _is_home(each)), key=lambda each: each.stamp, default=None)
    if winner is None:
        return []
    stays = winner.order if isinstance(winner, InvoiceLink) else None
    former = [each for each in same if isinstance(each, InvoiceLink) and each.order != stays]
    return [
        InvoiceDrop(
            source=link.source,
            number=link.order,
            stamp=winner.stamp,
            invoice=link.invoice,
            issued_on=link.issued_on,
            suppliers=link.suppliers,
        )
        for link in former
    ]


def _is_home(fact: AnyFact) -> bool:
    return isinstance(fact, InvoiceLink) or (isinstance(fact, Invoice) and fact.order is None)


def _same_invoice(one: Invoice | InvoiceLink, other: Invoice | InvoiceLink, parties_of: PartiesOf) -> bool:
    return (
        (one.source, one.invoice) == (other.source, other.invoice)
        and _is_home(one)
        and abs((one.issued_on - other.issued_on).days) <= SAME_PURCHASE_DAYS
        and same_seller(parties_of(one), parties_of(other))
    )


def _passed_on(fact: AnyFact, facts: Sequence[AnyFact], parties_of: PartiesOf) -> AnyFact | None:
    """A credit note, a cancellation or a decision that means an invoice which stands under an order elsewhere."""
    if isinstance(fact, CreditNote) and fact.order is None and fact.invoice is not None:
        link = link_of(invoice=fact.invoice, day=None, parties=parties_of(fact), facts=facts, parties_of=parties_of)
        if link is None:
            return None
        order = OrderReference(link.order)
        return msgspec.structs.replace(fact, number=link.order, order=order, forwarded=link.stamp)
    link = next((each for each in facts if isinstance(each, InvoiceLink) and _means(fact, each)), None)
    return msgspec.structs.replace(fact, number=link.order) if link is not None else None


def _means(fact: AnyFact, link: InvoiceLink) -> bool:
    if link.order == fact.number:
        return False
    if isinstance(fact, Cancellation):
        return (fact.of, fact.cancelled, fact.source) == ("invoice", link.invoice, link.source)
    if isinstance(fact, Decision):
        return fact.purchase == document_id(link.units, link.suppliers, link.invoice, link.issued_on)
    return False
