"""Builds the market of a seed: which invented suppliers exist, what they agreed to and what their catalogues hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from deploy.local.simulator import names
from deploy.local.simulator.chance import chance, pick
from deploy.local.simulator.identifiers import cvr, gln, gtin
from deploy.local.simulator.market import Agreement, ExternalChannel, Item, Market, StandingOrder, Supplier
from deploy.local.simulator.tree import Unit
from deploy.local.simulator.wares import OUTSIDE, WARES, Ware

Thing = TypeVar("Thing")

SUPPLIERS = 400
AGREEMENTS = 120
AGREEMENTS_PER_WARE = 3
ITEMS = 60_000
EXTERNAL_CHANNELS = 25
PUNCH_OUT_EVERY = 9
BEGINS_LATE = 0.12
ENDS_EARLY = 0.10
WITH_GTIN = 0.3
PRICED_BY_TEN = 0.03
NOT_ORDERABLE = 0.01
WITH_STANDING_ORDER = 0.6
FOREIGN = {16: "EUR", 58: "SEK", 97: "EUR", 111: "USD"}
"""Agreements whose prices are in another currency."""
ROUGH_RATES = {"DKK": 1.0, "EUR": 7.46, "SEK": 0.66, "USD": 6.8}
SUPPLIER_GLN_FROM = 1_000_000
EXCLUSIONS = ("public_body", "public_body", "inter_municipal", "inter_municipal", "grant", "finance")
VARIANTS = ("basis", "plus", "let", "stor", "lille", "blå", "grøn", "sort", "hvid", "øko", "pro", "mini")


def market(seed: int, units: list[Unit], begin: date, end: date) -> Market:
    """`begin` and `end` are the history's days, which decide what agreements are valid when."""
    suppliers = list(_suppliers(seed))
    agreements = list(_agreements(seed, suppliers, begin, end))
    holders = {agreement.supplier.supplier for agreement in agreements}
    free = [supplier for supplier in suppliers if supplier.supplier not in holders]
    with_punch_out = {agreement.supplier.supplier for agreement in agreements if not agreement.items}
    return Market(
        suppliers=tuple(_marked(supplier, with_punch_out) for supplier in suppliers),
        agreements=tuple(agreements),
        standing_orders=_standing_orders(seed, agreements, units, begin, end),
        external_channels=_external_channels(seed, free),
        by_ware=_grouped((agreement.ware.code, agreement) for agreement in agreements),
        rivals=_grouped((supplier.ware.code, supplier) for supplier in free if supplier.ware),
        outside=_grouped((supplier.outside.code, supplier) for supplier in free if supplier.outside),
        excluded=tuple(supplier for supplier in free if supplier.exclusion),
    )


