"""One run of the whole service on which faults are tried: its input, who looks after it, and the chance of its seed."""

import json
import shutil
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Self

import psycopg
from kafka.errors import KafkaError

from deploy.local.simulator.happening import Message
from models.topics import ORDERS
from tests.chaos.disks import Disks
from tests.system import erp
from tests.system.hostile import BAD, Bad
from tests.system.service import Service, wait_until

STEP_S = 0.1
POISON = 0.01
"""So much of the input must be refused, on top of what the simulator spoils itself."""
SETTLED_WITHIN_S = 240.0
LOOKED_AFTER_EVERY_S = 0.2
SENDABLE = [bad for bad in BAD if bad.value is not None or bad.key is not None]
"""Neither key nor value: the usual clients refuse to send it."""


class Scene:
    """A running service, and what is still to be sent to it."""

    def __init__(
        self, service: Service, *, reference: Path, messages: Iterable[Message], chance: Random, disks: Disks
    ) -> None:
        self.service = service
        self.reference = self.first_reference = reference
        self.disks = disks
        self.chance = chance
        self.ended: list[str] = []
        """Processes that ended themselves and were started again, with why."""
        self._messages = iter(poisoned(messages, chance))
        self._looking_after = threading.Thread(target=self._look_after, daemon=True)
        self._over = threading.Event()
        self._silence = threading.Event()
        self._busy = threading.Lock()

    # input

    @contextmanager
    def load(self, *, rate: int) -> Iterator[None]:
        """Input comes while the context lasts, so many records a second."""
        over = threading.Event()
        thread = threading.Thread(target=self._send, args=(rate, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _send(self, rate: int, over: threading.Event) -> None:
        while not over.is_set():
            with suppress(KafkaError):  # while no broker is there; what it has not taken was never sent
                self._send_while_it_works(rate, over)

    def _send_while_it_works(self, rate: int, over: threading.Event) -> None:
        with closing(erp.producer(self.service.bootstrap)) as sender:
            while not over.wait(STEP_S):
                if self._silence.is_set():
                    continue
                for message in islice(self._messages, round(rate * STEP_S)):
                    sender.send(message.topic, value=message.value, key=message.key)
            sender.flush()

    def send_poison(self, number: int) -> int:
        """Nothing but what must be refused, every kind in its turn."""
        kinds = [SENDABLE[place % len(SENDABLE)] for place in range(number)]
        self.chance.shuffle(kinds)
        erp.send(self.service.bootstrap, [_message(bad, f"only-{place}") for place, bad in enumerate(kinds)])
        return number

    def wait_for_more(self, judgements: int = 30, *, within_s: float = 120) -> None:
        before = self._told()
        wait_until(f"{judgements} judgements more", lambda: self._told() >= before + judgements, within_s=within_s)

    def _told(self) -> int:
        self.service.tap.catch_up()
        return len(self.service.tap.of(ORDERS))

    # processes, looked after as a supervisor does it in production

    def __enter__(self) -> Self:
        self._looking_after.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking_after.join()

    def _look_after(self) -> None:
        while not self._over.wait(LOOKED_AFTER_EVERY_S):
            with self._busy:
                self._restart_the_dead()

    def _restart_the_dead(self) -> None:
        for name, process in list(self.service.processes.items()):
            if not process.is_alive:
                if process.process.returncode != -signal.SIGKILL:  # a failpoint's is meant
                    self.ended.append(f"{name} ended itself with {process.process.returncode}: {_why(process.log)}")
                self.service.past.append(process)
                self.service.start(name)

    def kill(self, *names: str) -> None:
        with self._busy:
            for name in names:
                if name in self.service.processes:
                    self.service.kill(name)

    def start(self, *names: str, **extra: str) -> None:
        with self._busy:
            self.service.start(*(name for name in names if name not in self.service.processes), **extra)

    def restart(self, *names: str) -> None:
        self.kill(*names)
        self.start(*names)

    def stop(self, name: str) -> float:
        """Ask it to end, and how long that took; AssertionError if it takes too long or does not end well."""
        with self._busy:
            process = self.service.processes.pop(name)
            began = time.monotonic()
            process.end()
            self.service.past.append(process)
        return time.monotonic() - began

    # what belongs to it

    def run(self, *arguments: str) -> str:
        """A command of the service, which must succeed."""
        done = self.service.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def store_of(self, worker: str) -> Path:
        """The folder of a worker's local rows, one folder in it for each partition."""
        return self.service.folder / "data" / worker / "1" / "purchases"

    def wipe(self, worker: str) -> None:
        """Its local store is gone; it must not run."""
        shutil.rmtree(self.store_of(worker), ignore_errors=True)

    # its end

    def settle(self) -> None:
        """Until all that was sent is judged, summed up and in the database; no input comes meanwhile."""
        with self.settled():
            pass

    @contextmanager
    def settled(self) -> Iterator[None]:
        self._silence.set()
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while why := self._unsettled():
            assert time.monotonic() < deadline, f"not settled after {SETTLED_WITHIN_S:.0f} s: {why}"
            time.sleep(0.3)
        yield
        self._silence.clear()

    def _unsettled(self) -> str:
        with suppress(KafkaError, psycopg.OperationalError):
            return self.service.unsettled()
        return "a server does not answer"


def _why(log: Path) -> str:
    """What the process said last."""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
    with suppress(ValueError):
        return str(json.loads(last[0]).get("why", last[0])) if last else "it said nothing"
    return last[0]


def poisoned(messages: Iterable[Message], chance: Random) -> Iterator[Message]:
    """The same messages, and now and then a hostile one between them."""
    for place, message in enumerate(messages):
        yield message
        if chance.random() < POISON:
            yield _message(chance.choice(SENDABLE), f"among-{place}")


def _message(bad: Bad, name: str) -> Message:
    key: Any = bad.key and bad.key + name.encode()  # none is one of the faults
    value: Any = bad.value
    return Message(bad.topic, key, value, erp.NOW)
