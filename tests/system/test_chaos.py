"""The short form of `make chaos`: after each fault everything is as if nothing had happened, to the øre."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.chaos.fault import Fault, Group
from tests.chaos.run import chosen, scene_of, tried
from tests.chaos.scene import Scene

SEED = 1
FAULTS = [fault for group in chosen(short=True, only=()) for fault in group.faults]


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with scene_of(Group("all", 2, FAULTS), seed=SEED, short=True, chance=Random(SEED)) as running:
        yield running


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_it_comes_to_the_same_after(scene: Scene, fault: Fault) -> None:
    outcome = tried(scene, fault, short=True)
    assert outcome.differences == []
    assert outcome.records > 0
    assert outcome.times > 0
