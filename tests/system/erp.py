"""The other side: the ERP's messages of a seeded history, sent as an ERP sends them."""

import csv
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from kafka import KafkaProducer

from deploy.local.simulator import story
from deploy.local.simulator.happening import Message
from deploy.local.simulator.reference import write_reference
from deploy.local.simulator.town import found
from models.topics import INPUT_MAX_BYTES

SEED = 11
NOW = datetime.now(tz=UTC)
"""The history ends today: windows, alerts and what is dated ahead go by the real clock."""


def history(purchases: int, *, seed: int = SEED) -> list[Message]:
    """The seeded history, faults and all."""
    return list(story.history(found(seed, NOW), purchases))


def reference(folder: Path, purchases: int, *, seed: int = SEED) -> Path:
    """The history's reference; of the catalogue every tenth item and those that are bought, for a quicker start."""
    write_reference(folder, seed, now=NOW, purchases=purchases)
    bought = b"".join(one.value for one in story.history(found(seed, NOW), purchases)).decode(errors="replace")
    items = set(re.findall(r'"item":"([^"]+)"', bought))
    rows = read_rows(folder, "catalogue")
    write_rows(folder, "catalogue", [row for place, row in enumerate(rows) if place % 10 == 0 or row["item"] in items])
    return folder


def read_rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: Path, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def producer(bootstrap: str) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5, max_request_size=INPUT_MAX_BYTES)


def send(bootstrap: str, messages: Sequence[Message]) -> None:
    """Send all, and return when all are acknowledged."""
    sender = producer(bootstrap)
    for future in [sender.send(one.topic, value=one.value, key=one.key) for one in messages]:
        future.get(60)
    sender.close()


class Stream:
    """Messages at a steady rate while something else happens; the rest at once when the context ends."""

    def __init__(self, bootstrap: str, messages: Sequence[Message], *, rate: int = 100) -> None:
        self._bootstrap, self._messages, self._rate = bootstrap, list(messages), rate
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._hurry.set()
        self._thread.join()

    @property
    def is_going_on(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        sender = producer(self._bootstrap)
        for place, one in enumerate(self._messages):
            if place % (self._rate // 10) == 0:
                self._hurry.wait(0.1)
            sender.send(one.topic, value=one.value, key=one.key)
        sender.flush()
        sender.close()
