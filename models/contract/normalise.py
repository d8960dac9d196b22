"""What an event says, as a fact: amounts in hundredths, days, pseudonyms, one stamp; and what only all of it shows."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from models.contract.content import LONGEST_DESCRIPTION, Pseudonym, content_of, lines_of
from models.contract.data import (
    CreditNoteCancelledData,
    CreditNoteData,
    InvoiceCancelledData,
    InvoiceData,
    OrderCancelledData,
    OrderData,
)
from models.contract.events import Envelope
from models.contract.personal import cleaned
from models.days import aware, day_of, milliseconds
from models.facts import (
    DOCUMENT,
    Cancellation,
    Content,
    CreditNote,
    Invoice,
    Line,
    Order,
    OrderReference,
    Stamp,
)
from models.refusal import refuse
from models.vocabulary import RejectionCode

_encode = msgspec.msgpack.Encoder().encode


def refuse_reserved_source(envelope: Envelope) -> None:
    if envelope.source == DOCUMENT:
        raise refuse(
            RejectionCode.BAD_VALUE,
            "source",
            f'"{DOCUMENT}" is kept for what is read from documents. Name the system that sends, such as "erp/kvantum".',
        )


def stamp_of(envelope: Envelope, *, version: int | None, otherwise: datetime | None, content: object) -> Stamp:
    """Version, or the time where the source has none; the digest tells two contents of the same version apart."""
    moment = envelope.time or otherwise
    time_ms = milliseconds(aware(moment)) if moment else 0
    if version is None and moment is None:
        raise refuse(
            RejectionCode.MISSING_FIELD,
            "time",
            "has neither `data.version` nor `time`, so nobody can tell what it comes after. Send one of the two.",
        )
    digest = hashlib.blake2b(_encode(content), digest_size=16).hexdigest()
    return Stamp(version=time_ms if version is None else version, time_ms=time_ms, event_id=envelope.id, digest=digest)


def order_fact(envelope: Envelope, data: OrderData, *, pseudonym: Pseudonym, first: bool) -> Order:
    """Only a first order may take its time from `placed_at`: a change keeps that, and would tie with the order."""
    content = content_of(data, pseudonym=pseudonym, lines=lines_of(data.lines))
    if sum(line.net_hundredths for line in content.lines) < 0:
        raise refuse(
            RejectionCode.NEGATIVE_TOTAL,
            "data.lines",
            "sum up to less than zero, which no order does. Send what goes back as credit_note.received.",
        )
    day, frame = day_of(aware(data.placed_at)), bool(data.frame)
    otherwise = data.placed_at if first else None
    stamp = stamp_of(envelope, version=data.version, otherwise=otherwise, content=(day, frame, content))
    return Order(source=envelope.source, number=data.order, stamp=stamp, day=day, content=content, frame=frame)


def invoice_fact(envelope: Envelope, data: InvoiceData, *, pseudonym: Pseudonym) -> Invoice | CreditNote:
    """An invoice below zero is a credit note of the same number."""
    lines = lines_of(data.lines)
    negative = sum(line.net_hundredths for line in lines) < 0
    if negative:
        lines = tuple(msgspec.structs.replace(line, net_hundredths=-line.net_hundredths) for line in lines)
    content = content_of(data, pseudonym=pseudonym, lines=lines)
    shared = _of_invoice(envelope, data, content, number=data.order or data.invoice)
    if negative:
        return CreditNote(credit_note=data.invoice, below_zero=True, **shared)
    return Invoice(invoice=data.invoice, **shared)


def credit_note_fact(envelope: Envelope, data: CreditNoteData, *, pseudonym: Pseudonym) -> CreditNote:
    """Its home is the order, else the invoice it credits, else itself."""
    lines = lines_of(data.lines)
    _refuse_negative_credit(lines)
    content = content_of(data, pseudonym=pseudonym, lines=lines)
    number = data.order or data.invoice or data.credit_note
    shared = _of_invoice(envelope, data, content, number=number)
    return CreditNote(credit_note=data.credit_note, invoice=data.invoice or None, **shared)


def _of_invoice(
    envelope: Envelope, data: InvoiceData | CreditNoteData, content: Content, *, number: str
) -> dict[str, Any]:
    named = (data.order, data.invoice, data.issued_on, content)
    midnight = datetime.combine(data.issued_on, datetime.min.time())
    return {
        "source": envelope.source,
        "number": number,
        "stamp": stamp_of(envelope, version=data.version, otherwise=midnight, content=named),
        "issued_on": data.issued_on,
        "content": content,
        "order": _order_reference(data.order),
    }


def _order_reference(order: str | None) -> OrderReference | None:
    return OrderReference(number=order) if order else None


def order_cancellation(envelope: Envelope, data: OrderCancelledData) -> Cancellation:
    return _cancellation(envelope, data, of="order", cancelled=data.order, number=data.order, order=data.order)


def invoice_cancellation(envelope: Envelope, data: InvoiceCancelledData) -> Cancellation:
    number = data.order or data.invoice
    return _cancellation(envelope, data, of="invoice", cancelled=data.invoice, number=number, order=data.order)


def credit_note_cancellation(envelope: Envelope, data: CreditNoteCancelledData) -> Cancellation:
    number = data.order or data.invoice or data.credit_note
    return _cancellation(envelope, data, of="credit_note", cancelled=data.credit_note, number=number, order=data.order)


def _cancellation(
    envelope: Envelope,
    data: OrderCancelledData | InvoiceCancelledData | CreditNoteCancelledData,
    *,
    of: str,
    cancelled: str,
    number: str,
    order: str | None,
) -> Cancellation:
    reason = cleaned(data.reason or "", longest=LONGEST_DESCRIPTION)
    content = (of, cancelled, order, reason)
    return Cancellation(
        source=envelope.source,
        number=number,
        stamp=stamp_of(envelope, version=data.version, otherwise=None, content=content),
        of=of,
        cancelled=cancelled,
        reason=reason,
        day=day_of(aware(envelope.time)) if envelope.time else None,
        order=_order_reference(order),
    )


def _refuse_negative_credit(lines: Sequence[Line]) -> None:
    for place, line in enumerate(lines):
        if line.net_hundredths < 0:
            raise refuse(
                RejectionCode.OUT_OF_RANGE,
                f"data.lines[{place}].net_amount",
                "is below zero, but a credit note says what is credited in positive amounts. Send it without the minus.",
            )