def _agreed_wares() -> list[Ware]:
    return [ware for ware in WARES if ware.agreed][: AGREEMENTS // AGREEMENTS_PER_WARE]


def _suppliers(seed: int) -> Iterator[Supplier]:
    """First those who may win an agreement, then the outside ones, the excluded ones and the rivals of every trade."""
    winners = [ware for ware in _agreed_wares() for _ in range(AGREEMENTS_PER_WARE)]
    outside = [kind for kind in OUTSIDE for _ in range(2)]
    rivals = SUPPLIERS - len(winners) - len(outside) - len(EXCLUSIONS)
    wares = [*winners, *(WARES[place % len(WARES)] for place in range(rivals))]
    trades = (
        [ware.trade for ware in wares]
        + [kind.text.split(",")[0] for kind in outside]
        + ["Fællesskab"] * len(EXCLUSIONS)
    )
    titles = names.firms(seed, trades)
    for number, name in enumerate(titles):
        ware = wares[number] if number < len(wares) else None
        place = number - len(wares)
        kind = outside[place] if 0 <= place < len(outside) else None
        exclusion = EXCLUSIONS[place - len(outside)] if place >= len(outside) else ""
        codes = (str(90_000_000 + number), gln(SUPPLIER_GLN_FROM + number), f"DK{cvr(number + 1)}")
        yield Supplier(number, f"L-{number + 1:04d}", name, codes, ware, outside=kind, exclusion=exclusion)


def _marked(supplier: Supplier, with_punch_out: set[str]) -> Supplier:
    if supplier.supplier not in with_punch_out:
        return supplier
    return Supplier(
        supplier.number, supplier.supplier, supplier.name, supplier.identifiers, supplier.ware, punch_out=True
    )


def _agreements(seed: int, suppliers: list[Supplier], begin: date, end: date) -> Iterator[Agreement]:
    random = chance(seed, "agreements")
    punch_outs = {number for number in range(AGREEMENTS) if number % PUNCH_OUT_EVERY == PUNCH_OUT_EVERY - 1}
    share, over = divmod(ITEMS, AGREEMENTS - len(punch_outs))
    for number in range(AGREEMENTS):
        ware = suppliers[number].ware
        if ware is None:
            raise ValueError(f"supplier {suppliers[number].supplier} has an agreement but sells nothing")
        currency = FOREIGN.get(number, "DKK")
        count = 0 if number in punch_outs else share + (over if number == 0 else 0)
        first, last = _term(random, begin, end)
        yield Agreement(
            agreement=f"A-{number + 1:03d}",
            catalogue=f"KAT-{number + 1:03d}",
            supplier=suppliers[number],
            title=f"{ware.trade}, {ware.goods[0].lower()} m.m.",
            ware=ware,
            currency=currency,
            valid_from=first,
            valid_to=last,
            items=tuple(_item(random, number, place, ware, currency) for place in range(count)),
        )


def _term(random: Random, begin: date, end: date) -> tuple[date, date]:
    """An agreement's dates: most hold all through the history, some begin or end in it."""
    span = (end - begin).days
    draw = random.random()
    if draw < BEGINS_LATE:
        first = begin + timedelta(days=int(span * (0.1 + 0.6 * random.random())))
        return first, first + timedelta(days=4 * 365)
    if draw < BEGINS_LATE + ENDS_EARLY:
        last = begin + timedelta(days=int(span * (0.55 + 0.4 * random.random())))
        return last - timedelta(days=4 * 365), last
    first = begin - timedelta(days=60 + int(700 * random.random()))
    return first, end + timedelta(days=400 + int(700 * random.random()))


def _item(random: Random, agreement: int, place: int, ware: Ware, currency: str) -> Item:
    price_ore = ware.low_ore * (ware.high_ore / ware.low_ore) ** random.random()
    name = f"{pick(random, ware.goods)} {pick(random, VARIANTS)}, nr. {place + 1}"
    return Item(
        item=f"{agreement + 1:03d}-{place + 1:04d}",
        gtin=gtin(agreement * 1_000 + place) if random.random() < WITH_GTIN else None,
        name=name,
        ware=ware,
        price_minor=max(1, round(price_ore / ROUGH_RATES[currency])),
        base_quantity=10 if random.random() < PRICED_BY_TEN else 1,
        orderable=random.random() >= NOT_ORDERABLE,
    )


def _standing_orders(
    seed: int, agreements: list[Agreement], units: list[Unit], begin: date, end: date
) -> dict[str, tuple[StandingOrder, ...]]:
    """Sixty units of a hundred have one, with a supplier whose agreement holds through the history."""
    random = chance(seed, "standing orders")
    lasting = [agreement for agreement in agreements if agreement.holds(begin) and agreement.holds(end)]
    buyers = [unit for unit in units if random.random() < WITH_STANDING_ORDER]
    return _grouped(
        (unit.unit, StandingOrder(f"FA-{number + 1:04d}", pick(random, lasting), unit.unit))
        for number, unit in enumerate(buyers)
    )


def _external_channels(seed: int, free: list[Supplier]) -> tuple[ExternalChannel, ...]:
    traders = [supplier for supplier in free if supplier.ware]
    chosen = chance(seed, "external channels").sample(traders, EXTERNAL_CHANNELS)
    return tuple(ExternalChannel(supplier, supplier.ware) for supplier in chosen if supplier.ware)


def _grouped(pairs: Iterable[tuple[str, Thing]]) -> dict[str, tuple[Thing, ...]]:
    groups: defaultdict[str, list[Thing]] = defaultdict(list)
    for key, thing in pairs:
        groups[key].append(thing)
    return {key: tuple(things) for key, things in groups.items()}
