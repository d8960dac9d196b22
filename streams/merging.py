"""The merge's step: partials to the units' sums, and snapshots and alerts of the units that have changed."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec
import structlog

from models.correlation import carried, stated
from models.days import day_of
from models.reference.snapshot import Snapshot
from models.rules.judge import judge_of
from models.tally.alerts import Alert, Told, alerts_of
from models.tally.contribution import cell_parts
from models.tally.snapshot import UnitSnapshot, unit_snapshot
from models.tally.units import UnitSums, unassigned
from models.topics import ALERTS, UNITS
from sinks import metrics, outcomes
from streams.cells import Partial, partial_key
from streams.follower import Follower
from streams.outbox import Record
from streams.pending import Pending, Rows
from streams.step import Effects, Marks
from streams.telling import Telling

log = structlog.get_logger(__name__)

PARTIAL, UNIT = b"p", b"u"
CAUGHT_UP_S = 30.0
"""Behind further than this, figures are those of a history still being read: no crossing is told by them."""
SLICE = 200
"""Snapshots in one transaction at most: the partials that wait behind it do not wait long."""
_LEVELS = {"municipality": 0, "department": 1, "area": 2}


class Sent(msgspec.Struct, frozen=True):
    """What is kept of a unit: the revision last sent, and what was told of its alerts."""

    revision: int = 0
    told: Told = Told()


_partial = msgspec.json.Decoder(Partial)
_stored = msgspec.msgpack.Decoder(Partial)
_sent = msgspec.msgpack.Decoder(Sent)


class Merging:
    """The one partition of partials. All sums are in memory; the table holds what they are made of."""

    def __init__(
        self,
        *,
        follower: Follower,
        default_ruleset: str,
        generation: int,
        snapshot_interval_ms: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._follower = follower
        self._default_ruleset = default_ruleset
        self._generation = generation
        self._interval_s = snapshot_interval_ms / 1000
        self._clock = clock
        self._due: dict[str, float] = {}
        self._loud: set[str] = set()
        self._since_ms: int | None = None
        self._newest: dict[str, bytes] = {}
        """By unit, the traceparent of the newest record that its next snapshot holds."""
        self._behind = False

    async def opened(self, table: Rows, marks: Marks) -> None:
        del marks
        snapshot = await self._follower.ready()
        self._table = table
        self._newest = {}
        self._sums = UnitSums(snapshot, day_of(self._clock()))
        for key, value in table.scan(PARTIAL):
            source_partition, cell = partial_key(key[len(PARTIAL) :])
            stored = _stored.decode(value)
            self._sums.replace(source_partition, cell, stored.sequence, stored.measures, stored.buyers)
        for key, value in table.scan(UNIT):
            if _sent.decode(value).told.is_open:
                self._sums.changed.add(key[len(UNIT) :].decode())  # it may have ended, or gone, while nobody looked

    async def step(self, records: Sequence[Any], table: Rows) -> Effects:
        batch = Pending(table)
        telling = Telling("merge")
        for record in records:
            telling.ended(record, self._take(record, batch, telling))
        effects = self._effects(batch, self._clock(), telling.results)

        def tell() -> None:
            telling.tell()
            _tell_sent(effects)

        return msgspec.structs.replace(effects, tell=tell)

    async def idle(self, now: datetime) -> Effects | None:
        self._turn(self._follower.snapshot, now)
        if not self._ready_units():
            return None
        effects = self._effects(Pending(self._table), now)
        return msgspec.structs.replace(effects, tell=lambda: _tell_sent(effects))

    def _take(self, record: Any, batch: Pending, telling: Telling) -> str:
        traceparent = telling.follow(record)
        if _generation(record) != self._generation:
            return "stale"  # of the tables before a rebuild, or of those that come after these
        try:
            source_partition, cell = partial_key(record.key)
            partial = _partial.decode(record.value)
        except (ValueError, AttributeError, msgspec.DecodeError):
            log.exception("partial_unreadable", partition=record.partition, offset=record.offset)
            return "rejected"
        if not self._sums.replace(source_partition, cell, partial.sequence, partial.measures, partial.buyers):
            return "repeated"
        batch.put(PARTIAL + record.key, msgspec.msgpack.encode(partial))
        self._note(cell, partial, traceparent)
        return "applied"

    def _note(self, cell: str, partial: Partial, traceparent: bytes) -> None:
        if partial.since_ms is not None:
            self._behind = self._clock().timestamp() - partial.since_ms / 1000 > CAUGHT_UP_S
            self._since_ms = min(self._since_ms or partial.since_ms, partial.since_ms)
        root, unit, day = cell_parts(cell)
        chain = self._sums.chain(root, unit)
        if traceparent:
            self._newest.update(dict.fromkeys(chain, traceparent))
        if day >= self._sums.today:
            self._loud.update(chain)

    def _turn(self, snapshot: Snapshot, now: datetime) -> None:
        """Another reference or another day: sums and windows anew."""
        today = day_of(now)
        if snapshot is self._sums.snapshot and today == self._sums.today:
            return
        turned = today != self._sums.today
        known = set(self._sums.units())
        self._sums.rebase(snapshot, today)
        self._sums.changed |= known
        if turned:
            self._loud |= known

    # snapshots

    def _ready_units(self) -> list[str]:
        """Changed units whose last snapshot is old enough, the highest levels first."""
        now = time.monotonic()
        ready = [unit for unit in self._sums.changed if self._due.get(unit, 0.0) <= now]
        return sorted(ready, key=lambda unit: (self._level(unit), self._due.get(unit, 0.0), unit))[:SLICE]

    def _level(self, unit: str) -> int:
        row = self._sums.snapshot.unit_row(unit, self._sums.today)
        return _LEVELS.get(row.level, 3) if row is not None else 1

    def _effects(
        self, batch: Pending, now: datetime, results: Mapping[tuple[str, str], int] = MappingProxyType({})
    ) -> Effects:
        as_of = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        records = [record for unit in self._ready_units() for record in self._snapshot(unit, as_of, batch)]
        if records and self._since_ms is not None:
            metrics.EVENT_TO_SNAPSHOT.observe(max(now.timestamp() - self._since_ms / 1000, 0))
            self._since_ms = None
        return Effects(changes=batch.changes, records=records, results=results)

    def _snapshot(self, unit: str, as_of: str, batch: Pending) -> Iterable[Record]:
        self._sums.changed.discard(unit)
        self._due[unit] = time.monotonic() + self._interval_s
        row = batch.get(UNIT + unit.encode())
        before = _sent.decode(row) if row is not None else Sent()
        settings = judge_of(self._sums.snapshot.ruleset_text or self._default_ruleset).settings
        made = unit_snapshot(
            self._sums,
            unit,
            as_of=as_of,
            generation=self._generation,
            revision=before.revision + 1,
            gain_per_invoice_ore=settings.gain_per_invoice_ore,
        )
        told: Told = before.told
        alerts: list[Alert] = []
        if not self._behind:
            unknown = self._sums.unknown_under(unit)
            told, alerts = alerts_of(before.told, made, unknown=unknown, loud=unit in self._loud)
            self._loud.discard(unit)
        batch.put(UNIT + unit.encode(), msgspec.msgpack.encode(Sent(made.revision, told)))
        metrics.SNAPSHOTS.inc()
        _show(made)
        traceparent = self._newest.pop(unit, b"")
        told_alerts = [self._alert(alert, traceparent) for alert in alerts]
        return [_record(UNITS, unit, made, made.revision, traceparent), *told_alerts]

    def _alert(self, alert: Alert, traceparent: bytes) -> Record:
        metrics.ALERTS.labels(alert.state).inc()
        return _record(ALERTS, alert.unit, alert, alert.revision, traceparent)


def _generation(record: Any) -> int:
    stated = dict(record.headers or ()).get("generation", b"1")
    return int(stated) if stated.isdigit() else 0


def _tell_sent(effects: Effects) -> None:
    """A line for each snapshot and each alert that is out now."""
    if not outcomes.are_written():
        return
    for record in effects.records:
        revision = dict(record.headers)["revision"].decode()
        unit = (record.key or b"").decode()
        outcomes.write("sent", stated(record.headers), topic=record.topic, unit=unit, revision=revision)


def _record(topic: str, unit: str, value: UnitSnapshot | Alert, revision: int, traceparent: bytes) -> Record:
    headers = (
        ("generation", str(value.generation).encode()),
        ("revision", str(revision).encode()),
        ("schema", f"{topic}/1".encode()),
        *carried(traceparent),
    )
    return Record(topic, 0, unit.encode(), msgspec.json.encode(value), headers)


_SHOWN = frozenset({"municipality", "department"})
_AMOUNTS = ("catalogue_ore", "off_channel_ore", "review_ore", "excluded_ore", "avoidable_ore", "uncovered_ore")


def _show(made: UnitSnapshot) -> None:
    """The figures of municipality and departments as metrics, and of what belongs to no known unit."""
    if made.level not in _SHOWN and made.unit != unassigned(made.root):
        return
    metrics.UNIT.labels(made.unit).info({"name": made.name})
    for window, found in made.windows.items():
        for name, figure in found.figures.items():
            if figure["value"] is None:
                metrics.forget(metrics.RATE, made.unit, made.level, name, window)
            else:
                metrics.RATE.labels(made.unit, made.level, name, window).set(float(figure["value"]))
        for name in _AMOUNTS:
            metrics.AMOUNT.labels(made.unit, made.level, name, window).set(found.measures[name])
    year = made.windows["12m"]
    for name in year.figures:
        if name in year.targets:
            metrics.TARGET.labels(made.unit, made.level, name).set(year.targets[name].target)
        else:
            metrics.forget(metrics.TARGET, made.unit, made.level, name)
