"""The stream of messages: thirteen months of history up to now, then live purchases without end."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import chain
from random import Random

import msgspec

from deploy.local.simulator import faults, pace, wire
from deploy.local.simulator.chance import chance
from deploy.local.simulator.faults import BROKEN
from deploy.local.simulator.happening import Happening, Message
from deploy.local.simulator.life import Life
from deploy.local.simulator.shopping import Shopping
from deploy.local.simulator.town import Town, found

PURCHASES = 60_000
RATE_PER_S = 1.0
FIRST_HISTORY_NUMBER = 4_500_000_000
FIRST_LIVE_NUMBER = 460_000_000_000
NUMBERS_PER_SECOND = 1_000
"""Live numbers start at the seconds since the history's end times this, so that no two runs share one."""


class Stretch(msgspec.Struct, frozen=True):
    """A part of the story: its own chance, its own numbers, its own tempo."""

    name: str
    first_number: int
    tempo: pace.Tempo
    always_rate: bool = False


def events(
    seed: int, *, now: datetime, purchases: int = PURCHASES, rate_per_s: float = RATE_PER_S
) -> Iterator[Message]:
    """History, then live; the same arguments give the same bytes."""
    town = found(seed, now)
    return chain(history(town, purchases), live(town, now, rate_per_s))


def history(town: Town, purchases: int) -> Iterator[Message]:
    """Everything sent up to the town's now, in the order it was sent."""
    return _messages(chance(town.seed, "broken", "history"), past(town, purchases))


def past(town: Town, purchases: int) -> Iterator[Happening]:
    """The history before it is written as bytes: the ledger is summed from the same."""
    return _bridged(town, Stretch("history", FIRST_HISTORY_NUMBER, pace.Tempo()), town.begin, town.now, purchases)


def _bridged(town: Town, stretch: Stretch, start: datetime, end: datetime, purchases: int) -> Iterator[Happening]:
    """What is sent between two moments, dense where it is busy."""
    instants = pace.spread(chance(town.seed, "instants", stretch.name), start, end, purchases)
    for happening in _ordered(_plans(town, instants, stretch)):
        if happening.at > end:
            return
        yield happening


def filled_pause(town: Town, purchases: int, start: datetime, end: datetime) -> Iterator[Message]:
    """The time between two runs, filled as densely as the history was."""
    count = round(purchases * ((end - start) / (town.now - town.begin)))
    stretch = Stretch(f"pause/{start.isoformat()}", live_number(town, start), pace.Tempo(), always_rate=True)
    return _messages(chance(town.seed, "broken", stretch.name), _bridged(town, stretch, start, end, count))


def live(town: Town, start: datetime, rate_per_s: float) -> Iterator[Message]:
    """Purchases from `start` on, without end; whoever sends waits for each message's `at`."""
    name = f"live/{start.isoformat()}"
    instants = pace.live(chance(town.seed, "instants", name), start, rate_per_s)
    stretch = Stretch(name, live_number(town, start), pace.LIVE, always_rate=True)
    return _messages(chance(town.seed, "broken", name), _ordered(_plans(town, instants, stretch)))


def live_number(town: Town, start: datetime) -> int:
    """The first number of a run that begins at `start`."""
    return FIRST_LIVE_NUMBER + int((start - town.now).total_seconds()) * NUMBERS_PER_SECOND


def _plans(town: Town, instants: Iterable[datetime], stretch: Stretch) -> Iterator[tuple[datetime, list[Happening]]]:
    """Each purchase with the moment before which nothing later in the story happens."""
    random = chance(town.seed, "purchases", stretch.name)
    shopping = Shopping(town, always_rate=stretch.always_rate)
    # A retroactive purchase's invoice lies up to this much before its order.
    slack = stretch.tempo.day * 0.5
    for number, at in enumerate(instants, stretch.first_number):
        purchase = shopping.purchase(random, at, number)
        life = Life(purchase, random, stretch.tempo, town.rates)
        yield at - slack, list(faults.disturbed(random, life.told(), stretch.tempo))


def _ordered(plans: Iterator[tuple[datetime, list[Happening]]]) -> Iterator[Happening]:
    """By the time of sending; only what may still be overtaken is held."""
    waiting: list[tuple[datetime, int, Happening]] = []
    serial = 0
    for earliest, happenings in plans:
        for happening in happenings:
            heappush(waiting, (happening.at, serial, happening))
            serial += 1
        while waiting and waiting[0][0] < earliest:
            yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]


def _messages(random: Random, happenings: Iterator[Happening]) -> Iterator[Message]:
    for happening in happenings:
        yield wire.message(happening)
        if random.random() < BROKEN:
            yield faults.broken(random, happening)
