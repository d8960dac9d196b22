"""The municipality as the simulator knows it: units, market, buyers, habits and rates of one seed and history."""

from datetime import date, datetime, timedelta
from random import Random

import msgspec

from deploy.local.simulator import course, founding, pace, tree
from deploy.local.simulator.chance import Wheel, chance
from deploy.local.simulator.course import Habit
from deploy.local.simulator.market import Market
from deploy.local.simulator.rates import Rates, rates
from deploy.local.simulator.tree import Unit, Work
from models.days import day_of

BUYERS = 3_000
NEVER_CERTIFIED = 0.18
LAPSING = 0.06
WITHOUT_VERSION = frozenset({Work.SCHOOL, Work.DAYCARE})
"""Departments that buy in the school system, whose events carry no version."""


class Buyer(msgspec.Struct, frozen=True):
    buyer: str
    unit: str
    certified_from: date | None
    certified_until: date | None


class Town(msgspec.Struct, frozen=True):
    """Everything that the seed and the history's end decide before the first purchase."""

    seed: int
    begin: datetime
    now: datetime
    units: tuple[Unit, ...]
    market: Market
    habits: dict[str, Habit]
    buyers: tuple[Buyer, ...]
    buyers_of: dict[str, tuple[str, ...]]
    rates: Rates

    @property
    def first_day(self) -> date:
        return day_of(self.begin)

    @property
    def last_day(self) -> date:
        return day_of(self.now)

    def share(self, unit: Unit, at: datetime) -> float:
        """The part of the unit's purchases that goes by catalogue at that moment."""
        return self.habits[unit.unit].share((at - self.begin) / (self.now - self.begin))


def found(seed: int, now: datetime) -> Town:
    """The municipality of a seed, with thirteen months of history before `now`."""
    begin = pace.history_start(now)
    units = tree.units(seed)
    first, last = day_of(begin), day_of(now)
    habits = course.habits(seed, units)
    buyers = _buyers(seed, units, habits, first, last)
    return Town(
        seed=seed,
        begin=begin,
        now=now,
        units=tuple(units),
        market=founding.market(seed, units, first, last),
        habits=habits,
        buyers=tuple(buyers),
        buyers_of=_by_unit(buyers),
        rates=rates(seed, first - timedelta(days=14), last),
    )


def volume(seed: int, units: tuple[Unit, ...]) -> Wheel[Unit]:
    """Who buys next: large units more often, offices little."""
    random = chance(seed, "volume")
    return Wheel((unit, unit.fte**0.8 * random.lognormvariate(0, 0.35)) for unit in units)


def _buyers(seed: int, units: list[Unit], habits: dict[str, Habit], first: date, last: date) -> list[Buyer]:
    random = chance(seed, "buyers")
    more = Wheel((unit, float(unit.fte)) for unit in units)
    posts = [*units, *(more.turn(random) for _ in range(BUYERS - len(units)))]
    span = (last - first).days
    return [
        _buyer(random, f"B-{number + 1:05d}", unit, first + timedelta(days=int(span * habits[unit.unit].middle)))
        for number, unit in enumerate(posts)
    ]


def _buyer(random: Random, ident: str, unit: Unit, about: date) -> Buyer:
    """Most are certified around the time when their unit takes up e-trade; a few lapse, some never are."""
    if random.random() < NEVER_CERTIFIED:
        return Buyer(ident, unit.unit, None, None)
    begin = about + timedelta(days=int(random.gauss(-40, 60)))
    return Buyer(ident, unit.unit, begin, begin + timedelta(days=180 if random.random() < LAPSING else 1_095))


def _by_unit(buyers: list[Buyer]) -> dict[str, tuple[str, ...]]:
    ids: dict[str, list[str]] = {}
    for buyer in buyers:
        ids.setdefault(buyer.unit, []).append(buyer.buyer)
    return {unit: tuple(those) for unit, those in ids.items()}
