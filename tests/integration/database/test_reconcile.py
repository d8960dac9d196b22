from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from models.measures import MEASURES
from models.topics import ORDERS, PARTIALS, UNITS, reference_topic
from models.vocabulary import Outcome
from sinks.database.reconcile import Difference, reconcile
from tests.integration.database.builders import cell, judgement, line, value
from tests.integration.database.conftest import Bench

UNITS_IN_TREE = [
    {"unit": "M-1", "name": "Kommune", "level": "municipality"},
    {"unit": "U-1", "name": "Skole", "level": "institution", "parent": "M-1"},
]
COUNTS = "select (select count(*) from {}), (select count(*) from unit_snapshots), (select count(*) from purchases)"


@pytest.fixture
def engine(bench: Bench) -> Iterator[Engine]:
    engine = create_engine(bench.url)
    yield engine
    engine.dispose()


def snapshot(unit: str, **measures: int) -> bytes:
    day = {"from": "2026-03-02", "to": "2026-03-02", "measures": dict.fromkeys(MEASURES, 0) | measures}
    fields = {"unit": unit, "name": unit, "level": "institution", "root": "M-1", "day": "2026-03-02"}
    return value(fields | {"as_of": "2026-03-02T08:15:00Z", "generation": 1, "revision": 1, "windows": {"day": day}})


def fill(bench: Bench, *, cell_ore: int, snapshot_ore: int) -> None:
    for row in UNITS_IN_TREE:
        bench.send(reference_topic("units"), str(row["unit"]), value(row))
    lines = (line("1", 300), line("2", 200, Outcome.OFF_CHANNEL))
    bench.send(ORDERS, "erp~1", value(judgement("1", lines=lines)))
    bench.send(ORDERS, "erp~2", value(judgement("2", unit="U-new", lines=(line("1", 50),))))
    bench.send(PARTIALS, "0|M-1|U-1|2026-03-02", cell(1, catalogue_ore=cell_ore - 100, off_channel_ore=200))
    bench.send(PARTIALS, "1|M-1|U-1|2026-03-02", cell(1, catalogue_ore=100))
    bench.send(PARTIALS, "1|M-1|U-new|2026-03-02", cell(1, catalogue_ore=50))
    bench.send(UNITS, "M-1", snapshot("M-1", catalogue_ore=snapshot_ore + 50, off_channel_ore=200))
    bench.send(UNITS, "U-1", snapshot("U-1", catalogue_ore=snapshot_ore, off_channel_ore=200))
    bench.send(UNITS, "M-1-unassigned", snapshot("M-1-unassigned", catalogue_ore=50))
    bench.producer.flush()
    bench.start()
    bench.wait_for(COUNTS.format("unit_days"), [(3, 3, 2)])
    bench.wait_for("select count(*) from units", [(2,)])


def test_lines_cells_and_snapshots_agree_to_the_ore(bench: Bench, engine: Engine) -> None:
    fill(bench, cell_ore=300, snapshot_ore=300)
    assert reconcile(engine) == ([], [])


def test_a_cell_that_differs_from_the_lines_is_named(bench: Bench, engine: Engine) -> None:
    fill(bench, cell_ore=301, snapshot_ore=301)
    assert reconcile(engine).lines_against_cells == [Difference("U-1", "2026-03-02", "catalogue_ore", 300, 301)]


def test_a_snapshot_that_differs_from_the_cells_is_named_with_its_window(bench: Bench, engine: Engine) -> None:
    fill(bench, cell_ore=300, snapshot_ore=302)
    found = reconcile(engine)
    assert sorted(found.cells_against_snapshots) == [
        Difference("M-1", "day", "catalogue_ore", 350, 352),
        Difference("U-1", "day", "catalogue_ore", 300, 302),
    ]
    assert found.difference_ore == 4
