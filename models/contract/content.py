"""What was bought, as facts hold it: lines with exact hundredths, a pseudonym for the buyer, nothing empty."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from models.contract.data import LineData, PurchaseData
from models.contract.personal import cleaned, masked_text
from models.facts import Category, Content, Line
from models.refusal import refuse
from models.vocabulary import CHANNELS, Outcome, RejectionCode, StatedChannel

Pseudonym = Callable[[str], str]

LONGEST_DESCRIPTION = 500
CARDS = frozenset({"48", "54", "55"})
"""UNCL 4461: bank card, credit card, debit card."""
ORDER_AGREEMENT = "42"
_RECORDED_BY_SELLER = ("order_agreement", "bii42", "peppol42", "ordsel")
_OFF_CHANNELS = frozenset(channel.value for channel in CHANNELS[Outcome.OFF_CHANNEL])
_HELD_UPPER = frozenset({"UNSPSC", "CPV"})


def exact_hundredths(amount: str) -> int:
    """A checked amount (two decimals, trailing zeros allowed) in hundredths, without a detour by Decimal."""
    whole, _, decimals = amount.partition(".")
    return int(whole + (decimals + "00")[:2])


def content_of(data: PurchaseData, *, pseudonym: Pseudonym, lines: tuple[Line, ...]) -> Content:
    _refuse_zero(data.exchange_rate, field="data.exchange_rate")
    return Content(
        units=(data.unit,),
        suppliers=(data.supplier,),
        lines=lines,
        buyer=pseudonym(data.buyer) if data.buyer else None,
        account=data.account or None,
        currency=data.currency or "DKK",
        exchange_rate=data.exchange_rate,
        channel=_channel(data),
        profile=data.profile or None,
        order_agreement=_is_order_agreement(data.profile),
        agreement=data.agreement or None,
        standing_order=data.standing_order or None,
        requisition=masked_text(data.requisition) if data.requisition else None,
        punch_out=masked_text(data.punch_out_session) if data.punch_out_session else None,
        delivered_on=data.delivered_on,
    )


def _channel(data: PurchaseData) -> str | None:
    """What an invoice states of a catalogue says nothing against the card that paid it."""
    stated = data.channel.value if data.channel else None
    by_card = (getattr(data, "payment_means", None) or "").strip() in CARDS
    return StatedChannel.CARD.value if by_card and stated not in _OFF_CHANNELS else stated


def _is_order_agreement(profile: str | None) -> bool:
    if not profile:
        return False
    lowered = profile.lower()
    return lowered == ORDER_AGREEMENT or any(mark in lowered for mark in _RECORDED_BY_SELLER)


def lines_of(lines: Sequence[LineData]) -> tuple[Line, ...]:
    if len({line.line for line in lines}) != len(lines):
        _refuse_repeated(lines)
    return tuple(_line(line, place) for place, line in enumerate(lines))


def _line(data: LineData, place: int) -> Line:
    base_quantity = data.base_quantity
    if base_quantity is not None and base_quantity != "1":
        _refuse_zero(base_quantity, field=f"data.lines[{place}].base_quantity")
    category = data.category
    return Line(
        data.line,
        exact_hundredths(data.net_amount),
        data.item or None,
        data.gtin or None,
        data.catalogue or None,
        cleaned(data.description, longest=LONGEST_DESCRIPTION) or None if data.description else None,
        _category(category.scheme, category.code) if category else None,
        data.account or None,
        data.quantity,
        data.unit or None,
        data.unit_price,
        base_quantity,
        data.agreement or None,
    )


@lru_cache(maxsize=16_384)
def _category(scheme: str, code: str) -> Category:
    return Category(scheme=upper if (upper := scheme.upper()) in _HELD_UPPER else scheme, code=code)


def _refuse_zero(number: str | None, *, field: str) -> None:
    if number is not None and (number.startswith("-") or not number.strip("0.")):
        raise refuse(
            RejectionCode.OUT_OF_RANGE, field, f"is {number}; it must be above zero. Leave it out if it is not known."
        )


def _refuse_repeated(lines: Sequence[LineData]) -> None:
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if line.line in seen:
            raise refuse(
                RejectionCode.DUPLICATE_LINE,
                f"data.lines[{place}].line",
                f'is "{line.line}" as that of a line before it. Give every line of an event an id of its own.',
            )
        seen.add(line.line)
