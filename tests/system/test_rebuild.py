"""Everything again from the input topics: under more partitions, after the database and after all derived topics are lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from deploy.local.simulator.happening import Message
from models import topics as names
from models.topics import topics
from tests.chaos.verdict import database_differences
from tests.system import erp, truth
from tests.system.hostile import BAD
from tests.system.service import Service, running_service, wait_until

PURCHASES_SENT = 600
INPUTS = {names.PURCHASES, names.DOCUMENTS, names.DECISIONS}
DERIVED = {names.ORDERS, names.PARTIALS, names.UNITS, names.ALERTS, names.ROUTED, names.REJECTED}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erp.reference(tmp_path_factory.mktemp("reference"), PURCHASES_SENT)


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference) as running:
        messages = erp.history(PURCHASES_SENT)
        bad = [Message(one.topic, one.key, one.value, erp.NOW) for one in BAD if one.key and one.value]
        erp.send(running.bootstrap, [*messages[: len(messages) // 2], *bad])
        running.settle()
        yield running


def rebuilt(service: Service, *arguments: str) -> str:
    done = service.run("rebuild", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_true_also_in_the_database(service: Service, reference: Path) -> None:
    service.settle()
    truth.assert_true(service.tap, reference)
    assert database_differences(service) == []


def test_the_canary_is_answered_and_stands_in_no_figure(service: Service, reference: Path) -> None:
    done = service.run("canary", "--once")
    assert (done.returncode, "canary judged" in done.stdout + done.stderr) == (0, True), done.stdout + done.stderr
    service.settle()
    truth.assert_true(service.tap, reference)
    assert [one.tallied for name, one in truth.judgements(service.tap).items() if "canary" in name] == [False]


def test_a_rebuild_equals_what_is_live_and_changes_nothing(service: Service) -> None:
    before = {topic.name: service.tap.next_offsets(topic.name) for topic in topics(service.prefix)}
    assert "0 differences" in rebuilt(service)
    service.tap.catch_up()
    assert before == {topic.name: service.tap.next_offsets(topic.name) for topic in topics(service.prefix)}


def test_it_is_not_written_while_the_live_ones_work(service: Service) -> None:
    done = service.run("rebuild", "--write")
    assert (done.returncode, "Stop intake, workers and merge" in done.stderr) == (2, True)


def test_the_next_generation_goes_on_with_more_partitions(service: Service, reference: Path) -> None:
    service.stop()
    assert "HANDELSPULS_GENERATION=2 HANDELSPULS_PARTITIONS=6" in rebuilt(service, "--write", "--partitions", "6")
    service.go_on_as(2, HANDELSPULS_PARTITIONS="6")
    service.start_all()
    messages = erp.history(PURCHASES_SENT)
    erp.send(service.bootstrap, messages[len(messages) // 2 :])
    assert_true_also_in_the_database(service, reference)
    told = truth.judgements(service.tap).values()
    assert {one.generation for one in told if one.outcome != "void"} == {
        2
    }  # what was never more than void is not told again
    assert len(service.tap.next_offsets(names.PURCHASES)) == 6


def test_a_lost_database_comes_back_from_the_topics(service: Service, reference: Path) -> None:
    service.kill("database")
    service.kill("web")
    service.postgres.running.drop("handelspuls")
    service.postgres.running.create("handelspuls")
    service.start("database", "web")
    assert_true_also_in_the_database(service, reference)


def test_lost_derived_topics_come_back_from_the_input(service: Service, reference: Path) -> None:
    service.stop()
    told = truth.told_purchases(truth.judgements(service.tap))
    refused = len({dict(record.headers)["offset"] for record in service.tap.of(names.REJECTED)})
    lost = [topic.name for topic in topics(service.prefix) if topic.name in DERIVED or "changelog" in topic.name]
    delete(service.bootstrap, lost)
    service.postgres.running.drop("handelspuls")
    service.postgres.running.create("handelspuls")
    assert service.run("topics").returncode == 0
    rebuilt(service, "--write", "--accept")
    service.go_on_as(3, HANDELSPULS_PARTITIONS="6")
    service.start_all()
    assert_true_also_in_the_database(service, reference)
    assert truth.differences(truth.told_purchases(truth.judgements(service.tap)), told)[:5] == []
    assert len({dict(record.headers)["offset"] for record in service.tap.of(names.REJECTED)}) == refused


def delete(bootstrap: str, lost: list[str]) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.delete_topics(lost)
    wait_until("they are gone", lambda: not set(lost) & set(admin.list_topics()))
    time.sleep(1)  # the broker forgets their names a little later than it lists them
    admin.close()
