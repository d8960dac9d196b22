"""What is asked of a fact when it arrives, by whichever door: the kind of event it is, and that it is not dated ahead."""

from datetime import date, timedelta
from functools import lru_cache

from models.days import day_of, from_milliseconds
from models.facts import DOCUMENT, AnyFact, Cancellation, CreditNote, Decision, Invoice, Order
from models.refusal import RefusalError, Refused
from models.vocabulary import RejectionCode

A_DAY = timedelta(days=1)

_KINDS = {
    "Order": "order.placed",
    "Invoice": "invoice.received",
    "CreditNote": "credit_note.received",
}


def event_kind(fact: AnyFact) -> str:
    """What an ERP's event is called as the cause of a revision."""
    if isinstance(fact, Cancellation):
        return f"{fact.of}.cancelled"
    if isinstance(fact, Decision):
        return "decision.withdrawn" if fact.withdrawn else "decision.made"
    name = type(fact).__name__
    return _KINDS.get(name, name.lower())


@lru_cache(maxsize=1024)
def _last_day(came_ms: int) -> date:
    """The last day that something may be dated that came then."""
    return day_of(from_milliseconds(came_ms)) + A_DAY


def refuse_future(fact: AnyFact, *, came_ms: int) -> None:
    """Refuse an order, an invoice or a decision dated more than a day after it came."""
    dated = _dated(fact)
    if dated is None:
        return
    field, day = dated
    if day > _last_day(came_ms):
        came = from_milliseconds(came_ms)
        at = came.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        raise RefusalError(
            Refused(
                code=RejectionCode.IN_THE_FUTURE,
                field=field,
                message=f"It is dated {day}, more than a day after it came ({at}); send it with the right date.",
                source=fact.source,
                event_id=fact.stamp.event_id,
            )
        )


def _dated(fact: AnyFact) -> tuple[str, date] | None:
    document = "cbc:IssueDate" if fact.source == DOCUMENT else ""
    if isinstance(fact, Order):
        return document or "data.placed_at", fact.day
    if isinstance(fact, Invoice | CreditNote):
        return document or "data.issued_on", fact.issued_on
    if isinstance(fact, Decision):
        return "data.decided_at", day_of(from_milliseconds(fact.decided_at_ms))
    return None
