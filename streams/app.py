"""One process: a Faust app over co-partitioned topics whose batches go to the tasks of their partitions."""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faust
import msgspec
import structlog
from faust.auth import Credentials, SASLCredentials, SSLCredentials
from mode import ServiceT

from models.brokers import connection
from streams.ending import EXIT_BROKEN
from streams.partition import PartitionTask
from streams.partitions import Partitions
from streams.transport import SCHEME, BatchSchema, EvenAssignor

log = structlog.get_logger(__name__)

STOP_WITHIN_S = 28.0


class StreamSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What tells one process from another."""

    name: str
    """The consumer group: `<app>.<generation>.<process>`."""
    bootstrap_servers: str
    topics: tuple[str, ...]
    datadir: Path
    instance: str | None = None
    """A static member: after kill -9 its partitions wait for it as long as its session lasts."""
    session_timeout_s: float = 10.0
    heartbeat_interval_s: float = 2.0
    commit_interval_s: float = 1.0
    max_fetch_bytes: int = 1 << 20
    """Of one partition: bounds a batch, and with it the time of a transaction."""


class StreamsApp(faust.App):
    """A Faust app that knows the partitions it has."""

    partitions: Partitions


def build(settings: StreamSettings, *, make: Callable[[int], PartitionTask]) -> StreamsApp:
    """The app, not yet running. `make` gives the task of a partition number when it is assigned."""
    settings.datadir.mkdir(parents=True, exist_ok=True)  # Faust makes no parents and stops without
    app = StreamsApp(
        settings.name,
        broker=_url(SCHEME, settings.bootstrap_servers),
        broker_producer=_url("kafka", settings.bootstrap_servers),
        broker_credentials=_credentials(settings.bootstrap_servers),
        datadir=str(settings.datadir / "faust"),
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,  # its idle topic holds up the fetcher
        table_standby_replicas=1,  # 0 silently means an assignor that does not co-partition
        PartitionAssignor=EvenAssignor,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.instance,
        consumer_max_fetch_size=settings.max_fetch_bytes,
        broker_session_timeout=settings.session_timeout_s,
        broker_rebalance_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.heartbeat_interval_s,
        broker_commit_interval=settings.commit_interval_s,
    )
    app.partitions = Partitions(make=make, current_generation=lambda: int(app.consumer_generation_id))
    _connect(app, settings.topics)
    return app


def _url(scheme: str, bootstrap_servers: str) -> str:
    return ";".join(f"{scheme}://{server.strip()}" for server in bootstrap_servers.split(","))


def _credentials(bootstrap_servers: str) -> Credentials | None:
    """The same in Faust's words: it makes clients of its own."""
    told = connection(bootstrap_servers)
    if "sasl_mechanism" in told:
        return SASLCredentials(
            username=told["sasl_plain_username"],
            password=told["sasl_plain_password"],
            ssl_context=told["ssl_context"],
            mechanism=told["sasl_mechanism"],
        )
    return SSLCredentials(told["ssl_context"]) if "ssl_context" in told else None


def _connect(app: StreamsApp, topics: Sequence[str]) -> None:
    async def deliver(stream: Any) -> None:
        async for event in stream.noack().events():
            app.partitions.deliver(event.value)

    async def revoked(*_: Any, **__: Any) -> None:
        await app.partitions.settle()

    async def assigned(*args: Any, **_: Any) -> None:
        _sender, partitions = args
        await app.partitions.assign({tp.partition for tp in partitions})

    async def stopping(*_: Any, **__: Any) -> None:
        await app.partitions.close()

    app.agent(app.topic(*topics, schema=BatchSchema()), name="deliver")(deliver)
    app.on_partitions_revoked.connect(revoked, weak=False)
    app.on_partitions_assigned.connect(assigned, weak=False)
    app.on_before_shutdown.connect(stopping, weak=False)


class Worker(faust.Worker):
    """A Faust worker whose end is bounded: its shutdown has been seen to hang."""

    def _schedule_shutdown(self, signal: Any) -> None:
        log.info("stopping", signal=signal.name)
        bound = threading.Timer(STOP_WITHIN_S, _give_up)
        bound.daemon = True
        bound.start()
        super()._schedule_shutdown(signal)


def _give_up() -> None:
    log.critical("the process ends itself", why=f"it could not stop within {STOP_WITHIN_S:.0f} s")
    logging.shutdown()
    os._exit(EXIT_BROKEN)


def run(app: StreamsApp, *, services: Sequence[ServiceT] = ()) -> None:
    """Work until SIGTERM or SIGINT, then leave through SystemExit; the logging is the caller's.

    SIGTERM finishes the batches being worked on, commits, leaves the group and closes the stores. `services` (health)
    start before the app joins its group.
    """
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # it warns of every rebalance
    worker = Worker(app, *services, quiet=True, override_logging=False, redirect_stdouts=False)
    worker.spinner = None  # at some levels it sets the root logger to DEBUG and slows everything
    worker.execute_from_commandline()
