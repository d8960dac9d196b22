"""What is billed for a purchase: its invoices, their late matching and cancelling, and credit notes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from deploy.local.simulator import documents, orders
from deploy.local.simulator.goods import Bought
from deploy.local.simulator.happening import Entry, Happening
from deploy.local.simulator.orders import Purchase
from deploy.local.simulator.pace import Tempo, rounded
from deploy.local.simulator.rates import Rates, rate_on
from deploy.local.simulator.scribe import Scribe
from models.amounts import in_ore
from models.days import day_of

DIFFERING = 0.08
MATCHED_LATER = 0.02
DELIVERY_STATED = 0.5
INVOICE_DOCUMENTS = 0.005
INVOICE_CANCELS = 0.004
CREDITS = 0.03
FULL_CREDITS = 0.4
LOOSE_CREDITS = 0.05


class Bills:
    """The invoices of one purchase, numbered after it."""

    def __init__(self, purchase: Purchase, random: Random, tempo: Tempo, rates: Rates) -> None:
        self._purchase = purchase
        self._random = random
        self._tempo = tempo
        self._rates = rates
        self._scribe = Scribe(purchase, random)
        self._count = 0

    def invoice(
        self,
        received: datetime,
        lines: tuple[Bought, ...],
        order: str | None,
        *,
        issued: date | None = None,
        matched: datetime | None = None,
    ) -> Iterator[Happening]:
        """One invoice with what follows it; `matched` is when it is sent again with the order's number."""
        random, at = self._random, rounded(received)
        if order == self._purchase.number and random.random() < MATCHED_LATER:
            order, matched = None, at + self._tempo.wait(random, 0.5, 6)
        number, day = self._next_number(), issued or self._issued(at)
        delivered = day if order and random.random() < DELIVERY_STATED else None
        data = orders.invoice(
            self._purchase, number, names=order, version=1, issued=day, delivered=delivered, lines=lines
        )
        entry = self._entry(day, 1, lines)
        as_document = not matched and self._purchase.in_kroner and random.random() < INVOICE_DOCUMENTS
        kind, write = (
            (documents.INVOICE, self._scribe.document) if as_document else ("invoice.received", self._scribe.event)
        )
        yield write(kind, at, data, key=order or number, subject=number, entry=entry)
        if matched:
            yield self._matched(matched + self._tempo.wait(random, 0.01, 0.5), number, data)
        elif not as_document:
            yield from self._taken_back(at, number, order, lines, entry)

    def differing(self, lines: tuple[Bought, ...]) -> tuple[Bought, ...]:
        """As ordered, or at another price."""
        if self._random.random() >= DIFFERING:
            return lines
        factor = 0.9 + 0.25 * self._random.random()
        return tuple(
            msgspec.structs.replace(line, price_minor=max(1, round(line.price_minor * factor))) for line in lines
        )

    def _matched(self, at: datetime, number: str, data: dict[str, Any]) -> Happening:
        order = self._purchase.number
        again = {**data, "order": order, **({"version": 2} if self._purchase.versioned else {})}
        return self._scribe.event("invoice.received", at, again, key=order, subject=number)

    def _taken_back(
        self, received: datetime, number: str, order: str | None, lines: tuple[Bought, ...], entry: Entry
    ) -> Iterator[Happening]:
        if self._random.random() < INVOICE_CANCELS:
            yield self._cancelled(received, number, order, entry)
        elif self._random.random() < CREDITS:
            yield self._credit(received, number, order, lines)

    def _cancelled(self, received: datetime, number: str, order: str | None, entry: Entry) -> Happening:
        at = received + self._tempo.wait(self._random, 0.2, 5)
        data = orders.cancellation(self._purchase, "invoice", number, 2, "Fejlsendt") | {"order": order}
        taken = Entry(entry.unit, entry.day, -entry.documents, -entry.amount_ore)
        return self._scribe.event("invoice.cancelled", at, data, key=order or number, subject=number, entry=taken)

    def _credit(self, received: datetime, invoice: str, order: str | None, lines: tuple[Bought, ...]) -> Happening:
        """All of the invoice, or its first line; a few name nothing that they credit."""
        random = self._random
        at = received + self._tempo.wait(random, 2, 25)
        credited = lines if random.random() < FULL_CREDITS else lines[:1]
        names, credits_invoice = (None, None) if random.random() < LOOSE_CREDITS else (order, invoice)
        number, day = f"K{invoice}", self._issued(at)
        data = orders.credit_note(
            self._purchase, number, credits_invoice=credits_invoice, names=names, issued=day, lines=credited
        )
        key = names or credits_invoice or number
        entry = self._entry(day, -1, credited)
        return self._scribe.event("credit_note.received", at, data, key=key, subject=number, entry=entry)

    def _entry(self, day: date, sign: int, lines: tuple[Bought, ...]) -> Entry:
        """A document counts one, whichever way its amount goes."""
        purchase = self._purchase
        stated = purchase.exchange_rate
        rate = Decimal(stated) if stated else rate_on(self._rates, purchase.basket.currency, day) or Decimal(0)
        return Entry(purchase.unit.unit, day, 1, sign * sum(in_ore(line.net_minor, rate) for line in lines))

    def _issued(self, received: datetime) -> date:
        """Up to two days before it came, never before the order."""
        return max(day_of(self._purchase.placed), day_of(received) - timedelta(days=self._random.randrange(3)))

    def _next_number(self) -> str:
        self._count += 1
        return f"F{self._purchase.number}-{self._count}"
