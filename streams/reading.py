"""Reading a record of the worker's topics: bytes to a fact, or the reason why not. What is dated ahead is refused."""

from collections.abc import Callable
from typing import Any

from models.contract.arrival import event_kind, refuse_future
from models.contract.decode import decode_event
from models.facts import Decision
from models.judgement import Origin
from models.refusal import refuse
from models.topics import ROUTED
from models.vocabulary import RejectionCode
from streams.routing import Received, headers_of, read_routed

Pseudonym = Callable[[str], str]


def received(record: Any, *, pseudonym: Pseudonym) -> Received:
    """The fact of a record of `erp.purchases` or `compliance.routed`.

    Raises:
        RefusalError: with what was wrong with the record.
    """
    if record.topic == ROUTED:
        return read_routed(record.value)
    if record.key is None:
        raise refuse(
            RejectionCode.NULL_KEY,
            "key",
            "The record has no key; send it with the bare order number as key (the invoice number where no order is named).",
        )
    fact = decode_event(record.value, headers=headers_of(record), pseudonym=pseudonym)
    if isinstance(fact, Decision):
        raise refuse(
            RejectionCode.UNKNOWN_TYPE,
            "type",
            "Decisions do not come by erp.purchases; use compliance.decisions or `decide`.",
        )
    origin = Origin(record.topic, record.partition, record.offset)
    refuse_future(fact, came_ms=record.timestamp)
    return Received(fact, event_kind(fact), origin, record.timestamp)
