"""The worker's step: facts to the rows of their numbers, judgements, cells and what belongs elsewhere."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from models.purchase.lifecycle import Moment
from models.purchase.lifecycle import received as lived
from models.refusal import RefusalError, Refused, failed
from models.topics import ROUTED
from models.vocabulary import Disposition, RejectionCode
from sinks import metrics
from streams.basis import CurrentBasis
from streams.cells import Cells, asks_to_resend
from streams.errors import RowUnreadable, StoreDamaged
from streams.failpoint import Point, pass_by
from streams.judged import Judged
from streams.outbox import Record
from streams.pending import Rows
from streams.reading import Pseudonym, received
from streams.rejecting import rejected
from streams.routing import Received, home_of, routed
from streams.shadow import Shadow
from streams.step import NEVER_SWEPT, Effects, Marks
from streams.sweep import Sweep

YIELD_EVERY = 100


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
        self._shadow = Shadow()
        self._sweep = Sweep(
            partitions=settings.partitions,
            generation=settings.generation,
            slice_s=settings.idle_interval_s * settings.rejudge_share,
            touched_since=basis.touched_since,
            shadow=self._shadow,
            clock=clock,
        )

    async def opened(self, table: Rows, marks: Marks) -> None:
        await self._current.ready()
        self._table = table
        self._marks = marks
        self._cells = Cells(table, generation=self._settings.generation, sequence=marks.sequence, flushed=marks.flushed)
        self._sweep.forget()

    async def step(self, records: Sequence[Any], table: Rows) -> Effects:
        batch = Judged(self._current.now(), table, oldest_ms=min(each.timestamp for each in records))
        for place, record in enumerate(records):
            if place % YIELD_EVERY == 0:
                await asyncio.sleep(0)  # others have their turn: commits, health, the other partitions
            batch.telling.ended(record, self._take(record, batch).value)
        return msgspec.structs.replace(self._effects(batch), results=batch.telling.results, tell=batch.telling.tell)

    async def idle(self, now: datetime) -> Effects | None:
        basis = self._current.now()
        if basis.snapshot.number != self._marks.reference:
            swept = self._sweep.go_on(self._table, basis, judged_by=self._marks.reference, now=now)
            return self._effects(swept, sweep=True)
        if self._cells.dirty and self._clock() >= self._flush_due:
            return self._effects(Judged(basis, self._table))
        return None

    # one record

    def _take(self, record: Any, batch: Judged) -> Disposition:
        """Whatever is wrong with a record ends here, in an answer to it."""
        try:
            if asks_to_resend(record):
                batch.telling.begin(record, "", "")
                return self._resend_cells()
            pass_by(Point.JUDGING)
            one = received(record, pseudonym=self._pseudonym)
            batch.telling.begin(record, one.fact.source, one.fact.stamp.event_id)
            return self._judge(one, record, batch)
        except RefusalError as error:
            return self._reject(record, error.refused, batch)
        except (StoreDamaged, RowUnreadable):
            raise  # no fault of the record
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told with the answer
            return self._reject(record, failed(error), batch, error=error)

    def _resend_cells(self) -> Disposition:
        """Nothing counts as sent any more, also after a restart, until the next flush."""
        self._marks = msgspec.structs.replace(self._marks, flushed=0)
        self._cells.all_dirty()
        return Disposition.APPLIED

    def _reject(self, record: Any, refused: Refused, batch: Judged, *, error: Exception | None = None) -> Disposition:
        batch.telling.refused(record, refused, error=error)
        traceparent = batch.telling.traceparent
        batch.records.append(rejected(record, refused, partition=self._partition, traceparent=traceparent))
        return Disposition.REJECTED

    def _judge(self, one: Received, record: Any, batch: Judged) -> Disposition:
        if record.topic != ROUTED:
            batch.telling.understood(one.fact.source)
        number = one.fact.number
        home = home_of(number, self._settings.partitions)
        if home != self._partition:
            return self._send_on(one, record, batch)
        moment = Moment(one.origin, one.at, self._settings.generation)
        step = lived(batch.row(number), one.fact, kind=one.kind, basis=batch.basis, moment=moment)
        sends = [self._routed(msgspec.structs.replace(one, fact=fact), batch) for fact in step.sends]
        batch.keep(number, step, sends)
        batch.records += self._shadow.look(step.judgements, step.row, basis=batch.basis, moment=moment)
        return step.disposition

    def _routed(self, one: Received, batch: Judged) -> Record:
        return routed(one, partitions=self._settings.partitions, traceparent=batch.telling.traceparent)

    def _send_on(self, one: Received, record: Any, batch: Judged) -> Disposition:
        onward = self._routed(one, batch)
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

    def _effects(self, batch: Judged, *, sweep: bool = False) -> Effects:
        changes = batch.encoded | self._cells.add(batch.change, at_ms=batch.oldest_ms, newest=batch.newest)
        flushed, partials = self._marks.flushed, self._flush()
        if partials:
            flushed = self._cells.sequence
        self._marks = Marks(sequence=self._cells.sequence, flushed=flushed, reference=self._reference(batch))
        records = [*batch.records, *partials]
        return Effects(changes=changes, records=records, marks=self._marks, sweep=sweep, tell=batch.telling.tell)

    def _reference(self, batch: Judged) -> int:
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
