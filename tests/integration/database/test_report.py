import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy import create_engine

from handelspuls.commands import report
from handelspuls.errors import CannotRun
from models.days import COPENHAGEN
from models.judgement import Cause
from models.topics import ORDERS, PARTIALS, REPORTS, reference_topic
from sinks.reports.frozen import reported_until
from sinks.web.queries.course import read_course, read_course_as_was
from sinks.web.queries.tree import read_tree
from tests.integration.database.builders import cell, judgement, value
from tests.integration.database.conftest import Bench
from tests.integration.database.test_commands import make_topic_once

MONTH = "2026-03"
TREE: list[dict[str, Any]] = [
    {"unit": "M-1", "name": "Kommune", "level": "municipality"},
    {"unit": "D-1", "name": "Skoler", "level": "department", "parent": "M-1"},
    {"unit": "D-2", "name": "Kultur", "level": "department", "parent": "M-1"},
    {"unit": "U-1", "name": "Skole", "level": "institution", "parent": "D-1", "valid_to": "2026-03-15"},
    {"unit": "U-1", "name": "Skole", "level": "institution", "parent": "D-2", "valid_from": "2026-03-16"},
]
Run = Callable[..., Result]


@pytest.fixture
def run(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("DATABASE_URL", bench.url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", bench.bootstrap)
    make_topic_once(bench, REPORTS)

    def run_command(*arguments: str) -> Result:
        return CliRunner().invoke(report.command, [*arguments, "--out", str(tmp_path)], catch_exceptions=False)

    return run_command


@pytest.fixture
def filled(bench: Bench) -> Bench:
    for row in TREE:
        bench.send(reference_topic("units"), f"{row['unit']}|{row.get('valid_from', '')}", value(row))
    bench.send(PARTIALS, "0|M-1|U-1|2026-03-02", cell(1, catalogue_ore=300, off_channel_ore=700, catalogue_count=12))
    bench.send(PARTIALS, "1|M-1|U-1|2026-03-20", cell(1, catalogue_ore=100))
    bench.send(PARTIALS, "1|M-1|U-9|2026-03-20", cell(1, off_channel_ore=50))
    bench.send(PARTIALS, "1|M-1|U-1|2026-04-01", cell(1, catalogue_ore=5_000))
    bench.producer.flush()
    bench.start()
    bench.wait_for("select (select count(*) from unit_days), (select count(*) from units)", [(4, 5)])
    return bench


def frozen(bench: Bench, *, first: str = "2026-03-01") -> dict[str, Any]:
    return bodies(bench, first)


def test_each_day_counts_under_whom_the_unit_stood_that_day(filled: Bench, run: Run) -> None:
    assert run(MONTH).exit_code == 0
    amounts = {unit: body["measures"]["catalogue_ore"] for unit, body in frozen(filled).items()}
    assert amounts == {"M-1": 400, "D-1": 300, "D-2": 100, "U-1": 400, "M-1-unassigned": 0}
    assert frozen(filled)["M-1"]["measures"]["off_channel_ore"] == 750


def test_months_can_be_asked_for_in_either_tree(filled: Bench) -> None:
    with create_engine(filled.url).connect() as connection:
        today = date(2026, 4, 1)
        as_was = {
            unit: [each.catalogue_ore for each in read_course_as_was(connection, unit=unit, today=today, months=2)]
            for unit in ("D-1", "D-2")
        }
        tree = read_tree(connection, today=today)
        as_is = {
            unit: [each.catalogue_ore for each in read_course(connection, tree=tree, unit=unit, today=today, months=2)]
            for unit in ("D-1", "D-2")
        }
    assert as_was == {"D-1": [300, 0], "D-2": [100, 5_000]}
    assert as_is == {"D-1": [0, 0], "D-2": [400, 5_000]}


def test_a_frozen_month_stays_whatever_comes_later(filled: Bench, run: Run, tmp_path: Path) -> None:
    run(MONTH)
    first = (tmp_path / "U-1.html").read_text(), (tmp_path / f"{MONTH}.csv").read_text()
    filled.send(PARTIALS, "1|M-1|U-1|2026-03-20", cell(2, catalogue_ore=999_999))
    filled.producer.flush()
    filled.wait_for("select max(sequence) from unit_days", [(2,)])
    run(MONTH)
    assert ((tmp_path / "U-1.html").read_text(), (tmp_path / f"{MONTH}.csv").read_text()) == first


def test_every_report_is_published_once_under_unit_and_month(filled: Bench, run: Run) -> None:
    start = end_of(filled)
    run(MONTH)
    run(MONTH)
    records = read_from(filled, start)
    assert sorted(record.key.decode() for record in records) == sorted(f"{unit}:{MONTH}" for unit in frozen(filled))
    assert all(dict(record.headers)["revision"] == b"1" for record in records)
    assert {json.loads(record.value)["unit"]: json.loads(record.value) for record in records} == frozen(filled)


def test_one_unit_is_written_with_its_chain(filled: Bench, run: Run, tmp_path: Path) -> None:
    result = run(MONTH, "--unit", "U-1", "--language", "en")
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.glob("*.html")} == {"index.html", "U-1.html", "D-2.html", "M-1.html"}
    assert "Monthly report" in (tmp_path / "U-1.html").read_text()


def test_it_is_known_until_when_reports_are_frozen(filled: Bench, run: Run) -> None:
    engine = create_engine(filled.url)
    assert reported_until(engine) is None
    run(MONTH)
    assert reported_until(engine) == datetime(2026, 4, 1, tzinfo=COPENHAGEN)
    engine.dispose()


def test_a_month_that_is_not_over_is_not_frozen(run: Run) -> None:
    with pytest.raises(CannotRun, match="is not over"):
        run("2999-01")


def test_a_month_without_anything_is_told(run: Run) -> None:
    with pytest.raises(CannotRun, match="is `database` running"):
        run(MONTH)
    with pytest.raises(CannotRun, match="Nothing is known of 2026-03"):
        run(MONTH, "--anyway")


def judged(bench: Bench, revision: int, amounts: dict[str, int], *, cause: str = "order.placed") -> None:
    what = judgement(
        "1", revision, unit="U-1", root="M-1", day=date(2026, 3, 20), amounts_ore=amounts, cause=Cause(cause)
    )
    bench.send(ORDERS, what.purchase, value(what))


def adjusted(filled: Bench) -> None:
    """After March was frozen, a credit note takes 40 of the 100 catalogue øre of 20 March away."""
    judged(filled, 2, {"catalogue": 60}, cause="credit_note.received")
    filled.send(PARTIALS, "1|M-1|U-1|2026-03-20", cell(2, catalogue_ore=60))
    filled.producer.flush()
    filled.wait_for("select max(sequence), (select max(revision) from revisions) from unit_days", [(2, 2)])


def test_what_changes_in_a_frozen_month_is_told_by_the_next_report_once(filled: Bench, run: Run) -> None:
    judged(filled, 1, {"catalogue": 100})
    filled.producer.flush()
    filled.wait_for("select count(*) from revisions", [(1,)])
    run(MONTH)
    adjusted(filled)
    assert run("2026-04").exit_code == 0
    told = {unit: body["adjustments"] for unit, body in bodies(filled, "2026-04-01").items() if body["adjustments"]}
    assert sorted(told) == ["D-2", "M-1", "U-1"]  # where the school stood on that day, and up
    (one,) = told["M-1"]
    assert (one["month"], one["revision"], one["measures"]) == (MONTH, 1, {"catalogue_ore": -40})
    assert (one["before"]["e_handelsgrad_amount"]["numerator"], one["after"]["e_handelsgrad_amount"]["numerator"]) == (400, 360)  # fmt: skip
    assert one["reasons"] == [
        {"cause": "credit_note.received", "purchases": 1, "catalogue_ore": -40, "off_channel_ore": 0, "review_ore": 0}
    ]
    run("2026-05")
    assert [body["adjustments"] for body in bodies(filled, "2026-05-01").values() if body["adjustments"]] == []
    assert frozen(filled, first="2026-03-01")["M-1"]["measures"]["catalogue_ore"] == 400


def test_a_revision_says_what_changed_and_is_published_beside_the_first(filled: Bench, run: Run) -> None:
    run(MONTH)
    start = end_of(filled)
    adjusted(filled)
    assert "reports revised" in run(MONTH, "--revise").output
    revised = frozen(filled)
    assert {unit: body["revision"] for unit, body in revised.items() if body["revision"] > 1}.keys() >= {"M-1", "U-1"}
    assert revised["M-1"]["measures"]["catalogue_ore"] == 360
    assert revised["M-1"]["adjustments"][0]["measures"] == {"catalogue_ore": -40}
    assert {dict(record.headers)["revision"] for record in read_from(filled, start)} == {b"2"}
    assert "0 reports revised" in run(MONTH, "--revise").output


def test_a_report_waits_for_a_database_that_is_behind_and_says_so(
    filled: Bench, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.stop()
    filled.send(PARTIALS, "1|M-1|U-1|2026-03-20", cell(9, catalogue_ore=1))
    filled.producer.flush()
    monkeypatch.setattr(report, "CATCH_UP_S", 0.0)
    with pytest.raises(CannotRun, match="has not taken in all"):
        run(MONTH)
    assert "frozen without it" in run(MONTH, "--anyway").output


def bodies(bench: Bench, first: str) -> dict[str, Any]:
    rows = bench.rows(f"select body from reports where month = '{first}' order by revision")  # noqa: S608
    return {body["unit"]: body for (body,) in rows}


def test_certified_buyers_of_a_report_are_different_people_by_the_certificate_of_its_last_day(
    filled: Bench, run: Run
) -> None:
    for buyer, until in (("b-1", "2026-12-31"), ("b-2", "2026-03-30")):
        row = {"buyer": buyer, "certified_from": "2025-01-01", "certified_until": until}
        filled.send(reference_topic("buyers"), f"{buyer}|2025-01-01", value(row))
    for day, who in (("2026-03-02", {"b-1": 2}), ("2026-03-20", {"b-1": 1, "b-2": 1}), ("2025-03-31", {"b-3": 1})):
        filled.send(PARTIALS, f"7|M-1|U-1|{day}", value({"sequence": 1, "measures": [], "buyers": who}))
    filled.producer.flush()
    filled.wait_for("select (select count(*) from buyers), (select count(*) from unit_days)", [(2, 7)])
    run(MONTH)
    found = {unit: body["figures"]["certified_buyers"] for unit, body in frozen(filled).items()}
    counted = {unit: (each["numerator"], each["denominator"]) for unit, each in found.items() if each["denominator"]}
    assert counted == {"M-1": (1, 2), "D-1": (1, 1), "D-2": (1, 2), "U-1": (1, 2)}


def consumer_at_reports(bench: Bench) -> Any:
    consumer = KafkaConsumer(bootstrap_servers=bench.bootstrap, consumer_timeout_ms=3_000)
    consumer.assign([TopicPartition(REPORTS, 0)])
    return consumer


def end_of(bench: Bench) -> int:
    consumer = consumer_at_reports(bench)
    end: int = consumer.end_offsets([TopicPartition(REPORTS, 0)])[TopicPartition(REPORTS, 0)]
    consumer.close()
    return end


def read_from(bench: Bench, start: int) -> list[Any]:
    consumer, end = consumer_at_reports(bench), end_of(bench)
    consumer.seek(TopicPartition(REPORTS, 0), start)
    found = [next(consumer) for _ in range(end - start)]
    consumer.close()
    return found
