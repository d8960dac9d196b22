"""Documents that look alike and are not of the same purchase."""

from datetime import timedelta

from msgspec.structs import replace

from models.facts import DOCUMENT, Invoice, OrderReference
from tests.builders import DAY, content, invoice, judged, order


def billed(buyer: str) -> Invoice:
    made = invoice("F-1", order=None, source=DOCUMENT)
    units = (buyer, "4025:123", "DK99999999")
    return replace(made, content=replace(made.content, units=units, account="4025:123"))


def test_invoices_of_one_number_that_name_different_buyers_are_two_purchases() -> None:
    """Also where both name the same company: a document's id begins with its buyer."""
    assert len(judged(billed("B-1"), billed("B-2"))) == 2


def test_the_same_invoice_again_is_one_purchase() -> None:
    assert len(judged(billed("B-1"), billed("B-1"))) == 1


def of_an_order(days_off: int) -> Invoice:
    named = OrderReference("4500", issued_on=DAY + timedelta(days=days_off))
    return replace(invoice(source=DOCUMENT, day=DAY + timedelta(days=200)), order=named)


def test_an_order_date_that_is_weeks_off_still_means_the_order() -> None:
    placed = order(source=DOCUMENT, of=content())
    assert [each.kind for each in judged(placed, of_an_order(37)).values()] == ["order"]


def test_an_order_date_that_is_months_off_means_another_order_of_that_number() -> None:
    placed = order(source=DOCUMENT, of=content())
    assert sorted(each.kind for each in judged(placed, of_an_order(150)).values()) == ["invoice", "order"]
