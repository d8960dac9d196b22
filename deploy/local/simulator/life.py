"""What happens to a purchase from its first event to its last, invoices by `bills`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import msgspec

from deploy.local.simulator import documents, orders
from deploy.local.simulator.bills import Bills
from deploy.local.simulator.chance import Wheel
from deploy.local.simulator.goods import Bought
from deploy.local.simulator.happening import Happening
from deploy.local.simulator.orders import Purchase
from deploy.local.simulator.pace import Tempo
from deploy.local.simulator.rates import Rates
from deploy.local.simulator.scribe import Scribe
from deploy.local.simulator.ways import WITHOUT_ORDER, Way
from models.days import day_of

CHANGES = 0.05
CHANGES_BEFORE_ORDER = 0.15
MOVES = 0.05
LINES_DROPPED = 0.5
CANCELS = 0.02
REVIVALS = 0.05
INVOICES = Wheel(((0, 0.03), (1, 0.86), (2, 0.09), (3, 0.02)))
"""Invoices of an order, 1.1 on average."""
FRAME_INVOICES = 4
ORDER_DOCUMENTS = 0.008
RETROACTIVE_WITHOUT_NUMBER = 0.5


class Life:
    """Tells one purchase. Everything that is drawn comes from the generator it is given."""

    def __init__(self, purchase: Purchase, random: Random, tempo: Tempo, rates: Rates) -> None:
        self._purchase = purchase
        self._random = random
        self._tempo = tempo
        self._scribe = Scribe(purchase, random)
        self._bills = Bills(purchase, random, tempo, rates)

    def told(self) -> Iterator[Happening]:
        """All happenings, not in order."""
        purchase = self._purchase
        if purchase.way in WITHOUT_ORDER:
            named = f"44{self._random.randrange(10**8):08d}" if purchase.way is Way.UNSEEN_ORDER else None
            yield from self._bills.invoice(purchase.placed, purchase.basket.lines, named)
        elif purchase.way is Way.RETROACTIVE:
            yield from self._retroactive()
        else:
            yield from self._ordered()

    def _ordered(self) -> Iterator[Happening]:
        purchase, random = self._purchase, self._random
        lines, version, settled, sent = purchase.basket.lines, 1, purchase.placed, purchase.placed
        if random.random() < CHANGES:
            settled += self._tempo.wait(random, 0.01, 1.5)
            lines, version = self._fewer(lines), 2
            moved = purchase.unit.parent if random.random() < MOVES else ""
            yield self._order("order.changed", settled, version, lines, unit=moved)
            if random.random() < CHANGES_BEFORE_ORDER:
                sent = settled + self._tempo.wait(random, 0.001, 0.01)
        yield self._order("order.placed", purchase.placed, 1, purchase.basket.lines, sent=sent)
        if purchase.in_kroner and random.random() < ORDER_DOCUMENTS:
            yield self._order_document(sent)
        if random.random() < CANCELS:
            yield from self._cancelled(settled, version, lines)
        else:
            yield from self._invoices(settled, lines)

    def _cancelled(self, after: datetime, version: int, lines: tuple[Bought, ...]) -> Iterator[Happening]:
        """Cancelled before it was billed; a few are taken up again."""
        number = self._purchase.number
        at = after + self._tempo.wait(self._random, 0.02, 3)
        data = orders.cancellation(self._purchase, "order", number, version + 1, "Bestilt ved en fejl")
        yield self._scribe.event("order.cancelled", at, data, key=number, subject=number)
        if self._random.random() < REVIVALS:
            again = at + self._tempo.wait(self._random, 0.1, 2)
            yield self._order("order.changed", again, version + 2, lines)
            yield from self._invoices(again, lines)

    def _invoices(self, after: datetime, lines: tuple[Bought, ...]) -> Iterator[Happening]:
        count = FRAME_INVOICES if self._purchase.frame else INVOICES.turn(self._random)
        at = after
        for part in _split(lines, count):
            at += self._tempo.wait(self._random, 1, 18)
            yield from self._bills.invoice(at, self._bills.differing(part), self._purchase.number)

    def _retroactive(self) -> Iterator[Happening]:
        """The invoice was issued first; half of them come before the order and are matched with it afterwards."""
        purchase, random, lines = self._purchase, self._random, self._purchase.basket.lines
        issued = day_of(purchase.placed) - timedelta(days=random.randrange(1, 12))
        if random.random() < RETROACTIVE_WITHOUT_NUMBER:
            early = purchase.placed - self._tempo.wait(random, 0.05, 0.3)
            yield from self._bills.invoice(early, lines, None, issued=issued, matched=purchase.placed)
        else:
            after = purchase.placed + self._tempo.wait(random, 0.01, 2)
            yield from self._bills.invoice(after, lines, purchase.number, issued=issued)
        yield self._order("order.placed", purchase.placed, 1, lines)

    def _order(
        self,
        kind: str,
        at: datetime,
        version: int,
        lines: tuple[Bought, ...],
        *,
        unit: str = "",
        sent: datetime | None = None,
    ) -> Happening:
        number = self._purchase.number
        data = orders.order(self._purchase, version, lines, unit)
        return self._scribe.event(kind, at, data, key=number, subject=number, sent=sent)

    def _order_document(self, placed: datetime) -> Happening:
        """The same order as the seller got it."""
        at = placed + self._tempo.wait(self._random, 0.001, 0.02)
        number = self._purchase.number
        data = orders.order(self._purchase, 1, self._purchase.basket.lines)
        return self._scribe.document(documents.ORDER, at, data, key=number, subject=number)

    def _fewer(self, lines: tuple[Bought, ...]) -> tuple[Bought, ...]:
        """The first line with another quantity, and now and then without the last one."""
        first = msgspec.structs.replace(lines[0], quantity=max(1, round(lines[0].quantity * 0.5)))
        dropped = len(lines) > 1 and self._random.random() < LINES_DROPPED
        return (first, *lines[1 : -1 if dropped else None])


def _split(lines: tuple[Bought, ...], count: int) -> list[tuple[Bought, ...]]:
    """Quantities in `count` parts; the first parts take what does not divide. Empty parts are left out."""
    parts = [
        tuple(
            msgspec.structs.replace(line, quantity=share)
            for line in lines
            if (share := line.quantity // count + (place < line.quantity % count))
        )
        for place in range(count)
    ]
    return [part for part in parts if part]
