"""The lines of a document and their net amounts, charges and allowances of the head spread over them."""

from decimal import Decimal

import msgspec

from models.amounts import hundredths, spread
from models.documents import items, references
from models.documents.element import Element
from models.documents.values import (
    LIMIT,
    MAX_IDENTIFIER,
    account,
    free_text,
    identifier,
    indicator,
    missing,
    money,
    optional_decimal,
    plain,
    required,
    wrong,
)
from models.facts import Line
from models.refusal import refuse
from models.vocabulary import RejectionCode

MAX_LINES = 2_000
_SUFFIX = 5
"""Characters of `#2` to `#2000`, which tell lines of one number apart."""
_NOTHING = Element("cac:Item", "", {}, None)
_REMOVED = frozenset({"2", "cancelled", "canceled", "deleted"})
_UNTOUCHED = frozenset({"4", "nostatus"})


class Shape(msgspec.Struct, frozen=True):
    """Where a kind of document keeps its lines, and whether a line must state its amount."""

    line: str
    detail: str
    quantity: str
    needs_amount: bool

    @property
    def amount(self) -> str:
        """The path of the lines' amounts."""
        return (
            f"{self.line}/{self.detail}/cbc:LineExtensionAmount"
            if self.detail
            else f"{self.line}/cbc:LineExtensionAmount"
        )


ORDER = Shape(line="cac:OrderLine", detail="cac:LineItem", quantity="cbc:Quantity", needs_amount=False)
INVOICE = Shape(line="cac:InvoiceLine", detail="", quantity="cbc:InvoicedQuantity", needs_amount=True)
CREDIT_NOTE = Shape(line="cac:CreditNoteLine", detail="", quantity="cbc:CreditedQuantity", needs_amount=True)


def read_lines(root: Element, shape: Shape, *, currency: str) -> tuple[Line, ...]:
    """All lines, net. What the head's totals say is not asked: they hold VAT in one profile and not in another."""
    outer = line_elements(root, shape)
    lines = [_line(root, element, shape, currency=currency) for element in outer]
    if shape is ORDER:
        _check_unique(outer, lines)
    return tuple(_with_charges(_told_apart(lines), _charges(root, currency=currency)))


def line_elements(root: Element, shape: Shape) -> list[Element]:
    """The elements of the lines: at least one, at most 2,000."""
    found = list(root.every(shape.line))
    if not found:
        raise missing(root, shape.line, "at least one line")
    if len(found) > MAX_LINES:
        message = f"The document has {len(found)} lines, {MAX_LINES} are accepted: split it."
        raise refuse(RejectionCode.TOO_MANY_LINES, f"/{root.name}/{shape.line}", message)
    return found


def is_untouched(element: Element) -> bool:
    """Whether a change names a line only to say that it stays as it is.

    One that says what it comes to is taken at its word: it is the line as it stands, also after a change that never came.
    """
    status = (element.said("cac:LineItem/cbc:LineStatusCode") or "").lower()
    return status in _UNTOUCHED and not element.said("cac:LineItem/cbc:LineExtensionAmount")


def _line(root: Element, outer: Element, shape: Shape, *, currency: str) -> Line:
    detail = _detail(outer, shape)
    item = next(detail.every("cac:Item"), _NOTHING)
    removed = root.name == "OrderChange" and (detail.said("cbc:LineStatusCode") or "").lower() in _REMOVED
    quantity = detail.stated(shape.quantity)
    return Line(
        line=_line_id(detail),
        net_hundredths=0 if removed else _net(detail, shape, currency=currency),
        item=items.item_id(item),
        gtin=items.gtin(item),
        catalogue=items.catalogue(root, outer, item),
        description=items.description(item),
        category=items.category(item),
        account=account(detail),
        quantity=plain(optional_decimal(detail, shape.quantity)),
        unit=None
        if quantity is None
        else free_text(quantity.attributes.get("unitCode", "").strip() or None, length=16),
        unit_price=_unit_price(detail, currency=currency),
        base_quantity=plain(_base_quantity(detail)),
        agreement=references.agreement(detail) or references.agreement(outer),
        removed=removed,
    )


