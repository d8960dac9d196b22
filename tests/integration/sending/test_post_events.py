"""Events over HTTP, for those without Kafka."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.child import free_port
from models.topics import DOCUMENTS, PURCHASES
from streams.outbox import partition_of
from tests.integration.sending.commands import ROOT, Ends, command, environment
from tests.integration.sending.conftest import PARTITIONS
from tests.integration.web.conftest import stop, wait_for
from tests.unit.contract.builders import REMOVED, an_event, encoded

MINE, OFFICE = "a key of the kvantum system".replace(" ", "-"), "a key for documents only".replace(" ", "-")
DOCUMENT = ROOT / "tests/documents/peppol/order.xml"
CSV = b"""type;source;id;order;placed_at;unit;supplier;line;net_amount
order.placed;erp/kvantum;e1;77;2026-03-02T09:00:00+01:00;U-1;S-1;1;12,50
order.placed;erp/kvantum;e1;;;;;2;0,50
order.placed;erp/kvantum;e2;78;2026-03-02T09:00:00+01:00;U-1;;1;x
"""


class Posting:
    """A web process on the broker of the tests, without a database: what is sent needs none."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.log = folder / "web.log"
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        (folder / "keys").write_text(f"{OFFICE} document  # the scanner\n", encoding="utf-8")
        keys = {"HANDELSPULS_API_KEYS": f"{MINE} erp/kvantum", "HANDELSPULS_API_KEYS_FILE": str(folder / "keys")}
        own = {"HANDELSPULS_WEB_PORT": str(port), **keys}
        with self.log.open("wb") as out:
            environ = environment(bootstrap) | own
            self.process = subprocess.Popen(command("web"), cwd=ROOT, env=environ, stdout=out, stderr=out)
        wait_for(f"{self.address}/livez", self.log)

    def post(self, body: bytes, *, key: str | None = MINE, kind: str = "application/json") -> httpx.Response:
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {key}"} if key else {})
        return httpx.post(f"{self.address}/api/v1/events", content=body, headers=headers, timeout=90)


@pytest.fixture(scope="module")
def posting(topics: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posting]:
    made = Posting(topics, tmp_path_factory.mktemp("posting"))
    yield made
    stop(made.process)
    told = made.log.read_text(encoding="utf-8")
    assert "events_received" in told
    assert [key for key in (MINE, OFFICE) if key in told] == []


def test_an_accepted_event_is_in_its_topic_where_the_answer_says(posting: Posting, ends: Ends) -> None:
    event = an_event(source="erp/kvantum", data__order="77")
    answer = posting.post(encoded(event))
    (record,) = ends.new()
    assert (record.topic, record.key, record.value) == (PURCHASES, b"77", encoded(event))
    assert record.partition == partition_of(b"77", PARTITIONS)
    kept = {"topic": PURCHASES, "partition": record.partition, "offset": record.offset}
    one = {"status": "accepted", "source": "erp/kvantum", "id": event["id"], **kept}
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "refused": 0, "answers": [one]})


def test_each_record_of_a_batch_gets_its_answer_and_what_is_right_is_sent(posting: Posting, ends: Ends) -> None:
    good, other = an_event(source="erp/kvantum"), an_event(source="erp/lager")
    batch = [good, an_event(source="erp/kvantum", data__unit=REMOVED), other, an_event("decision.made")]
    answer = posting.post(json.dumps(batch).encode())
    assert answer.status_code == 207
    told: list[dict[str, Any]] = answer.json()["answers"]
    assert [(each["item"], each["status"], each.get("code"), each.get("field")) for each in told] == [
        (1, "accepted", None, None),
        (2, "refused", "missing_field", "data.unit"),
        (3, "refused", "source_not_allowed", "source"),
        (4, "refused", "unknown_type", "type"),
    ]
    assert all(each["message"] for each in told[1:])
    assert [record.topic for record in ends.new()] == [PURCHASES]


def test_rows_and_lines_are_named_by_their_number(posting: Posting, ends: Ends) -> None:
    rows = posting.post(CSV, kind="text/csv; charset=utf-8").json()["answers"]
    assert [(each["row"], each["status"]) for each in rows] == [(2, "accepted"), (4, "refused")]
    lines = posting.post(encoded(an_event(source="erp/kvantum")) + b"\n{broken", kind="application/x-ndjson")
    assert [(each["line"], each.get("code")) for each in lines.json()["answers"]] == [(1, None), (2, "not_json")]
    assert len(ends.new()) == 2


def test_a_document_needs_a_key_that_is_bound_to_documents(posting: Posting, ends: Ends) -> None:
    content = DOCUMENT.read_bytes()
    refused = posting.post(content, kind="application/xml")
    assert (refused.status_code, refused.json()["answers"][0]["code"]) == (403, "source_not_allowed")
    assert ends.new() == []
    assert posting.post(content, kind="application/xml", key=OFFICE).status_code == 202
    assert [(record.topic, record.value) for record in ends.new()] == [(DOCUMENTS, content)]


def test_without_a_key_or_with_an_unknown_one_nothing_is_sent(posting: Posting, ends: Ends) -> None:
    for key in (None, "a key that nobody gave".replace(" ", "-"), MINE[:-1]):
        answer = posting.post(encoded(an_event(source="erp/kvantum")), key=key)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "Authorization: Bearer" in answer.json()["problem"]["sentence"]
    assert ends.new() == []


def test_too_much_at_once_or_nothing_at_all_is_refused(posting: Posting, ends: Ends) -> None:
    assert posting.post(b" " * ((4 << 20) + 1)).status_code == 413
    assert posting.post(b"").json()["answers"][0]["code"] == "empty"
    assert ends.new() == []


def test_the_door_stands_in_the_description_with_its_lock(posting: Posting) -> None:
    described = httpx.get(f"{posting.address}/openapi.json").json()
    post = described["paths"]["/api/v1/events"]["post"]
    assert post["security"] == [{"HTTPBearer": []}]
    assert {"202", "207", "401", "403", "413", "422", "429", "503"} <= post["responses"].keys()
    assert "application/xml" in post["requestBody"]["content"]


def test_without_kafka_who_posts_is_asked_to_send_again(tmp_path: Path) -> None:
    alone = Posting(f"127.0.0.1:{free_port()}", tmp_path)
    try:
        answer = alone.post(encoded(an_event(source="erp/kvantum")))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "again" in answer.json()["problem"]["sentence"]
    finally:
        stop(alone.process)
