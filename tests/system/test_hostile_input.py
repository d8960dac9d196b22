"""Whatever comes in is answered, stops nothing, and what is personal in it goes no further."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from models.judgement import Judgement
from models.topics import DECISIONS, DOCUMENTS, ORDERS, PURCHASES, REJECTED, ROUTED, topics
from streams.outbox import Outbox, Record, partition_of
from tests.system import erp, truth
from tests.system.service import PREFIX, Service, running_service

PARTITIONS = 4
CPR = ("010203-1234", "0102031234", "010203 1234", "311299-4321", "3112994321")
"""Nobody's: every way that one is written."""
ORDER = Path("tests/documents/peppol/order.xml")
REFERENCE = {
    "units": (
        "unit,name,level,parent,identifiers",
        "K,Kommunen,municipality,,",
        "D1,Skoleforvaltningen,department,K,",
        "U1,Skolen ved Åen,institution,D1,5790000000012",
    ),
    "suppliers": ("supplier,name,identifiers,punch_out,exclusion", "S1,Papirlageret,DK12345678,false,"),
    "agreements": (
        "agreement,supplier,title,categories,valid_from,valid_to",
        "A1,S1,Kontorartikler,UNSPSC:1411,2020-01-01,",
    ),
    "catalogue": (
        "catalogue,supplier,item,name,category,price,unit,agreement,valid_from",
        "CAT-1,S1,11-2233,Kopipapir,UNSPSC:14111507,25,PK,A1,2020-01-01",
    ),
}


class Bad(NamedTuple):
    """A record that must be refused, with the code of the answer and the field it names."""

    name: str
    value: bytes | None
    code: str
    field: str = ""
    topic: str = PURCHASES
    key: bytes | None = b"bad"


def event(number: str, kind: str = "order.placed", **changes: Any) -> dict[str, Any]:
    at = (erp.NOW - timedelta(days=3)).isoformat(timespec="seconds")
    line = {"line": "1", "item": "11-2233", "description": "Kopipapir", "net_amount": "245.00", "quantity": "10"}
    data = {"order": number, "version": 1, "placed_at": at, "unit": "U1", "supplier": "S1", "lines": [line]} | changes
    data = {name: value for name, value in data.items() if value is not ...}
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "erp/test-town",
        "type": kind,
        "time": at,
        "data": data,
    }


def written(number: str, kind: str = "order.placed", **changes: Any) -> bytes:
    return json.dumps(event(number, kind, **changes), ensure_ascii=False).encode()


def with_line(number: str, **changes: Any) -> bytes:
    return written(number, lines=[event(number)["data"]["lines"][0] | changes])


def with_text(number: str, old: str, new: str) -> bytes:
    return written(number).replace(old.encode(), new.encode())


ENTITY_BOMB = b"""<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "010203-1234"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">&d;</Order>"""
WITH_DTD = b"""<?xml version="1.0"?><!DOCTYPE Order SYSTEM "http://127.0.0.1:1/order.dtd">
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>"""
DECISION = {
    "purchase": "erp%2Ftest-town~G-1",
    "on_version": 1,
    "outcome": "off_channel",
    "channel": "phone",
    "reason": "aftalt med 010203-1234",
    "decided_by": "indkoeb",
    "decided_at": erp.NOW.isoformat(),
}
LATER = (erp.NOW + timedelta(days=3)).isoformat()


def decision() -> bytes:
    return json.dumps(event("G-1", "decision.made") | {"data": DECISION}).encode()


