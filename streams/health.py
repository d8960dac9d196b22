"""What a process says about itself: /livez, /readyz and /metrics, and its own end when it stands still."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import structlog
from aiohttp import web
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from streams.app import StreamsApp
from streams.ending import End, end_process
from streams.observer import Observer, Unobserved
from streams.outbox import Place
from streams.stall import Seen, Watch, stalled, watched
from streams.transport import Consumer, Lag

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
SLEPT_S = 10.0


class Health(Service):
    """Looks at the app every second; started before it, so that it answers while the app is joining."""

    def __init__(
        self,
        app: StreamsApp,
        *,
        port: int,
        host: str = "0.0.0.0",
        stall_timeout_s: float = 60.0,
        observer: Observer | None = None,
        registry: CollectorRegistry = REGISTRY,
        end: End = end_process,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._app = app
        self._host, self._port = host, port
        self._stall_timeout_s = stall_timeout_s
        self._observer = observer or Unobserved()
        self._registry = registry
        self._end = end
        self._clock = clock
        self._watch = Watch()
        self._looked_at = clock()
        self._lags: dict[Place, Lag] = {}
        self._runner: web.AppRunner | None = None

    async def on_start(self) -> None:
        pages = web.Application()
        pages.router.add_get("/livez", self._livez)
        pages.router.add_get("/readyz", self._readyz)
        pages.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(pages, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def on_stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @Service.task
    async def _look(self) -> None:
        while not self.should_stop:
            await self.sleep(LOOK_EVERY_S)
            with suppress(Exception):  # a broker out of reach is told by readiness, not by our end
                await self.look()

    async def look(self) -> None:
        """Measure the lag, tell the observer, and end the process if it stands still."""
        if self._app.partitions.is_assigned:  # in a rebalance the last look counts: it may be what stands still
            lags = await cast("Consumer", self._app.consumer).lags()
            self._lags = {(tp.topic, tp.partition): lag for tp, lag in lags.items()}
        for (topic, partition), lag in self._lags.items():
            self._observer.lag(topic, partition, lag.records)
        for number, task in self._app.partitions.tasks.items():
            if task.is_open:
                self._observer.rows(number, task.rows)
        now = self._clock()
        if now - self._looked_at > SLEPT_S:
            self._watch = Watch()  # the process itself was stopped: it has not had its chance
        self._looked_at = now
        self._watch = watched(self._watch, self._seen(), now=now)
        if (why := stalled(self._watch, now=now, timeout_s=self._stall_timeout_s)) is not None:
            self._end(why, None)

    def _seen(self) -> dict[Place, Seen]:
        tasks = self._app.partitions.tasks
        return {
            place: Seen(lag.records, tasks[place[1]].progressed_at, tasks[place[1]].is_open)
            for place, lag in self._lags.items()
            if place[1] in tasks
        }

    async def _livez(self, _: web.Request) -> web.Response:
        why = stalled(self._watch, now=self._clock(), timeout_s=self._stall_timeout_s)
        return _answer([why] if why else [])

    async def _readyz(self, _: web.Request) -> web.Response:
        return _answer(self._not_ready(), lag=sum(lag.records for lag in self._lags.values()))

    def _not_ready(self) -> list[str]:
        if not self._app.partitions.is_assigned:
            return ["it has no assignment yet, or a rebalance is going on"]
        tasks = self._app.partitions.tasks.items()
        return [f"partition {number} is being opened" for number, task in sorted(tasks) if not task.is_open]

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _answer(reasons: list[str], **more: Any) -> web.Response:
    return web.json_response({"ok": not reasons, "reasons": reasons, **more}, status=503 if reasons else 200)
