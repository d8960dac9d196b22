"""What goes to `erp.rejected`: the bytes without personal data, and headers that say what was wrong and where."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from models.contract.buyers import buyer_ids, without_ids
from models.contract.bytes_refused import plain_json
from models.contract.decode import BOM, LARGEST
from models.contract.explain import PERSONAL
from models.contract.personal import MASK, masked_text
from models.contract.xml_masked import masked_xml
from models.correlation import HEADER
from models.days import from_milliseconds
from models.refusal import Refused

TRACED = "W3C trace context: its trace id is the correlation id of the event that this follows from; left out where it follows from none."
HEADERS = {
    "code": "Why it was refused; docs/rejections.md explains each code.",
    "field": "What was wrong, such as `data.lines[3].net_amount`; left out where it is the whole record.",
    "message": "What was wrong and what to do, in a sentence.",
    "topic": "Topic of the record that was refused.",
    "partition": "Its partition.",
    "offset": "Its offset.",
    "time": "Its timestamp at the broker, RFC 3339, UTC.",
    "source": "The event's source, where it could be read.",
    "event_id": "The event's id, where it could be read.",
    "sha256": "Hash of the whole value, where what is here is not all of it.",
    "length": "Bytes of the whole value, where what is here is not all of it.",
    "state": "What became of it, in a later record of the same place: `resent` or `given_up`; left out while it is open.",
    "state_at": "Since when, RFC 3339, UTC.",
    "resent_from": "Of a record that was sent again and refused again: topic/partition/offset of the first one.",
    HEADER: TRACED,
}
"""Every header of a record in `erp.rejected`, and what it says."""

RESENT_FROM = "resent_from"
"""The header that a record carries when it is sent again."""


class RejectionState(StrEnum):
    """What became of a rejection."""

    OPEN = "open"
    RESENT = "resent"
    GIVEN_UP = "given_up"


_SHORTEST_CPR, _LONGEST_CPR = 9, 10
"""Digits of a CPR number that was sent as a JSON number: a leading zero is lost."""


def rejected_headers(refused: Refused, *, topic: str, partition: int, offset: int, time_ms: int) -> dict[str, bytes]:
    """Why, and which record it was; source and event id where they could be read."""
    stated = {
        "code": refused.code.value,
        "field": refused.field,
        "message": refused.sentence,
        "topic": topic,
        "partition": str(partition),
        "offset": str(offset),
        "time": from_milliseconds(time_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "source": refused.source,
        "event_id": refused.event_id,
    }
    return {name: text.encode(errors="replace") for name, text in stated.items() if text}


def masked_key(key: bytes | None) -> bytes | None:
    """The key without CPR numbers."""
    return None if key is None else masked_text(key.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def masked(value: bytes | None) -> tuple[bytes, dict[str, bytes]]:
    """The bytes without CPR numbers and buyer ids, and headers where they are not the original ones.

    What cannot be parsed cannot be masked with certainty: it is left out, with its hash and length in the headers.
    """
    if not value:
        return b"", {}
    plain = _masked_json(value)
    if plain is None:
        plain = masked_xml(value)
    if plain is None:
        return b"", _instead(value)
    if len(plain) > LARGEST:
        return _cut(plain), _instead(value)
    return plain, {}


def _instead(value: bytes) -> dict[str, bytes]:
    return {"sha256": hashlib.sha256(value).hexdigest().encode(), "length": str(len(value)).encode()}


def _cut(plain: bytes) -> bytes:
    return plain[:LARGEST].decode(errors="ignore").encode()


def _masked_json(value: bytes) -> bytes | None:
    """The original bytes where nothing had to be masked."""
    read = plain_json(value.removeprefix(BOM))
    if read is None:
        return None
    hidden = _without(_hidden(read.value), buyer_ids(read.value))
    if hidden == read.value and not read.repeated_keys:
        return value
    return json.dumps(hidden, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")


def _without(value: Any, ids: frozenset[str]) -> Any:
    """The same without a buyer's id where it stands in another field as well."""
    if not ids:
        return value
    if isinstance(value, Mapping):
        return {without_ids(key, ids): _without(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, ids) for inner in value]
    return without_ids(value, ids) if isinstance(value, str) else value


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {masked_text(key): _hidden_field(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    return _hidden_text(value) if isinstance(value, str) else _hidden_number(value)


def _hidden_text(text: str) -> str:
    """A text that is JSON itself, as of an envelope whose data was encoded twice, is masked as such."""
    if text.lstrip()[:1] not in ("{", "["):
        return masked_text(text)
    try:
        inside = _masked_json(text.encode(errors="backslashreplace"))
    except RecursionError:
        return MASK
    if inside is not None:
        return masked_text(inside.decode())
    return MASK if any(name in text.lower() for name in PERSONAL) else masked_text(text)


def _hidden_field(key: str, value: Any) -> Any:
    if key.strip().lower() in (*PERSONAL, "data_base64") and value is not None:  # what is encoded cannot be masked
        return MASK
    return _hidden(value)


def _hidden_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value % 1:  # noqa: PLR0124
        return value
    digits = f"{value:.0f}" if isinstance(value, float) else str(value)
    if _SHORTEST_CPR <= len(digits) <= _LONGEST_CPR and masked_text(digits.zfill(_LONGEST_CPR)) == MASK:
        return MASK
    return value
