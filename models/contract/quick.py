"""The quick way to read an event: what passes here passes the contract as well, and is read the same.

The types are made of the contract's own models, narrower where that is cheaper to check: no escapes, no numbers where
texts may stand, no unknown fields, no spaces around a text. All else, and every refusal, goes the contract's own way;
`tests/unit/contract/test_quick.py` holds the two together. It takes a third of the time (docs/performance.md).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta
from pydantic import BaseModel

from models.contract import fields
from models.contract.data import Lines
from models.contract.events import EVENTS, Envelope

READ_QUICKLY = (
    "order.placed",
    "order.changed",
    "order.cancelled",
    "invoice.received",
    "invoice.cancelled",
    "credit_note.received",
    "credit_note.cancelled",
)
"""What ERPs send; decisions are few."""
_LONGEST_NUMBER = 32
_IGNORED = ("datacontenttype", "dataschema")
"""CloudEvents attributes that may stand there and say nothing to us."""

_TEXT = Annotated[str, Meta(max_length=fields.ID_LENGTH)]
_NUMBER = Annotated[str, Meta(max_length=_LONGEST_NUMBER)]
_KINDS: tuple[tuple[Any, Any], ...] = (
    (fields.Id, Annotated[str, Meta(min_length=1, max_length=fields.ID_LENGTH)]),
    (fields.MaybeId, _TEXT | None),
    (fields.MaybeToken, Annotated[str, Meta(max_length=fields.TOKEN_LENGTH)] | None),
    (fields.MaybeText, str | None),
    (fields.MaybeReason, Annotated[str, Meta(max_length=fields.TEXT_LENGTH)] | None),
    (fields.PaymentMeans, _TEXT | None),
    (fields.Amount, _NUMBER),
    (fields.Quantity, _NUMBER),
    (fields.ExchangeRate, _NUMBER),
    (fields.Currency, Annotated[str, Meta(min_length=3, max_length=3)]),
    (fields.Version, Annotated[int, Meta(ge=1, lt=fields.MAX_VERSION)]),
    (fields.Flag, bool),
    (fields.Moment, str),
    (fields.Day, str),
)
"""The contract's kinds of fields, and what of them is read here. Numbers, moments and days are looked at afterwards."""


def _type_of(annotation: Any) -> Any:
    for kind, quick in _KINDS:
        if annotation == kind:
            return quick
    if annotation == Lines:
        (line,) = get_args(get_args(annotation)[0])
        return Annotated[list[_struct(line)], Meta(min_length=1, max_length=fields.MAX_LINES)]  # type: ignore[misc]
    if type(None) in get_args(annotation):
        (stated,) = (each for each in get_args(annotation) if each is not type(None))
        return _type_of(stated) | None
    if get_origin(annotation) is Literal or issubclass(annotation, Enum):
        return annotation
    return _struct(annotation)


def _struct(model: type[BaseModel], **options: Any) -> Any:
    hints = get_type_hints(model, include_extras=True)
    shown = {name: hints[name] for name in model.model_fields if name != "type"}
    columns: list[Any] = [
        (name, _type_of(hint))
        if model.model_fields[name].is_required()
        else (name, _type_of(hint), model.model_fields[name].default)
        for name, hint in shown.items()
    ]
    if issubclass(model, Envelope):
        columns += [(name, str | None, None) for name in _IGNORED]
    return msgspec.defstruct(model.__name__, columns, forbid_unknown_fields=True, kw_only=True, gc=False, **options)


_EVENT: Any = Union[tuple(_struct(EVENTS[kind], tag=kind, tag_field="type") for kind in READ_QUICKLY)]  # noqa: UP007
_decoder = msgspec.json.Decoder(_EVENT)

_TRAILING_SPACE = re.compile(rb' "\s*[,:}\]]')
_DAY = re.compile(fields.DAY)
_MOMENT = re.compile(
    fields.DAY.removesuffix("$")
    + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3}|\.[0-9]{6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"
)


def _one_a_line(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern.removeprefix('^').removesuffix('$').replace('(', '(?:')}\n)*")


_RATE = re.compile(fields.RATE)
_AMOUNTS = _one_a_line(fields.TWO_DECIMALS)
_QUANTITIES = _one_a_line(fields.SIX_DECIMALS)


def read_quickly(value: bytes) -> tuple[str, Any, Any] | None:
    """Type, envelope and data of an event; None if the contract is to be asked."""
    try:
        if not is_plain(value):
            return None
        event = _decoder.decode(value)
        _read_days(event)
    except (ValueError, RecursionError):  # of msgspec, of UTF-8, of days that are none
        return None
    return event.__struct_config__.tag, event, event.data


def is_plain(value: bytes) -> bool:
    """No escapes, nothing that the contract refuses in ids, and no space around a text. JSON itself is not looked at."""
    if b"\\" in value or b"\x7f" in value or b'" ' in value:
        return False
    if not value.isascii() and (b"\xef" in value or not value.decode().isprintable()):
        return False  # \xef begins some that print and that the contract refuses
    return b' "' not in value or _TRAILING_SPACE.search(value) is None


def _read_days(event: Any) -> None:
    """Put moments and days in place of their texts, and look at the numbers.

    Raises:
        ValueError: one of them is not written as it is usually.
    """
    data = event.data
    if event.time is not None:
        event.time = _moment(event.time)
    lines = getattr(data, "lines", None)
    if lines is None:
        return
    if hasattr(data, "placed_at"):
        data.placed_at = _moment(data.placed_at)
    else:
        data.issued_on = _day(data.issued_on)
    if data.delivered_on is not None:
        data.delivered_on = _day(data.delivered_on)
    if (data.currency != "DKK" or data.exchange_rate is not None) and not _is_known(data.currency, data.exchange_rate):
        raise ValueError("currency and rate are not written as usual")
    _look_at_numbers(lines)


def _is_known(currency: str | None, rate: str | None) -> bool:
    stated = currency is None or (currency.isascii() and currency.isalpha() and currency.isupper())
    return stated and (rate is None or _RATE.match(rate) is not None)


def _look_at_numbers(lines: Sequence[Any]) -> None:
    amounts = "\n".join([line.net_amount for line in lines])
    others = [
        each for line in lines for each in (line.quantity, line.unit_price, line.base_quantity) if each is not None
    ]
    if not _AMOUNTS.fullmatch(amounts + "\n") or (others and not _QUANTITIES.fullmatch("\n".join(others) + "\n")):
        raise ValueError("a number is not written as the contract says")


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    if not _MOMENT.match(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    if not _DAY.match(text):
        raise ValueError(text)
    return date.fromisoformat(text)
