"""Writes happenings as bytes: CloudEvents in JSON, decimal strings, times of Copenhagen."""

from datetime import datetime
from typing import Any

import msgspec

from deploy.local.simulator import documents
from deploy.local.simulator.happening import Happening, Message
from models.days import COPENHAGEN
from models.topics import DOCUMENTS, PURCHASES

_ENCODER = msgspec.json.Encoder()


class Envelope(msgspec.Struct, frozen=True):
    """The CloudEvents 1.0 envelope, structured mode."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    data: dict[str, Any]


def decimal_text(minor: int) -> str:
    """Hundredths as a decimal string."""
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 100)
    return f"{sign}{whole}.{part:02d}"


def time_text(at: datetime) -> str:
    return at.astimezone(COPENHAGEN).isoformat(timespec="milliseconds")


def message(happening: Happening) -> Message:
    key = happening.key.encode()
    if happening.document:
        return Message(DOCUMENTS, key, documents.written(happening), happening.at, happening.entry)
    return Message(PURCHASES, key, _ENCODER.encode(envelope(happening)), happening.at, happening.entry)


def envelope(happening: Happening) -> Envelope:
    return Envelope(
        "1.0",
        happening.event_id,
        happening.source,
        happening.kind,
        happening.subject,
        time_text(happening.time),
        happening.data,
    )
