"""Spans: what a process did with a record, for whoever collects traces. Off until `collect`; then a part of all, or more.

A span's id follows from its trace, its stage and its record, so that a batch that is repeated says the same again. What is
sampled follows from the trace id, so that every process decides alike; a trace that its sender recorded always is.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from models.correlation import SAMPLED

_LOW_64_BITS = 2**64


class Span(NamedTuple):
    """What one process did with one record; times in unix ns. `parent` is empty where the trace begins."""

    name: str
    traceparent: bytes
    parent: bytes
    began_ns: int
    ended_ns: int
    attributes: Mapping[str, str | int]


Collector = Callable[[Span], None]
"""Takes spans; must not block."""


class Spans:
    """The spans of this process."""

    def __init__(self) -> None:
        self._collector: Collector | None = None
        self._bound = 0

    @property
    def is_on(self) -> bool:
        return self._collector is not None

    def collect(self, collector: Collector, *, share: float) -> None:
        """Tell the collector from now on; `share` of the traces, beside those that their senders recorded."""
        self._collector = collector
        self._bound = round(share * _LOW_64_BITS)

    def off(self) -> None:
        self._collector = None

    def onward(self, traceparent: bytes, *, stage: str, place: str) -> bytes:
        """The traceparent of what this stage makes of a record; unchanged where no span is told, as W3C wants it."""
        if self._collector is None or not traceparent or not self._is_sampled(traceparent):
            return traceparent
        span = blake2b(b"/".join((traceparent, stage.encode(), place.encode())), digest_size=8).hexdigest()
        return traceparent[:36] + f"{span}-{SAMPLED:02x}".encode()

    def _is_sampled(self, traceparent: bytes) -> bool:
        return is_recorded(traceparent) or int(traceparent[19:35], 16) < self._bound

    def tell(self, span: Span) -> None:
        """Give a span to the collector, if it is sampled."""
        if self._collector is not None and is_recorded(span.traceparent):
            self._collector(span)


def is_recorded(traceparent: bytes) -> bool:
    """Whether there is a span of it somewhere."""
    return bool(int(traceparent[53:55] or b"0", 16) & SAMPLED)


spans = Spans()
"""Those of this process, as the metrics are."""
