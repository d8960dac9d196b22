"""The kinds of fields that events are made of: ids, amounts, days and moments, as narrow as the contract says.

Everything here is checked in pydantic's compiled core; nothing calls back into Python while an event is read.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict, StringConstraints, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

ID_LENGTH = 64
TOKEN_LENGTH = 256
TEXT_LENGTH = 4_000
MAX_LINES = 2_000
MAX_VERSION = 10**15

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]*$"
"""No control, no invisible and no direction-changing characters: they make two ids look the same."""

_YEARS = r"(19[7-9][0-9]|2[01][0-9]{2})"
DAY = rf"^{_YEARS}-[0-9]{{2}}-[0-9]{{2}}$"
MOMENT = rf"^{_YEARS}-[0-9]{{2}}-[0-9]{{2}}[Tt ][0-9]{{2}}:[0-9]{{2}}[0-9:.]*([Zz]|[+-][0-9]{{2}}:?[0-9]{{2}})?$"

TWO_DECIMALS = r"^-?[0-9]{1,12}(\.[0-9]{1,2}0{0,10})?$"
SIX_DECIMALS = r"^-?[0-9]{1,12}(\.[0-9]{1,6}0{0,10})?$"
RATE = r"^[0-9]{1,6}(\.[0-9]{1,10})?$"
CURRENCY = r"^[A-Za-z]{3}$"


@dataclass(frozen=True)
class Written:
    """A day or moment that must be written as the pattern says: pydantic alone would take `20260302` for seconds."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.chain_schema([core_schema.str_schema(pattern=self.pattern), handler(source)])

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": self.pattern}


def _decimal_schema(pattern: str, *, above: int = -(10**12), below: int = 10**12) -> WithJsonSchema:
    bounds = {"exclusiveMinimum": above, "exclusiveMaximum": below}
    return WithJsonSchema({"type": ["string", "number"], "pattern": pattern} | bounds)


Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=ID_LENGTH, pattern=PRINTABLE)]
MaybeId = Annotated[str, StringConstraints(strip_whitespace=True, max_length=ID_LENGTH, pattern=PRINTABLE)] | None
MaybeToken = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TOKEN_LENGTH, pattern=PRINTABLE)] | None
"""Longer than an id: profiles and punch-out sessions are whole URNs and session keys."""

MaybeText = str | None
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH)]
MaybeReason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH)] | None
PurchaseId = Annotated[str, StringConstraints(min_length=3, max_length=TEXT_LENGTH, pattern=PRINTABLE)]
PaymentMeans = Annotated[str, Field(coerce_numbers_to_str=True, max_length=ID_LENGTH, pattern=PRINTABLE)] | None

Amount = Annotated[str, Field(coerce_numbers_to_str=True, pattern=TWO_DECIMALS), _decimal_schema(TWO_DECIMALS)]
Quantity = Annotated[str, Field(coerce_numbers_to_str=True, pattern=SIX_DECIMALS), _decimal_schema(SIX_DECIMALS)]
ExchangeRate = Annotated[
    str, Field(coerce_numbers_to_str=True, pattern=RATE), _decimal_schema(RATE, above=0, below=10**6)
]
Currency = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=CURRENCY)]

Version = Annotated[int, Strict(), Field(ge=1, lt=MAX_VERSION)]
OnVersion = Annotated[int, Strict(), Field(ge=0, lt=MAX_VERSION)]
Flag = Annotated[bool, Strict()]
Moment = Annotated[datetime, Written(MOMENT)]
Day = Annotated[date, Written(DAY)]
