"""What a purchase comes to in øre, line by line, before and after crediting; and what its invoices come to."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from models.amounts import in_ore, spread
from models.facts import Content, Line
from models.purchase.crediting import billed_again, credited_amounts, netted
from models.purchase.groups import CreditGroup, InvoiceGroup
from models.purchase.purchases import Purchase
from models.reference.snapshot import Snapshot


class Amounts(msgspec.Struct, frozen=True, gc=False):
    """A purchase's amounts: each line in øre before and after crediting."""

    ordered: list[int | None]
    left: list[int | None]
    excess: int
    credited: int
    """What credit notes took and no later invoice billed again."""
    again: int = 0
    """What was billed again of what was credited."""

    @property
    def gone(self) -> bool:
        """Was all of it credited?"""
        return self.credited > 0 and sum(amount or 0 for amount in self.left) == 0

    def weights(self, content: Content) -> list[int]:
        """How much each line counts when the purchase is summed up: what is left of it, if anything is left at all."""
        amounts = self.ordered if self.gone else self.left
        return [line.net_hundredths if ore is None else ore for line, ore in zip(content.lines, amounts, strict=True)]


def rate_of(content: Content, day: date, snapshot: Snapshot) -> Decimal | None:
    """DKK for one unit of another currency: the event's own rate, else the reference's of the day."""
    if content.exchange_rate is not None:
        return Decimal(content.exchange_rate)
    known = snapshot.rate(content.currency, day)
    return known[1] if known is not None else None


def ore(content: Content, day: date, snapshot: Snapshot) -> list[int | None]:
    """The lines' amounts in øre; None for all where no rate is known."""
    if content.currency == "DKK":
        return [line.net_hundredths for line in content.lines]
    rate = rate_of(content, day, snapshot)
    return [in_ore(line.net_hundredths, rate) if rate is not None else None for line in content.lines]


def amounts_of(purchase: Purchase, snapshot: Snapshot) -> Amounts:
    """What each line comes to; credit notes and what is billed again are converted at the rate of the purchase's day."""
    ordered = ore(purchase.content, purchase.day, snapshot)
    if not purchase.credits:
        return Amounts(ordered, ordered, 0, 0)
    lines = purchase.content.lines
    notes = [each for note in purchase.credits for each in _netted(note.content, purchase.day, snapshot)]
    left, excess = credited_amounts(lines, ordered, notes)
    credited = sum(amount for _, amount in notes)
    anew, again = _billed_again(purchase, ordered, credited, snapshot)
    if again > excess:
        parts = spread(again - excess, [amount for _, amount in anew])
        left = billed_again(lines, ordered, left, [(line, part) for (line, _), part in zip(anew, parts, strict=True)])
    excess = max(excess - again, 0)
    return Amounts(ordered, left, excess, credited - again - excess, again)


def _netted(content: Content, day: date, snapshot: Snapshot) -> list[tuple[Line, int]]:
    """The lines of a paper that come to something, in øre."""
    amounts = netted([amount or 0 for amount in ore(content, day, snapshot)])
    return [(line, amount) for line, amount in zip(content.lines, amounts, strict=True) if amount]


def _billed_again(
    purchase: Purchase, ordered: Sequence[int | None], credited: int, snapshot: Snapshot
) -> tuple[list[tuple[Line, int]], int]:
    """What invoices after a credit note bill, and how much of it is billed again.

    Only of an order, and as far as all its invoices together come to more than was ordered: what is billed for the first
    time is no more than that.
    """
    if purchase.kind != "order":
        return [], 0
    billed = [(each, _netted(each.content, purchase.day, snapshot)) for each in purchase.invoices]
    anew = [line for each, lines in billed if _is_anew(each, purchase.credits) for line in lines]
    beyond = _sum(line for _, lines in billed for line in lines) - sum(amount or 0 for amount in ordered)
    return anew, max(min(_sum(anew), beyond, credited), 0)


def _sum(lines: Iterable[tuple[Line, int]]) -> int:
    return sum(amount for _, amount in lines)


def _is_anew(invoice: InvoiceGroup, notes: Sequence[CreditGroup]) -> bool:
    """Does a credit note precede it? Of one day: where the note names another invoice."""
    return any(
        note.lead.day < invoice.issued_on
        or (note.lead.day == invoice.issued_on and note.invoice not in (None, invoice.number))
        for note in notes
    )


def invoiced(invoices: Sequence[InvoiceGroup], snapshot: Snapshot) -> int:
    """What the invoices sum up to, in øre."""
    return sum([amount or 0 for each in invoices for amount in ore(each.content, each.issued_on, snapshot)])
