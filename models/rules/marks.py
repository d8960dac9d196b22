"""What a line counts as in the figures beside its outcome: agreements (C1, C2), prices (C3), law, digital."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from models.judgement import Marks
from models.reference.rows import CatalogueRow
from models.rules.case import LineCase
from models.vocabulary import Channel, Outcome

_DIGITAL_OFF = frozenset({Channel.EXTERNAL_DIGITAL, Channel.FREE_TEXT})


_OUTSIDE = frozenset({Outcome.EXCLUDED, Outcome.VOID})
_NONE = Marks()


def marks_of(case: LineCase, outcome: Outcome, channel: Channel) -> Marks:
    """The marks of a line in the base; lines outside of it have none."""
    if outcome in _OUTSIDE:
        return _NONE
    purchase, category, row = case.purchase, case.category, case.item_row
    base = row is not None or (category is not None and purchase.period.category_agreed(category))
    return Marks(
        digital=_is_digital(case, outcome, channel),
        mandatory=category is not None and purchase.period.mandatory(category) is not None,
        supplier_compliant=base and case.agreement is not None,
        item_compliant=case.listed_by is not None,
        agreement_base=base,
        uncategorised=category is None and row is None,
        price_complies=None if row is None else _price_complies(case, row),
    )


def _is_digital(case: LineCase, outcome: Outcome, channel: Channel) -> bool:
    """Structured documents of any kind; free text only on orders; never an order agreement or a retroactive order."""
    if outcome is Outcome.CATALOGUE:
        return True
    if outcome is not Outcome.OFF_CHANNEL or case.purchase.content.order_agreement:
        return False
    if channel is Channel.FREE_TEXT:
        return case.purchase.kind in ("order", "frame")
    return channel in _DIGITAL_OFF


def _price_complies(case: LineCase, row: CatalogueRow) -> bool | None:
    line, content = case.line, case.purchase.content
    if row.price is None or line.unit_price is None or case.listed_by is None:
        return None
    if row.currency != content.currency or (row.unit or line.unit) != (line.unit or row.unit):
        return None
    paid, agreed = (line.unit_price, line.base_quantity or "1"), (row.price, row.base_quantity or "1")
    return _complies(paid, agreed, case.purchase.settings.price_tolerance)


@lru_cache(maxsize=65_536)
def _complies(paid: tuple[str, str], agreed: tuple[str, str], tolerance: float) -> bool | None:
    """Each a price and what it is for; None where they are no numbers."""
    price, highest = _price(*paid), _price(*agreed)
    return None if price is None or highest is None else price <= highest * (1 + Decimal(str(tolerance)))


def _price(price: str, base_quantity: str) -> Decimal | None:
    """The price of one unit; None where the two are no numbers."""
    try:
        return Decimal(price) / Decimal(base_quantity)
    except (InvalidOperation, ZeroDivisionError):
        return None
