"""What a process says about itself: /livez, /readyz and /metrics, and its own end when it stands still."""

import asyncio
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
from streams.heartbeat import Heartbeat
from streams.observer import Observer, Unobserved
from streams.outbox import Place
from streams.stall import Seen, Watch, stalled, watched
from streams.transport import Consumer, Lag
from streams.waiting import reachable

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
SLEPT_S = 30.0
"""Looks that lie so far apart tell that the process itself was stopped."""
MEASURED_WITHIN_S = 10.0


class Health(Service):
    """Looks at the app every second; started before it, so that it answers while the app is joining."""

    def __init__(
        self,
        app: StreamsApp,
        *,
        bootstrap_servers: str,
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
        self._bootstrap_servers = bootstrap_servers
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
        self._told_at = clock()
        self._heartbeat = Heartbeat(timeout_s=max(stall_timeout_s, SLEPT_S), end=end, clock=clock)

    async def on_start(self) -> None:
        self._heartbeat.start()
        pages = web.Application()
        pages.router.add_get("/livez", self._livez)
        pages.router.add_get("/readyz", self._readyz)
        pages.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(pages, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def on_stop(self) -> None:
        self._heartbeat.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @Service.task
    async def _look(self) -> None:
        while not self.should_stop:
            await self.sleep(LOOK_EVERY_S)
            self._heartbeat.beat()
            with suppress(Exception):  # a broker out of reach is told by readiness, not by our end
                await self.look()

    async def look(self) -> None:
        """Measure the lag, tell the observer, and end the process if it stands still."""
        await self._measure()
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

    async def _measure(self) -> None:
        """In a rebalance the last look counts: it may be what stands still. So it does if no look succeeds."""
        if not self._app.partitions.is_assigned:
            self._told_at = self._clock()
            return
        try:
            async with asyncio.timeout(MEASURED_WITHIN_S):
                lags = await cast("Consumer", self._app.consumer).lags()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told if it lasts
            await self._not_told(error)
            return
        self._told_at = self._clock()
        self._lags = {(tp.topic, tp.partition): lag for tp, lag in lags.items()}

    async def _not_told(self, error: Exception) -> None:
        silent_for = self._clock() - self._told_at
        if self._clock() - self._looked_at > SLEPT_S or not await asyncio.to_thread(reachable, self._bootstrap_servers):
            self._told_at = self._clock()  # a broker out of reach is waited for
            self._watch = Watch()
        elif silent_for > max(self._stall_timeout_s, SLEPT_S):
            why = f"Kafka answers, but for {silent_for:.0f} s its consumer has not told where it stands"
            self._end(f"{why} ({type(error).__name__})", error)

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
