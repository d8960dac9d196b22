"""Whatever comes in is answered, stops nothing, and what is personal in it goes no further."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from models.judgement import Judgement
from models.topics import DECISIONS, DOCUMENTS, ORDERS, PURCHASES, REJECTED, ROUTED, topics
from streams.outbox import Outbox, Record, partition_of
from tests.system import erp, truth
from tests.system.hostile import BAD, CPR, ORDER, Bad, decision, event, write_reference, written
from tests.system.service import PREFIX, PRIVACY_KEY, Service, running_service

PARTITIONS = 4
GOOD = [f"G-{number}" for number in range(1, 25)]
"""Orders before, between and after the bad records, with personal data where people write it."""


def good(number: str) -> bytes:
    line = event(number)["data"]["lines"][0] | {"description": "Kopi til 010203-1234 (og 3112994321)"}
    return written(number, buyer="010203-1234", requisition="311299-4321", lines=[line])


async def send_nothing(bootstrap: str, topic: str, partition: int) -> int:
    """Neither key nor value: the usual clients refuse to send it, Kafka takes it."""
    async with Outbox(bootstrap_servers=bootstrap, transactional_id="nothing", transaction_timeout_ms=10_000) as outbox:
        return (await outbox.transaction([Record(topic, partition, None, None)]))[topic, partition] - 1


class Sent(NamedTuple):
    bad: Bad
    partition: int
    offset: int


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reference(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference) as running:
        yield running


@pytest.fixture(scope="module")
def sent(service: Service) -> list[Sent]:
    """Bad and good by turns into every partition, some good ones into a partition that is not theirs."""
    producer = erp.producer(service.bootstrap)
    places: list[Sent] = []
    for place, bad in enumerate(BAD):
        number = GOOD[place % len(GOOD)]
        own = partition_of(number.encode(), PARTITIONS)
        producer.send(PURCHASES, key=number.encode(), value=good(number), partition=(own + place // 2) % PARTITIONS)
        if bad.key is None and bad.value is None:
            offset = asyncio.run(send_nothing(service.bootstrap, bad.topic, place % PARTITIONS))
        else:
            offset = producer.send(bad.topic, bad.value, bad.key, partition=place % PARTITIONS).get(30).offset
        places.append(Sent(bad, place % PARTITIONS, offset))
    producer.send(DOCUMENTS, key=b"any", value=ORDER.read_bytes())
    producer.send(DECISIONS, key=b"another partitioner's", value=decision(), partition=3)
    for place in range(PARTITIONS):
        last = next(f"L-{n}" for n in range(100) if partition_of(b"L-%d" % n, PARTITIONS) == place)
        producer.send(PURCHASES, key=last.encode(), value=written(last), partition=place)
    producer.close()
    service.settle()
    return places


@pytest.fixture(scope="module")
def answers(service: Service, sent: list[Sent]) -> dict[tuple[str, int, int], list[Any]]:
    found: dict[tuple[str, int, int], list[Any]] = {}
    for record in service.tap.of(REJECTED):
        headers = {name: value.decode() for name, value in record.headers}
        place = headers["topic"], int(headers["partition"]), int(headers["offset"])
        found.setdefault(place, []).append((record, headers))
    return found


@pytest.mark.parametrize("name", [bad.name for bad in BAD])
def test_a_bad_record_is_answered_once_with_code_field_sentence_and_place(
    name: str, sent: list[Sent], answers: dict[tuple[str, int, int], list[Any]]
) -> None:
    one = next(one for one in sent if one.bad.name == name)
    found = answers.get((one.bad.topic, one.partition, one.offset), [])
    assert len(found) == 1
    record, headers = found[0]
    assert record.key == one.bad.key
    assert headers["code"] == one.bad.code, headers
    assert not one.bad.field or headers.get("field") == one.bad.field, headers
    assert len(headers["message"].split()) > 3
    assert headers["time"].endswith("Z")


def test_nothing_else_is_answered(sent: list[Sent], answers: dict[tuple[str, int, int], list[Any]]) -> None:
    assert set(answers) == {(one.bad.topic, one.partition, one.offset) for one in sent}


def test_every_good_order_is_judged_wherever_it_was_put(service: Service, reference: Path, sent: list[Sent]) -> None:
    judged = truth.judgements(service.tap)
    assert {f"erp%2Ftest-town~{number}" for number in GOOD} <= set(judged)
    assert {judged[f"erp%2Ftest-town~{number}"].outcome for number in GOOD[1:]} == {"catalogue"}
    assert judged["erp%2Ftest-town~G-1"].channel == "phone"  # a person's decision
    assert sum(name.startswith("erp%2Ftest-town~L-") for name in judged) == PARTITIONS
    truth.assert_told_once(service.tap)
    truth.assert_true(service.tap, reference)


def test_what_was_put_elsewhere_is_routed_with_where_it_came_from(service: Service, sent: list[Sent]) -> None:
    came = {
        (record.partition, record.offset): record.key.decode()
        for record in service.tap.of(PURCHASES)
        if record.key and record.key.startswith(b"G-")
    }
    strayed = {place: key for place, key in came.items() if partition_of(key.encode(), PARTITIONS) != place[0]}
    routed = {}
    for record in service.tap.of(ROUTED):
        headers = {name: value.decode() for name, value in record.headers}
        if headers["topic"] == PURCHASES:
            routed[int(headers["partition"]), int(headers["offset"])] = record.key.decode()
            assert record.partition == partition_of(record.key, PARTITIONS)
    assert strayed
    assert routed == strayed


def test_every_hostile_record_is_counted_once(service: Service, sent: list[Sent]) -> None:
    counted: Counter[str] = Counter()
    for name in ("w1", "intake"):
        for sample in service.processes[name].samples():
            if sample.name == "handelspuls_records_total":
                counted[sample.labels["topic"]] += int(sample.value)
    assert counted == {topic: len(service.tap.of(topic)) for topic in (PURCHASES, ROUTED, DOCUMENTS, DECISIONS)}


def test_no_cpr_number_leaves_the_topics_it_came_in_by(service: Service, sent: list[Sent]) -> None:
    restricted = {PURCHASES, DOCUMENTS, DECISIONS}
    leaks = [
        (topic.name, record.key, number)
        for topic in topics(PREFIX)
        if topic.name not in restricted
        for record in service.tap.of(topic.name)
        for number in (*CPR, "010170-0000", "0101700000")
        if number.encode() in b"|".join(_bytes_of(record))
    ]
    assert leaks == []


def _bytes_of(record: Any) -> Iterator[bytes]:
    yield record.key or b""
    yield record.value or b""
    for name, value in record.headers:
        yield name.encode()
        yield value or b""


def test_no_cpr_number_is_in_the_database_or_in_any_log(service: Service, sent: list[Sent]) -> None:
    tables = [row[0] for row in service.rows("select tablename from pg_tables where schemaname = 'public'")]
    dump = {table: str(service.rows(f'select t::text from "{table}" t')) for table in tables}  # noqa: S608 - our own names
    dump["rejections, as bytes"] = str([bytes(row[0] or b"") for row in service.rows("select content from rejections")])
    texts = dump | {path.name: path.read_text(errors="replace") for path in service.logs}
    assert [(name, number) for name, text in texts.items() for number in CPR if number in text] == []


def test_no_secret_is_in_any_log(service: Service, sent: list[Sent]) -> None:
    assert [path.name for path in service.logs if PRIVACY_KEY in path.read_text(errors="replace")] == []


def test_the_judged_text_says_where_a_number_stood(service: Service, sent: list[Sent]) -> None:
    judged: Judgement = truth.judgements(service.tap)["erp%2Ftest-town~G-2"]
    assert judged.lines[0].description == "Kopi til ********** (og **********)"


def test_the_stream_goes_on_after_all_of_it(service: Service, reference: Path, sent: list[Sent]) -> None:
    before = len(service.tap.of(ORDERS))
    producer = erp.producer(service.bootstrap)
    for number in range(40):
        producer.send(PURCHASES, key=b"N-%d" % number, value=written(f"N-{number}"))
    producer.close()
    service.settle()
    assert len(service.tap.of(ORDERS)) == before + 40
    truth.assert_true(service.tap, reference)
