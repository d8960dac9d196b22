"""The merge's step, on rows in memory: what it tells of units that nobody knows, of targets that end, of units that go."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from models.purchase.assessing import Basis
from models.reference.rows import BuyerRow, LedgerRow, Level, TargetRow, UnitRow
from models.reference.snapshot import Snapshot
from models.topics import ALERTS, PARTIALS, UNITS
from sinks import metrics
from streams.cells import Partial
from streams.merging import Merging
from streams.step import Effects, Marks
from tests.builders import DAY, basis, lived, order
from tests.unit.rules.changed import default_text

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
GOAL = TargetRow("U1", "e_handelsgrad_amount", "0.8")


@pytest.fixture(autouse=True)
def no_series_left() -> Iterator[None]:
    """Other tests look at the series of the process."""
    yield
    metrics.TableObserver("units").closed(0)


class Table(dict[bytes, bytes]):
    """Rows as a step reads them."""

    def scan(self, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        yield from sorted((key, value) for key, value in self.items() if key.startswith(prefix))


class Follower:
    """The reference as it is now."""

    def __init__(self, on: Basis) -> None:
        self.snapshot: Snapshot = on.snapshot

    async def ready(self) -> Snapshot:
        return self.snapshot


class Service:
    """A merge that can be restarted; `told` is all that it has sent."""

    def __init__(self, on: Basis) -> None:
        self.table, self.follower = Table(), Follower(on)
        self.told: list[Any] = []
        self._offset = 0
        self.restart()

    def restart(self) -> None:
        self.merging = Merging(
            follower=self.follower,  # type: ignore[arg-type]
            default_ruleset=default_text(),
            generation=1,
            snapshot_interval_ms=0,
            clock=lambda: NOW,
        )
        asyncio.run(self.merging.opened(self.table, Marks()))
        self.rest()

    def hears(self, *facts: object, sequence: int = 1, source_partition: int = 0) -> Effects:
        rows = lived(facts, Basis(self.follower.snapshot, basis().judge))
        records = [
            self._record(f"{source_partition}|{cell}", Partial(sequence, measures, rows.buyers[cell]))
            for cell, measures in rows.cells.items()
        ]
        effects = asyncio.run(self.merging.step(records, self.table))
        self._take(effects)
        self.rest()
        return effects

    def learns(self, on: Basis) -> None:
        self.follower.snapshot = on.snapshot
        self.rest()

    def rest(self) -> None:
        while (effects := asyncio.run(self.merging.idle(NOW))) is not None:
            self._take(effects)

    def of(self, topic: str) -> list[Any]:
        return [json.loads(record.value) for record in self.told if record.topic == topic]

    def newest(self, unit: str) -> Any:
        return [each for each in self.of(UNITS) if each["unit"] == unit][-1]

    def _record(self, key: str, partial: Partial) -> Any:
        self._offset += 1
        value = json.dumps({"sequence": partial.sequence, "measures": partial.measures, "buyers": partial.buyers})
        return SimpleNamespace(
            topic=PARTIALS,
            key=key.encode(),
            value=value.encode(),
            partition=0,
            offset=self._offset,
            timestamp=NOW.timestamp() * 1000,
            headers=(),
        )

    def _take(self, effects: Effects) -> None:
        self.table.update(effects.changes)
        self.told += effects.records


def alerts(service: Service) -> list[tuple[str, str, str, int]]:
    return [(each["unit"], each["figure"], each["state"], each["revision"]) for each in service.of(ALERTS)]


def bought(number: str, *, catalogue: bool = True, unit: str = "U1", **more: Any) -> object:
    return order(number, unit=unit, **more) if catalogue else order(number, unit=unit, channel="phone", **more)


def test_an_unknown_unit_is_told_until_the_reference_learns_it_also_over_a_restart() -> None:
    service = Service(basis())
    service.hears(bought("1", unit="U-77"))
    service.restart()
    service.learns(basis(UnitRow("U-77", "Ny skole", Level.INSTITUTION, parent="D1"), number=1))
    assert alerts(service) == [
        ("K-unassigned", "unknown_units", "crossed", 1),
        ("K-unassigned", "unknown_units", "ended", 2),
    ]
    assert service.of(ALERTS)[0]["names"] == ["U-77"]
    assert service.newest("U-77")["windows"]["day"]["measures"]["catalogue_count"] == 1


def test_two_windows_that_cross_at_once_have_two_revisions() -> None:
    service = Service(basis(GOAL))
    service.hears(bought("1"))
    service.hears(bought("2", catalogue=False), source_partition=1)
    assert alerts(service) == [("U1", GOAL.figure, "crossed", 1), ("U1", GOAL.figure, "crossed", 2)]
    assert {each["window"] for each in service.of(ALERTS)} == {"30d", "12m"}


def test_an_alert_whose_unit_goes_while_the_merge_is_down_is_told_as_ended() -> None:
    service = Service(basis(GOAL))
    service.hears(bought("1"))
    service.hears(bought("2", catalogue=False), source_partition=1)
    service.follower.snapshot = basis(without=[GOAL, *basis().snapshot.unit_rows("U1")], number=1).snapshot
    service.restart()
    ended = [each for each in alerts(service) if each[2] == "ended"]
    assert ended == [("U1", GOAL.figure, "ended", 3), ("U1", GOAL.figure, "ended", 4)]
    service.restart()
    assert len(alerts(service)) == 4  # nothing is told twice


def test_active_buyers_and_the_ledger_reach_the_snapshot_and_survive_a_restart() -> None:
    on = basis(BuyerRow("b-1", "U1", DAY), LedgerRow("U1", DAY, 4, "1"))
    service = Service(on)
    service.hears(bought("1", buyer="b-1"), bought("2", buyer="b-2"))
    service.restart()
    figures = service.newest("D1")["windows"]["month"]["figures"]
    assert figures["certified_buyers"] == {"numerator": 1, "denominator": 2, "value": 0.5}
    assert figures["coverage_count"]["denominator"] == 4
    assert service.newest("D1")["gain_per_invoice_ore"] == 6200


def test_a_partial_of_before_is_a_repeat_and_counts_for_nothing() -> None:
    service = Service(basis())
    assert service.hears(bought("1"), sequence=2).results == {(PARTIALS, "applied"): 1}
    assert service.hears(bought("1"), bought("2"), sequence=1).results == {(PARTIALS, "repeated"): 1}
    assert service.newest("K")["windows"]["day"]["measures"]["catalogue_count"] == 1
