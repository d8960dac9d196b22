"""A thread that sees to it that the event loop still turns: what runs in the loop cannot tell that it stands."""

import faulthandler
import sys
import time
from collections.abc import Callable
from threading import Event, Thread

from streams.ending import End, end_process

LOOK_EVERY_S = 1.0
SLEPT_S = 10.0


class Heartbeat:
    """Ends the process if `beat` was not called for too long, with a trace of what every thread does."""

    def __init__(
        self, *, timeout_s: float, end: End = end_process, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout_s = timeout_s
        self._end = end
        self._clock = clock
        self._beaten_at = self._looked_at = clock()
        self._over = Event()
        self._thread = Thread(target=self._watch, name="heartbeat", daemon=True)

    def start(self) -> None:
        self.beat()
        self._thread.start()

    def stop(self) -> None:
        self._over.set()

    def beat(self) -> None:
        """The loop turns."""
        self._beaten_at = self._clock()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self.look()

    def look(self) -> None:
        """End the process if the loop stands still; one that was stopped as a whole has not had its chance."""
        now = self._clock()
        if now - self._looked_at > SLEPT_S:
            self.beat()
        self._looked_at = now
        stands_for = now - self._beaten_at
        if stands_for > self._timeout_s:
            faulthandler.dump_traceback(sys.__stderr__ or 2)
            self._end(f"its event loop has stood still for {stands_for:.0f} s", None)
