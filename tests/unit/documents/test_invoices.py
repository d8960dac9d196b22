from datetime import date

import pytest

from models.documents import NoPurchase
from models.facts import CreditNote, Invoice, OrderReference
from models.vocabulary import RejectionCode
from tests.unit.documents.build import (
    CUSTOMER,
    SUPPLIER,
    bill_line,
    credit_note,
    document,
    head,
    invoice,
    order_reference,
    read,
    read_as,
    refused,
)

NAMED = order_reference("<cbc:ID>PO-1</cbc:ID>")
OF_LINE = "<cac:OrderLineReference><cbc:LineID>{}</cbc:LineID></cac:OrderLineReference>"
BILLING = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-9</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"


def credited(*lines: str) -> str:
    return "".join(bill_line(str(number), more=more, kind="CreditNote") for number, more in enumerate(lines, 1))


def test_an_invoice_stands_under_the_order_it_names() -> None:
    reference = "<cbc:ID>PO-1</cbc:ID><cbc:UUID>AB</cbc:UUID><cbc:IssueDate>2026-03-01</cbc:IssueDate>"
    found = read_as(Invoice, invoice(order_reference(reference)))
    assert (found.number, found.invoice) == ("PO-1", "F-1")
    assert found.order == OrderReference(number="PO-1", issued_on=date(2026, 3, 1), uuid="ab")


def test_an_invoice_without_an_order_stands_under_its_own_number() -> None:
    found = read_as(Invoice, invoice())
    assert (found.number, found.order) == ("F-1", None)


@pytest.mark.parametrize("number", ["NA", "na", "n/a", "N/A", "-", "none", " "])
def test_a_placeholder_names_no_order(number: str) -> None:
    assert read_as(Invoice, invoice(order_reference(f"<cbc:ID>{number}</cbc:ID>"))).order is None


def test_where_the_order_is_na_the_sellers_number_names_it() -> None:
    reference = order_reference("<cbc:ID>NA</cbc:ID><cbc:SalesOrderID>S-4711</cbc:SalesOrderID>")
    assert read_as(Invoice, invoice(reference)).number == "S-4711"


def test_an_order_named_by_the_lines_only_is_named() -> None:
    of_order = "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID><cac:OrderReference><cbc:ID>PO-2</cbc:ID></cac:OrderReference></cac:OrderLineReference>"
    assert read_as(Invoice, invoice(lines=bill_line(more=of_order))).number == "PO-2"
    assert read_as(Invoice, invoice(NAMED, lines=bill_line(more=of_order))).number == "PO-1"


def test_an_unusable_reference_in_another_form_is_no_reason_to_refuse() -> None:
    assert read_as(Invoice, invoice(order_reference(f"<cbc:ID>{'x' * 200}</cbc:ID>"))).order is None


@pytest.mark.parametrize(
    ("code", "channel"), [("48", "card"), ("54", "card"), ("55", "card"), ("42", None), ("30", None)]
)
def test_an_invoice_paid_by_card_says_so(code: str, channel: str | None) -> None:
    means = f"<cac:PaymentMeans><cbc:PaymentMeansCode>{code}</cbc:PaymentMeansCode></cac:PaymentMeans>"
    assert read_as(Invoice, invoice(means)).content.channel == channel


def test_a_negative_invoice_is_a_credit_note_of_positive_amounts() -> None:
    quantity = "<cbc:InvoicedQuantity>-2</cbc:InvoicedQuantity>"
    lines = bill_line("1", "-100", more=quantity) + bill_line("2", "30")
    found = read_as(CreditNote, invoice(NAMED, lines=lines))
    assert [(line.net_hundredths, line.quantity) for line in found.content.lines] == [(10_000, "2"), (-3_000, None)]
    assert (found.credit_note, found.number) == ("F-1", "PO-1")


def test_an_invoice_of_nothing_stays_an_invoice() -> None:
    assert read_as(Invoice, invoice(lines=bill_line(net="0"))).content.lines[0].net_hundredths == 0


def test_a_negative_credit_note_is_refused() -> None:
    assert refused(credit_note(lines=bill_line(net="-1", kind="CreditNote"))).code == RejectionCode.NEGATIVE_TOTAL


def test_a_credit_note_stands_under_its_order_else_its_invoice_else_itself() -> None:
    notes = [read_as(CreditNote, credit_note(*more)) for more in ((NAMED, BILLING), (BILLING,), ())]
    assert [note.number for note in notes] == ["PO-1", "F-9", "K-1"]
    assert [note.invoice for note in notes] == ["F-9", "F-9", None]


def test_a_credit_notes_lines_go_by_the_orders_line_ids() -> None:
    lines = credited(OF_LINE.format("7"), OF_LINE.format("3"))
    assert [line.line for line in read_as(CreditNote, credit_note(NAMED, lines=lines)).content.lines] == ["7", "3"]


def test_a_credit_notes_lines_go_by_the_invoices_line_ids_where_no_order_is_named() -> None:
    of_invoice = "<cac:BillingReference><cac:BillingReferenceLine><cbc:ID>5</cbc:ID></cac:BillingReferenceLine></cac:BillingReference>"
    lines = credited(of_invoice + OF_LINE.format("7"))
    assert [line.line for line in read_as(CreditNote, credit_note(BILLING, lines=lines)).content.lines] == ["5"]


@pytest.mark.parametrize("second", [OF_LINE.format("7"), OF_LINE.format("NA"), ""])
def test_a_credit_note_that_does_not_name_each_line_keeps_its_own_ids(second: str) -> None:
    lines = credited(OF_LINE.format("7"), second)
    assert [line.line for line in read_as(CreditNote, credit_note(NAMED, lines=lines)).content.lines] == ["1", "2"]


def test_a_proforma_invoice_is_no_purchase() -> None:
    assert read(invoice(top="<cbc:InvoiceTypeCode>325</cbc:InvoiceTypeCode>")) == NoPurchase(kind="ProformaInvoice")


def test_an_invoice_that_the_buyer_wrote_is_an_invoice() -> None:
    value = document("SelfBilledInvoice", head("F-1"), CUSTOMER, SUPPLIER, bill_line())
    assert read_as(Invoice, value).invoice == "F-1"
