"""The same files by `judge` and, sent by `send`, by the stream: the same answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.topics import ORDERS, REJECTED
from tests.system.service import ROOT, Service
from tests.unit.contract.builders import REMOVED, a_line, an_event, encoded
from tests.unit.files.judged import SAMPLES

OWN = ROOT / "tests" / "documents"
COMPARED = [
    "purchase",
    "kind",
    "number",
    "order",
    "version",
    "unit",
    "root",
    "day",
    "supplier",
    "outcome",
    "channel",
    "reason",
    "rule",
    "ruleset",
    "lines",
    "amounts_ore",
    "invoiced_ore",
    "credited_ore",
    "currency",
    "tallied",
]
CSV = b"""type;source;id;order;placed_at;unit;supplier;channel;line;net_amount
order.placed;erp/csv;e1;77;2026-03-02T09:00:00+01:00;U-1;S-1;phone;1;12,50
order.placed;erp/csv;e1;;;;;;2;0,50
"""


def events() -> list[dict[str, Any]]:
    """Orders with all that may happen to them, the latest said first."""
    invoice = {"data__supplier": "DK12345678", "data__unit": "U-10234"}
    return [
        an_event("decision.made", data__purchase="erp%2Fkvantum~5", data__outcome="off_channel", data__channel="phone"),
        an_event("order.cancelled", id="c2", data__order="2", data__version=9),
        an_event("credit_note.received", id="k3", data__order="3", data__invoice=None, **invoice),
        an_event(
            "invoice.received", id="i4", data__invoice="F4", data__order="4", data__issued_on="2026-02-01", **invoice
        ),
        an_event("invoice.received", id="i6", data__invoice="F6", data__order=None, **invoice),
        an_event("order.changed", id="v1", data__order="1", data__version=2, data__lines=[a_line(net_amount="10.00")]),
        *(an_event(id=f"o{number}", data__order=str(number)) for number in range(1, 6)),
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "events.jsonl").write_bytes(b"\n".join(map(encoded, events())))
    (folder / "rows.csv").write_bytes(CSV)
    return [folder, OWN, *([SAMPLES] if SAMPLES.is_dir() else [])]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Iterator[Service]:
    """No reference but the catalogues among the files, which come first: what they change is judged again anyhow."""
    running = Service(tmp_path_factory.mktemp("service"))
    try:
        running.start_servers()
        running.start("intake", "w1", "merge")
        running.wait_ready()
        sent = running.run("send", *map(str, files))
        assert sent.returncode == 0, sent.stderr
        running.settle()
        yield running
    finally:
        for process in running.processes.values():
            if process.is_alive:
                process.kill()
        running.stop_servers()


def compared(judgement: dict[str, Any]) -> dict[str, Any]:
    return {name: judgement.get(name) for name in COMPARED}


def test_every_purchase_has_the_same_judgement(service: Service, files: list[Path]) -> None:
    judged = service.run("judge", *map(str, files))
    assert judged.returncode == 0, judged.stderr
    by_judge = {each["purchase"]: each for each in map(json.loads, judged.stdout.splitlines())}
    by_stream = service.tap.last_by_key(ORDERS)
    standing = {name: each for name, each in by_stream.items() if each["reason"] != "absorbed"}
    assert standing.keys() == by_judge.keys()
    for name, judgement in by_judge.items():
        assert compared(standing[name]) == compared(judgement), name
        assert set(standing[name].get("flags", ())) == set(judgement.get("flags", ())), name


def test_what_judge_refuses_the_stream_rejects(service: Service) -> None:
    wrong = b"\n".join([encoded(an_event(data__unit=REMOVED)), b"{broken", encoded(an_event(data__order=""))])
    judged = service.run("judge", "-", input=wrong.decode())
    assert judged.returncode == 1
    assert service.run("send", "--as-is", "-", input=wrong.decode()).returncode == 0
    service.settle()
    refused = [json.loads(line)["rejected"] for line in judged.stdout.splitlines()]
    headers = [dict(record.headers) for record in service.tap.of(REJECTED)]
    assert sorted((each["code"], each.get("field", "")) for each in refused) == sorted(
        (each["code"].decode(), each.get("field", b"").decode()) for each in headers
    )


def test_all_cells_come_again_and_change_no_figure(service: Service) -> None:
    before = service.tap.last_by_key("compliance.partials")
    count = len(service.tap.of("compliance.partials"))
    assert service.run("resend-cells").returncode == 0
    service.settle()
    again = service.tap.of("compliance.partials")[count:]
    assert {record.key.decode() for record in again} == before.keys()
    after = service.tap.last_by_key("compliance.partials")
    assert {name: each["measures"] for name, each in after.items()} == {
        name: each["measures"] for name, each in before.items()
    }
