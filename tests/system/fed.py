"""The service with an ERP that never rests, for who watches it."""

import urllib.request

from kafka import KafkaProducer

from models.topics import PURCHASES
from tests.system.service import Process, Service, wait_until


class Fed(Service):
    """The service with an ERP that sends ten purchases a second after a short history."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "HANDELSPULS_SIMULATOR_HISTORY": "1000",
            "HANDELSPULS_SIMULATOR_RATE_PER_MINUTE": "600",
        }

    def feed(self) -> None:
        logs = self.folder / "logs"
        self.processes["simulate"] = Process("simulate", name="simulate", folder=logs, environment=self.environment)

    def scraped(self) -> dict[str, int]:
        """Job → port."""
        ports = {process.name: process.metrics_port for process in self.processes.values()}
        return {"worker" if name == "w1" else name: port for name, port in ports.items()} | {"web": self._web_port}


def send_what_is_refused(bootstrap: str) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for number in range(5):
        producer.send(PURCHASES, key=b"refused", value=b"no json %d" % number)
    producer.close()


def visit(service: Service) -> None:
    """Somebody looks at the page, until it has figures to show."""
    wait_until("the page", lambda: opened(f"http://127.0.0.1:{service._web_port}/"))


def opened(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of our own
            return bool(answer.status == 200)
    except OSError:
        return False
