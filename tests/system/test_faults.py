"""Two workers, and everything that can die or sleep does so while the input comes: the result is the same, to the øre."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from deploy.local.simulator.happening import Message
from models.topics import ORDERS
from sinks.database.reconcile import reconcile
from tests.system import erp, truth
from tests.system.service import SESSION_S, Service, running_service, wait_until

PURCHASES_SENT = 2_000
PARTS = 6
REFUSED = 70
WRITING = (
    "select count(*) from pg_locks join pg_class on pg_class.oid = relation"
    " where relname = 'revisions' and mode = 'RowExclusiveLock'"
)
"""A transaction of the sink that has begun to write."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erp.reference(tmp_path_factory.mktemp("reference"), PURCHASES_SENT)


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference, workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def parts() -> Iterator[list[Message]]:
    """The history in pieces: each test sends the next one, and all that was sent so far is compared."""
    messages = erp.history(PURCHASES_SENT)
    size = len(messages) // PARTS + 1
    return iter([messages[start : start + size] for start in range(0, len(messages), size)])


@pytest.fixture
def part(parts: Iterator[list[Message]], service: Service) -> list[Message]:
    wait_until("both workers have their share", lambda: is_shared(service))
    return next(parts)


def is_shared(service: Service) -> bool:
    """Each has half: who has slept still says so of itself, the other only after it was given back."""
    return [open_by(service, name) for name in ("w1", "w2")] == [2, 2]


def open_by(service: Service, name: str) -> float:
    try:
        samples = service.processes[name].samples()
        return float(sum(each.value for each in samples if each.name == "handelspuls_partitions_open"))
    except OSError:
        return 0


def told(service: Service) -> int:
    service.tap.catch_up()
    return len(service.tap.of(ORDERS))


def wait_for_more(service: Service, judgements: int = 60) -> None:
    before = told(service)
    wait_until(f"{judgements} judgements more", lambda: told(service) >= before + judgements, within_s=150)


def assert_as_if_nothing_had_happened(service: Service, reference: Path) -> None:
    service.settle()
    truth.assert_told_once(service.tap)
    truth.assert_true(service.tap, reference)
    compared = reconcile(create_engine(service.database_url))
    assert (compared.lines_against_cells[:5], compared.cells_against_snapshots[:5]) == ([], [])
    counts = service.rows("select (select count(*) from revisions), (select count(distinct purchase) from purchases)")
    assert counts == [(len(service.tap.of(ORDERS)), len(truth.judgements(service.tap)))]


def test_two_workers_share_the_work_and_come_to_the_same(
    service: Service, reference: Path, part: list[Message]
) -> None:
    erp.send(service.bootstrap, part)
    assert_as_if_nothing_had_happened(service, reference)
    for worker in ("w1", "w2"):
        samples = service.processes[worker].samples()
        assert sum(each.value for each in samples if each.name == "handelspuls_judgements_total") > 0


def test_a_worker_killed_mid_stream_and_started_again_comes_to_the_same(
    service: Service, reference: Path, part: list[Message]
) -> None:
    with erp.Stream(service.bootstrap, part) as stream:
        wait_for_more(service)
        service.kill("w1")
        service.start("w1")
        assert stream.is_going_on
        wait_for_more(service)
    assert_as_if_nothing_had_happened(service, reference)


def test_a_worker_that_sleeps_longer_than_its_session_and_wakes_comes_to_the_same(
    service: Service, reference: Path, part: list[Message]
) -> None:
    with erp.Stream(service.bootstrap, part, rate=40):
        wait_for_more(service, 20)
        sleeper = service.processes["w2"]
        sleeper.send(signal.SIGSTOP)
        wait_until("the other has all of it", lambda: open_by(service, "w1") == 4, within_s=SESSION_S * 6)
        wait_for_more(service, 20)
        sleeper.send(signal.SIGCONT)
        wait_until("it is refused or takes part again", lambda: not sleeper.is_alive or is_shared(service))
    if not sleeper.is_alive:
        assert sleeper.process.returncode == REFUSED
        service.start("w2")
    assert_as_if_nothing_had_happened(service, reference)


def test_a_merge_killed_mid_stream_and_started_again_comes_to_the_same(
    service: Service, reference: Path, part: list[Message]
) -> None:
    with erp.Stream(service.bootstrap, part):
        wait_for_more(service)
        service.kill("merge")
        wait_for_more(service)
        service.start("merge")
        wait_for_more(service)
    assert_as_if_nothing_had_happened(service, reference)


def test_a_sink_killed_amid_its_transactions_writes_nothing_twice(
    service: Service, reference: Path, part: list[Message]
) -> None:
    service.kill("database")
    with erp.Stream(service.bootstrap, part, rate=30):
        for _ in range(3):
            wait_for_more(service, 20)
            service.start("database")
            wait_until("it is writing", lambda: service.rows(WRITING) > [(0,)], every_s=0.002)
            service.kill("database")
        service.start("database")
    assert_as_if_nothing_had_happened(service, reference)


def test_after_everything_was_killed_at_once_it_comes_to_the_same(
    service: Service, reference: Path, part: list[Message]
) -> None:
    with erp.Stream(service.bootstrap, part):
        wait_for_more(service)
        for name in tuple(service.processes):
            service.kill(name)
        service.start_all(workers=2)
    assert_as_if_nothing_had_happened(service, reference)
