"""The invoices and credit notes that stand in a row, and what they belong to."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.facts import DOCUMENT, CreditNote, Invoice, OrderReference, PaperName, Placement
from models.purchase.clusters import Member, filled
from models.purchase.groups import CreditGroup, InvoiceGroup, OrderGroup
from models.purchase.kinds import Kinds
from models.purchase.papers import Whereabouts, nearest, says
from models.purchase.parties import other_buyers_named, same_buyer, same_parties, same_seller
from models.purchase.references import found


def paper_groups(
    kinds: Kinds, papers: Mapping[PaperName, Sequence[Whereabouts]]
) -> tuple[list[InvoiceGroup], list[CreditGroup]]:
    """The invoices and the credit notes that stand in this row; cancelled credit notes are gone."""
    invoices: list[InvoiceGroup] = []
    notes: list[CreditGroup] = []
    for paper in [each for several in papers.values() for each in several]:
        here = [head for head in paper.heads if type(head.fact) is not Placement]
        if not here or paper.row != here[0].fact.number:
            continue
        cancelled = _is_cancelled(here[0], kinds)
        if type(here[0].fact) is Invoice:
            invoices.append(_invoice(here, cancelled=cancelled, conflict=id(here[0].fact) in kinds.conflicts))
        elif not cancelled:
            notes.append(_credit_note(here))
    if len(invoices) > 1 or len(notes) > 1:
        invoices.sort(key=lambda group: _in_time(group.lead))
        notes.sort(key=lambda group: _in_time(group.lead))
    return invoices, notes


def _in_time(lead: Member[Any]) -> tuple[object, ...]:
    return (lead.day, lead.source == DOCUMENT, lead.source, lead.key, lead.fact.name)


def _is_cancelled(lead: Member[Any], kinds: Kinds) -> bool:
    name = lead.fact.name
    return bool(kinds.ends) and any(
        (end.of, end.cancelled) == name and end.source == lead.source and end.stamp > lead.stamp
        for end in kinds.cancellations
    )


def _order(heads: list[Member[Any]]) -> OrderReference | None:
    word = says(head.fact for head in heads)
    return None if isinstance(word, Placement) else word.order


def _invoice(heads: list[Member[Any]], *, cancelled: bool, conflict: bool) -> InvoiceGroup:
    content = filled([head.content for head in heads if type(head.fact) is Invoice])
    flags = {"version_conflict"} if conflict else set()
    return InvoiceGroup(heads, content, _order(heads), cancelled=cancelled, flags=flags)


def _credit_note(heads: list[Member[Any]]) -> CreditGroup:
    word = says(head.fact for head in heads)
    content = filled([head.content for head in heads if type(head.fact) is CreditNote])
    return CreditGroup(heads[0], content, _order(heads), word.invoice_named)


def attach(group: InvoiceGroup, orders: Sequence[OrderGroup]) -> None:
    """Put an invoice under the order that it names, if that is known and of the same parties."""
    if group.order is None or group.cancelled:
        return
    group.attached = found(group.order, parties=group.parties, day=group.issued_on, orders=orders)
    if group.attached is not None:
        group.attached.invoices.append(group)
    elif any(
        same_buyer(order.parties, group.parties) and not same_seller(order.parties, group.parties) for order in orders
    ):
        group.flags.add("other_supplier")


def credited(note: CreditGroup, orders: Sequence[OrderGroup], invoices: Sequence[InvoiceGroup]) -> bool:
    """Add a credit note to what it credits; is there anything? One that names an order is looked for under it."""
    parties, day = note.lead.parties, note.lead.day
    named = [
        each
        for each in invoices
        if each.number == note.invoice
        and same_parties(each.parties, parties)
        and (note.order is None or (each.order is not None and each.order.number == note.order.number))
    ]
    own = [each for each in named if not other_buyers_named(each.parties, parties)]
    invoice = nearest(own or named, day, _issued_on)
    order = found(note.order, parties=parties, day=day, orders=orders) if note.order is not None else None
    target = order or (invoice.attached if invoice is not None else None)
    if target is not None and not target.frame:
        target.credits.append(note)
        return True
    if invoice is None and target is not None:
        invoice = nearest(target.invoices, day, _issued_on)
    if invoice is None or invoice.cancelled:
        return False
    invoice.credits.append(note)
    return True


def _issued_on(invoice: InvoiceGroup) -> date:
    return invoice.issued_on
