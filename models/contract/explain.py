"""Why an event was refused, in words for the person who sends it; all of this runs only after a refusal is certain."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from models.contract import data, events
from models.contract.fields import MAX_LINES
from models.contract.personal import masked_text
from models.refusal import Refused
from models.vocabulary import CHANNELS, RejectionCode

AMOUNTS = {"net_amount": 2, "unit_price": 6, "quantity": 6, "base_quantity": 6, "exchange_rate": 10}
"""Fields that hold numbers, and how many decimals each may have."""
MOMENTS = frozenset({"time", "placed_at", "decided_at"})
DAYS = frozenset({"issued_on", "delivered_on"})
PERSONAL = frozenset({"buyer"})
UNKNOWN_TYPE = f"is none that this service knows. Send one of {', '.join(events.EVENTS)}."
"""Without a quotation: what stands in the wrong place may be a person's id."""
_QUOTED = 60

Found = tuple[RejectionCode, str]
Detail = Mapping[str, Any]

MEANINGS: dict[str, str] = {
    name: field.description
    for model in (*vars(data).values(), *vars(events).values())
    if isinstance(model, type) and issubclass(model, data.Message)
    for name, field in model.model_fields.items()
    if field.description
}


def refusal(error: ValidationError, *, inside: str = "") -> Refused:
    """The first thing that is wrong; `inside` is the field that what was checked stands in (`data` in binary mode)."""
    detail = error.errors(include_url=False)[0]
    places = [place for place in detail["loc"] if place not in events.EVENTS]
    name = next((str(place) for place in reversed(places) if isinstance(place, str)), inside)
    code, sentence = found(detail, name=name)
    field = path([*([inside] if inside else []), *places])
    if detail["type"].startswith("union_tag"):
        field = "type"
    return Refused(code=code, field=field, message=sentence)


def path(places: Sequence[str | int]) -> str:
    """`data.lines[3].net_amount`."""
    joined = "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places)
    return joined.removeprefix(".")


def found(detail: Detail, *, name: str) -> Found:
    """Code and sentence for one of pydantic's errors."""
    kind, given = detail["type"], detail.get("input")
    if kind in {"missing", "union_tag_not_found"}:
        return _missing(detail, name=name)
    if given is None:
        return _needed(name, "is null")
    if kind == "union_tag_invalid":
        return RejectionCode.UNKNOWN_TYPE, UNKNOWN_TYPE
    if kind in {"enum", "literal_error"}:
        return _not_listed(detail, name=name)
    if name in AMOUNTS:
        return _amount(given, name=name)
    if name in MOMENTS or name in DAYS:
        return _when(given, name=name, detail=detail)
    return _by_kind(kind, given, name=name, context=detail.get("ctx", {}))


def _missing(detail: Detail, *, name: str) -> Found:
    if detail["type"] == "missing":
        return _needed(name, "is missing")
    if not isinstance(detail.get("input"), dict):
        return RejectionCode.WRONG_TYPE, _wrong_type(detail.get("input"), wanted="an object (a CloudEvents envelope)")
    return RejectionCode.MISSING_FIELD, f"is missing or no text. Send one of {', '.join(events.EVENTS)}."


def _needed(name: str, fault: str) -> Found:
    meaning = f" ({MEANINGS[name].rstrip('.')})" if name in MEANINGS else ""
    return RejectionCode.MISSING_FIELD, f"{fault}, but it is needed{meaning}. Fill it in and send the event again."


def _not_listed(detail: Detail, *, name: str) -> Found:
    given = detail.get("input")
    if not isinstance(given, str):
        return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted="a text")
    if name == "channel" and "'unknown'" in str(detail.get("ctx", {}).get("expected", "")):
        allowed = ", ".join(channel.value for channels in CHANNELS.values() for channel in channels)
    else:
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return RejectionCode.BAD_VALUE, f"is {quoted(given)}. Send one of {allowed}, or leave it out where it is optional."


def _amount(given: Any, *, name: str) -> Found:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted='a number, best as text such as "245.00"')
    if isinstance(given, float) and not math.isfinite(given):
        return RejectionCode.OUT_OF_RANGE, "is no finite number. Send an amount below 10^12."
    if isinstance(given, float):
        return _out_of_shape(f"{given:f}", name=name)
    return _out_of_shape(_digits(given), name=name)


