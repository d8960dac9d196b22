"""Kafka dies, sleeps, is not there, has no room."""

import time
from contextlib import closing

from kafka import KafkaAdminClient

from models.topics import PURCHASES
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


@fault("the input topic is deleted and created anew: all who read it end, and judge nothing of it", times=1, ruins=True)
def topic_deleted(scene: Scene, times: int) -> int:
    scene.wait_for_more(60)
    with scene.settled():
        judged = _judged(scene)
        with closing(KafkaAdminClient(bootstrap_servers=scene.service.bootstrap)) as admin:
            admin.delete_topics([PURCHASES])
            wait_until("the topic is gone", lambda: PURCHASES not in admin.list_topics(), within_s=60)
        scene.run("topics")
        ended = len(scene.ended)
    wait_until("workers end, and end again", lambda: _lost(scene.ended[ended:]) >= ENDED_AGAIN, within_s=CLIENTS_LOOK_S)
    assert _judged(scene) == judged, "something of the new topic was judged"
    return times


ENDED_AGAIN = 4
CLIENTS_LOOK_S = 420.0
"""Clients that met no error look which topics there are every five minutes."""


def _judged(scene: Scene) -> int:
    """Documents and decisions come by other topics, and go on."""
    sources = scene.service.rows("select body -> 'source' ->> 'topic' from revisions")
    return [topic for (topic,) in sources].count(PURCHASES)


def _lost(ended: list[str]) -> int:
    return sum("read from offset" in why for why in ended)
