"""Typed values out of elements: what is there in the right form, or a refusal that names the place."""

import re
from datetime import date
from decimal import Decimal

from models.amounts import hundredths
from models.contract.personal import cleaned
from models.documents.element import Element
from models.refusal import RefusalError, refuse
from models.vocabulary import RejectionCode

MAX_IDENTIFIER = 64
MAX_DESCRIPTION = 256
LIMIT = Decimal(10) ** 12
"""Amounts, prices and quantities stay below it (contract.md)."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
_MAX_DIGITS = 60
_QUOTED = 40
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_PLACEHOLDERS = frozenset({"na", "n/a", "n.a.", "-", "none"})


def missing(parent: Element, path: str, expected: str) -> RefusalError:
    """The refusal of a document in which something is missing below an element."""
    return refuse(RejectionCode.MISSING_FIELD, f"{parent.path}/{path}", f"{path} is missing: state {expected}.")


def wrong(element: Element, expected: str, *, code: RejectionCode = RejectionCode.BAD_VALUE) -> RefusalError:
    """The refusal of a document in which an element holds something else than expected."""
    found = cleaned(element.text, longest=_QUOTED)
    return refuse(code, element.path, f"{element.name} is '{found}': state {expected}.")


def required(parent: Element, path: str, expected: str) -> Element:
    """The element stated at a path."""
    found = parent.stated(path)
    if found is None:
        raise missing(parent, path, expected)
    return found


def is_placeholder(text: str) -> bool:
    """Whether a text stands where nothing was known ("NA"). A number such as "1" may be an order's."""
    return text.casefold() in _PLACEHOLDERS


def fits(text: str) -> bool:
    """Whether a text can be an identifier: 1 to 64 printable characters (contract.md)."""
    return 0 < len(text) <= MAX_IDENTIFIER and text.isprintable()


def identifier(element: Element) -> str:
    """The identifier that an element holds."""
    if not fits(element.text):
        raise wrong(element, f"an identifier of 1 to {MAX_IDENTIFIER} printable characters")
    return element.text


def usable(parent: Element, *paths: str) -> str | None:
    """The first identifier at the paths that can be one and is no placeholder."""
    candidates = (element.text for path in paths for element in parent.every(path))
    return next((text for text in candidates if fits(text) and not is_placeholder(text)), None)


def evidence(parent: Element, *paths: str) -> str | None:
    """A reference that is kept as evidence and matches nothing: cut to an identifier's length, without CPR numbers."""
    text = parent.said(*paths)
    if text is None or is_placeholder(text):
        return None
    return cleaned(text, longest=MAX_IDENTIFIER) or None


def account(parent: Element) -> str | None:
    """The account of a document or a line."""
    text = parent.said("cbc:AccountingCost", "cbc:AccountingCostCode")
    if text is None or is_placeholder(text) or not text.isprintable():
        return None
    return text[:MAX_IDENTIFIER]


def free_text(text: str | None, *, length: int = MAX_DESCRIPTION) -> str | None:
    """People's words, without CPR numbers and cut to a length."""
    return None if text is None else cleaned(text, longest=length) or None


def decimal(element: Element) -> Decimal:
    """A decimal number with a point, below 10^12."""
    if len(element.text) > _MAX_DIGITS:
        raise wrong(element, "a number below 10^12", code=RejectionCode.OUT_OF_RANGE)
    if not _DECIMAL.fullmatch(element.text):
        raise wrong(element, "a decimal number with a point, such as 12.50")
    value = Decimal(element.text)
    if abs(value) >= LIMIT:
        raise wrong(element, "a number below 10^12", code=RejectionCode.OUT_OF_RANGE)
    return value


def optional_decimal(parent: Element, path: str) -> Decimal | None:
    """The decimal number at a path, where one is stated."""
    found = parent.stated(path)
    return None if found is None else decimal(found)


def money(element: Element, *, currency: str) -> int:
    """An amount in hundredths of the document's currency; an amount in another currency is refused."""
    stated = element.attributes.get("currencyID", "").strip().upper()
    if stated and stated != currency:
        raise wrong(element, f"the amount in the document's currency {currency}, not in {stated[:_QUOTED]}")
    return hundredths(decimal(element))


def plain(value: Decimal | None) -> str | None:
    """A number as text, without an exponent and without zeros that say nothing."""
    if value is None:
        return None
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def day(element: Element) -> date:
    """A calendar day, 1970 to 2199; an offset behind it does not move it."""
    match = _DAY.fullmatch(element.text)
    try:
        value = date.fromisoformat(match[1]) if match else None
    except ValueError:
        value = None
    if value is None:
        raise wrong(element, "a day as YYYY-MM-DD")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise wrong(element, f"a day between {FIRST_YEAR} and {LAST_YEAR}", code=RejectionCode.OUT_OF_RANGE)
    return value


def optional_day(parent: Element, path: str) -> date | None:
    """The day at a path, where one is stated."""
    found = parent.stated(path)
    return None if found is None else day(found)


def indicator(element: Element) -> bool:
    """A yes or no."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(element.text.lower())
    if value is None:
        raise wrong(element, "true or false")
    return value
