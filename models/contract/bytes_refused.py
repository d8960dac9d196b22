"""What is wrong with bytes that are no JSON at all, and what can still be read of who sent them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from models.contract.fields import ID_LENGTH
from models.contract.personal import masked_text
from models.refusal import Refused
from models.vocabulary import RejectionCode

DEEPEST = 200
"""Levels of nesting at which pydantic's parser stops."""
_LITERAL = re.compile(rb'"(id|source)"\s*:\s*"((?:[^"\\]|\\["\\/]){1,64})"')
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def unreadable(value: bytes) -> Refused:
    """Why these bytes are no JSON, or hold something that only looks like it."""
    try:
        text = value.decode()
    except UnicodeDecodeError as wrong:
        return Refused(RejectionCode.NOT_TEXT, "", f"Byte {wrong.start} is no UTF-8. Send JSON encoded as UTF-8.")
    if "\0" in text[:4]:
        return Refused(RejectionCode.NOT_TEXT, "", "The bytes look like UTF-16 or UTF-32. Send JSON encoded as UTF-8.")
    if text.lstrip().startswith("<"):
        return Refused(RejectionCode.NOT_JSON, "", "This is XML. Send UBL documents to the topic erp.documents.")
    return _not_json(value)


def _not_json(value: bytes) -> Refused:
    try:
        from_json(value, allow_inf_nan=False)
    except ValueError as wrong:
        return _by_reason(str(wrong), value)
    return Refused(RejectionCode.NOT_JSON, "", "The value is no JSON. Send a CloudEvents envelope as JSON.")


def _by_reason(reason: str, value: bytes) -> Refused:
    if reason.startswith("recursion limit"):
        sentence = (
            f"The value is nested more than {DEEPEST} levels deep. Send an envelope as the contract describes it."
        )
        return Refused(RejectionCode.TOO_DEEP, "", sentence)
    if reason.startswith("number out of range"):
        return Refused(RejectionCode.OUT_OF_RANGE, "", f"A number has thousands of digits: {reason}. Correct it.")
    if _has_lone_surrogate(value):
        return Refused(
            RejectionCode.NOT_TEXT, "", f"Half of a surrogate pair stands alone: {reason}. Send whole characters."
        )
    return Refused(RejectionCode.NOT_JSON, "", f"The value is no JSON: {reason}. NaN and Infinity are none either.")


@dataclass(frozen=True)
class PlainJson:
    """JSON as Python reads it, more leniently than a record is, and whether an object named a key twice."""

    value: Any
    repeated_keys: bool


def plain_json(value: bytes) -> PlainJson | None:
    """JSON of any kind that is not too deep to walk through; None for all else."""
    repeated: list[bool] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(found)
        repeated.append(len(read) < len(found))
        return read

    try:
        from_json(value)
    except ValueError as wrong:
        if str(wrong).startswith("recursion limit"):
            return None
    try:
        return PlainJson(json.loads(value.decode(), object_pairs_hook=pairs), any(repeated))
    except (ValueError, RecursionError):
        return None


def _has_lone_surrogate(value: bytes) -> bool:
    try:
        return bool(_LONE_SURROGATE.search(json.dumps(json.loads(value), ensure_ascii=False)))
    except (ValueError, RecursionError):
        return False


def sender(value: bytes, *, headers: Mapping[str, bytes]) -> tuple[str, str]:
    """Source and event id as far as they can be read, empty otherwise."""
    stated = {name: _header(headers, f"ce_{name}") for name in ("source", "id")}
    if not any(stated.values()):
        stated = _from_envelope(value)
    return _shown(stated.get("source")), _shown(stated.get("id"))


def _header(headers: Mapping[str, bytes], name: str) -> str:
    return (headers.get(name) or b"").decode(errors="replace")


def _from_envelope(value: bytes) -> dict[str, Any]:
    try:
        parsed = from_json(value)
    except ValueError:
        return _from_fragments(value)
    return parsed if isinstance(parsed, dict) else {}


def _from_fragments(value: bytes) -> dict[str, Any]:
    """Of a broken envelope only what stands before its data, where no line's id can be taken for the event's."""
    head = value.partition(b'"data"')[0][:4_096]
    return {name.decode(): text.decode(errors="replace") for name, text in reversed(_LITERAL.findall(head))}


def _shown(text: object) -> str:
    if not isinstance(text, str) or len(text) > ID_LENGTH or not text.isprintable():
        return ""
    return masked_text(text)
