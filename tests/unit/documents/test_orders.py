from datetime import date

import pytest

from models.documents import NoPurchase
from models.facts import Cancellation, Order, OrderChange, OrderReference, Response
from models.vocabulary import RejectionCode
from tests.unit.documents.build import (
    BUYER,
    SELLER,
    document,
    head,
    order,
    order_change,
    order_line,
    order_reference,
    order_response,
    read,
    read_as,
    refused,
)

ORDSEL = "<cbc:ProfileID>Procurement-OrdSel-BilSim-1.0</cbc:ProfileID>"
NAMED = order_reference("<cbc:ID>PO-1</cbc:ID>")


def status(code: str) -> str:
    return f"<cbc:LineStatusCode>{code}</cbc:LineStatusCode>"


def simple_response(accepted: str) -> bytes:
    said = f"<cbc:AcceptedIndicator>{accepted}</cbc:AcceptedIndicator>" if accepted else ""
    return document("OrderResponseSimple", head("R-1", more=said), NAMED, SELLER, BUYER)


def agreement(*more: str) -> bytes:
    return order_response(*more, order_line(), code="", profile="order_agreement")


def test_an_order_tells_what_it_rests_on() -> None:
    told = order(
        "<cac:QuotationDocumentReference><cbc:ID>S-88</cbc:ID></cac:QuotationDocumentReference>",
        "<cac:OriginatorDocumentReference><cbc:ID>REQ-31</cbc:ID></cac:OriginatorDocumentReference>",
        "<cac:Contract><cbc:ID>A-17</cbc:ID></cac:Contract>",
    )
    found = read_as(Order, told).content
    assert (found.punch_out, found.requisition, found.agreement) == ("S-88", "REQ-31", "A-17")


def test_a_requested_delivery_proves_nothing_and_the_earliest_actual_one_counts() -> None:
    requested = "<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:StartDate>2026-01-01</cbc:StartDate></cac:RequestedDeliveryPeriod></cac:Delivery>"
    actual = "<cac:Delivery><cbc:ActualDeliveryDate>{}</cbc:ActualDeliveryDate></cac:Delivery>"
    assert read_as(Order, order(requested)).content.delivered_on is None
    lines = order_line(more=actual.format("2026-02-20"))
    assert read_as(Order, order(requested, actual.format("2026-02-25"), lines=lines)).content.delivered_on == date(
        2026, 2, 20
    )


def test_an_order_below_zero_is_refused() -> None:
    assert refused(order(lines=order_line(net="-1"))).code == RejectionCode.NEGATIVE_TOTAL


def test_a_change_stands_under_the_order_it_names() -> None:
    reference = "<cbc:ID>PO-1</cbc:ID><cbc:UUID>AB</cbc:UUID><cbc:IssueDate>2026-03-01</cbc:IssueDate>"
    found = read_as(OrderChange, order_change(reference=reference))
    assert found.number == "PO-1"
    assert found.order == OrderReference(number="PO-1", issued_on=date(2026, 3, 1), uuid="ab")


@pytest.mark.parametrize("number", ["", "NA", "n/a", "-"])
def test_a_change_of_no_order_is_refused(number: str) -> None:
    found = refused(order_change(reference=f"<cbc:ID>{number}</cbc:ID>"))
    assert (found.code, found.field) == (RejectionCode.MISSING_FIELD, "/OrderChange/cac:OrderReference/cbc:ID")


@pytest.mark.parametrize(("stated", "version"), [("10", 10), ("010", 10), ("1", 1), ("001", 1)])
def test_a_changes_sequence_is_a_number_whatever_zeros_stand_before_it(stated: str, version: int) -> None:
    assert read_as(OrderChange, order_change(sequence=stated)).stamp.version == version


def test_the_number_1_may_be_an_orders() -> None:
    assert read_as(OrderChange, order_change(reference="<cbc:ID>1</cbc:ID>")).number == "1"


