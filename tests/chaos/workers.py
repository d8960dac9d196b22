"""Processes of the service die, sleep, come and go."""

import signal
import time

from streams.failpoint import Point
from tests.chaos.fault import Faults
from tests.chaos.scene import Scene
from tests.system.service import SESSION_S, STOPPED_WITHIN_S, wait_until

fault = Faults()
MANY = 10
"""From so many kills on they come as slowly as the fault says."""


def _workers(scene: Scene) -> list[str]:
    return [name for name in scene.service.processes if name in {"w1", "w2", "w3"}]


@fault("kill -9 of a worker every 3 to 10 s, started again at once", times=46, short=3)
def kills(scene: Scene, times: int) -> int:
    for _ in range(times):
        time.sleep(scene.chance.uniform(3, 10) if times > MANY else scene.chance.uniform(0.5, 3))
        scene.restart(scene.chance.choice(_workers(scene)))
    return times


@fault("kill -9 of the merge", times=5)
def merge_kills(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.restart("merge")
    return times


@fault("kill -9 of the intake", times=5)
def intake_kills(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.restart("intake")
    return times


@fault("kill -9 of every process at once", times=3, short=1)
def all_killed(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.restart(*scene.service.processes)
    return times


def _killed_at(scene: Scene, point: Point, times: int, *, name: str = "w1", most: int = 4) -> int:
    for _ in range(times):
        scene.kill(name)
        scene.start(name, HANDELSPULS_FAILPOINT=f"{point}:kill:{scene.chance.randint(1, most)}")
        wait_until(f"{name} dies at {point}", scene.service.processes[name].is_dead, within_s=SESSION_S * 8)
    return times


@fault("kill -9 right after an assignment", times=3)
def killed_when_assigned(scene: Scene, times: int) -> int:
    return _killed_at(scene, Point.ASSIGNED, times, most=1)


@fault("kill -9 while a table is read from its changelog", times=3)
def killed_in_recovery(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.kill("w1")
        scene.wipe("w1")
        _killed_at(scene, Point.RESTORING, 1, most=1)
    return times


@fault("kill -9 with cells leaving for the merge", times=3)
def killed_in_flush(scene: Scene, times: int) -> int:
    return _killed_at(scene, Point.FLUSHING, times)


@fault("kill -9 with a transaction sent and not committed", times=3, short=1)
def killed_in_transaction(scene: Scene, times: int) -> int:
    return _killed_at(scene, Point.SENT, times)


@fault("kill -9 between the commit and the disk", times=3)
def killed_after_commit(scene: Scene, times: int) -> int:
    return _killed_at(scene, Point.COMMITTED, times)


@fault("kill -9 of the merge in its transaction", times=3)
def merge_killed_in_transaction(scene: Scene, times: int) -> int:
    return _killed_at(scene, Point.SENT, times, name="merge")


@fault("SIGTERM under load: each ends within 30 s, by itself", times=8)
def asked_to_end(scene: Scene, times: int) -> int:
    for _ in range(times):
        name = scene.chance.choice((*_workers(scene), "intake", "merge", "database"))
        scene.wait_for_more(5)
        took = scene.stop(name)
        assert took < STOPPED_WITHIN_S, f"{name} took {took:.0f} s to end"
        scene.start(name)
    return times


@fault("a worker joins and leaves, every 2 s one of them", times=20)
def storm(scene: Scene, times: int) -> int:
    for turn in range(times):
        time.sleep(2)
        if turn % 2 == 0:
            scene.start("w4")
        elif scene.chance.random() < 0.5:
            scene.kill("w4")
        else:
            scene.stop("w4")
    scene.kill("w4")
    return times


@fault("from all workers to one and back", times=2)
def scaled(scene: Scene, times: int) -> int:
    others = _workers(scene)[1:]
    for _ in range(times):
        for name in others:
            scene.stop(name)
        scene.wait_for_more(20)
        scene.start(*others)
        scene.wait_for_more(20)
    return times


@fault("SIGSTOP of a worker for longer than its session, then SIGCONT", times=3, short=1)
def zombie(scene: Scene, times: int) -> int:
    for _ in range(times):
        sleeper = scene.service.processes[scene.chance.choice(_workers(scene))]
        sleeper.send(signal.SIGSTOP)
        time.sleep(SESSION_S * 2)
        scene.wait_for_more(5)
        sleeper.send(signal.SIGCONT)
        scene.wait_for_more(5)
    return times
