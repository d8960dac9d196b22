"""Draws the next purchase: who buys what, where and in which way."""

from datetime import date, datetime
from random import Random

import msgspec

from deploy.local.simulator.chance import pick
from deploy.local.simulator.goods import Basket, Bought, Goods
from deploy.local.simulator.market import StandingOrder, Supplier
from deploy.local.simulator.orders import KVANTUM, SKOLE, Purchase
from deploy.local.simulator.rates import rate_on
from deploy.local.simulator.town import WITHOUT_VERSION, Town, volume
from deploy.local.simulator.tree import Unit
from deploy.local.simulator.wares import OUTSIDE, WARES, Outside
from deploy.local.simulator.ways import Way, way
from models.days import day_of

FRAMES = 0.015
FRAME_TIMES = 5
TYPING_ERRORS = 0.001
WITHOUT_CATEGORY = 0.25
WITH_ACCOUNT = 0.6
WITH_REQUISITION = 0.1
STATED_RATES = 0.6
FRAME_WAYS = frozenset({Way.OWN_CATALOGUE, Way.PHONE})
WITHOUT_ITEM = frozenset({Way.FREE_TEXT, Way.BARE})
EXCLUDED_ACCOUNTS = ("8.2110", "8.2140", "8.3120")
ACCOUNTS = {ware.code: f"2.{1000 + place * 10}" for place, ware in enumerate(WARES)}
"""The account that goods of a category are booked on; accounts.csv says the same."""


class Shopping:
    """One town's purchases; `always_rate` states an exchange rate on each foreign order."""

    def __init__(self, town: Town, *, always_rate: bool) -> None:
        self._town = town
        self._goods = Goods(town.market)
        self._units = volume(town.seed, town.units)
        self._always_rate = always_rate

    def purchase(self, random: Random, at: datetime, number: int) -> Purchase:
        """The purchase of that running number, made at that moment."""
        unit = self._units.turn(random)
        chosen, standing = self._way(random, unit, at)
        basket = self._basket(random, unit, chosen, standing, day_of(at))
        source = SKOLE if unit.work in WITHOUT_VERSION else KVANTUM
        frame = chosen in FRAME_WAYS and random.random() < FRAMES
        return Purchase(
            number=str(number) if source == KVANTUM else f"SK-{number}",
            source=source,
            unit=unit,
            buyer=pick(random, self._town.buyers_of[unit.unit]),
            placed=at,
            way=chosen,
            basket=_enlarged(basket) if frame else basket,
            stated_unit=f"{unit.unit[:-1]}X" if random.random() < TYPING_ERRORS else "",
            account=_account(random, chosen, basket),
            exchange_rate=self._rate(random, basket.currency, day_of(at)),
            standing_order=standing.standing_order if standing else None,
            session=f"{random.getrandbits(48):012x}" if chosen is Way.PUNCH_OUT else None,
            requisition=f"R-{number}" if random.random() < WITH_REQUISITION else None,
            frame=frame,
            categories=random.random() >= WITHOUT_CATEGORY or chosen is Way.OUTSIDE,
        )

    def _way(self, random: Random, unit: Unit, at: datetime) -> tuple[Way, StandingOrder | None]:
        """A unit without a standing order that holds today takes the catalogue instead."""
        chosen = way(random, self._town.share(unit, at))
        if chosen is not Way.STANDING_ORDER:
            return chosen, None
        held = self._town.market.standing_orders.get(unit.unit, ())
        valid = [standing for standing in held if standing.agreement.holds(day_of(at))]
        return (chosen, valid[0]) if valid else (Way.OWN_CATALOGUE, None)

    def _basket(self, random: Random, unit: Unit, chosen: Way, standing: StandingOrder | None, day: date) -> Basket:
        if standing:
            return self._goods.called_off(random, standing.agreement)
        if chosen in WITHOUT_ITEM:
            return _without_items(self._goods.elsewhere(random, unit.work, day))
        match chosen:
            case Way.OWN_CATALOGUE | Way.SILENT_CATALOGUE | Way.RETROACTIVE:
                return self._goods.from_catalogue(random, unit.work, day)
            case Way.PUNCH_OUT:
                return self._goods.from_punch_out(random, unit.work, day)
            case Way.UNPROVEN:
                return _with_strange_items(random, self._goods.from_catalogue(random, unit.work, day))
            case Way.VAGUE:
                return _with_strange_items(random, self._goods.elsewhere(random, unit.work, day))
            case Way.EXPIRED:
                expired = self._goods.from_expired(random, day)
                return expired or _with_strange_items(random, self._goods.from_catalogue(random, unit.work, day))
            case Way.EXTERNAL:
                channel = pick(random, self._town.market.external_channels)
                return self._goods.of_supplier(random, channel.supplier, channel.ware)
            case Way.OUTSIDE | Way.EXCLUDED_SUPPLIER | Way.EXCLUDED_ACCOUNT:
                return self._outside(random, unit, chosen, day)
            case _:
                return self._goods.elsewhere(random, unit.work, day)

    def _outside(self, random: Random, unit: Unit, chosen: Way, day: date) -> Basket:
        if chosen is Way.EXCLUDED_ACCOUNT:
            return self._goods.elsewhere(random, unit.work, day)
        if chosen is Way.EXCLUDED_SUPPLIER:
            return self._goods.of_supplier(random, pick(random, self._town.market.excluded), pick(random, WARES))
        kind = random.choices(OUTSIDE, [kind.weight for kind in OUTSIDE])[0]
        return _bill(random, pick(random, self._town.market.outside[kind.code]), kind)

    def _rate(self, random: Random, currency: str, day: date) -> str | None:
        if currency == "DKK" or (random.random() >= STATED_RATES and not self._always_rate):
            return None
        rate = rate_on(self._town.rates, currency, min(day, self._town.last_day))
        return str(rate) if rate else None


def _bill(random: Random, supplier: Supplier, kind: Outside) -> Basket:
    amount_ore = round(kind.low_ore * (kind.high_ore / kind.low_ore) ** random.random())
    return Basket(supplier, (Bought("1", kind.text, kind.code, 1, "STK", amount_ore, 1),))


def _account(random: Random, chosen: Way, basket: Basket) -> str | None:
    if chosen is Way.EXCLUDED_ACCOUNT:
        return pick(random, EXCLUDED_ACCOUNTS)
    return ACCOUNTS.get(basket.lines[0].code) if random.random() < WITH_ACCOUNT else None


def _without_items(basket: Basket) -> Basket:
    lines = tuple(msgspec.structs.replace(line, item=None, gtin=None) for line in basket.lines)
    return msgspec.structs.replace(basket, lines=lines)


def _with_strange_items(random: Random, basket: Basket) -> Basket:
    """Items that no catalogue holds."""
    lines = tuple(
        msgspec.structs.replace(line, item=f"NY-{random.randrange(100_000):05d}", gtin=None) for line in basket.lines
    )
    return msgspec.structs.replace(basket, lines=lines)


def _enlarged(basket: Basket) -> Basket:
    lines = tuple(msgspec.structs.replace(line, quantity=line.quantity * FRAME_TIMES) for line in basket.lines)
    return msgspec.structs.replace(basket, lines=lines)
