"""Invoices and credit notes among a row's facts: which still stand here, and what they belong to."""

from collections.abc import Callable, Sequence
from datetime import date

from models.facts import AnyFact, Cancellation, CreditNote, Invoice, InvoiceDrop, InvoiceLink
from models.purchase.clusters import SAME_PURCHASE_DAYS, Member, clustered, filled, leaders
from models.purchase.groups import CreditGroup, InvoiceGroup, OrderGroup
from models.purchase.parties import Parties, same_buyer, same_parties, same_seller
from models.purchase.references import found
from models.purchase.row import Kept

PartiesOf = Callable[[AnyFact], Parties]


def invoice_groups(facts: Sequence[Kept], orders: Sequence[OrderGroup], parties_of: PartiesOf) -> list[InvoiceGroup]:
    """The invoices that stand in this row; each is attached to its order where that is known."""
    everything = [each.fact for each in facts]
    members = [
        _invoice(each, each.fact, parties_of)
        for each in facts
        if isinstance(each.fact, Invoice) and not _gone(each.fact, everything, parties_of)
    ]
    groups = [_group(cluster) for cluster in clustered(members)]
    for group in groups:
        group.cancelled = _is_cancelled(group.lead.fact, "invoice", group.number, everything)
        _attach(group, orders)
    return groups


def credit_groups(facts: Sequence[Kept], parties_of: PartiesOf) -> list[CreditGroup]:
    """The credit notes that stand in this row and are not cancelled."""
    everything = [each.fact for each in facts]
    members = [
        _credit_note(each, each.fact, parties_of)
        for each in facts
        if isinstance(each.fact, CreditNote)
        and not _is_cancelled(each.fact, "credit_note", each.fact.credit_note, everything)
        and not _moved_on(each.fact, everything, parties_of)
    ]
    clusters = clustered(members)
    return [CreditGroup(cluster[0], filled([each.content for each in leaders(cluster)])) for cluster in clusters]


def link_of(
    *, invoice: str, day: date | None, parties: Parties, facts: Sequence[AnyFact], parties_of: PartiesOf
) -> InvoiceLink | None:
    """The link that says under which order an invoice stands now: the ERP's before a document's, then the newest."""
    links = [
        fact
        for fact in facts
        if isinstance(fact, InvoiceLink) and fact.invoice == invoice and same_parties(parties_of(fact), parties)
    ]
    near = [link for link in links if day is None or abs((link.issued_on - day).days) <= SAME_PURCHASE_DAYS]
    standing = [link for link in near if not _outdated(link, facts)]
    return max(standing, key=lambda link: (link.source != "document", link.stamp), default=None)


def _outdated(link: InvoiceLink, facts: Sequence[AnyFact]) -> bool:
    """The same source has since sent the invoice without an order, or under another one."""
    return any(
        isinstance(fact, Invoice | InvoiceLink)
        and fact.source == link.source
        and fact.invoice == link.invoice
        and abs((fact.issued_on - link.issued_on).days) <= SAME_PURCHASE_DAYS
        and (isinstance(fact, InvoiceLink) or fact.order is None)
        and fact.stamp > link.stamp
        for fact in facts
    )


def _gone(invoice: Invoice, facts: Sequence[AnyFact], parties_of: PartiesOf) -> bool:
    parties = parties_of(invoice)
    if invoice.order is None:
        link = link_of(
            invoice=invoice.invoice, day=invoice.issued_on, parties=parties, facts=facts, parties_of=parties_of
        )
        return link is not None and (link.source != invoice.source or link.stamp > invoice.stamp)
    return any(
        isinstance(fact, InvoiceDrop)
        and fact.source == invoice.source
        and fact.invoice == invoice.invoice
        and abs((fact.issued_on - invoice.issued_on).days) <= SAME_PURCHASE_DAYS
        and fact.stamp > invoice.stamp
        for fact in facts
    )


def _moved_on(note: CreditNote, facts: Sequence[AnyFact], parties_of: PartiesOf) -> bool:
    if note.order is None and note.invoice is not None:
        link = link_of(invoice=note.invoice, day=None, parties=parties_of(note), facts=facts, parties_of=parties_of)
        return link is not None
    forwarded = note.forwarded
    return forwarded is not None and any(
        isinstance(fact, InvoiceDrop) and fact.invoice == note.invoice and fact.stamp > forwarded for fact in facts
    )


def _is_cancelled(fact: AnyFact, of: str, number: str, facts: Sequence[AnyFact]) -> bool:
    return any(
        isinstance(end, Cancellation)
        and (end.of, end.cancelled, end.source) == (of, number, fact.source)
        and end.stamp > fact.stamp
        for end in facts
    )


def _invoice(each: Kept, invoice: Invoice, parties_of: PartiesOf) -> Member[Invoice]:
    stamp = invoice.stamp
    return Member(
        fact=invoice,
        key=f"{stamp.event_id}|{stamp.digest}",
        number=invoice.invoice,
        source=invoice.source,
        day=invoice.issued_on,
        parties=parties_of(invoice),
        content=invoice.content,
        conflict=each.conflict,
        stamp=stamp,
    )


def _credit_note(each: Kept, note: CreditNote, parties_of: PartiesOf) -> Member[CreditNote]:
    stamp = note.stamp
    return Member(
        fact=note,
        key=f"{stamp.event_id}|{stamp.digest}",
        number=note.credit_note,
        source=note.source,
        day=note.issued_on,
        parties=parties_of(note),
        content=note.content,
        conflict=each.conflict,
        stamp=stamp,
    )


def _group(cluster: list[Member[Invoice]]) -> InvoiceGroup:
    heads = leaders(cluster)
    order = next((each.fact.order for each in heads if each.fact.order is not None), None)
    flags = {"version_conflict"} if cluster[0].conflict else set()
    return InvoiceGroup(cluster, filled([each.content for each in heads]), order, flags=flags)


def _attach(group: InvoiceGroup, orders: Sequence[OrderGroup]) -> None:
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
    """Add a credit note to what it credits; is there anything?"""
    fact, parties = note.lead.fact, note.lead.parties
    named = [each for each in invoices if each.number == fact.invoice and same_parties(each.parties, parties)]
    invoice = _nearest(named, fact.issued_on)
    order = found(fact.order, parties=parties, day=fact.issued_on, orders=orders) if fact.order is not None else None
    target = order or (invoice.attached if invoice is not None else None)
    if target is not None and not target.frame:
        target.credits.append(note)
        return True
    if invoice is None and target is not None:
        invoice = _nearest(target.invoices, fact.issued_on)
    if invoice is None or invoice.cancelled:
        return False
    invoice.credits.append(note)
    return True


def _nearest(invoices: Sequence[InvoiceGroup], day: date) -> InvoiceGroup | None:
    before = [each for each in invoices if each.issued_on <= day]
    return max(before or invoices, key=lambda each: each.issued_on, default=None)