def _out_of_shape(text: str, *, name: str) -> Found:
    plain = re.fullmatch(r"-?([0-9]+)(?:\.([0-9]+))?", text)
    if plain is None:
        return RejectionCode.BAD_VALUE, (
            f"is {quoted(text)}, which is no plain decimal number. Write digits with a point before the decimals, "
            "without thousands separators, exponent, currency or spaces: 1234.50."
        )
    if name == "exchange_rate" and (text.startswith("-") or len(plain[1].lstrip("0")) > AMOUNTS["net_amount"] * 3):
        return RejectionCode.OUT_OF_RANGE, f"is {quoted(text)}. A rate (DKK for one unit) is above 0 and below 10^6."
    if len(plain[1]) > 12:  # noqa: PLR2004
        return RejectionCode.OUT_OF_RANGE, f"is {quoted(text)}. Numbers must be below 10^12."
    return RejectionCode.BAD_VALUE, (
        f"is {quoted(text)}, with more than {AMOUNTS[name]} decimals. Round it to {AMOUNTS[name]} and send it again."
    )


def _when(given: Any, *, name: str, detail: Detail) -> Found:
    example = "2026-03-02" if name in DAYS else "2026-03-02T09:15:00+01:00"
    if not isinstance(given, str):
        return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted=f'a text such as "{example}"')
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given) and not re.match(r"(19[7-9]|2[01])", given):
        return RejectionCode.OUT_OF_RANGE, f"is {quoted(given)}. Years from 1970 to 2199 are understood."
    why = str(detail.get("ctx", {}).get("error", ""))
    because = f" ({why})" if why else ""
    return RejectionCode.BAD_VALUE, f'is {quoted(given)}{because}. Write it like "{example}".'


def _by_kind(kind: str, given: Any, *, name: str, context: Detail) -> Found:
    if name == "lines" and isinstance(given, list):
        return _lines(given)
    if kind.startswith("string_"):
        return _text(kind, given, name=name, context=context)
    if kind.startswith(("int_", "greater_", "less_")) and isinstance(given, int) and not isinstance(given, bool):
        return (
            RejectionCode.OUT_OF_RANGE,
            f"is {quoted(given)}. It is a whole number from {_lowest(name)}, below 10^15.",
        )
    if kind.startswith("int_"):
        return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted="a whole number, not in quotes")
    wanted = {"bool_type": "true or false", "list_type": "a list of lines"}.get(kind, "an object")
    return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted=wanted)


def _lowest(name: str) -> int:
    return 0 if name == "on_version" else 1


def _lines(given: list[Any]) -> Found:
    if not given:
        return RejectionCode.BAD_VALUE, "is empty, and a purchase without lines is none. Send at least one line."
    return RejectionCode.TOO_MANY_LINES, (
        f"holds more than {MAX_LINES:,} lines. Split the purchase, or sum up its lines by item and account."
    )


def _text(kind: str, given: Any, *, name: str, context: Detail) -> Found:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return RejectionCode.WRONG_TYPE, _number_as_id(given, name=name)
    if not isinstance(given, str):
        return RejectionCode.WRONG_TYPE, _wrong_type(given, wanted="a text")
    if kind == "string_too_short":
        return _needed(name, "is empty")
    if kind == "string_too_long":
        longest = context.get("max_length")
        return RejectionCode.BAD_VALUE, f"has {len(given)} characters; at most {longest} are taken. Shorten it."
    if name == "currency":
        return RejectionCode.BAD_VALUE, f"is {quoted(given)}. Write the three letters of ISO 4217, such as DKK or EUR."
    return RejectionCode.BAD_VALUE, (
        "holds a control character or one that cannot be seen (a line break, a zero-width space). Remove it."
    )


def _number_as_id(given: float, *, name: str) -> str:
    digits = "" if name in PERSONAL else f" {_digits(given)}"
    example = "" if name in PERSONAL or not isinstance(given, int) else f': "{_digits(given)}"'
    return masked_text(
        f"is the number{digits}, but ids are text, because numbers lose leading zeros and long ones their last digits. "
        f"Write it in quotes{example}."
    )


def _wrong_type(given: Any, *, wanted: str) -> str:
    names = {bool: "true or false", dict: "an object", list: "a list", str: "a text", type(None): "null"}
    return f"is {names.get(type(given), 'a number')}; it must be {wanted}."


def _digits(given: object) -> str:
    try:
        return str(given)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "9" * 4_300


def quoted(given: object) -> str:
    """What was sent, short enough to read and without CPR numbers."""
    text = masked_text(_digits(given)[: 2 * _QUOTED])
    shown = "".join(mark if mark.isprintable() else "·" for mark in text[:_QUOTED])
    return f'"{shown}…"' if len(text) > _QUOTED else f'"{shown}"'
