"""The events that the ERP and people send: CloudEvents envelopes around their data, one class for each type."""

from typing import Literal

from models.contract.data import (
    CreditNoteCancelledData,
    CreditNoteData,
    DecisionMadeData,
    DecisionWithdrawnData,
    InvoiceCancelledData,
    InvoiceData,
    Message,
    OrderCancelledData,
    OrderData,
)
from models.contract.fields import Id, MaybeText, Moment


class Envelope(Message):
    """CloudEvents 1.0."""

    specversion: Literal["1.0"] = "1.0"
    """CloudEvents' version."""
    id: Id
    """The event's id, its own within the source."""
    source: Id
    """The system that sends it, such as `erp/kvantum`; `test/…` is judged and answered, never tallied."""
    time: Moment | None = None
    """When the event happened. Copenhagen time if without an offset."""
    subject: MaybeText = None
    """For readers; only `data` is trusted."""


class OrderPlaced(Envelope):
    """An order was placed."""

    type: Literal["order.placed"]
    data: OrderData


class OrderChanged(Envelope):
    """An order was changed: the whole order as it is now, with a higher version."""

    type: Literal["order.changed"]
    data: OrderData


class OrderCancelled(Envelope):
    """An order was cancelled."""

    type: Literal["order.cancelled"]
    data: OrderCancelledData


class InvoiceReceived(Envelope):
    """An invoice was received, or matched to its order later."""

    type: Literal["invoice.received"]
    data: InvoiceData


class InvoiceCancelled(Envelope):
    """An invoice was cancelled."""

    type: Literal["invoice.cancelled"]
    data: InvoiceCancelledData


class CreditNoteReceived(Envelope):
    """A credit note was received."""

    type: Literal["credit_note.received"]
    data: CreditNoteData


class CreditNoteCancelled(Envelope):
    """A credit note was cancelled."""

    type: Literal["credit_note.cancelled"]
    data: CreditNoteCancelledData


class DecisionMade(Envelope):
    """A person decided on a purchase."""

    type: Literal["decision.made"]
    data: DecisionMadeData


class DecisionWithdrawn(Envelope):
    """A person took a decision back."""

    type: Literal["decision.withdrawn"]
    data: DecisionWithdrawnData


AnyEvent = (
    OrderPlaced
    | OrderChanged
    | OrderCancelled
    | InvoiceReceived
    | InvoiceCancelled
    | CreditNoteReceived
    | CreditNoteCancelled
    | DecisionMade
    | DecisionWithdrawn
)

EVENTS: dict[str, type[AnyEvent]] = {
    "order.placed": OrderPlaced,
    "order.changed": OrderChanged,
    "order.cancelled": OrderCancelled,
    "invoice.received": InvoiceReceived,
    "invoice.cancelled": InvoiceCancelled,
    "credit_note.received": CreditNoteReceived,
    "credit_note.cancelled": CreditNoteCancelled,
    "decision.made": DecisionMade,
    "decision.withdrawn": DecisionWithdrawn,
}
"""Every event type that is understood."""
