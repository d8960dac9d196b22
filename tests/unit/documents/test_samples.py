"""The published sample documents, where they lie beside the project: they are read, never copied."""

from pathlib import Path

import pytest

from models.documents import CatalogueDocument, NoPurchase
from models.facts import CreditNote, Invoice, Order, OrderChange
from tests.unit.documents.build import read, read_as

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not beside the project")

Purchase = Order | OrderChange | Invoice | CreditNote

PURCHASES: dict[str, tuple[type[Purchase], str, int, str, str]] = {
    "oioubl/ADVORD_01_01_00_Invoice_v2p2.xml": (Invoice, "5002701", 500_000, "5798000417777", "DK16356706"),
    "oioubl/ADVORD_01_01_00_OrderChange_v2p2.xml": (OrderChange, "5002701", 500_000, "5798000417777", "DK16356706"),
    "oioubl/BASPRO_01_01_00_Invoice_v2p2.xml": (Invoice, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/BASPRO_01_01_00_Order_v2p2.xml": (Order, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/BASPRO_03_01_06_CreditNote_v2p2.xml": (CreditNote, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/BASPRO_03_01_06_Invoice_v2p2.xml": (Invoice, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/BASPRO_03_01_06_Order_v2p2.xml": (Order, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/COMDEL_01_01_00_Invoice_v2p2.xml": (Invoice, "5002701", 38_800, "5798000700814", "DK12542976"),
    "oioubl/COMDEL_01_01_00_Order_v2p2.xml": (Order, "5002701", 38_800, "5798000700814", "DK12542976"),
    "oioubl/COMORG_01_01_00_Invoice_v2p2.xml": (Invoice, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/COMORG_01_01_00_Order_v2p2.xml": (Order, "5002701", 505_000, "5798000416604", "DK16356706"),
    "oioubl/COMPAY_04_04_00_Invoice_v2p2.xml": (Invoice, "5002815", 55_000, "DK44556677", "DK73624230"),
    "oioubl/COMPAY_04_04_00_Order_v2p2.xml": (Order, "5002815", 55_000, "DK44556677", "DK73624230"),
    "oioubl/OIOUBL3_Invoice_billing_with_response_base_Example.xml": (
        Invoice,
        "5002701",
        505_000,
        "5798009811578",
        "16356706",
    ),
    "peppol/OrderAgreement_Example.xml": (Order, "11233", 3_125, "DK55412777", "DK12345678"),
    "peppol/OrderChange_Example.xml": (OrderChange, "Order-1", 50_000, "5541277710", "5546577791"),
    "peppol/UC1_Order.xml": (Order, "1", 11_500, "7300010000001", "987654325"),
    "peppol/UC2_Order.xml": (Order, "1", 70_000, "7300010000001", "7300010000001"),
    "peppol/UC4_Order.xml": (Order, "5", 5_000, "7300010000001", "987654325"),
    "peppol/invoice-Allowance-example.xml": (Invoice, "Snippet1", 590_000, "4598375937", "99887766"),
    "peppol/invoice-base-creditnote-correction.xml": (CreditNote, "Snippet1", 132_500, "FR23342", "99887766"),
    "peppol/invoice-base-example.xml": (Invoice, "Snippet1", 132_500, "FR23342", "99887766"),
    "peppol/invoice-vat-category-Z.xml": (Invoice, "Vat-Z", 120_000, "12345678", "7300010000001"),
}
"""Kind, number of the row, net amount in hundredths, first unit and first supplier, each as a person reads the file."""

CATALOGUES = {
    "oioubl/CATEXE_01_01_00_Catalogue_v2p2.xml": ("CAT-EX-1", "add", "DK45656787", ["87067606", "87067606", "SUB-C"]),
    "peppol/Catalogue_Example.xml": ("1387", "add", "5790000435951", ["MNTR011", "MNTR012"]),
    "peppol/catalogue-wo-response-use-case-1.xml": (
        "1234",
        "add",
        "5790000435951",
        ["2451015", "2451037", "1038195", "7690213", "123", "55123", "4747"],
    ),
    "peppol/catalogue-wo-response-use-case-2.xml": ("1235", "update", "5790000435951", ["2451015", "2451027", None]),
}
NO_PURCHASES = {
    "oioubl/BASPRO_01_01_00_OrderResponseSimple_v2p2.xml": "OrderResponseSimple",
    "peppol/OrderResponse_Example.xml": "OrderResponse",
    "peppol/UC1_Order_response.xml": "OrderResponse",
}


@needs_samples
def test_every_sample_is_expected() -> None:
    held = {f"{path.parent.name}/{path.name}" for path in SAMPLES.glob("*/*.xml")}
    assert held == {*PURCHASES, *CATALOGUES, *NO_PURCHASES}


@needs_samples
@pytest.mark.parametrize("name", PURCHASES)
def test_a_sample_purchase_is_read_as_a_person_reads_it(name: str) -> None:
    kind, number, net, unit, supplier = PURCHASES[name]
    found = read_as(kind, (SAMPLES / name).read_bytes())
    total = sum(line.net_hundredths for line in found.content.lines)
    assert (found.number, total) == (number, net)
    assert (found.content.units[0], found.content.suppliers[0]) == (unit, supplier)


@needs_samples
@pytest.mark.parametrize("name", CATALOGUES)
def test_a_sample_catalogue_is_read_as_a_person_reads_it(name: str) -> None:
    found = read_as(CatalogueDocument, (SAMPLES / name).read_bytes())
    assert (found.catalogue, found.action, found.suppliers[0], [row.item for row in found.rows]) == CATALOGUES[name]


@needs_samples
@pytest.mark.parametrize("name", NO_PURCHASES)
def test_a_sample_response_is_no_purchase(name: str) -> None:
    assert read((SAMPLES / name).read_bytes()) == NoPurchase(kind=NO_PURCHASES[name])


@needs_samples
def test_the_stories_of_the_samples_hang_together() -> None:
    order = read_as(Order, (SAMPLES / "oioubl/BASPRO_03_01_06_Order_v2p2.xml").read_bytes())
    billed = read_as(Invoice, (SAMPLES / "oioubl/BASPRO_03_01_06_Invoice_v2p2.xml").read_bytes())
    credit = read_as(CreditNote, (SAMPLES / "oioubl/BASPRO_03_01_06_CreditNote_v2p2.xml").read_bytes())
    assert billed.order is not None
    assert (billed.order.uuid, billed.order.issued_on) == (order.uuid, order.day)
    assert credit.invoice == billed.invoice


@needs_samples
def test_the_documents_of_a_seller_recorded_order_are_marked() -> None:
    marked = (
        "oioubl/ADVORD_01_01_00_OrderChange_v2p2.xml",
        "oioubl/ADVORD_01_01_00_Invoice_v2p2.xml",
        "peppol/OrderAgreement_Example.xml",
    )
    for name in marked:
        assert read_as(PURCHASES[name][0], (SAMPLES / name).read_bytes()).content.order_agreement
