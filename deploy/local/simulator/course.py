"""How e-trade spreads: each unit's probability of buying by catalogue at a point of the history."""

from math import exp

import msgspec

from deploy.local.simulator.chance import Wheel, chance
from deploy.local.simulator.tree import Unit, Work

FLOOR = 0.02
"""Where everybody starts; the municipality's own starting point in domain.md."""


class Habit(msgspec.Struct, frozen=True):
    """A logistic course from the floor to `ceiling`; times are parts of the history, 0 to 1."""

    ceiling: float
    middle: float
    width: float

    def share(self, when: float) -> float:
        """The part of purchases that goes by catalogue; stands still after the history's end."""
        begin, end, now = (self._rise(at) for at in (0.0, 1.0, min(max(when, 0.0), 1.0)))
        return FLOOR + (self.ceiling - FLOOR) * (now - begin) / (end - begin)

    def _rise(self, when: float) -> float:
        return 1 / (1 + exp(-(when - self.middle) / self.width))


DEPARTMENT_HABITS: dict[Work, Habit] = {
    Work.OFFICE: Habit(0.70, 0.35, 0.12),
    Work.DAYCARE: Habit(0.72, 0.50, 0.13),
    Work.CARE: Habit(0.67, 0.45, 0.12),
    Work.SCHOOL: Habit(0.59, 0.58, 0.12),
    Work.SOCIAL: Habit(0.53, 0.62, 0.14),
    Work.CULTURE: Habit(0.46, 0.68, 0.12),
    Work.TECHNICAL: Habit(0.39, 0.72, 0.10),
}

TEMPERS: tuple[tuple[str, float], ...] = (("steady", 0.70), ("lagging", 0.12), ("leaping", 0.12), ("late", 0.06))


def habits(seed: int, units: list[Unit]) -> dict[str, Habit]:
    """Each unit's own course, scattered around its department's; some lag, some leap, some wake up late."""
    random = chance(seed, "course")
    tempers = Wheel(TEMPERS)
    found: dict[str, Habit] = {}
    for unit in units:
        usual = DEPARTMENT_HABITS[unit.work]
        scattered = Habit(
            min(max(usual.ceiling + random.gauss(0, 0.07), 0.08), 0.95),
            min(max(usual.middle + random.gauss(0, 0.07), 0.15), 0.90),
            usual.width,
        )
        found[unit.unit] = _tempered(scattered, tempers.turn(random))
    return found


def _tempered(habit: Habit, temper: str) -> Habit:
    match temper:
        case "lagging":
            return Habit(habit.ceiling * 0.35, habit.middle, habit.width)
        case "leaping":
            return Habit(min(habit.ceiling + 0.12, 0.95), habit.middle, 0.015)
        case "late":
            return Habit(habit.ceiling, 0.88, 0.04)
        case _:
            return habit
