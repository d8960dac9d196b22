"""Keeps the processes of the local run going, and ends all of them for certain.

honcho's own Manager ends everything when one process ends and kills after five seconds; its Process and Printer are
used, without it.
"""

import datetime as dt
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from honcho.colour import get_colours
from honcho.printer import Message, Printer
from honcho.process import Process

from deploy.local.lines import shown
from deploy.local.parts import Part

LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
APPS_GRACE_S = 18.0
SERVERS_GRACE_S = 9.0
SECOND_SIGNAL_AFTER_S = 1.0
COULD_NOT_RUN = 2
LOG_BYTES = 10_000_000
SELF = "run"


def pause_after(failures: int) -> float:
    """Return the seconds to wait before the start after this many failures in a row: 1, 2, 4 … 30."""
    return min(2.0 ** (failures - 1), LONGEST_PAUSE_S)


@dataclass
class Running:
    """What is known of one part at this moment."""

    part: Part
    log: logging.Logger
    colour: str
    keeper: threading.Thread | None = None
    """Reads what the process says until it has ended."""
    pid: int | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float | None = 0.0
    """When to start it; None while it runs, and for good when it is done."""
    done: bool = False


class Supervisor:
    """Starts parts, prints what they say, restarts those that die, ends all on a signal."""

    def __init__(
        self,
        *,
        parts: Sequence[Part],
        log_folder: Path,
        printer: Printer,
        apps_grace_s: float = APPS_GRACE_S,
        servers_grace_s: float = SERVERS_GRACE_S,
    ) -> None:
        log_folder.mkdir(parents=True, exist_ok=True)
        colours = get_colours()
        self._running = {part.name: Running(part, _log(log_folder, part.name), next(colours)) for part in parts}
        self._printer = printer
        self._apps_grace_s, self._servers_grace_s = apps_grace_s, servers_grace_s
        self._printer.width = max(len(name) for name in (*self._running, SELF))
        self._events: queue.Queue[Message] = queue.Queue()
        self._stopping_at: float | None = None
        self._asked: set[int] = set()
        self._code = 0

    def run(self) -> int:
        """Stay until everything has ended; returns 0, or 2 when a server could not run."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while self._stopping_at is None or self._alive():
                self._take()
                self._step()
        finally:
            self._kill(self._alive())
        return self._code

    def _step(self) -> None:
        if self._stopping_at is None:
            self._start_due()
        else:
            self._press(time.monotonic() - self._stopping_at)

    def is_done(self, name: str) -> bool:
        """Tell whether a part that ends has ended well."""
        return name in self._running and self._running[name].done

    def say(self, text: str) -> None:
        """Print a line of the run's own, from any thread."""
        self._events.put(_line(SELF, text))

    def stop(self, code: int = 0) -> None:
        """Begin to end everything."""
        if self._stopping_at is None:
            self._stopping_at = time.monotonic()
            self._code = code

    @property
    def stopping(self) -> bool:
        return self._stopping_at is not None

    def _on_signal(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self._stopping_at is None:
            self.say("ending; once more kills at once")
            self.stop()
        elif now - self._stopping_at > SECOND_SIGNAL_AFTER_S:
            self._kill(self._alive())

    def _start_due(self) -> None:
        now = time.monotonic()
        for running in self._running.values():
            if running.due_at is not None and running.due_at <= now:
                running.due_at, running.started_at = None, now
                self._start(running)

    def _start(self, running: Running) -> None:
        part = running.part
        process = Process(part.command, name=part.name, colour=running.colour, env={**os.environ, **part.environment})
        running.keeper = threading.Thread(target=process.run, kwargs={"events": self._events}, daemon=True)
        running.keeper.start()

    def _take(self) -> None:
        try:
            message = self._events.get(timeout=0.2)
        except queue.Empty:
            return
        if message.name == SELF:
            self._show(message)
            return
        running = self._running[message.name]
        if message.type == "line":
            self._print(running, message)
        elif message.type == "start":
            running.pid = message.data["pid"]
        else:
            self._ended(running, message.data["returncode"])

    def _show(self, message: Message) -> None:
        try:
            self._printer.write(message)
        except OSError:
            # The terminal, or what read from us, is gone: nobody is left to press Ctrl-C.
            self.stop()

    def _print(self, running: Running, message: Message) -> None:
        line = message.data.decode("utf-8", "replace").rstrip()
        running.log.info(line)
        text = shown(line)
        if text is not None:
            self._show(message._replace(data=text))

    def _ended(self, running: Running, code: int) -> None:
        # What it left behind goes with it: a server whose keeper was killed, for one.
        self._signal(running, signal.SIGKILL)
        running.pid = running.keeper = None
        if self.stopping:
            return
        if code == 0 and running.part.ends:
            running.done = True
        elif code == COULD_NOT_RUN and running.part.serves:
            self.stop(COULD_NOT_RUN)
        else:
            self._plan_restart(running, code)

    def _plan_restart(self, running: Running, code: int) -> None:
        now = time.monotonic()
        running.failures = 1 if now - running.started_at > STEADY_AFTER_S else running.failures + 1
        pause_s = pause_after(running.failures)
        running.due_at = now + pause_s
        self._show(_line(SELF, f"{running.part.name} ended with code {code}; it starts again in {pause_s:.0f} s"))

    def _alive(self) -> list[Running]:
        return [running for running in self._running.values() if running.keeper is not None]

    def _press(self, elapsed_s: float) -> None:
        """End the applications first, as they need the servers to finish; kill what takes too long."""
        alive = self._alive()
        applications = [running for running in alive if not running.part.serves]
        if applications:
            self._ask(applications)
            if elapsed_s > self._apps_grace_s:
                self._kill(applications)
        else:
            self._ask(alive)
        if elapsed_s > self._apps_grace_s + self._servers_grace_s:
            self._kill(alive)

    def _ask(self, alive: Sequence[Running]) -> None:
        for running in alive:
            if running.pid is not None and running.pid not in self._asked:
                self._asked.add(running.pid)
                # Only the process itself: a server's keeper ends its server in order.
                os.kill(running.pid, signal.SIGTERM)

    def _kill(self, alive: Sequence[Running]) -> None:
        for running in alive:
            self._signal(running, signal.SIGKILL)

    @staticmethod
    def _signal(running: Running, number: signal.Signals) -> None:
        if running.pid is not None:
            try:
                os.killpg(running.pid, number)
            except ProcessLookupError:
                return


def _line(name: str, text: str) -> Message:
    return Message(type="line", data=text, time=dt.datetime.now().astimezone(), name=name, colour=None)


def _log(folder: Path, name: str) -> logging.Logger:
    handler = RotatingFileHandler(folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    log = logging.getLogger(f"deploy.local.part.{name}")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.handlers = [handler]
    return log