def test_a_changes_line_of_status_2_is_removed_and_one_of_status_4_is_as_unnamed() -> None:
    lines = order_line("1", more=status("1")) + order_line("2", more=status("2")) + order_line("3", more=status("3"))
    found = read_as(OrderChange, order_change(lines=lines + order_line("4", "", more=status("4"))))
    assert [(line.line, line.removed) for line in found.content.lines] == [("1", False), ("2", True), ("3", False)]


def test_a_line_of_status_4_that_states_its_amount_is_the_line_as_it_stands() -> None:
    """Peppol's second scenario of advanced ordering tells so of a line that its first change has made smaller."""
    found = read_as(OrderChange, order_change(lines=order_line("1", "200", more=status("4"))))
    assert [line.net_hundredths for line in found.content.lines] == [20_000]


@pytest.mark.parametrize(
    ("code", "left"), [("Cancelled", [True]), ("canceled", [True]), ("Deleted", [True]), ("NoStatus", [])]
)
def test_the_danish_words_for_a_lines_status_are_understood(code: str, left: list[bool]) -> None:
    found = read_as(
        OrderChange, order_change(lines=order_line("1", "", more=status(code) + "<cbc:Quantity>1</cbc:Quantity>"))
    )
    assert [line.removed for line in found.content.lines] == left


def test_a_line_status_of_2_removes_in_changes_only() -> None:
    assert not read_as(Order, order(lines=order_line(more=status("2")))).content.lines[0].removed


def test_a_change_may_take_more_than_it_adds() -> None:
    assert read_as(OrderChange, order_change(lines=order_line(net="-5"))).content.lines[0].net_hundredths == -500


def test_an_order_that_the_seller_recorded_is_marked_in_each_of_its_documents() -> None:
    assert read_as(Order, order(top=ORDSEL)).content.order_agreement
    assert read_as(OrderChange, order_change(ORDSEL)).content.order_agreement
    assert not read_as(Order, order(top=ORDSEL.replace("OrdSel", "OrdSim"))).content.order_agreement


def test_an_order_agreement_is_an_order_under_the_best_number_it_has() -> None:
    sales = "<cbc:SalesOrderID>S-1</cbc:SalesOrderID>"
    found = [read_as(Order, agreement(*more)) for more in ((NAMED, sales), (sales,), ())]
    assert [each.number for each in found] == ["PO-1", "S-1", "R-1"]
    assert all(each.content.order_agreement for each in found)


@pytest.mark.parametrize("code", ["RE", "re", "27"])
def test_a_response_that_rejects_is_about_its_order(code: str) -> None:
    found = read_as(Response, order_response(NAMED, code=code))
    assert (found.number, found.day) == ("PO-1", date(2026, 3, 2))


@pytest.mark.parametrize("code", ["AP", "AB", "CA", "29", ""])
def test_other_responses_are_no_purchases(code: str) -> None:
    assert read(order_response(NAMED, code=code)) == NoPurchase(kind="OrderResponse")


def test_a_simple_response_rejects_by_its_indicator() -> None:
    assert read_as(Response, simple_response("false")).number == "PO-1"
    assert read(simple_response("true")) == NoPurchase(kind="OrderResponseSimple")
    assert refused(simple_response("")).code == RejectionCode.MISSING_FIELD
    assert refused(simple_response("maybe")).code == RejectionCode.BAD_VALUE


def test_a_rejecting_response_without_an_order_is_refused() -> None:
    assert refused(order_response()).field == "/OrderResponse/cac:OrderReference/cbc:ID"


def test_an_oioubl_response_in_the_sellers_process_is_no_order() -> None:
    value = document("OrderResponse", ORDSEL, head("R-1"), NAMED, SELLER, BUYER, order_line())
    assert read(value) == NoPurchase(kind="OrderResponse")


def test_a_cancellation_says_whose_order_and_why() -> None:
    note = "<cbc:CancellationNote>Bestilt to gange</cbc:CancellationNote>"
    found = read_as(Cancellation, document("OrderCancellation", head("CX-1"), note, NAMED, BUYER, SELLER))
    assert (found.of, found.cancelled, found.number, found.reason) == ("order", "PO-1", "PO-1", "Bestilt to gange")