BAD = (
    Bad("not JSON", b'{"source": "erp/test-town", "id": "010203-1234", "note', "not_json"),
    Bad("two MiB", written("B-1", note="x" * (2 << 20)), "too_large"),
    Bad("deep nesting", b'{"cpr":"010203-1234","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    Bad("NaN", with_text("B-2", '"245.00"', "NaN"), "not_json"),
    Bad("NaN in words", with_line("B-3", net_amount="NaN"), "bad_value", "data.lines[0].net_amount"),
    Bad("10^30", with_line("B-4", net_amount="1" + "0" * 30), "out_of_range", "data.lines[0].net_amount"),
    Bad("10^30 as a number", with_text("B-5", '"245.00"', "1e30"), "out_of_range", "data.lines[0].net_amount"),
    Bad(
        "an object for an amount",
        with_line("B-6", net_amount={"cpr": "0102031234"}),
        "wrong_type",
        "data.lines[0].net_amount",
    ),
    Bad("text for a list", written("B-7", lines="010203-1234"), "wrong_type", "data.lines"),
    Bad("a CPR number for a version", written("B-8", version="010203-1234"), "wrong_type", "data.version"),
    Bad("no unit", written("B-9", unit=..., buyer="010203-1234"), "missing_field", "data.unit"),
    Bad("no lines", written("B-10", lines=[]), "bad_value", "data.lines"),
    Bad("a line twice", written("B-11", lines=event("B-11")["data"]["lines"] * 2), "duplicate_line"),
    Bad("below zero", with_line("B-12", net_amount="-1.00"), "negative_total"),
    Bad("an unknown type", written("B-13", "order.imagined"), "unknown_type", "type"),
    Bad("two days ahead", written("B-14", placed_at=LATER), "in_the_future", "data.placed_at"),
    Bad("a list", b'["010203-1234"]', "wrong_type"),
    Bad("empty", b"", "empty"),
    Bad("null", None, "empty"),
    Bad("null and null", None, "null_key", "key", key=None),
    Bad("no key", written("B-15", buyer="010203-1234"), "null_key", "key", key=None),
    Bad("no UTF-8", written("B-16").replace(b"Kopipapir", b"R\xf8r til 010203-1234"), "not_text"),
    Bad("binary", bytes(range(256)) * 8, "not_text"),
    Bad("XML among events", ENTITY_BOMB, "not_json"),
    Bad("a decision among events", decision(), "unknown_type", "type"),
    Bad("an event among decisions", written("B-17"), "unknown_type", "type", topic=DECISIONS),
    Bad("no JSON among decisions", b"010203-1234", "not_json", topic=DECISIONS),
    Bad("an entity bomb", ENTITY_BOMB, "forbidden_xml", topic=DOCUMENTS),
    Bad("a DTD", WITH_DTD, "forbidden_xml", topic=DOCUMENTS),
    Bad("no XML", b"{}", "not_xml", topic=DOCUMENTS),
    Bad("a document cut short", ORDER.read_bytes()[:900] + b"010203-1234", "not_xml", topic=DOCUMENTS),
    Bad("binary for a document", bytes(range(1, 256)) * 8, "not_xml", topic=DOCUMENTS),
    Bad("an empty document", b"", "empty", topic=DOCUMENTS),
    Bad("a null document", None, "empty", topic=DOCUMENTS),
    Bad("two MiB of document", b"<Order>" + b" " * (2 << 20) + b"</Order>", "too_large", topic=DOCUMENTS),
)
GOOD = [f"G-{number}" for number in range(1, 25)]
"""Orders before, between and after the bad records, with personal data where people write it."""


def good(number: str) -> bytes:
    line = event(number)["data"]["lines"][0] | {"description": "Kopi til 010203-1234 (og 3112994321)"}
    return written(number, buyer="010203-1234", requisition="311299-4321", lines=[line])


async def send_nothing(bootstrap: str, topic: str, partition: int) -> int:
    """Neither key nor value: the usual clients refuse to send it, Kafka takes it."""
    outbox = Outbox(bootstrap_servers=bootstrap, transactional_id="nothing", transaction_timeout_ms=10_000)
    await outbox.open()
    try:
        return (await outbox.transaction([Record(topic, partition, None, None)]))[topic, partition] - 1
    finally:
        await outbox.close()


class Sent(NamedTuple):
    bad: Bad
    partition: int
    offset: int


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    for table, rows in REFERENCE.items():
        (folder / f"{table}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


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
