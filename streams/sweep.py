"""After a change of reference: the rows that it touches are judged again, in slices, for a share of the time."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
import structlog

from models.correlation import derived
from models.days import milliseconds
from models.judgement import Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, judged_again
from models.purchase.touching import is_touched
from models.reference.touched import EVERYTHING, Touched
from models.vocabulary import RejectionCode
from sinks import metrics
from streams.errors import RowUnreadable, StoreDamaged
from streams.judged import PREFIX, Judged
from streams.pending import Rows
from streams.routing import Received, routed
from streams.shadow import Shadow

log = structlog.get_logger(__name__)


class Sweep:
    """One partition's way through its rows. `slice_s` is how long it may take at a time."""

    def __init__(
        self,
        *,
        partitions: int,
        generation: int,
        slice_s: float,
        touched_since: Callable[[int], Touched],
        shadow: Shadow,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._partitions = partitions
        self._generation = generation
        self._slice_s = slice_s
        self._touched_since = touched_since
        self._shadow = shadow
        self._clock = clock
        self._keys: Iterator[bytes] | None = None
        self._number = -1
        self._touched = EVERYTHING

    def forget(self) -> None:
        """The table was opened anew: begin at its first row."""
        self._keys = None

    def go_on(self, table: Rows, basis: Basis, *, judged_by: int, now: datetime) -> Judged:
        """Judge some more of the rows; `judged_by` is the reference that all of them were judged by before."""
        batch = Judged(basis, table)
        number = basis.snapshot.number
        if self._keys is None or self._number != number:
            self._begin(table, number, judged_by)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        moment = Moment(Origin("reference.sets", 0, number), at, self._generation)
        until = self._clock() + self._slice_s
        for key in self._keys or ():
            self._try(key[len(PREFIX) :].decode(), batch, moment)
            if self._clock() >= until:
                return batch
        self._keys = None
        batch.swept = number
        return batch

    def _begin(self, table: Rows, number: int, judged_by: int) -> None:
        """Rows that an interrupted sweep has judged already may need it once more: what changed can change back."""
        self._touched = EVERYTHING if self._keys is not None else self._touched_since(judged_by)
        self._keys = (key for key, _ in table.scan(PREFIX)) if self._touched.judgements else iter(())
        self._number = number

    def _try(self, number: str, batch: Judged, moment: Moment) -> None:
        """A row that cannot be judged again stays as it was judged, and is told; the others go on."""
        try:
            self._judge(number, batch, moment)
        except (StoreDamaged, RowUnreadable):
            raise
        except Exception:
            log.exception("judging_again_failed", reference=moment.origin.offset)
            metrics.REJECTIONS.labels(moment.origin.topic, RejectionCode.INTERNAL_ERROR.value).inc()

    def _judge(self, number: str, batch: Judged, moment: Moment) -> None:
        row = batch.row(number)
        if row.reference == batch.basis.snapshot.number or not is_touched(row, self._touched):
            return
        step = judged_again(row, basis=batch.basis, moment=moment)
        metrics.JUDGED_AGAIN.inc()
        batch.telling.traceparent = derived(*map(str, msgspec.structs.astuple(moment.origin)))
        time_ms = milliseconds(datetime.fromisoformat(moment.at))
        onward = [Received(fact, "reference.changed", moment.origin, time_ms) for fact in step.sends]
        traceparent = batch.telling.traceparent
        sends = [routed(one, partitions=self._partitions, traceparent=traceparent) for one in onward]
        batch.keep(number, step, sends)
        batch.records += self._shadow.look(step.judgements, step.row, basis=batch.basis, moment=moment)
