"""What the tally counts of a judged purchase: its lines' marks, its buyer and the papers that belong to it."""

from collections.abc import Sequence

from models.judgement import Judgement
from models.purchase.amounts import invoiced, ore
from models.purchase.groups import CreditGroup
from models.purchase.parties import is_test
from models.purchase.purchases import Purchase
from models.reference.snapshot import Snapshot
from models.rules.marks import Marks
from models.tally.contribution import Counted, Document


def counted(purchase: Purchase, judgement: Judgement, marks: Sequence[Marks], snapshot: Snapshot) -> Counted:
    """The judged purchase as the tally counts it."""
    buyer = purchase.content.buyer
    return Counted(
        judgement=judgement,
        marks=tuple(marks),
        test=is_test(purchase.source),
        is_order=purchase.kind == "order",
        order_day=purchase.day if purchase.kind == "order" else purchase.frame.day if purchase.frame else None,
        certified=snapshot.certified(buyer, purchase.day) if buyer else None,
        buyer=buyer or None,
        documents=tuple(_documents(purchase, snapshot)),
    )


def _documents(purchase: Purchase, snapshot: Snapshot) -> list[Document]:
    """Invoices and credit notes: kind, root, unit, day of issue and amount in øre (a credit note's is negative)."""
    result: list[Document] = [
        ("invoice", each.parties.root, each.parties.unit, each.issued_on, invoiced((each,), snapshot))
        for each in purchase.invoices
        if not each.cancelled
    ]
    if not purchase.credits and not purchase.refund:
        return result
    return result + [_credit_note(note, snapshot) for note in (*purchase.credits, *purchase.refund)]


def _credit_note(note: CreditGroup, snapshot: Snapshot) -> Document:
    lead = note.lead
    amount = sum(each or 0 for each in ore(note.content, lead.day, snapshot))
    return ("credit_note", lead.parties.root, lead.parties.unit, lead.day, -amount)
