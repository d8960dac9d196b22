"""What a purchase comes to in øre, line by line, before and after crediting; and what its invoices come to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec

from models.amounts import in_ore
from models.facts import Content, Line
from models.purchase.crediting import credited_amounts, netted
from models.purchase.groups import InvoiceGroup
from models.purchase.purchases import Purchase
from models.reference.snapshot import Snapshot


class Amounts(msgspec.Struct, frozen=True, gc=False):
    """A purchase's amounts: each line in øre before and after crediting."""

    ordered: list[int | None]
    left: list[int | None]
    excess: int
    credited: int

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
    """What each line comes to; credit notes are converted at the rate of the purchase's day."""
    ordered = ore(purchase.content, purchase.day, snapshot)
    if not purchase.credits:
        return Amounts(ordered, ordered, 0, 0)
    notes: list[tuple[Line, int]] = []
    for note in purchase.credits:
        credited = netted([amount or 0 for amount in ore(note.content, purchase.day, snapshot)])
        notes += [(line, amount) for line, amount in zip(note.content.lines, credited, strict=True) if amount]
    left, excess = credited_amounts(purchase.content.lines, ordered, notes)
    return Amounts(ordered, left, excess, sum(amount for _, amount in notes) - excess)


def invoiced(invoices: Sequence[InvoiceGroup], snapshot: Snapshot) -> int:
    """What the invoices sum up to, in øre."""
    return sum([amount or 0 for each in invoices for amount in ore(each.content, each.issued_on, snapshot)])
