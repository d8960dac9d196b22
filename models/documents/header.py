"""What the head of every document says: when it was issued, in which version, currency and profile."""

import hashlib
import re
from datetime import date, datetime, time
from typing import Protocol, TypeVar, cast

import msgspec

from models.days import aware, day_of, milliseconds
from models.documents.element import Element
from models.documents.values import day, fits, identifier, required, wrong
from models.facts import Stamp
from models.vocabulary import RejectionCode


class _Stamped(Protocol):
    @property
    def stamp(self) -> Stamp: ...


AnyRead = TypeVar("AnyRead", bound=_Stamped)

FINAL_VERSION = 10**18
"""A cancellation's version: above every sequence number that is accepted, and small enough for 64 bits."""

_MAX_SEQUENCE_DIGITS = 18
_TIME = re.compile(r"(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ORDER_AGREEMENT = re.compile(r"order_agreement|bii42|peppol42", re.IGNORECASE)
_ORDSEL = re.compile(r"(?:^|[-:])OrdSel(?:[-:]|$)", re.IGNORECASE)


class Issued(msgspec.Struct, frozen=True):
    """The Copenhagen day of a document, and its moment in milliseconds since 1970."""

    day: date
    time_ms: int


def number_of(root: Element) -> str:
    """The document's own number."""
    return identifier(required(root, "cbc:ID", "the document's number"))


def uuid_of(parent: Element) -> str | None:
    """A UUID in lower case, so that documents name each other alike."""
    text = (parent.said("cbc:UUID") or "").lower()
    return text if fits(text) else None


def issued(root: Element) -> Issued:
    """The day and the moment of issue; a time without offset is Copenhagen's, a missing one the day's beginning."""
    on = day(required(root, "cbc:IssueDate", "the day of issue as YYYY-MM-DD"))
    stated = root.stated("cbc:IssueTime")
    moment = aware(datetime.combine(on, _time(stated) if stated is not None else time()))
    return Issued(day=day_of(moment), time_ms=milliseconds(moment))


def _time(element: Element) -> time:
    match = _TIME.fullmatch(element.text)
    try:
        if match:
            fraction = f".{match[2][:6].ljust(6, '0')}" if match[2] else ""
            return time.fromisoformat(f"{match[1]}{fraction}{match[3] or ''}")
    except ValueError:
        pass
    raise wrong(element, "a time as HH:MM:SS, with or without an offset")


def sequence(root: Element) -> int:
    """A change's version: its sequence number."""
    element = required(root, "cbc:SequenceNumberID", "the change's number in its sequence, such as 1")
    if not (element.text.isascii() and element.text.isdigit()):
        raise wrong(element, "the change's number in its sequence as a whole number")
    digits = element.text.lstrip("0") or "0"
    if len(digits) > _MAX_SEQUENCE_DIGITS:
        raise wrong(
            element, f"a whole number of at most {_MAX_SEQUENCE_DIGITS} digits", code=RejectionCode.OUT_OF_RANGE
        )
    return int(digits)


def stamp(root: Element, *, version: int = 0) -> Stamp:
    """The stamp of a document, still without its digest."""
    event_id = uuid_of(root) or number_of(root)
    return Stamp(version=version, time_ms=issued(root).time_ms, event_id=event_id, digest="")


def sealed(read: AnyRead) -> AnyRead:
    """What was read, with the digest of what it says: alike for the same content, however its XML was written."""
    digest = hashlib.blake2b(msgspec.json.encode(read), digest_size=16).hexdigest()
    sealing = {"stamp": msgspec.structs.replace(read.stamp, digest=digest)}
    return cast("AnyRead", msgspec.structs.replace(cast("msgspec.Struct", read), **sealing))


def currency(root: Element, *amounts: str) -> str:
    """The document's currency: as stated, else that of its first amount, else DKK."""
    stated = root.stated("cbc:DocumentCurrencyCode")
    if stated is not None:
        return _currency_code(stated)
    attributes = (
        element.attributes.get("currencyID", "").strip().upper() for path in amounts for element in root.every(path)
    )
    return next((code for code in attributes if _CURRENCY.fullmatch(code)), "DKK")


def _currency_code(element: Element) -> str:
    code = element.text.upper()
    if not _CURRENCY.fullmatch(code):
        raise wrong(element, "a currency's three letters, such as DKK")
    return code


def profile(root: Element) -> str | None:
    """The process that the document belongs to."""
    text = root.said("cbc:ProfileID")
    return text if text is not None and text.isprintable() else None


def is_order_agreement(root: Element) -> bool:
    """Whether a document is of Peppol's profile 42: the seller reports a purchase made outside of the system."""
    return any(_ORDER_AGREEMENT.search(root.said(path) or "") for path in ("cbc:ProfileID", "cbc:CustomizationID"))


def is_seller_recorded(root: Element) -> bool:
    """Whether the seller recorded the purchase: an order agreement, or OIOUBL's OrdSel."""
    return is_order_agreement(root) or _ORDSEL.search(root.said("cbc:ProfileID") or "") is not None