def _detail(outer: Element, shape: Shape) -> Element:
    if not shape.detail:
        return outer
    found = next(outer.every(shape.detail), None)
    if found is None:
        raise missing(outer, shape.detail, "what is ordered")
    return found


def _line_id(detail: Element) -> str:
    return identifier(required(detail, "cbc:ID", "the line's number"))


def _net(detail: Element, shape: Shape, *, currency: str) -> int:
    stated = detail.stated("cbc:LineExtensionAmount")
    if stated is not None:
        return money(stated, currency=currency)
    if shape.needs_amount:
        raise missing(detail, "cbc:LineExtensionAmount", "the line's amount net of VAT")
    return _calculated(detail, shape) + _charges(detail, currency=currency)


def _calculated(detail: Element, shape: Shape) -> int:
    """Price × quantity / base quantity; an order that names no price is worth nothing until it does."""
    price, quantity = optional_decimal(detail, "cac:Price/cbc:PriceAmount"), optional_decimal(detail, shape.quantity)
    if price is None or quantity is None:
        return 0
    value = price * quantity / (_base_quantity(detail) or Decimal(1))
    if abs(value) >= LIMIT:
        expected = "a price and a quantity whose product is below 10^12"
        raise wrong(required(detail, "cac:Price/cbc:PriceAmount", ""), expected, code=RejectionCode.OUT_OF_RANGE)
    return hundredths(value)


def _unit_price(detail: Element, *, currency: str) -> str | None:
    """A price in another currency than the document's compares with nothing."""
    stated = detail.stated("cac:Price/cbc:PriceAmount")
    if stated is None or stated.attributes.get("currencyID", currency).strip().upper() != currency:
        return None
    return plain(optional_decimal(detail, "cac:Price/cbc:PriceAmount"))


def _base_quantity(detail: Element) -> Decimal | None:
    value = optional_decimal(detail, "cac:Price/cbc:BaseQuantity")
    return value if value is not None and value > 0 else None


def _told_apart(lines: list[Line]) -> list[Line]:
    """Peppol asks that an order's lines be numbered once each, and nothing of the kind of a bill's."""
    names: set[str] = set()
    apart = []
    for line in lines:
        name, times = line.line, 1
        while name in names:
            times += 1
            name = f"{line.line[: MAX_IDENTIFIER - _SUFFIX]}#{times}"
        names.add(name)
        apart.append(line if name == line.line else msgspec.structs.replace(line, line=name))
    return apart


def _check_unique(outer: list[Element], lines: list[Line]) -> None:
    """Of an order: what its changes name a line by."""
    seen: set[str] = set()
    for element, line in zip(outer, lines, strict=True):
        if line.line in seen:
            place = required(_detail(element, ORDER), "cbc:ID", "")
            raise wrong(place, "each line's number once", code=RejectionCode.DUPLICATE_LINE)
        seen.add(line.line)


def _charges(parent: Element, *, currency: str) -> int:
    """Charges less allowances, of the head or of one line."""
    total = sum(_charge(element, currency=currency) for element in parent.every("cac:AllowanceCharge"))
    if abs(total) >= hundredths(LIMIT):
        message = "The charges and allowances come to 10^12 or more: state each in the document's currency."
        raise refuse(RejectionCode.OUT_OF_RANGE, f"{parent.path}/cac:AllowanceCharge", message)
    return total


def _charge(element: Element, *, currency: str) -> int:
    is_charge = indicator(required(element, "cbc:ChargeIndicator", "true for a charge, false for an allowance"))
    amount = money(required(element, "cbc:Amount", "the amount of the charge or allowance"), currency=currency)
    return amount if is_charge else -amount


def _with_charges(lines: list[Line], charges: int) -> list[Line]:
    """Over the lines that stay, in proportion to what each amounts to, whatever its sign."""
    kept = [line for line in lines if not line.removed]
    if not charges or not kept:
        return lines
    parts = dict(
        zip((line.line for line in kept), spread(charges, [abs(line.net_hundredths) for line in kept]), strict=True)
    )
    return [
        msgspec.structs.replace(line, net_hundredths=line.net_hundredths + parts.get(line.line, 0)) for line in lines
    ]
