"""What is bought: baskets of goods from agreed catalogues, and the same goods bought elsewhere or in words."""

from datetime import date
from random import Random

import msgspec

from deploy.local.simulator.chance import Wheel, pick
from deploy.local.simulator.market import Agreement, Item, Market, Supplier
from deploy.local.simulator.tree import Work
from deploy.local.simulator.wares import WARES, Ware

MEDIAN_LINE_ORE_LOG = 10.9
"""Natural logarithm of a usual line's amount in øre: about 540 DKK."""
LINE_SPREAD = 0.95
LARGEST_LINE_ORE = 25_000_000
LINES = Wheel(((1, 5), (2, 4), (3, 3), (4, 2), (6, 1), (9, 0.4)))
TRIES = 30
AGREED_ITEM = 0.20
AGREED_SUPPLIER = 0.42
AGREED_WARE = 0.74
"""Cumulative: what is bought past the catalogue is an item, of a supplier, or of a kind that agreements are about."""


class Bought(msgspec.Struct, frozen=True):
    """A line as it was bought; prices and amounts in hundredths of the basket's currency."""

    line: str
    name: str
    code: str
    quantity: int
    unit: str
    price_minor: int
    base_quantity: int
    item: str | None = None
    gtin: str | None = None

    @property
    def net_minor(self) -> int:
        """Half up; quantities and prices are positive."""
        return (2 * self.quantity * self.price_minor + self.base_quantity) // (2 * self.base_quantity)


class Basket(msgspec.Struct, frozen=True):
    """What one purchase holds; `agreement` is that of the supplier, whether it is used or not."""

    supplier: Supplier
    lines: tuple[Bought, ...]
    currency: str = "DKK"
    agreement: Agreement | None = None


class Goods:
    """Draws baskets for a kind of work from a market."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._agreed = {work: Wheel(_wanted(work, agreed=True)) for work in Work}
        self._loose = {work: Wheel(_wanted(work, agreed=False)) for work in Work}
        self._expiring = sorted((agreement for agreement in market.agreements if agreement.items), key=_last_day)

    def from_catalogue(self, random: Random, work: Work, day: date) -> Basket:
        """Orderable items of an agreement that holds on the day."""
        return _items_of(random, self._agreement(random, work, day, punch_out=False))

    def from_punch_out(self, random: Random, work: Work, day: date) -> Basket:
        agreement = self._agreement(random, work, day, punch_out=True)
        return _worded(random, agreement.supplier, agreement.ware, 1.0, agreement)

    def called_off(self, random: Random, agreement: Agreement) -> Basket:
        """What a standing order delivers: in words, or its items would speak for the catalogue."""
        return _worded(random, agreement.supplier, agreement.ware, 1.0, agreement)

    def from_expired(self, random: Random, day: date) -> Basket | None:
        """Items of the agreement that ended last before the day, if one did."""
        ended = [agreement for agreement in self._expiring if agreement.valid_to < day]
        return _items_of(random, ended[-1]) if ended else None

    def elsewhere(self, random: Random, work: Work, day: date) -> Basket:
        """Bought past the catalogue: of a supplier with an agreement, of a rival, or what no agreement is about."""
        draw = random.random()
        if draw < AGREED_SUPPLIER:
            agreement = self._agreement(random, work, day, punch_out=False)
            if draw < AGREED_ITEM:
                return _dearer(random, _items_of(random, agreement))
            return _worded(random, agreement.supplier, agreement.ware, 1.1, agreement)
        ware = (self._agreed if draw < AGREED_WARE else self._loose)[work].turn(random)
        return _worded(random, pick(random, self._market.rivals[ware.code]), ware, 1.15, None)

    def of_supplier(self, random: Random, supplier: Supplier, ware: Ware) -> Basket:
        return _worded(random, supplier, ware, 1.05, None)

    def _agreement(self, random: Random, work: Work, day: date, *, punch_out: bool) -> Agreement:
        for _ in range(TRIES):
            agreement = pick(random, self._market.by_ware[self._agreed[work].turn(random).code])
            if agreement.holds(day) and bool(agreement.items) is not punch_out:
                return agreement
        return next(one for one in self._market.agreements if one.holds(day) and bool(one.items) is not punch_out)


def _last_day(agreement: Agreement) -> date:
    return agreement.valid_to


def _wanted(work: Work, *, agreed: bool) -> list[tuple[Ware, float]]:
    """What only some kinds of work use, they use more of."""
    return [
        (ware, 1.0 if len(ware.used_by) == len(Work) else 3.0)
        for ware in WARES
        if ware.agreed is agreed and work in ware.used_by
    ]


def _items_of(random: Random, agreement: Agreement) -> Basket:
    lines = []
    for number in range(1, LINES.turn(random) + 1):
        item = pick(random, agreement.items)
        while not item.orderable:
            item = pick(random, agreement.items)
        lines.append(_line_of(random, number, item))
    return Basket(agreement.supplier, tuple(lines), agreement.currency, agreement)


def _line_of(random: Random, number: int, item: Item) -> Bought:
    return Bought(
        line=str(number),
        name=item.name,
        code=item.ware.code,
        quantity=_quantity(random, item.price_minor, item.base_quantity),
        unit=item.ware.unit,
        price_minor=item.price_minor,
        base_quantity=item.base_quantity,
        item=item.item,
        gtin=item.gtin,
    )


def _worded(random: Random, supplier: Supplier, ware: Ware, dearer: float, agreement: Agreement | None) -> Basket:
    lines = []
    for number in range(1, LINES.turn(random) + 1):
        price = max(1, round(dearer * ware.low_ore * (ware.high_ore / ware.low_ore) ** random.random()))
        quantity = _quantity(random, price, 1)
        lines.append(Bought(str(number), pick(random, ware.goods), ware.code, quantity, ware.unit, price, 1))
    return Basket(supplier, tuple(lines), "DKK", agreement)


def _dearer(random: Random, basket: Basket) -> Basket:
    """The agreed goods at the counter's price, up to a quarter above the agreed one."""
    lines = tuple(
        msgspec.structs.replace(line, price_minor=round(line.price_minor * (1 + random.random() / 4)))
        for line in basket.lines
    )
    return msgspec.structs.replace(basket, lines=lines)


def _quantity(random: Random, price_minor: int, base_quantity: int) -> int:
    amount = min(random.lognormvariate(MEDIAN_LINE_ORE_LOG, LINE_SPREAD), LARGEST_LINE_ORE)
    return max(1, round(amount * base_quantity / price_minor))
