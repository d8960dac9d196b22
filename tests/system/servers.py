"""Kafka and PostgreSQL of a test, each of which can die, sleep and come back: same address, same data."""

import os
import random
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from subprocess import Popen
from typing import Generic, Protocol, TypeVar

from deploy.local.broker import Broker, running_broker
from deploy.local.child import is_listening
from deploy.local.postgres import Postgres, running_postgres


class Running(Protocol):
    """What a server's context gives."""

    @property
    def process(self) -> Popen[bytes]: ...


R = TypeVar("R", bound=Running)


def steady_port() -> int:
    """A free port that no outgoing connection is given while its server is away."""
    while is_listening(port := random.randint(20_000, 32_000)):
        pass
    return port


class Server(Generic[R]):
    """A server with a home; `running` is what its context gave."""

    def __init__(self, run: Callable[[], AbstractContextManager[R]]) -> None:
        self._run = run
        self._context = ExitStack()
        self.running: R

    def start(self) -> None:
        self.running = self._context.enter_context(self._run())

    def kill(self) -> None:
        """As a power cut does it: with all of its children."""
        self._signal(signal.SIGKILL)
        self.running.process.wait(30)
        self._context.close()

    def stop(self) -> None:
        self.wake()
        self._context.close()

    def sleep(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def is_alive(self) -> bool:
        return self.running.process.poll() is None

    def _signal(self, what: signal.Signals) -> None:
        for process in family(self.running.process.pid):
            with suppress(ProcessLookupError):
                os.kill(process, what)


def family(process: int) -> list[int]:
    """The process and all that it started, as Linux knows them."""
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        return [process, *(each for child in children for each in family(int(child)))]
    return []


def broker(folder: Path, *, also: Mapping[str, str] | None = None) -> Server[Broker]:
    port = steady_port()
    return Server(lambda: running_broker(folder=folder, port=port, also=also))


def postgres(folder: Path) -> Server[Postgres]:
    port = steady_port()
    return Server(lambda: running_postgres(folder=folder, port=port))
