"""The worker's step: facts to the rows of their numbers, judgements, cells and what belongs elsewhere."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog

from models.days import milliseconds
from models.judgement import Judgement, Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, judged_again
from models.purchase.lifecycle import Step as Lived
from models.purchase.lifecycle import received as lived
from models.purchase.row import Contribution, Row, decode, encode
from models.purchase.touching import is_touched
from models.reference.touched import EVERYTHING
from models.refusal import RefusalError, Refused, failed
from models.tally.contribution import add_to
from models.topics import ORDERS
from models.vocabulary import Disposition, RejectionCode
from sinks import metrics
from streams.basis import CurrentBasis
from streams.cells import Cells, asks_to_resend
from streams.errors import RowUnreadable, StoreDamaged
from streams.failpoint import Point, pass_by
from streams.outbox import MAX_RECORD_BYTES, Record
from streams.pending import Pending, Rows
from streams.reading import Pseudonym, received
from streams.rejecting import rejected
from streams.routing import Received, home_of, routed
from streams.shadow import Shadow
from streams.step import NEVER_SWEPT, Effects, Marks

log = structlog.get_logger(__name__)

PREFIX = b"n"
SCHEMA = "compliance.orders/1"
YIELD_EVERY = 100
MARGIN_BYTES = 4096
"""Room for key and headers of the largest output."""


class JudgingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the judging of a process is told."""

    partitions: int
    generation: int
    flush_interval_ms: int
    rejudge_share: float
    idle_interval_s: float = 0.2


