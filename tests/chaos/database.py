"""PostgreSQL dies, sleeps, takes no more connections, has no room; its sink dies amid a batch."""

import time
from contextlib import ExitStack, closing, suppress

import psycopg

from sinks.database.sink import plain_url
from tests.chaos.fault import Faults
from tests.chaos.scene import Scene
from tests.system.service import wait_until

fault = Faults()
WRITING = (
    "select count(*) from pg_locks join pg_class on pg_class.oid = relation"
    " where relname = 'revisions' and mode = 'RowExclusiveLock'"
)
"""A transaction of the sink that has begun to write."""
MANY = 200
"""More connections than the server takes."""


@fault("kill -9 of the sink amid a transaction", times=5, short=2, rate=30)
def sink_killed(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.kill("database")
        scene.wait_for_more(10)
        scene.start("database")
        wait_until("it is writing", lambda: scene.service.rows(WRITING) > [(0,)], every_s=0.002)
        scene.restart("database")
    return times


@fault("kill -9 of PostgreSQL, started again after 3 s", times=3, rate=30)
def postgres_killed(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.service.postgres.kill()
        time.sleep(3)
        scene.service.postgres.start()
    return times


@fault("SIGSTOP of PostgreSQL for 60 s", times=1, rate=20)
def postgres_paused(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.service.postgres.sleep()
        time.sleep(60)
        scene.service.postgres.wake()
    return times


@fault("PostgreSQL has no connection left for 15 s while the sink starts", times=2, rate=30)
def no_connection_left(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.kill("database")
        with ExitStack() as held:
            with suppress(psycopg.OperationalError):
                for _ in range(MANY):
                    held.enter_context(closing(psycopg.connect(plain_url(scene.service.database_url))))
            scene.start("database")
            time.sleep(15)
    return times


@fault("PostgreSQL's disk is full; given room and started again after 10 s", times=1, rate=100)
def postgres_disk_full(scene: Scene, times: int) -> int:
    for _ in range(times):
        scene.wait_for_more(10)
        scene.disks.fill("postgres")
        scene.wait_for_more(200)
        time.sleep(10)
        scene.disks.empty("postgres")
        if not scene.service.postgres.is_alive:
            scene.service.postgres.kill()
            scene.service.postgres.start()
    return times
