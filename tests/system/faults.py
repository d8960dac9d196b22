"""The faults that an operator meets, each with the alerts that must fire and those that may: tried by `tests.system.alerts`."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

import psycopg
from kafka import KafkaProducer

from models.topics import PURCHASES
from sinks.database.sink import plain_url
from tests.system.fed import Fed
from tests.system.servers import steady_port
from tests.system.service import METRICS_PORT, wait_until

SEEN_S = 5.0
"""By then Prometheus has seen a process that is ready."""
POISON = 200
"""Records refused at once, twenty times as many as come in a second."""


class Watched(Fed):
    """The service fed by its simulator, with a canary that sings often; a process comes back at the port it had."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ports = {name: steady_port() for name in ("intake", "w1", "w2", "merge", "database", "canary", "simulate")}
        self.web_port = self._web_port = steady_port()
        self.commands["canary"] = "canary --every 1 --within 5"

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Self]:
        service = cls(folder)
        try:
            service.start_servers()
            assert service.run("setup").returncode == 0
            for name in ("intake", "w1", "merge", "database", "web", "canary", "simulate"):
                service.back(name)
            service.wait_for("intake", "w1", "merge")
            yield service
        finally:
            for process in service.processes.values():
                process.kill()
            service.stop_servers()

    def back(self, *names: str) -> None:
        """Start them, each at its port."""
        for name in names:
            port = {METRICS_PORT: str(self.ports[name])} if name in self.ports else {}
            self.start(name, **port)

    def restart(self, name: str) -> None:
        self.kill(name)
        self.back(name)
        self.wait_for(name)

    def wait_for(self, *names: str) -> None:
        for name in names:
            wait_until(f"{name} is ready", self.processes[name].is_ready)

    def look_after(self) -> None:
        """What ended by itself is started again, as a supervisor does it; what a fault has killed stays away."""
        for name, process in list(self.processes.items()):
            if not process.is_alive:
                self.past.append(process)
                self.back(name)

    def targets(self) -> dict[str, int | list[int]]:
        """Job → ports."""
        alone: dict[str, int | list[int]] = {
            name: port for name, port in self.ports.items() if name not in {"w1", "w2"}
        }
        return alone | {"worker": [self.ports["w1"], self.ports["w2"]], "web": self.web_port}


Act = Callable[[Watched], object]


class Fault(NamedTuple):
    """What is brought about and mended again, what must fire for it, and what may fire as it goes on."""

    name: str
    begin: Act
    end: Act
    fires: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    again: Act | None = None
    """What is done every second meanwhile."""
    watched_s: float = 60.0
    """How long what lets nothing fire is looked at."""


def _of(*alerts: str) -> frozenset[str]:
    return frozenset(alerts)


def gone(name: str, *, also: str = "") -> Fault:
    """A process is killed and not started again."""
    return Fault(
        f"{name}-gone",
        lambda service: service.kill(name),
        lambda service: service.back(name),
        _of("ProcessMissing"),
        _of(*also.split()),
    )


def _one_of_two(service: Watched) -> None:
    service.back("w2")
    service.wait_for("w2")
    time.sleep(SEEN_S)
    service.kill("w2")


def _ends_again(service: Watched) -> None:
    service.kill("merge")
    service.back("merge")
    time.sleep(2 * SEEN_S)


def _stands(service: Watched) -> None:
    service.processes["w1"].send(signal.SIGSTOP)


def _goes_on(service: Watched) -> None:
    service.processes["w1"].send(signal.SIGCONT)
    service.restart("w1")


def _send(service: Watched, values: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=service.bootstrap)
    for value in values:
        producer.send(PURCHASES, key=b"fault", value=value)
    producer.close()


def _order(number: int) -> bytes:
    """An order of a unit that nobody knows, of a hundred million kroner."""
    now = datetime.now(UTC).isoformat()
    data = {"order": "fault", "version": number, "placed_at": now, "unit": "no such school", "supplier": "nobody"}
    lines = [{"line": "1", "net_amount": "100000000.00"}]
    envelope = {"specversion": "1.0", "id": f"fault-{number}", "source": "erp/faulty", "type": "order.changed"}
    return json.dumps(envelope | {"time": now, "data": data | {"lines": lines}}).encode()


def _cancelled() -> bytes:
    now = datetime.now(UTC).isoformat()
    data = {"order": "fault", "version": 2, "reason": "tried"}
    envelope = {"specversion": "1.0", "id": "fault-end", "source": "erp/faulty", "type": "order.cancelled"}
    return json.dumps(envelope | {"time": now, "data": data}).encode()


def _by_hand(change: int) -> Act:
    """Somebody changes a row of the database."""

    def act(service: Watched) -> None:
        with psycopg.connect(plain_url(service.database_url)) as connection:
            connection.execute(
                "update unit_days set catalogue_ore = catalogue_ore + %s where ctid = (select max(ctid) from unit_days)",
                [change],
            )

    return act


def _all_but_servers(service: Watched) -> None:
    for name in ("intake", "w1", "merge", "database", "web"):
        service.kill(name)


BURNING = "FreshnessBudgetBurns AnsweredBudgetBurns"
FAULTS = (
    Fault("nothing", lambda _: None, lambda _: None, watched_s=90),
    Fault("worker-restarted", lambda s: s.restart("w1"), lambda _: None),
    gone("w1", also=f"CanaryLost {BURNING}"),
    gone("intake"),
    gone("merge", also=BURNING),
    gone("database"),
    gone("web"),
    Fault("worker-stands", _stands, _goes_on, _of("ProcessMissing"), _of("CanaryLost", *BURNING.split())),
    Fault(
        "broker-away",
        lambda s: s.broker.kill(),
        lambda s: s.broker.start(),
        _of("ServerAway", "CanaryLost"),
        _of("StandsStill"),
    ),
    Fault(
        "database-away",
        lambda s: s.postgres.kill(),
        lambda s: s.postgres.start(),
        _of("ServerAway"),
        _of("WebBudgetBurns"),
    ),
    Fault("erp-silent", lambda s: s.kill("simulate"), lambda s: s.back("simulate"), _of("ErpSilent")),
    Fault("canary-gone", lambda s: s.kill("canary"), lambda s: s.back("canary"), _of("CanaryLost")),
    Fault(
        "all-gone",
        _all_but_servers,
        lambda s: s.back("intake", "w1", "merge", "database", "web"),
        _of("NothingAnswers"),
    ),
    Fault(
        "poison",
        lambda _: None,
        lambda _: None,
        _of("ManyRefused"),
        again=lambda s: _send(s, [b"no json"] * POISON),
    ),
    Fault("figures-changed", _by_hand(12_345), _by_hand(-12_345), _of("FiguresDiffer")),
    Fault("unknown-units", lambda s: _send(s, [_order(1)]), lambda s: _send(s, [_cancelled()]), _of("UnknownUnits")),
    Fault(
        "restarts",
        lambda _: None,
        lambda _: None,
        _of("RestartsAgainAndAgain"),
        again=_ends_again,
    ),
    Fault("one-worker-of-two", _one_of_two, lambda _: None, _of("MembersMissing")),
)
