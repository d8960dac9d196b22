"""One event from the intake to the database: its spans at a collector, and one line an outcome, under one id."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from kafka import KafkaProducer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from models.correlation import correlation, stated
from models.topics import DOCUMENTS, ORDERS, PURCHASES, REJECTED, UNITS
from tests.system.service import Service, wait_until

ORDER = Path(__file__).parents[1] / "documents/peppol/order.xml"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
RECORDED = f"00-{TRACE}-{CALLER}-01".encode()
NOT_RECORDED = f"00-{'a' * 32}-{CALLER}-00".encode()
WITHIN_S = 120.0
WAY = {
    f"intake {DOCUMENTS}",
    "judge compliance.routed",
    f"store {ORDERS}",
    "merge compliance.partials",
    f"store {UNITS}",
}


class Got(NamedTuple):
    """A span as the collector got it."""

    process: str
    name: str
    trace: str
    span: str
    parent: str


class Collector:
    """Takes OTLP over HTTP, as any collector does."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    collector.got += _spans(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


def _spans(request: Any) -> Iterator[Got]:
    for resource in request.resource_spans:
        named = {each.key: each.value.string_value for each in resource.resource.attributes}
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
            yield Got(named["service.name"], span.name, *ids)


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.server.shutdown()
        collector.server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Service, Collector]]:
    """A service that has worked on an order of today and on a record that it refuses, each with an id of its sender."""
    with TemporaryDirectory(prefix="handelspuls-traced-") as folder, collecting() as collector:
        service = Service(Path(folder))
        service.also = {
            "HANDELSPULS_LOG_OUTCOMES": "true",
            "HANDELSPULS_OTLP_ENDPOINT": collector.address,
            "HANDELSPULS_OTLP_SHARE": "0",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        try:
            service.start_servers()
            service.start("intake", "w1", "merge", "database")
            service.wait_ready()
            _send(service.bootstrap)
            service.settle(within_s=WITHIN_S)
            yield service, collector
        finally:
            for process in service.processes.values():
                process.kill()
            service.stop_servers()


def _send(bootstrap: str) -> None:
    today = datetime.now(UTC).date().isoformat()
    order = ORDER.read_bytes().replace(b"<cbc:IssueDate>2026-03-02", f"<cbc:IssueDate>{today}".encode())
    assert today.encode() in order
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(DOCUMENTS, key=b"34", value=order, headers=[("traceparent", RECORDED)])
    producer.send(PURCHASES, key=b"1", value=b"no json", headers=[("traceparent", NOT_RECORDED)])
    producer.close()


def lines(service: Service) -> list[dict[str, Any]]:
    whole = (
        log.read_text(encoding="utf-8").rpartition("\n")[0] for log in service.logs
    )  # the last line may still come
    written = (line for text in whole for line in text.splitlines())
    return [json.loads(line) for line in written if line.startswith("{")]


def told_of(service: Service, trace: str) -> set[tuple[str, str, str]]:
    """Process, topic and what became of it, of every line with this id."""
    return {
        (line["process"], line["topic"], line["event"])
        for line in lines(service)
        if line.get("correlation") == trace and "topic" in line
    }


def test_the_spans_of_one_event_lead_from_the_intake_to_the_database(told: tuple[Service, Collector]) -> None:
    _, collector = told
    wait_until("the spans", lambda: {span.name for span in collector.got} >= WAY, within_s=WITHIN_S)
    spans = {span.span: span for span in collector.got}
    assert {span.trace for span in spans.values()} == {TRACE}, "what its sender did not record is not sampled"
    assert {span.parent for span in spans.values()} - set(spans) == {CALLER}
    stored = next(span for span in spans.values() if span.name == f"store {UNITS}")
    assert [span.name for span in _up(stored, spans)] == [
        f"store {UNITS}",
        "merge compliance.partials",
        "judge compliance.routed",
        f"intake {DOCUMENTS}",
    ]


def _up(span: Got, spans: dict[str, Got]) -> Iterator[Got]:
    yield span
    if span.parent in spans:
        yield from _up(spans[span.parent], spans)


def test_one_line_an_outcome_tells_of_it_under_the_same_id(told: tuple[Service, Collector]) -> None:
    service, _ = told
    expected = {
        ("intake", DOCUMENTS, "routed"),
        ("worker", "compliance.routed", "applied"),
        ("merge", "compliance.partials", "applied"),
        ("merge", UNITS, "sent"),
        ("database", ORDERS, "stored"),
        ("database", "compliance.partials", "stored"),
        ("database", UNITS, "stored"),
    }
    wait_until("the lines", lambda: told_of(service, TRACE) >= expected, within_s=WITHIN_S)
    consumed = [
        (line["process"], line["topic"], line["partition"], line["offset"])
        for line in lines(service)
        if "offset" in line
    ]
    assert len(consumed) == len(set(consumed))


def test_a_refusal_is_told_by_the_worker_and_by_the_database(told: tuple[Service, Collector]) -> None:
    service, _ = told
    expected = {("worker", PURCHASES, "refused"), ("database", REJECTED, "stored")}
    wait_until("the lines", lambda: told_of(service, "a" * 32) == expected, within_s=WITHIN_S)


def test_what_subscribers_get_carries_the_id(told: tuple[Service, Collector]) -> None:
    service, _ = told
    for topic in (ORDERS, UNITS):
        assert TRACE in {correlation(stated(record.headers)) for record in service.tap.of(topic)}