class Judging:
    """One partition's judging; holds in memory only what the table can give again."""

    def __init__(
        self,
        *,
        partition: int,
        settings: JudgingSettings,
        basis: CurrentBasis,
        pseudonym: Pseudonym,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._partition = partition
        self._settings = settings
        self._current = basis
        self._pseudonym = pseudonym
        self._clock = clock
        self._flush_due = 0.0
        self._sweep: Iterator[bytes] | None = None
        self._sweeping_for = -1
        self._touched = EVERYTHING
        self._shadow = Shadow()

    async def opened(self, table: Rows, marks: Marks) -> None:
        await self._current.ready()
        self._table = table
        self._marks = marks
        self._cells = Cells(table, generation=self._settings.generation, sequence=marks.sequence, flushed=marks.flushed)
        self._sweep = None

    async def step(self, topic: str, records: Sequence[Any], table: Rows) -> Effects:
        batch = _Batch(self._current.now(), Pending(table))
        batch.oldest_ms = records[0].timestamp
        results: Counter[str] = Counter()
        for place, record in enumerate(records):
            if place % YIELD_EVERY == 0:
                await asyncio.sleep(0)  # others have their turn: commits, health, the other partitions
            results[self._take(record, batch).value] += 1
        metrics.worked_on(topic, self._partition, [each.timestamp for each in records], time.time())
        return msgspec.structs.replace(self._effects(batch), results=results)

    async def idle(self, now: datetime) -> Effects | None:
        basis = self._current.now()
        if basis.snapshot.number != self._marks.reference:
            return self._sweep_on(basis, now)
        if self._cells.dirty and self._clock() >= self._flush_due:
            return self._effects(_Batch(basis, Pending(self._table)))
        return None

    # one record

    def _take(self, record: Any, batch: "_Batch") -> Disposition:
        """Whatever is wrong with a record ends here, in an answer to it."""
        try:
            if asks_to_resend(record):
                return self._resend_cells()
            pass_by(Point.JUDGING)
            return self._judge(received(record, pseudonym=self._pseudonym), record, batch)
        except RefusalError as error:
            return self._reject(record, error.refused, batch)
        except (StoreDamaged, RowUnreadable):
            raise  # no fault of the record
        except Exception as error:
            log.exception("judging_failed", topic=record.topic, partition=record.partition, offset=record.offset)
            return self._reject(record, failed(error), batch)

    def _resend_cells(self) -> Disposition:
        """Nothing counts as sent any more, also after a restart, until the next flush."""
        self._marks = msgspec.structs.replace(self._marks, flushed=0)
        self._cells.all_dirty()
        return Disposition.APPLIED

    def _reject(self, record: Any, refused: Refused, batch: "_Batch") -> Disposition:
        batch.records.append(rejected(record, refused, partition=self._partition))
        return Disposition.REJECTED

    def _judge(self, one: Received, record: Any, batch: "_Batch") -> Disposition:
        number = one.fact.number
        home = home_of(number, self._settings.partitions)
        if home != self._partition:
            return self._send_on(one, record, batch)
        moment = Moment(one.origin, one.at, self._settings.generation)
        step = lived(batch.row(number), one.fact, kind=one.kind, basis=batch.basis, moment=moment)
        sends = [
            routed(msgspec.structs.replace(one, fact=fact), partitions=self._settings.partitions) for fact in step.sends
        ]
        batch.keep(number, step, [*outputs(step.judgements), *sends])
        batch.records += self._shadow.look(step.judgements, step.row, basis=batch.basis, moment=moment)
        return step.disposition

    def _send_on(self, one: Received, record: Any, batch: "_Batch") -> Disposition:
        onward = routed(one, partitions=self._settings.partitions)
        if record.topic == onward.topic:
            raise RefusalError(
                Refused(
                    code=RejectionCode.MISROUTED,
                    field="key",
                    message="The record came to a partition that is not its number's, twice; have the partition counts compared.",
                    source=one.fact.source,
                    event_id=one.fact.stamp.event_id,
                )
            )
        batch.records.append(onward)
        return Disposition.ROUTED

    # what a batch brings about

    def _effects(self, batch: "_Batch", *, sweep: bool = False) -> Effects:
        changes = batch.encoded() | self._cells.add(batch.change, at_ms=batch.oldest_ms)
        flushed, partials = self._marks.flushed, self._flush()
        if partials:
            flushed = self._cells.sequence
        self._marks = Marks(sequence=self._cells.sequence, flushed=flushed, reference=self._reference(batch))
        return Effects(changes=changes, records=[*batch.records, *partials], marks=self._marks, sweep=sweep)

    def _reference(self, batch: "_Batch") -> int:
        """Up to which reference all rows were judged; an empty partition owes nothing."""
        if batch.swept is not None:
            return batch.swept
        if self._marks.reference == NEVER_SWEPT:
            return batch.basis.snapshot.number
        return self._marks.reference

    def _flush(self) -> list[Record]:
        if not self._cells.dirty or self._clock() < self._flush_due:
            return []
        self._flush_due = self._clock() + self._settings.flush_interval_ms / 1000
        pass_by(Point.FLUSHING)
        partials = self._cells.flush(self._partition)
        metrics.FLUSHED.inc(len(partials))
        return partials

    # after a change of reference

    def _sweep_on(self, basis: Basis, now: datetime) -> Effects:
        """Judge some more of the old rows by the new basis, for a share of the time."""
        batch = _Batch(basis, Pending(self._table))
        if self._sweep is None or self._sweeping_for != basis.snapshot.number:
            # Rows that an interrupted sweep has judged already may need it once more: what changed can change back.
            self._touched = (
                EVERYTHING if self._sweep is not None else self._current.touched_since(self._marks.reference)
            )
            self._sweep = (key for key, _ in self._table.scan(PREFIX)) if self._touched.judgements else iter(())
            self._sweeping_for = basis.snapshot.number
        until = self._clock() + self._settings.idle_interval_s * self._settings.rejudge_share
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        moment = Moment(Origin("reference.sets", 0, basis.snapshot.number), at, self._settings.generation)
        for key in self._sweep:
            self._try_again(key[len(PREFIX) :].decode(), batch, moment)
            if self._clock() >= until:
                return self._effects(batch, sweep=True)
        self._sweep = None
        batch.swept = basis.snapshot.number
        return self._effects(batch, sweep=True)

    def _try_again(self, number: str, batch: "_Batch", moment: Moment) -> None:
        """A row that cannot be judged again stays as it was judged, and is told; the others go on."""
        try:
            self._again(number, batch, moment)
        except (StoreDamaged, RowUnreadable):
            raise
        except Exception:
            log.exception("judging_again_failed", partition=self._partition, reference=moment.origin.offset)
            metrics.REJECTIONS.labels(moment.origin.topic, RejectionCode.INTERNAL_ERROR.value).inc()

    def _again(self, number: str, batch: "_Batch", moment: Moment) -> None:
        row = batch.row(number)
        if row.reference == batch.basis.snapshot.number or not is_touched(row, self._touched):
            return
        step = judged_again(row, basis=batch.basis, moment=moment)
        metrics.JUDGED_AGAIN.inc()
        time_ms = milliseconds(datetime.fromisoformat(moment.at))
        onward = [Received(fact, "reference.changed", moment.origin, time_ms) for fact in step.sends]
        sends = [routed(one, partitions=self._settings.partitions) for one in onward]
        batch.keep(number, step, [*outputs(step.judgements), *sends])
        batch.records += self._shadow.look(step.judgements, step.row, basis=batch.basis, moment=moment)


class _Batch:
    """What the records of a batch have brought about so far; `keep` takes all of a record or nothing."""

    def __init__(self, basis: Basis, rows: Pending) -> None:
        self.basis = basis
        self.records: list[Record] = []
        self.change: Contribution = {}
        self.swept: int | None = None
        self.oldest_ms: int | None = None
        self._rows = rows
        self._changed: dict[str, Row] = {}
        self._encoded: dict[bytes, bytes] = {}

    def row(self, number: str) -> Row:
        changed = self._changed.get(number)
        if changed is not None:
            return changed
        try:
            return decode(self._rows.get(PREFIX + number.encode()))
        except ValueError as error:
            raise RowUnreadable(f"the row of {number}: {error}") from error

    def keep(self, number: str, step: Lived, records: Sequence[Record]) -> None:
        for record in records:
            _fits(len(record.value or b""))
        encoded = encode(step.row)
        _fits(len(encoded))
        self._changed[number] = step.row
        self._encoded[PREFIX + number.encode()] = encoded
        self.records += records
        add_to(self.change, step.change)
        for judgement in step.judgements:
            metrics.JUDGEMENTS.labels(judgement.outcome.value, judgement.channel.value, judgement.rule).inc()

    def encoded(self) -> dict[bytes, bytes]:
        return self._encoded


def _fits(size: int) -> None:
    if size > MAX_RECORD_BYTES - MARGIN_BYTES:
        raise RefusalError(
            Refused(
                code=RejectionCode.TOO_LARGE,
                field="",
                message=f"What follows from the record is {size} bytes, more than the topics take; split the purchase.",
            )
        )


def outputs(judgements: Sequence[Judgement]) -> list[Record]:
    """What subscribers are told of judgements."""
    return [
        Record(
            ORDERS,
            None,
            judgement.purchase.encode(),
            msgspec.json.encode(judgement),
            (
                ("generation", str(judgement.generation).encode()),
                ("revision", str(judgement.revision).encode()),
                ("schema", SCHEMA.encode()),
            ),
        )
        for judgement in judgements
    ]
