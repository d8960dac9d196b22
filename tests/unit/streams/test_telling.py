"""Claims about what is told of a batch: not before it is committed, one line an outcome, with the event's own id."""

import asyncio
import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from handelspuls.logs import set_up_logs
from models.correlation import correlation, derived, stated
from models.topics import DOCUMENTS
from sinks import metrics
from streams.converting import Converting
from streams.step import Effects
from streams.telling import Telling

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01".encode()


def taken(*records: Any) -> Effects:
    async def publish(*_: object) -> None: ...

    step = Converting(partition=0, partitions=1, pseudonym=str, publish_catalogue=publish)
    return asyncio.run(step.step(records, {}))  # type: ignore[arg-type]


def record(value: bytes, *, offset: int = 0, headers: Any = ()) -> Any:
    return SimpleNamespace(
        topic=DOCUMENTS, partition=0, offset=offset, key=b"", value=value, headers=headers, timestamp=0
    )


def refusals() -> float:
    return sum(
        sample.value
        for family in metrics.REJECTIONS.collect()
        for sample in family.samples
        if sample.labels.get("topic") == DOCUMENTS and sample.name.endswith("_total")
    )


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Any:
    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    logging.getLogger("outcomes").setLevel(logging.NOTSET)


def test_a_batch_that_is_given_up_and_taken_again_counts_once(lines: Any) -> None:
    set_up_logs(process="intake", console=False)
    before = refusals()
    taken(record(b"no xml"))
    assert (refusals(), lines()) == (before, [])
    effects = taken(record(b"no xml"))
    assert effects.tell is not None
    effects.tell()
    assert refusals() == before + 1
    assert len(lines()) == 1


def test_a_refusal_is_one_line_with_the_id_that_its_answer_carries(lines: Any) -> None:
    set_up_logs(process="intake", console=False, outcomes=True)
    effects = taken(record(b"no xml", headers=(("traceparent", GIVEN),)), record(b"nor this", offset=7))
    assert effects.tell is not None
    effects.tell()
    told = lines()
    assert [(line["event"], line["level"], line["process"], line["code"]) for line in told] == [
        ("refused", "warning", "intake", "not_xml"),
        ("refused", "warning", "intake", "not_xml"),
    ]
    answers = [correlation(stated(answer.headers)) for answer in effects.records]
    assert [line["correlation"] for line in told] == answers == [TRACE, correlation(derived(f"{DOCUMENTS}/0/7"))]


def test_the_canary_s_orders_say_nothing_of_when_the_erp_was_heard() -> None:
    arrived = []
    for source, at_ms in (("erp/kvantum", 1_000), ("test/canary", 2_000), ("", 3_000), ("test/canary", 4_000)):
        telling = Telling("judge")
        telling.begin(
            SimpleNamespace(topic="erp.heard", partition=0, offset=1, headers=(), timestamp=at_ms), source, "e"
        )
        telling.tell()
        arrived += [
            sample.value
            for family in metrics.ARRIVED.collect()
            for sample in family.samples
            if sample.labels == {"topic": "erp.heard"}
        ]
    assert arrived == [1, 1, 3, 3]
