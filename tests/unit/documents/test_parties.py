import msgspec
import pytest

from models.facts import Invoice, Order
from models.vocabulary import RejectionCode
from tests.unit.documents.build import (
    BUYER,
    GLN,
    SELLER,
    SELLER_GLN,
    SUPPLIER,
    bill_line,
    document,
    head,
    order,
    order_line,
    order_reference,
    party,
    read_as,
    refused,
)

CPR = "010170-0000"


def bought(*parties: str, account: str = "") -> Order:
    stated = f"<cbc:AccountingCost>{account}</cbc:AccountingCost>" if account else ""
    return read_as(Order, document("Order", head(more=stated), *parties, order_line()))


def asked_for_by(inside: str) -> Order:
    return bought(
        BUYER, SELLER, f"<cac:OriginatorCustomerParty><cac:Party>{inside}</cac:Party></cac:OriginatorCustomerParty>"
    )


def test_units_are_tried_by_own_identifiers_then_the_account_then_the_company() -> None:
    found = bought(
        party("BuyerCustomerParty", "B-1", "B-2", endpoint="B-END", company="DK00000017"),
        SELLER,
        party("AccountingCustomerParty", "A-1", endpoint="A-END", company="DK00000033"),
        account="2.3410",
    )
    assert found.content.units == ("A-1", "A-END", "B-1", "B-2", "B-END", "2.3410", "DK00000033", "DK00000017")
    assert found.content.account == "2.3410"


def test_an_identifier_is_tried_once() -> None:
    assert bought(party("BuyerCustomerParty", GLN, endpoint=GLN, company=GLN), SELLER).content.units == (GLN,)


def test_the_seller_goes_before_the_party_that_keeps_the_accounts() -> None:
    lines = bill_line()
    parties = (
        party("AccountingCustomerParty", GLN),
        party("SellerSupplierParty", "S-1"),
        party("AccountingSupplierParty", "S-2"),
    )
    assert read_as(Invoice, document("Invoice", head(), *parties, lines)).content.suppliers == ("S-1",)
    assert read_as(Invoice, document("Invoice", head(), parties[0], parties[2], lines)).content.suppliers == ("S-2",)


def test_a_seller_without_identifiers_leaves_the_place_to_the_accounts() -> None:
    assert bought(BUYER, party("SellerSupplierParty"), SUPPLIER).content.suppliers == (SELLER_GLN,)


@pytest.mark.parametrize("placeholder", ["NA", "n/a", "-", "none"])
def test_a_placeholder_is_no_party(placeholder: str) -> None:
    assert bought(party("BuyerCustomerParty", placeholder, endpoint=GLN), SELLER).content.units == (GLN,)


def test_a_document_without_a_buyer_or_a_seller_is_refused_by_the_path_to_fill() -> None:
    inside = "cac:Party/cac:PartyIdentification/cbc:ID"
    without_buyer = refused(document("Order", head(), SELLER, order_line()))
    without_seller = refused(document("Order", head(), BUYER, order_line()))
    billed = refused(document("Invoice", head(), SUPPLIER, bill_line()))
    assert {found.code for found in (without_buyer, without_seller, billed)} == {RejectionCode.MISSING_FIELD}
    assert without_buyer.field == f"/Order/cac:BuyerCustomerParty/{inside}"
    assert without_seller.field == f"/Order/cac:SellerSupplierParty/{inside}"
    assert billed.field == f"/Invoice/cac:AccountingCustomerParty/{inside}"


@pytest.mark.parametrize("scheme", ["DK:CPR", "dk:cpr", "", "ZZZ"])
def test_the_originator_leaves_as_a_pseudonym_only(scheme: str) -> None:
    found = asked_for_by(
        f'<cac:PartyIdentification><cbc:ID schemeID="{scheme}">{CPR}</cbc:ID></cac:PartyIdentification>'
    )
    assert found.content.buyer == "P11"
    assert CPR.encode() not in msgspec.json.encode(found)


def test_an_originating_department_is_no_person() -> None:
    gln = '<cac:PartyIdentification><cbc:ID schemeID="0088">5790000000029</cbc:ID></cac:PartyIdentification>'
    assert asked_for_by(gln).content.buyer is None
    assert asked_for_by(f"{gln}<cac:Contact><cbc:ID>B-778</cbc:ID></cac:Contact>").content.buyer == "P5"


def test_a_sole_traders_cpr_number_leaves_as_a_pseudonym() -> None:
    found = bought(BUYER, party("SellerSupplierParty", CPR, scheme="DK:CPR"))
    assert found.content.suppliers == ("P11",)


def test_a_cpr_number_is_masked_wherever_people_write() -> None:
    requisition = f"<cac:OriginatorDocumentReference><cbc:ID>for {CPR}</cbc:ID></cac:OriginatorDocumentReference>"
    quotation = "<cac:QuotationDocumentReference><cbc:ID>0101700000</cbc:ID></cac:QuotationDocumentReference>"
    lines = order_line().replace("Kopipapir", f"Briller til {CPR} og 010170 0000")
    account = f"<cbc:AccountingCost>{CPR}</cbc:AccountingCost>"
    said = msgspec.json.encode(read_as(Order, order(requisition, quotation, top=account, lines=lines)))
    assert not [form for form in (b"010170-0000", b"0101700000", b"010170 0000") if form in said]


def test_ten_digits_of_an_account_stay_an_account() -> None:
    assert bought(BUYER, SELLER, account="0101700000").content.account == "0101700000"


def test_a_refusal_repeats_no_cpr_number() -> None:
    found = refused(
        document("OrderCancellation", head(day=CPR), order_reference("<cbc:ID>PO-1</cbc:ID>"), BUYER, SELLER)
    )
    assert CPR not in found.message
