"""The whole service as its processes, on a Kafka and a PostgreSQL of its own; nothing of it outlives the context."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.child import free_port, tail
from models import topics as names
from models.topics import changelog_topic, topics
from sinks.database.feeds import FEEDS
from sinks.database.sink import plain_url
from tests.system import servers
from tests.system.tap import Tap

ROOT = Path(__file__).parents[2]
PREFIX = "handelspuls.1"
PRIVACY_KEY = "a secret of the system tests"
METRICS_PORT = "HANDELSPULS_METRICS_PORT"
API_KEY, POSTED_SOURCE = "a-key-of-the-system-tests", "erp/posted"
SESSION_S = 6
QUIET_S = 1.5
"""Longer than the service's own intervals together: who has something to say has said it by then."""
SETTLED_WITHIN_S = 120.0
STOPPED_WITHIN_S = 30.0
WORKED = {
    "purchases": (names.PURCHASES, names.ROUTED),
    "intake": (names.DOCUMENTS, names.DECISIONS),
    "units": (names.PARTIALS,),
}
"""Which topics a table's position rows speak of."""


def wait_until(what: str, condition: Callable[[], Any], *, within_s: float = 60.0, every_s: float = 0.1) -> Any:
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {within_s:.0f} s for: {what}"
        time.sleep(every_s)
    return found


