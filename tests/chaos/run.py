"""Faults in their groups, each group on a service of its own; after each fault everything is compared."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.chaos import broker, clock, database, input, stores, workers  # noqa: A004 - it is what comes in
from tests.chaos.disks import Disks, NotHere
from tests.chaos.fault import Fault, Group
from tests.chaos.scene import Scene
from tests.chaos.verdict import differences
from tests.system import erp
from tests.system.service import Service, started
from tests.system.truth import read_all

GROUPS = (
    Group("workers", 3, workers.fault.all),
    Group("broker", 2, broker.fault.all, on_small_disks=True),
    Group("database", 2, database.fault.all, on_small_disks=True),
    Group("input", 2, input.fault.all),
    Group("stores", 2, stores.fault.all),
    Group("clock", 2, clock.fault.all),
)
PURCHASES, SHORT_PURCHASES = 15_000, 4_000
"""Of a group's input; what is not sent when its last fault is over is left out."""


class Outcome(NamedTuple):
    """What became of one fault."""

    fault: Fault
    times: int
    records: int
    rejected: int
    ended: Sequence[str]
    """What processes said that ended themselves, and were started again."""
    differences: Sequence[str]
    seconds: float
    not_here: str = ""


KEPT = Path(".data") / "chaos"
"""Where the logs of what came out wrong are kept."""
Tell = Callable[[Outcome], None]


def chosen(*, short: bool, only: Sequence[str]) -> list[Group]:
    """The groups with the faults that are wanted: all, the short form's, or those named."""
    groups = [
        group._replace(
            faults=[
                fault
                for fault in group.faults
                if (fault.short or not short) and (not only or {fault.name, group.name} & set(only))
            ]
        )
        for group in GROUPS
    ]
    return [group for group in groups if group.faults]


def run(groups: Sequence[Group], *, seed: int, short: bool, tell: Tell) -> list[Outcome]:
    """Try all faults; a service that came out wrong is given up, and the rest of its group gets a fresh one."""
    outcomes: list[Outcome] = []
    for group in groups:
        chance = Random(f"{seed} {group.name}")
        waiting = sorted(chance.sample(group.faults, len(group.faults)), key=lambda fault: fault.ruins)
        while waiting:
            with scene_of(group, seed=seed, short=short, chance=chance) as scene:
                while waiting:
                    outcome = tried(scene, waiting.pop(0), short=short)
                    outcomes.append(outcome)
                    tell(outcome)
                    if outcome.differences or outcome.fault.ruins:
                        break
    return outcomes


@contextmanager
def scene_of(group: Group, *, seed: int, short: bool, chance: Random) -> Iterator[Scene]:
    """A service that has read its reference and waits."""
    purchases = SHORT_PURCHASES if short else PURCHASES
    with TemporaryDirectory(prefix="handelspuls-chaos-") as name:
        folder = Path(name)
        disks = Disks(folder / "service")
        (folder / "service").mkdir()
        (folder / "reference").mkdir()
        reference = erp.reference(folder / "reference", purchases, seed=seed)
        if group.on_small_disks:
            with suppress(NotHere):  # the faults that need one say so
                disks.mount("kafka", "postgres")
        try:
            with (
                started(Service(folder / "service"), reference=reference, workers=group.workers) as service,
                Scene(
                    service,
                    reference=reference,
                    messages=erp.history(purchases, seed=seed),
                    chance=chance,
                    disks=disks,
                ) as scene,
            ):
                yield scene
        finally:
            disks.unmount()


def tried(scene: Scene, fault: Fault, *, short: bool) -> Outcome:
    """Bring the fault about while input comes, wait for the end of the work, and compare."""
    began, ended_before = time.monotonic(), len(scene.ended)
    before = _counted(scene)
    times, found, not_here = 0, [], ""
    try:
        with scene.load(rate=fault.rate):
            times = fault.inject(scene, fault.short if short else fault.times)
        if not fault.ruins:
            scene.settle()
            found = differences(scene.service, scene.reference)
    except NotHere as reason:
        not_here = str(reason)
    except Exception as wrong:  # noqa: BLE001  # the others are tried all the same
        found = [f"{type(wrong).__name__}: {wrong}"]
    if found:
        found = [*found, f"the logs are in {_kept(scene, fault)}"]
    after = before if fault.ruins else _counted(scene)
    return Outcome(
        fault=fault,
        times=times,
        records=after[0] - before[0],
        rejected=after[1] - before[1],
        ended=scene.ended[ended_before:],
        differences=found,
        seconds=time.monotonic() - began,
        not_here=not_here,
    )


def _kept(scene: Scene, fault: Fault) -> Path:
    folder = KEPT / f"{fault.name}-{time.strftime('%H%M%S')}"
    folder.mkdir(parents=True)
    for log in scene.service.logs:
        shutil.copy(log, folder)
    return folder


def _counted(scene: Scene) -> tuple[int, int]:
    """Records of the input so far, and those of them that must be refused."""
    tap = scene.service.tap
    with suppress(Exception):  # a broker that a fault left behind; the outcome says so already
        tap.catch_up()
    facts, refused = read_all(tap)
    return len(facts) + len(refused), len(refused)
