"""A worker of the next version takes over while events come, and this one takes back: nothing lost, nothing twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from models.purchase.row import FORMAT
from models.topics import ORDERS, PARTIALS, changelog_topic
from streams.judged import PREFIX as ROW
from tests.chaos.verdict import differences
from tests.system import erp
from tests.system.next_version import NOTED
from tests.system.service import PREFIX, Service, running_service, wait_until

PURCHASES = 1_200
SEED = 5


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erp.reference(tmp_path_factory.mktemp("reference"), PURCHASES, seed=SEED)


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference) as running:
        running.programs["w2"] = "tests.system.next_version"
        yield running


def formats(service: Service) -> Counter[int]:
    """How often rows of each format were written."""
    service.tap.catch_up()
    written = service.tap.of(changelog_topic(PREFIX, "purchases"))
    rows = (msgspec.msgpack.decode(record.value) for record in written if record.key.startswith(ROW))
    return Counter(row.get("format", FORMAT) for row in rows)


def told(service: Service, count: int) -> None:
    """Wait for so many judgements more."""
    before = len(service.tap.of(ORDERS))

    def are_told() -> bool:
        service.all_alive()
        service.tap.catch_up()
        return len(service.tap.of(ORDERS)) >= before + count

    wait_until(f"{count} judgements", are_told, within_s=120)


def end(service: Service, name: str) -> None:
    process = service.processes.pop(name)
    process.end()
    service.past.append(process)


def test_the_next_version_takes_over_and_this_one_takes_back(service: Service, reference: Path) -> None:
    with erp.Stream(service.bootstrap, erp.history(PURCHASES, seed=SEED), rate=60):
        told(service, 40)
        service.start("w2")
        wait_until("both are at work", lambda: formats(service)[FORMAT + 1], within_s=120)
        end(service, "w1")
        told(service, 60)
        theirs = formats(service)
        service.start("w1")
        end(service, "w2")
        told(service, 60)
    service.settle()
    assert differences(service, reference) == []
    assert theirs[FORMAT + 1] > 0
    assert formats(service)[FORMAT] > theirs[FORMAT], "this version writes its own rows again"
    for topic in (ORDERS, PARTIALS):
        noted = Counter(value.get("noted") for value in service.tap.values(topic))
        assert noted.keys() == {None, NOTED}, topic
    assert not [log for log in service.logs if b"run the newer version" in log.read_bytes()]
