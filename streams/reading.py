"""Reading a record of the worker's topics: bytes to a fact, or the reason why not. What is dated ahead is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.contract.decode import decode_event
from models.days import day_of, from_milliseconds
from models.facts import AnyFact, CreditNote, Decision, Invoice, Order
from models.judgement import Origin
from models.refusal import RefusalError, Refused, refuse
from models.topics import ROUTED
from models.vocabulary import RejectionCode
from streams.routing import Received, headers_of, read_routed

Pseudonym = Callable[[str], str]
A_DAY = timedelta(days=1)

_KINDS = {
    "Order": "order.received",
    "Invoice": "invoice.received",
    "CreditNote": "credit_note.received",
    "Cancellation": "cancelled",
    "Decision": "decision.made",
}


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
    result = Received(fact, _KINDS.get(type(fact).__name__, type(fact).__name__.lower()), origin, record.timestamp)
    refuse_future(result)
    return result


def refuse_future(one: Received) -> None:
    """Refuse an order or invoice dated more than a day after its record came to the broker."""
    dated = _dated(one.fact)
    if dated is None:
        return
    field, day = dated
    if day - day_of(from_milliseconds(one.time_ms)) > A_DAY:
        stamp = one.fact.stamp
        raise RefusalError(
            Refused(
                code=RejectionCode.IN_THE_FUTURE,
                field=field,
                message=f"It is dated {day}, more than a day after it came ({one.at}); send it with the right date.",
                source=one.fact.source,
                event_id=stamp.event_id,
            )
        )


def _dated(fact: AnyFact) -> tuple[str, Any] | None:
    if isinstance(fact, Order):
        return "data.placed_at", fact.day
    if isinstance(fact, Invoice | CreditNote):
        return "data.issued_on", fact.issued_on
    return None
