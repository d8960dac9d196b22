"""One document of our own for each kind, Peppol and OIOUBL, in `tests/documents`."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from models.documents import CatalogueDocument, NoPurchase
from models.facts import Cancellation, CreditNote, Invoice, Line, Order, OrderChange, Response
from tests.unit.documents.build import read, read_as

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"
KINDS: dict[str, type[msgspec.Struct]] = {
    "oioubl/application_response.xml": NoPurchase,
    "oioubl/catalogue.xml": CatalogueDocument,
    "oioubl/catalogue_deletion.xml": CatalogueDocument,
    "oioubl/catalogue_item_update.xml": CatalogueDocument,
    "oioubl/catalogue_pricing_update.xml": CatalogueDocument,
    "oioubl/credit_note.xml": CreditNote,
    "oioubl/invoice.xml": Invoice,
    "oioubl/order.xml": Order,
    "oioubl/order_cancellation.xml": Cancellation,
    "oioubl/order_change.xml": OrderChange,
    "oioubl/order_response_simple.xml": Response,
    "oioubl/order_response_simple_accepting.xml": NoPurchase,
    "oioubl/utility_statement.xml": NoPurchase,
    "peppol/catalogue.xml": CatalogueDocument,
    "peppol/credit_note.xml": CreditNote,
    "peppol/invoice.xml": Invoice,
    "peppol/order.xml": Order,
    "peppol/order_agreement.xml": Order,
    "peppol/order_cancellation.xml": Cancellation,
    "peppol/order_change.xml": OrderChange,
    "peppol/order_response.xml": Response,
    "peppol/order_response_accepting.xml": NoPurchase,
    "peppol/punch_out.xml": NoPurchase,
}


def bytes_of(name: str) -> bytes:
    return (DOCUMENTS / name).read_bytes()


def total(lines: Iterable[Line]) -> int:
    return sum(line.net_hundredths for line in lines)


def test_every_document_is_expected() -> None:
    assert {f"{path.parent.name}/{path.name}" for path in DOCUMENTS.glob("*/*.xml")} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_read_and_carries_no_cpr_number(name: str) -> None:
    found = read_as(KINDS[name], bytes_of(name))
    assert b"010170" not in msgspec.json.encode(found)


def test_a_peppol_order_is_read_whole() -> None:
    found = read_as(Order, bytes_of("peppol/order.xml"))
    read_from = found.content
    assert (found.number, found.day, total(read_from.lines)) == ("PO-7001", date(2026, 3, 2), 33_000)
    assert read_from.units == ("5790000000029", "5790000000012", "2.3410", "DK00000017")
    assert (read_from.buyer, read_from.agreement, read_from.punch_out, read_from.requisition) == (
        "P11",
        "A-17",
        "SESSION-88",
        "REQ-31",
    )
    assert read_from.delivered_on is None
    assert {line.catalogue for line in read_from.lines} == {"CAT-9"}


def test_an_oioubl_order_is_read_whole() -> None:
    found = read_as(Order, bytes_of("oioubl/order.xml"))
    assert (found.number, total(found.content.lines)) == ("610077", 30_000)
    assert [line.item for line in found.content.lines] == [None, "5701234500029"]


def test_a_peppol_invoice_paid_by_card_meets_its_order_agreement() -> None:
    bill, agreement = (
        read_as(Invoice, bytes_of("peppol/invoice.xml")),
        read_as(Order, bytes_of("peppol/order_agreement.xml")),
    )
    assert bill.number == agreement.number == "S-4711"
    assert (bill.content.channel, total(bill.content.lines), bill.content.delivered_on) == (
        "card",
        4_000,
        date(2026, 3, 5),
    )


def test_an_oioubl_invoice_and_credit_note_meet_their_order() -> None:
    order, bill = read_as(Order, bytes_of("oioubl/order.xml")), read_as(Invoice, bytes_of("oioubl/invoice.xml"))
    note = read_as(CreditNote, bytes_of("oioubl/credit_note.xml"))
    assert bill.order is not None
    assert bill.order.uuid == order.uuid
    assert (bill.number, note.number, note.invoice) == ("610077", "610077", "F-500")
    assert (total(bill.content.lines), [line.line for line in note.content.lines]) == (27_000, ["2"])


def test_a_peppol_change_says_what_it_touches() -> None:
    found = read_as(OrderChange, bytes_of("peppol/order_change.xml"))
    assert (found.number, found.stamp.version) == ("PO-7001", 2)
    assert [(line.line, line.net_hundredths, line.removed) for line in found.content.lines] == [
        ("1", 9_800, False),
        ("2", 0, True),
        ("3", 2_000, False),
        ("4", 2_000, False),
    ]


def test_documents_that_are_no_purchase_say_what_they_are() -> None:
    kinds = [found.kind for name in KINDS if isinstance(found := read(bytes_of(name)), NoPurchase)]
    assert kinds == ["ApplicationResponse", "OrderResponseSimple", "UtilityStatement", "OrderResponse", "PunchOut"]


def test_a_peppol_catalogue_lists_its_items_with_all_the_reference_needs() -> None:
    first, second, third = read_as(CatalogueDocument, bytes_of("peppol/catalogue.xml")).rows
    assert (first.catalogue, first.item, first.gtin, first.category) == (
        "CAT-9",
        "11-2233",
        "5701234500012",
        "UNSPSC:14111507",
    )
    assert (first.price, first.currency, first.unit, first.base_quantity, first.agreement) == (
        "24.5",
        "DKK",
        "PK",
        "1",
        "A-17",
    )
    assert (second.orderable, second.valid_from, third.action) == (False, date(2026, 2, 1), "delete")
