"""What became of each record, told when it is committed: one line of the log, and one span of its trace.

Refusals and failures are always told, elsewhere. All other outcomes come too fast for a log that people read: they are
told at the level `debug`, or by the setting `log_outcomes`.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog

from models.correlation import correlation
from sinks.tracing import Span, spans

NAME = "outcomes"
"""The logger of the lines."""
_lines = logging.getLogger(NAME)
log = structlog.get_logger(NAME)


class Place(NamedTuple):
    """A record."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class Told(NamedTuple):
    """A record, what became of it, and the traceparents it came and went on with."""

    place: Place
    result: str
    traceparent: bytes
    parent: bytes = b""
    more: Sequence[tuple[str, Any]] = ()
    is_written: bool = True
    """False where another line has told it."""


def are_told() -> bool:
    """Whether anyone listens: whoever works on many records asks once a batch."""
    return spans.is_on or are_written()


def are_written() -> bool:
    """Whether there is a line for each outcome."""
    return _lines.isEnabledFor(logging.DEBUG)


def tell(stage: str, outcomes: Sequence[Told], *, began_ns: int) -> None:
    """Tell outcomes of one batch, which `stage` began to work on at `began_ns` and has committed now."""
    ended_ns = time.time_ns()
    written = are_written()
    for one in outcomes:
        if written and one.is_written:
            write(one.result, one.traceparent, **one.place._asdict(), **dict(one.more))
        if spans.is_on:
            spans.tell(_span(stage, one, began_ns, ended_ns))


def write(result: str, traceparent: bytes, **fields: Any) -> None:
    """The line of an outcome."""
    log.debug(result, correlation=correlation(traceparent), **fields)


def _span(stage: str, one: Told, began_ns: int, ended_ns: int) -> Span:
    """The names of the attributes are OpenTelemetry's for messaging, as far as it has some."""
    attributes: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.destination.name": one.place.topic,
        "messaging.destination.partition.id": str(one.place.partition),
        "messaging.kafka.offset": one.place.offset,
        "handelspuls.result": one.result,
        **{f"handelspuls.{name}": str(value) for name, value in one.more},
    }
    return Span(f"{stage} {one.place.topic}", one.traceparent, one.parent, began_ns, ended_ns, attributes)
