"""What a fault is, and the list of all of them in their groups."""

from collections.abc import Callable
from typing import NamedTuple

from tests.chaos.scene import Scene

Inject = Callable[[Scene, int], int]
"""Bring the fault about `times` times, while input comes; how often it was."""


class Fault(NamedTuple):
    """One thing that can happen."""

    name: str
    says: str
    inject: Inject
    times: int
    short: int
    """As often in the short form; 0: not in it."""
    rate: int
    """Records a second that come meanwhile."""
    ruins: bool = False
    """Nothing can come of this service any more: what the fault looks at itself is all."""


class Group(NamedTuple):
    """Faults that one service goes through, one after the other."""

    name: str
    workers: int
    faults: list[Fault]
    on_small_disks: bool = False


class Faults:
    """Collects the faults of a group, in the order in which they are written down."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def __call__(
        self, says: str, *, times: int, short: int = 0, rate: int = 40, ruins: bool = False
    ) -> Callable[[Inject], Inject]:
        def take(inject: Inject) -> Inject:
            name = inject.__name__.replace("_", "-")
            self.all.append(Fault(name, says, inject, times, short, rate, ruins))
            return inject

        return take
