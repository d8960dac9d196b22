"""Kafka dies, sleeps, is not there, has no room."""

import time

from tests.chaos.fault import Faults
from tests.chaos.scene import Scene
from tests.system.service import wait_until

fault = Faults()


@fault("kill -9 of the broker, started again after 5 s", times=3, rate=30)
def broker_killed(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.service.broker.kill()
        time.sleep(5)
        scene.service.broker.start()
        scene.wait_for_more(10)
    return times


@fault("SIGSTOP of the broker for 20 s", times=2, rate=30)
def broker_slow(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.service.broker.sleep()
        time.sleep(20)
        scene.service.broker.wake()
        scene.wait_for_more(10)
    return times


@fault("no broker when everything starts; it comes after 15 s", times=1)
def broker_absent(scene: Scene, times: int) -> int:
    for _ in range(times):
        names = tuple(scene.service.processes)
        scene.wait_for_more(10)
        scene.kill(*names)
        scene.service.broker.kill()
        scene.start(*names)
        time.sleep(15)
        scene.service.broker.start()
    return times


@fault("the broker's disk is full; given room and started again after 10 s", times=1, rate=60)
def broker_disk_full(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.disks.fill("kafka")
        wait_until("the broker gives up", lambda: not scene.service.broker.is_alive, within_s=90)
        time.sleep(10)
        scene.disks.empty("kafka")
        scene.service.broker.kill()
        scene.service.broker.start()
    return times
