"""What happens to a purchase, as values: before it is written as bytes, and after."""

from datetime import date, datetime
from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """What a document adds to the ERP's own control totals; a cancellation takes it away again."""

    unit: str
    day: date
    documents: int
    amount_ore: int


class Message(msgspec.Struct, frozen=True):
    """A record for Kafka; `at` is when it is sent, which a late event has behind its own `time`."""

    topic: str
    key: bytes
    value: bytes
    at: datetime
    entry: Entry | None = None
    """What the ERP books with it; this is not sent."""


class Happening(msgspec.Struct, frozen=True):
    """One event, or one document where `document` names its kind; `data` is as contract.md says."""

    at: datetime
    time: datetime
    source: str
    kind: str
    key: str
    subject: str
    event_id: str
    data: dict[str, Any]
    entry: Entry | None = None
    document: str = ""
