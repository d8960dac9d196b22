import json
import time
from pathlib import Path

from deploy.local.child import free_port
from models.topics import DECISIONS, DOCUMENTS, PURCHASES
from streams.outbox import partition_of
from tests.integration.sending.commands import ROOT, Ends, run
from tests.integration.sending.conftest import PARTITIONS
from tests.unit.contract.builders import REMOVED, an_event, encoded

DOCUMENT = ROOT / "tests/documents/peppol/order.xml"
CSV = b"""type;source;id;order;placed_at;unit;supplier;line;net_amount
order.placed;erp/csv;e1;77;2026-03-02T09:00:00+01:00;U-1;S-1;1;12,50
order.placed;erp/csv;e1;;;;;2;0,50
"""


def test_everything_goes_to_its_topic_under_the_bare_number(topics: str, ends: Ends, tmp_path: Path) -> None:
    events = [an_event(data__order="77"), an_event("decision.made", data__purchase="erp~77")]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(map(encoded, events)))
    (tmp_path / "b.csv").write_bytes(CSV)
    done = run(topics, "send", tmp_path, DOCUMENT)
    assert done.returncode == 0, done.stderr
    decision, document, *orders = ends.new()
    assert (decision.topic, decision.key, json.loads(decision.value)["id"]) == (DECISIONS, b"77", events[1]["id"])
    assert (document.topic, document.value) == (DOCUMENTS, DOCUMENT.read_bytes())
    assert [(each.topic, each.key, each.partition) for each in orders] == [
        (PURCHASES, b"77", partition_of(b"77", PARTITIONS))
    ] * 2
    assert orders[0].value == encoded(events[0])
    assert [line["net_amount"] for line in json.loads(orders[1].value)["data"]["lines"]] == ["12.50", "0.50"]
    assert b"4 sent (1 to compliance.decisions, 1 to erp.documents, 2 to erp.purchases), 0 refused" in done.stderr


def test_what_would_be_rejected_is_refused_here_and_the_rest_is_sent(topics: str, ends: Ends) -> None:
    lines = b"\n".join([encoded(an_event()), b"{broken", encoded(an_event(data__unit=REMOVED))])
    done = run(topics, "send", "-", given=lines)
    assert done.returncode == 1
    assert len(ends.new()) == 1
    told = [json.loads(line)["rejected"] for line in done.stdout.splitlines()]
    assert [(each["file"], each["line"], each["code"]) for each in told] == [
        ("-", 2, "not_json"),
        ("-", 3, "missing_field"),
    ]


def test_as_is_sends_also_what_would_be_rejected(topics: str, ends: Ends) -> None:
    wrong = encoded(an_event("decision.made", data__outcome="no such"))
    done = run(topics, "send", "--as-is", "-", given=b"{broken\n" + wrong)
    assert done.returncode == 0, done.stderr
    assert [(each.topic, each.value) for each in ends.new()] == [(DECISIONS, wrong), (PURCHASES, b"{broken")]


def test_without_kafka_it_says_so_and_ends_with_two() -> None:
    begun = time.monotonic()
    done = run(f"127.0.0.1:{free_port()}", "send", DOCUMENT)
    assert done.returncode == 2
    assert b"No Kafka answers at 127.0.0.1:" in done.stderr
    assert time.monotonic() - begun < 20


def test_a_file_that_is_not_there_is_named(topics: str) -> None:
    done = run(topics, "send", "no-such.jsonl")
    assert done.returncode == 2
    assert b"no-such.jsonl cannot be read: No such file" in done.stderr


def test_without_files_it_says_what_it_wants(topics: str) -> None:
    assert run(topics, "send").returncode == 2