class Process:
    """One process of the service, started as it is in production."""

    def __init__(
        self, command: str, *, name: str, folder: Path, environment: Mapping[str, str], program: str = "handelspuls"
    ) -> None:
        self.name = name
        self.metrics_port = int(environment.get(METRICS_PORT, 0)) or free_port()
        self.log = folder / f"{name}-{time.monotonic_ns()}.log"
        own = {METRICS_PORT: str(self.metrics_port)}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", program, *command.split()],
                cwd=ROOT,
                env={**environment, **own},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def is_dead(self) -> bool:
        return not self.is_alive

    def send(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def kill(self) -> None:
        """As a power cut does it."""
        self.process.kill()
        self.process.wait(10)

    def end(self) -> None:
        """Ask it to end, and see to it; it must have done so by itself in time."""
        if not self.is_alive:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            code = self.process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {STOPPED_WITHIN_S:.0f} s") from None
        assert code in (0, -signal.SIGTERM), f"{self.name} ended with {code}: {tail(self.log)}"

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def samples(self) -> Iterator[Any]:
        """Its metrics, one sample after the other."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=5) as answer:
            for family in text_string_to_metric_families(answer.read().decode()):
                yield from family.samples


class Service:
    """Everything of it. `tap` shows the topics; `processes` are those meant to be alive, by name."""

    def __init__(self, folder: Path, *, broker_also: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.own: dict[str, dict[str, str]] = {}
        """What a command has in its environment besides, by its name."""
        self.programs: dict[str, str] = {}
        """By a process's name the module that is run instead of this version's."""
        self.processes: dict[str, Process] = {}
        self.past: list[Process] = []
        self.prefix = PREFIX
        self.also: dict[str, str] = {}
        """What is added to the environment of all that is started."""
        self.broker = servers.broker(folder / "kafka", also=broker_also)
        self.commands: dict[str, str] = {}
        """Of processes that are not started by their name alone."""
        self.postgres = servers.postgres(folder / "postgres")
        self._servers = ExitStack()
        self._web_port = free_port()

    # servers

    def start_servers(self) -> None:
        for server in (self.broker, self.postgres):
            server.start()
            self._servers.callback(server.stop)
        self.bootstrap = self.broker.running.bootstrap
        self.database_url = self.postgres.running.url()
        self.guard()
        assert self.run("topics").returncode == 0
        self.look_anew()
        self._servers.callback(self.stop_looking)

    def guard(self) -> None:
        """Whom the servers let in, once they are there; here, everyone."""

    def stop_looking(self) -> None:
        self.tap.close()

    def look_anew(self) -> None:
        """Read all topics from their beginnings: they are others than before."""
        self.tap = Tap(self.bootstrap, [topic.name for topic in topics(self.prefix)])

    def go_on_as(self, generation: int, **more: str) -> None:
        """What is started from now on is of this generation."""
        self.prefix = f"handelspuls.{generation}"
        self.also = {"HANDELSPULS_GENERATION": str(generation), **more}
        self.look_anew()

    def stop_servers(self) -> None:
        self._servers.close()

    # processes

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")}
        return kept | {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "DATABASE_URL": self.database_url,
            "HANDELSPULS_DATA_DIR": str(self.folder / "data"),
            "HANDELSPULS_PRIVACY_KEY": PRIVACY_KEY,
            "HANDELSPULS_API_KEYS": f"{API_KEY} {POSTED_SOURCE}",
            "HANDELSPULS_SESSION_TIMEOUT_S": str(SESSION_S),
            "HANDELSPULS_FLUSH_INTERVAL_MS": "200",
            "HANDELSPULS_SNAPSHOT_INTERVAL_MS": "300",
            "HANDELSPULS_WEB_PORT": str(self._web_port),
            "PYTHONUNBUFFERED": "1",
            **self.also,
        }

    def run(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """A command of the service that ends by itself."""
        command = [sys.executable, "-m", "handelspuls", *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment | self.own.get(arguments[0], {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            **options,
        )

    def start(self, *wanted: str, **extra: str) -> None:
        """Start processes by name; a worker's name is its instance, `w1` and on. `extra` goes into their environment."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        for name in wanted:
            is_worker = name[0] == "w" and name[1:].isdigit()
            instance = {"HANDELSPULS_INSTANCE": name} if is_worker else {}
            command = self.commands.get(name, "worker" if is_worker else name)
            environment = self.environment | self.own.get(command, {}) | instance | extra
            program = self.programs.get(name, "handelspuls")
            self.processes[name] = Process(command, name=name, folder=logs, environment=environment, program=program)

    def start_all(self, *, workers: int = 1) -> None:
        self.start("intake", *(f"w{n}" for n in range(1, workers + 1)), "merge", "database", "web")
        self.wait_ready()

    def wait_ready(self) -> None:
        streaming = [each for name, each in self.processes.items() if name not in {"web", "database"}]
        for process in streaming:
            wait_until(f"{process.name} is ready", partial(self._is_ready, process))

    def _is_ready(self, process: Process) -> bool:
        return self.all_alive() and process.is_ready()

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        self.past.append(process)

    def stop(self) -> None:
        """End all processes, in order."""
        ending, self.processes = list(self.processes.values()), {}
        self.past += ending
        for process in ending:
            process.send(signal.SIGCONT)
            process.send(signal.SIGTERM)
        for process in ending:
            process.end()

    def all_alive(self) -> bool:
        for process in self.processes.values():
            assert process.is_alive, f"{process.name} ended with {process.process.returncode}: {tail(process.log)}"
        return True

    @property
    def logs(self) -> list[Path]:
        return sorted((self.folder / "logs").glob("*.log"))

    # what it says

    def settle(self, *, within_s: float = SETTLED_WITHIN_S) -> None:
        """Wait until everything sent is judged, summed up and in the database, and nobody has more to say."""
        deadline = time.monotonic() + within_s
        while why := self.unsettled():
            self.all_alive()
            assert time.monotonic() < deadline, f"not settled after {within_s:.0f} s: {why}"
            time.sleep(0.2)

    def unsettled(self) -> str:
        """What is still to come, as a sentence."""
        self.tap.catch_up()
        return self._behind() or self._unswept() or self._talking() or self._unwritten()

    def _behind(self) -> str:
        for table, worked in WORKED.items():
            positions = self.tap.positions(changelog_topic(self.prefix, table))
            for topic in worked:
                for partition, offset in self.tap.next_offsets(topic).items():
                    reached = positions[partition].offsets.get(topic, 0) if partition in positions else 0
                    if reached < offset:
                        return f"{topic}/{partition} is worked on up to {reached} of {offset}"
        return ""

    def _unswept(self) -> str:
        number = max((record.offset for record in self.tap.of(names.SETS)), default=-1)
        for partition, position in self.tap.positions(changelog_topic(self.prefix, "purchases")).items():
            if position.marks.reference != number:
                return f"partition {partition} is judged by reference {position.marks.reference}, {number} holds"
            if position.marks.flushed != position.marks.sequence:
                return f"partition {partition} has cells to flush"
        return ""

    def _talking(self) -> str:
        heard = max(self.tap.heard[topic] for topic in (names.UNITS, names.PARTIALS, names.SETS, names.ORDERS))
        return "" if time.monotonic() - heard > QUIET_S else "the units' snapshots go on"

    def _unwritten(self) -> str:
        if "database" not in self.processes:
            return ""
        try:
            consumed = {(topic, partition): at for topic, partition, at in self.rows(CONSUMED)}
        except psycopg.errors.UndefinedTable:
            return "the database has no tables yet"
        for topic in (names.ORDERS, *FEEDS):
            for partition, offset in self.tap.next_offsets(topic).items():
                if consumed.get((topic, partition), 0) < offset:
                    return f"the database is behind in {topic}/{partition}"
        return ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(plain_url(self.database_url)) as connection:
            return connection.execute(query.encode()).fetchall()

    def page(self, path: str) -> httpx.Response:
        """What the web process answers."""
        return httpx.get(f"http://127.0.0.1:{self._web_port}{path}", timeout=30, follow_redirects=True)

    def ask(self, path: str, **parameters: Any) -> Any:
        """The API's answer."""
        answer = httpx.get(f"http://127.0.0.1:{self._web_port}/api/v1{path}", params=parameters, timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, body: bytes) -> Any:
        """The answer to events posted over HTTP."""
        headers = {"Authorization": f"Bearer {API_KEY}"}
        answer = httpx.post(
            f"http://127.0.0.1:{self._web_port}/api/v1/events", content=body, headers=headers, timeout=60
        )
        return answer.json()


CONSUMED = "select topic, partition, next_offset from consumed_offsets"


@contextmanager
def running_service(*, reference: Path, workers: int = 1) -> Iterator[Service]:
    """A service that has read its reference and waits for events.

    Its folder is not among pytest's: every new session of pytest closes those to PostgreSQL's user.
    """
    with (
        TemporaryDirectory(prefix="handelspuls-service-") as folder,
        started(Service(Path(folder)), reference=reference, workers=workers) as service,
    ):
        yield service


@contextmanager
def started(service: Service, *, reference: Path, workers: int) -> Iterator[Service]:
    try:
        service.start_servers()
        loaded = service.run("reference", "load", str(reference))
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        service.start_all(workers=workers)
        yield service
    finally:
        for process in service.processes.values():
            if process.is_alive:
                process.kill()
        service.stop_servers()
