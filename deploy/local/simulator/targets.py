"""The targets that management has set: for the municipality, its departments and many institutions."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import msgspec

from deploy.local.simulator.chance import chance
from deploy.local.simulator.course import DEPARTMENT_HABITS
from deploy.local.simulator.town import Town
from deploy.local.simulator.tree import Unit, Work

BY_AMOUNT = "e_handelsgrad_amount"
BY_COUNT = "e_handelsgrad_count"
AGREED = "supplier_compliance"
WITH_OWN_TARGET = 0.4
COUNCIL = "Økonomiudvalget"
MANAGEMENT = "Forvaltningens ledelse"


class Target(msgspec.Struct, frozen=True):
    """`target` is a part of one, as text with two decimals."""

    unit: str
    figure: str
    valid_from: date
    valid_to: date
    target: str
    decided_by: str


def targets(town: Town) -> Iterator[Target]:
    """Each goal in two steps: half of it until the middle of the history, all of it until some months from now."""
    random = chance(town.seed, "targets")
    for unit in town.units:
        for figure, goal, decided_by in _goals(random, unit):
            yield from _steps(town, unit, figure, goal, decided_by)


def _goals(random: Random, unit: Unit) -> Iterator[tuple[str, float, str]]:
    match unit.level:
        case "municipality":
            yield from ((BY_AMOUNT, 0.60, COUNCIL), (BY_COUNT, 0.65, COUNCIL), (AGREED, 0.80, COUNCIL))
        case "department":
            goal = _usual(unit.work)
            yield from ((BY_AMOUNT, goal, COUNCIL), (BY_COUNT, goal + 0.05, COUNCIL), (AGREED, 0.80, COUNCIL))
        case _:
            if random.random() < WITH_OWN_TARGET:
                yield BY_AMOUNT, _usual(unit.work) + random.choice((-0.10, -0.05, 0.0, 0.0, 0.05)), MANAGEMENT


def _usual(work: Work) -> float:
    """What the department should reach: its habit, to the nearest twentieth."""
    return round(DEPARTMENT_HABITS[work].ceiling * 20) / 20


def _steps(town: Town, unit: Unit, figure: str, goal: float, decided_by: str) -> Iterator[Target]:
    middle = town.first_day + (town.last_day - town.first_day) / 2
    last = date(town.last_day.year + 1, 6, 30)
    yield Target(unit.unit, figure, town.first_day, middle, f"{goal / 2:.2f}", decided_by)
    yield Target(unit.unit, figure, middle + timedelta(days=1), last, f"{goal:.2f}", decided_by)
