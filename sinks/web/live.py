"""Reads shared by all viewers, renewed when the database says that something changed."""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import psycopg
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from sinks.database.schema import CHANNEL

LOG = structlog.get_logger()
Value = TypeVar("Value")
Query = Callable[[Connection], Value]

SHORTEST_S = 0.8
LONGEST_S = 10.0
SHARE = 2
"""A read rests for twice its own duration at least: reading never takes over the database."""
MOST_ENTRIES = 1000
_RETRY_S = 1.0
_LISTEN_SLICE_S = 1.0


class DatabaseAwayError(Exception):
    """The database is not there, or not set up yet: say so and try again."""


@dataclass
class _Entry:
    version: int
    at: float
    cost: float
    task: "asyncio.Task[Any]"

    def serves(self, version: int, now: float) -> bool:
        """A running read serves all; a done one for a moment, or for as long as nothing changes."""
        if not self.task.done():
            return True
        if self.task.cancelled() or self.task.exception() is not None:
            return now - self.at < SHORTEST_S / 2
        rest = max(SHORTEST_S, self.cost * SHARE)
        return now - self.at < (LONGEST_S if self.version == version else rest)


class Live:
    """One background connection that listens, and one cached read a second for each distinct question."""

    def __init__(self, *, engine: Engine) -> None:
        self._engine = engine
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.version = 0
        self.listening = False

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._listen, name="listen", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    async def read(self, key: Hashable, query: Query[Value]) -> Value:
        """The answer, shared with everyone who asked the same; DatabaseAwayError if there is none to be had."""
        now = time.monotonic()
        entry = self._entries.get(key)
        if entry is None or not entry.serves(self.version, now):
            entry = self._begin(key, query, now)
        self._entries.move_to_end(key)
        return cast("Value", await asyncio.shield(entry.task))

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection of the caller's own, for an answer too long to share; blocks."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except (OperationalError, ProgrammingError, PoolTimeoutError) as away:
            raise DatabaseAwayError(str(away)) from away

    def _once(self, query: Query[Value]) -> Value:
        with self.connection() as connection:
            return query(connection)

    def _begin(self, key: Hashable, query: Query[Value], now: float) -> _Entry:
        entry = _Entry(
            version=self.version, at=now, cost=0.0, task=asyncio.create_task(asyncio.to_thread(self._once, query))
        )
        entry.task.add_done_callback(lambda task: _finish(entry, task))
        self._entries[key] = entry
        while len(self._entries) > MOST_ENTRIES:
            self._entries.popitem(last=False)
        return entry

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear()
            except psycopg.Error as away:
                LOG.info("listening_interrupted", reason=str(away).splitlines()[0] if str(away) else "connection lost")
            self.listening = False
            self.version += 1
            self._stop.wait(_RETRY_S)

    def _hear(self) -> None:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.listening = True
            self.version += 1
            while not self._stop.is_set():
                heard = sum(1 for _ in connection.notifies(timeout=_LISTEN_SLICE_S, stop_after=1))
                self.version += heard


def _finish(entry: _Entry, task: "asyncio.Task[Any]") -> None:
    now = time.monotonic()
    entry.cost, entry.at = now - entry.at, now
    with suppress(asyncio.CancelledError):
        task.exception()
