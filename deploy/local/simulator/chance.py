"""Seeded chance: generators derived from the seed by name, and wheels that turn at given weights."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


def chance(seed: int, *names: object) -> Random:
    """A generator of its own for each purpose, so that a change in one part leaves the others' draws alone.

    A text seeds `Random` through SHA-512, which does not depend on PYTHONHASHSEED.
    """
    return Random("/".join([str(seed), *map(str, names)]))


class Wheel(Generic[Thing]):
    """Things drawn in proportion to their weights, in the time of a binary search."""

    __slots__ = ("_sums", "_things")

    def __init__(self, weighted: Iterable[tuple[Thing, float]]) -> None:
        pairs = [(thing, weight) for thing, weight in weighted if weight > 0]
        if not pairs:
            raise ValueError("a wheel needs at least one thing with a weight above 0")
        self._things = tuple(thing for thing, _ in pairs)
        self._sums = tuple(accumulate(weight for _, weight in pairs))

    def turn(self, random: Random) -> Thing:
        place = bisect_right(self._sums, random.random() * self._sums[-1])
        return self._things[min(place, len(self._things) - 1)]


def pick(random: Random, things: "list[Thing] | tuple[Thing, ...]") -> Thing:
    """Any of the things; quicker than `Random.choice`."""
    return things[int(random.random() * len(things))]
