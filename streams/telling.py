"""What came of the records of a batch, kept until it is committed: only then is it counted, logged and traced."""

import time
from collections import Counter
from collections.abc import Sequence
from logging import ERROR, WARNING
from typing import Any, NamedTuple

import structlog

from models.correlation import correlation, derived, stated
from models.judgement import Judgement
from models.purchase.parties import is_test
from models.refusal import Refused
from models.vocabulary import Channel, Disposition, Outcome
from sinks import metrics, outcomes
from sinks.outcomes import Place, Told
from sinks.tracing import is_recorded, spans

log = structlog.get_logger(__name__)


class Answered(NamedTuple):
    """A record that was refused, and the exception where the mistake is ours."""

    place: Place
    refused: Refused
    traceparent: bytes
    error: Exception | None


class Telling:
    """Of one batch; `traceparent` is what follows from the record that is worked on now travels with."""

    def __init__(self, stage: str) -> None:
        self.traceparent = b""
        self._stage = stage
        self._parent = b""
        self._is_heard = outcomes.are_told()
        self._is_written = outcomes.are_written()
        self._began_ns = time.time_ns() if self._is_heard else 0
        self.results: Counter[tuple[str, str]] = Counter()
        """How many records of a topic became what."""
        self._worked_on: dict[tuple[str, int], list[int]] = {}
        """When the records of a topic's partition came."""
        self._arrived: dict[str, int] = {}
        """By topic, when the newest record came; the canary's say nothing of the ERP."""
        self._sources: Counter[str] = Counter()
        self._judged: Counter[tuple[Outcome, Channel, str]] = Counter()
        self._judgements: Sequence[Judgement] = ()
        self._refused: list[Answered] = []
        self._told: list[Told] = []

    def begin(self, record: Any, source: str, event_id: str) -> None:
        """A record is read; what it names decides where it came without a traceparent."""
        self._judgements = ()
        if not is_test(source):
            self._arrived[record.topic] = record.timestamp
        self._parent = stated(record.headers)
        came = self._parent or (derived(source, event_id) if event_id else derived(str(_place(record))))
        self.traceparent = self._onward(came, record)

    def follow(self, record: Any) -> bytes:
        """The traceparent with which it goes on that a record of our own came with; none if it came with none."""
        self._parent = stated(record.headers)
        self.traceparent = self._onward(self._parent, record)
        return self.traceparent

    def _onward(self, came: bytes, record: Any) -> bytes:
        return spans.onward(came, stage=self._stage, place=str(_place(record))) if self._is_heard else came

    def understood(self, source: str) -> None:
        """The record is one that this source has sent; what is on its way between our own processes has come before."""
        self._sources[source] += 1

    def judged(self, judgements: Sequence[Judgement]) -> None:
        self._judgements = judgements
        self._judged.update([(one.outcome, one.channel, one.rule) for one in judgements])

    def refused(self, record: Any, refused: Refused, *, error: Exception | None) -> None:
        self.begin(record, refused.source, refused.event_id)
        self._refused.append(Answered(_place(record), refused, self.traceparent, error))

    def ended(self, record: Any, result: str) -> None:
        """What became of the record at last. A refusal has its line already."""
        self.results[record.topic, result] += 1
        self._worked_on.setdefault((record.topic, record.partition), []).append(record.timestamp)
        if self._is_written or (self._is_heard and is_recorded(self.traceparent)):
            more = _more(self._judgements)
            is_written = result != Disposition.REJECTED
            self._told.append(Told(_place(record), result, self.traceparent, self._parent, more, is_written=is_written))

    def tell(self) -> None:
        """It is committed."""
        now = time.time()
        for (topic, partition), arrived_ms in self._worked_on.items():
            metrics.worked_on(topic, partition, arrived_ms, now)
        for topic, at_ms in self._arrived.items():
            metrics.arrived(topic, at_ms)
        metrics.came_from(self._sources)
        for (outcome, channel, rule), number in self._judged.items():
            metrics.JUDGEMENTS.labels(outcome.value, channel.value, rule).inc(number)
        for answered in self._refused:
            _answer(answered)
        if self._told:
            outcomes.tell(self._stage, self._told, began_ns=self._began_ns)


def _place(record: Any) -> Place:
    return Place(record.topic, record.partition, record.offset)


def _more(judgements: Sequence[Judgement]) -> Sequence[tuple[str, Any]]:
    """Nearly always of one purchase."""
    if not judgements:
        return ()
    return (
        ("purchase", " ".join(one.purchase for one in judgements)),
        ("revision", " ".join(str(one.revision) for one in judgements)),
        ("outcome", " ".join(one.outcome for one in judgements)),
        ("channel", " ".join(one.channel for one in judgements)),
        ("rule", " ".join(one.rule for one in judgements)),
    )


def _answer(one: Answered) -> None:
    refused = one.refused
    metrics.REJECTIONS.labels(one.place.topic, refused.code.value).inc()
    metrics.REFUSED_SENDERS.labels(metrics.sender(refused.source)).inc()
    log.log(
        ERROR if one.error is not None else WARNING,
        "refused",
        correlation=correlation(one.traceparent),
        **one.place._asdict(),
        code=refused.code.value,
        field=refused.field,
        source=refused.source,
        event_id=refused.event_id,
        exc_info=one.error,
    )
