"""Bytes of a record in, one fact out; or one refusal that says what was wrong, where, and what to do.

The usual case is read the quick way (quick.py), all else by pydantic, whose models are the contract. CloudEvents come in structured mode, or in binary mode with `ce_` headers.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, cast

import msgspec
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from models.contract.buyers import buyer_ids, without_ids
from models.contract.bytes_refused import plain_json, sender, unreadable
from models.contract.content import Pseudonym
from models.contract.decide import decision_made, decision_withdrawn
from models.contract.events import EVENTS, AnyEvent, Envelope
from models.contract.explain import UNKNOWN_TYPE, refusal
from models.contract.normalise import (
    credit_note_cancellation,
    credit_note_fact,
    invoice_cancellation,
    invoice_fact,
    order_cancellation,
    order_fact,
    refuse_reserved_source,
)
from models.contract.personal import masked_text
from models.contract.quick import read_quickly
from models.contract.unnamed import is_nameless, unnamed
from models.facts import AnyFact
from models.refusal import RefusalError, Refused, refuse
from models.vocabulary import RejectionCode

LARGEST = 1_048_576
"""Bytes of one record that are taken (contract.md)."""
BOM = b"\xef\xbb\xbf"
ATTRIBUTES = ("specversion", "id", "source", "time", "subject")

_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])
_DATA: dict[str, TypeAdapter[Any]] = {
    kind: TypeAdapter(cast("type[Any]", model.model_fields["data"].annotation)) for kind, model in EVENTS.items()
}
_ToFact = Callable[[Envelope, Any, Pseudonym], AnyFact]

FACTS: dict[str, _ToFact] = {
    "order.placed": lambda envelope, data, pseudonym: order_fact(envelope, data, pseudonym=pseudonym, first=True),
    "order.changed": lambda envelope, data, pseudonym: order_fact(envelope, data, pseudonym=pseudonym, first=False),
    "order.cancelled": lambda envelope, data, _: order_cancellation(envelope, data),
    "invoice.received": lambda envelope, data, pseudonym: invoice_fact(envelope, data, pseudonym=pseudonym),
    "invoice.cancelled": lambda envelope, data, _: invoice_cancellation(envelope, data),
    "credit_note.received": lambda envelope, data, pseudonym: credit_note_fact(envelope, data, pseudonym=pseudonym),
    "credit_note.cancelled": lambda envelope, data, _: credit_note_cancellation(envelope, data),
    "decision.made": lambda envelope, data, _: decision_made(envelope, data),
    "decision.withdrawn": lambda envelope, data, _: decision_withdrawn(envelope, data),
}
"""What each event type becomes."""


def decode_event(value: bytes | None, *, headers: Mapping[str, bytes], pseudonym: Pseudonym) -> AnyFact:
    """The fact that a record states; `RefusalError` with the sender filled in as far as it can be read."""
    try:
        plain = _readable_size(value)
        found = None if is_binary(headers) else read_quickly(plain)
        if found is None:
            return unnamed(_decode(plain, headers=headers, pseudonym=pseudonym), pseudonym=pseudonym)
        fact = _fact(*found, pseudonym)
        return fact if is_nameless(plain) else unnamed(fact, pseudonym=pseudonym)
    except RefusalError as error:
        refused = error.refused
        source, event_id = sender(value or b"", headers=headers)
        message = _without_persons(refused.message, value or b"")
        filled = msgspec.structs.replace(refused, message=message, source=source, event_id=event_id)
        raise RefusalError(filled) from None


def _without_persons(message: str, value: bytes) -> str:
    """A buyer's id may stand in the wrong field, and be quoted from there."""
    read = plain_json(value.removeprefix(BOM))
    return without_ids(masked_text(message), buyer_ids(read.value) if read is not None else frozenset())


def _decode(plain: bytes, *, headers: Mapping[str, bytes], pseudonym: Pseudonym) -> AnyFact:
    if is_binary(headers):
        return _fact(*_read_binary(plain, headers), pseudonym)
    event = _read(plain)
    return _fact(event.type, event, event.data, pseudonym)


def _fact(kind: str, envelope: Envelope, data: Any, pseudonym: Pseudonym) -> AnyFact:
    refuse_reserved_source(envelope)
    return FACTS[kind](envelope, data, pseudonym)


def _readable_size(value: bytes | None) -> bytes:
    if value is None or not value.strip():
        raise refuse(RejectionCode.EMPTY, "", "The record has no value. Send an event; nothing is deleted by a null.")
    if len(value) > LARGEST:
        sentence = f"The record has {len(value):,} bytes; at most {LARGEST:,} (1 MiB) are taken. Split the purchase."
        raise refuse(RejectionCode.TOO_LARGE, "", sentence)
    return value.removeprefix(BOM)


def is_binary(headers: Mapping[str, bytes]) -> bool:
    """Binary mode: the attributes are headers and the value is the data alone."""
    if (headers.get("content-type") or b"").lower().startswith(b"application/cloudevents"):
        return False
    return "ce_type" in headers or "ce_specversion" in headers


def _read(value: bytes) -> AnyEvent:
    try:
        event = _EVENT.validate_json(value)
    except ValidationError as error:
        raise RefusalError(_refused(error, value, inside="")) from None
    _refuse_not_a_number(value)
    return event


def _read_binary(value: bytes, headers: Mapping[str, bytes]) -> tuple[str, Envelope, Any]:
    kind = _header_text(headers, "type")
    if not kind:
        raise refuse(RejectionCode.MISSING_FIELD, "ce_type", f"is missing. Send one of {', '.join(EVENTS)}.")
    if kind not in EVENTS:
        raise refuse(RejectionCode.UNKNOWN_TYPE, "ce_type", UNKNOWN_TYPE)
    envelope = _read_attributes(headers)
    try:
        data = _DATA[kind].validate_json(value)
    except ValidationError as error:
        raise RefusalError(_refused(error, value, inside="data")) from None
    _refuse_not_a_number(value)
    return kind, envelope, data


def _read_attributes(headers: Mapping[str, bytes]) -> Envelope:
    stated = {name: text for name in ATTRIBUTES if (text := _header_text(headers, name)) is not None}
    try:
        return Envelope.model_validate(stated)
    except ValidationError as error:
        refused = refusal(error)
        raise RefusalError(msgspec.structs.replace(refused, field=f"ce_{refused.field}")) from None


def _header_text(headers: Mapping[str, bytes], name: str) -> str | None:
    stated = headers.get(f"ce_{name}")
    try:
        return stated.decode() if stated is not None else None
    except UnicodeDecodeError:
        raise refuse(RejectionCode.NOT_TEXT, f"ce_{name}", "is no UTF-8. Send headers encoded as UTF-8.") from None


def _refused(error: ValidationError, value: bytes, *, inside: str) -> Refused:
    if any(wrong["type"] == "json_invalid" for wrong in error.errors(include_url=False, include_input=False)):
        return unreadable(value)
    _refuse_not_a_number(value)
    return refusal(error, inside=inside)


def _refuse_not_a_number(value: bytes) -> None:
    """The parser takes NaN and Infinity, which JSON does not know; they may hide in fields that are ignored."""
    if b"NaN" not in value and b"Infinity" not in value:
        return
    try:
        from_json(value, allow_inf_nan=False)
    except ValueError:
        raise RefusalError(unreadable(value)) from None
