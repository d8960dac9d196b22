import pytest

from models.facts import Category, Invoice, Line, Order, OrderChange
from models.vocabulary import RejectionCode
from tests.unit.documents.build import (
    amount,
    bill_line,
    charge,
    invoice,
    order,
    order_change,
    order_line,
    read_as,
    refused,
)

PRICE = '<cac:Price><cbc:PriceAmount currencyID="DKK">{}</cbc:PriceAmount><cbc:BaseQuantity>{}</cbc:BaseQuantity></cac:Price>'
ITEM = "/Order/cac:OrderLine/cac:LineItem"


def lines(*each: str) -> tuple[Line, ...]:
    return read_as(Order, order(lines="".join(each))).content.lines


def about(inside: str) -> Line:
    return lines(order_line(about=inside))[0]


def classified(code: str, attributes: str) -> str:
    return f"<cac:CommodityClassification><cbc:ItemClassificationCode {attributes}>{code}</cbc:ItemClassificationCode></cac:CommodityClassification>"


def identified(kind: str, text: str, attributes: str = "") -> str:
    return f"<cac:{kind}ItemIdentification><cbc:ID {attributes}>{text}</cbc:ID></cac:{kind}ItemIdentification>"


def test_a_line_counts_by_its_amount_net_of_vat() -> None:
    assert [
        line.net_hundredths for line in lines(order_line("1", "12.5"), order_line("2", "-2"), order_line("3", "0.005"))
    ] == [1250, -200, 1]


def test_the_lines_count_where_the_heads_total_disagrees() -> None:
    total = f'<cac:LegalMonetaryTotal>{amount("999")}<cbc:PayableAmount currencyID="DKK">999</cbc:PayableAmount></cac:LegalMonetaryTotal>'
    found = read_as(Invoice, invoice(total, lines=bill_line("1", "100") + bill_line("2", "50")))
    assert sum(line.net_hundredths for line in found.content.lines) == 15_000


def test_an_oioubl_tax_exclusive_amount_is_vat_and_never_spend() -> None:
    total = (
        f'<cac:LegalMonetaryTotal>{amount("100")}<cbc:TaxExclusiveAmount currencyID="DKK">25</cbc:TaxExclusiveAmount>'
        '<cbc:PayableAmount currencyID="DKK">125</cbc:PayableAmount></cac:LegalMonetaryTotal>'
    )
    assert [line.net_hundredths for line in read_as(Invoice, invoice(total)).content.lines] == [10_000]


def test_an_order_line_without_amount_counts_price_times_quantity_by_base_quantity() -> None:
    more = "<cbc:Quantity>30</cbc:Quantity>" + charge("1") + PRICE.format("24.50", "10")
    assert lines(order_line(net="", more=more))[0].net_hundredths == 7450


def test_a_base_quantity_of_nothing_divides_nothing() -> None:
    more = "<cbc:Quantity>2</cbc:Quantity>" + PRICE.format("3", "0")
    assert lines(order_line(net="", more=more))[0].net_hundredths == 600


def test_an_order_line_that_names_no_price_is_worth_nothing() -> None:
    assert lines(order_line(net=""))[0].net_hundredths == 0


def test_an_invoice_line_must_state_its_amount() -> None:
    found = refused(invoice(lines="<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>"))
    assert (found.code, found.field) == (
        RejectionCode.MISSING_FIELD,
        "/Invoice/cac:InvoiceLine/cbc:LineExtensionAmount",
    )


def test_charges_and_allowances_of_the_head_are_spread_in_proportion() -> None:
    value = order(charge("10"), charge("40", indicator="false"), lines=order_line("1", "245") + order_line("2", "55"))
    assert [line.net_hundredths for line in read_as(Order, value).content.lines] == [22_050, 4_950]


def test_no_oere_is_lost_in_spreading() -> None:
    value = order(charge("0.02"), lines=order_line("1", "1") + order_line("2", "1") + order_line("3", "1"))
    assert [line.net_hundredths for line in read_as(Order, value).content.lines] == [101, 101, 100]


def test_a_lines_and_a_prices_own_allowance_is_in_its_amount_already() -> None:
    priced = f"<cac:Price><cbc:PriceAmount>100</cbc:PriceAmount>{charge('20', indicator='false')}</cac:Price>"
    assert lines(order_line(net="100", more=charge("5") + priced))[0].net_hundredths == 10_000


def test_a_charge_must_say_that_it_is_one() -> None:
    found = refused(order(charge("1", indicator="perhaps")))
    assert (found.code, found.field) == (RejectionCode.BAD_VALUE, "/Order/cac:AllowanceCharge/cbc:ChargeIndicator")


def test_a_changes_charges_stay_off_removed_lines() -> None:
    removed = order_line("1", "", more="<cbc:LineStatusCode>2</cbc:LineStatusCode>")
    found = read_as(OrderChange, order_change(charge("9"), lines=removed + order_line("2", "1")))
    assert [(line.net_hundredths, line.removed) for line in found.content.lines] == [(0, True), (1000, False)]


@pytest.mark.parametrize("text", ["1,5", "1e5", "NaN", "Infinity", "0x10", "one", "1 000", "١"])
def test_an_amount_that_is_no_decimal_is_refused_with_its_place(text: str) -> None:
    found = refused(order(lines=order_line("1", "1") + order_line("2", text)))
    assert (found.code, found.field) == (
        RejectionCode.BAD_VALUE,
        "/Order/cac:OrderLine[2]/cac:LineItem/cbc:LineExtensionAmount",
    )


@pytest.mark.parametrize("text", ["1000000000000", "-1000000000000", "9" * 31, "9" * 100_000])
def test_an_amount_from_a_million_millions_is_out_of_range(text: str) -> None:
    assert refused(order(lines=order_line("1", text))).code == RejectionCode.OUT_OF_RANGE


def test_a_price_and_a_quantity_may_not_multiply_beyond_the_range() -> None:
    more = "<cbc:Quantity>999999999999</cbc:Quantity>" + PRICE.format("999999999999", "0.000001")
    assert refused(order(lines=order_line(net="", more=more))).code == RejectionCode.OUT_OF_RANGE


def test_a_line_id_twice_is_refused_at_the_second() -> None:
    found = refused(order(lines=order_line("1") + order_line("1")))
    assert (found.code, found.field) == (RejectionCode.DUPLICATE_LINE, "/Order/cac:OrderLine[2]/cac:LineItem/cbc:ID")


def test_lines_of_a_bill_under_one_number_are_told_apart_and_all_count() -> None:
    lines = bill_line("1", "10.00") + bill_line("1#2", "20.00") + bill_line("1", "30.00") + bill_line("1", "40.00")
    found = read_as(Invoice, invoice(lines=lines)).content.lines
    assert [(line.line, line.net_hundredths) for line in found] == [
        ("1", 1_000),
        ("1#2", 2_000),
        ("1#3", 3_000),
        ("1#4", 4_000),
    ]
    long = "9" * 64
    assert [len(line.line) for line in read_as(Invoice, invoice(lines=bill_line(long) * 2)).content.lines] == [64, 61]


def test_two_thousand_lines_are_read_and_one_more_is_refused() -> None:
    def many(count: int) -> bytes:
        return order(lines="".join(order_line(str(number), "1") for number in range(count)))

    assert len(read_as(Order, many(2_000)).content.lines) == 2_000
    assert refused(many(2_001)).code == RejectionCode.TOO_MANY_LINES


def test_a_document_without_lines_or_a_line_without_an_id_is_refused() -> None:
    bare = order().replace(b"cac:OrderLine>", b"cac:Other>")
    assert refused(bare).field == "/Order/cac:OrderLine"
    assert refused(order(lines=order_line(""))).field == f"{ITEM}/cbc:ID"
    assert refused(order(lines="<cac:OrderLine/>")).field == ITEM


@pytest.mark.parametrize("placeholder", ["NA", "na", "n/a", "N/A", "1", "-", " "])
def test_a_placeholder_is_no_item(placeholder: str) -> None:
    assert about(identified("Sellers", placeholder)).item is None


def test_the_sellers_item_is_the_item_else_the_catalogues() -> None:
    assert about(identified("Sellers", " 11-2233 ") + identified("Catalogue", "C-1")).item == "11-2233"
    assert about(identified("Catalogue", "C-1")).item == "C-1"


@pytest.mark.parametrize(
    "attributes", ['schemeID="0160"', 'schemeID="GTIN" schemeAgencyID="9"', 'schemeAgencyID="9"', ""]
)
def test_a_gtin_is_known_by_its_scheme(attributes: str) -> None:
    assert about(identified("Standard", "5701234500012", attributes)).gtin == "5701234500012"


def test_another_standard_is_no_gtin() -> None:
    assert about(identified("Standard", "8700000000000", 'schemeID="ISBN"')).gtin is None


def test_a_sellers_item_that_is_a_gtin_is_both() -> None:
    found = about(identified("Sellers", "5701234500012", 'schemeAgencyID="9" schemeID="GTIN"'))
    assert (found.item, found.gtin) == ("5701234500012", "5701234500012")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('listID="TST"', Category("UNSPSC", "14111507")),
        ('listID="UNSPSC" listAgencyID="113"', Category("UNSPSC", "14111507")),
        ('listAgencyID="113"', Category("UNSPSC", "14111507")),
        ('listID="STI"', Category("CPV", "14111507")),
        ('listID="CPV"', Category("CPV", "14111507")),
        ('listID="MP"', Category("MP", "14111507")),
        ("", Category("unstated", "14111507")),
    ],
)
def test_a_category_goes_by_its_list(attributes: str, expected: Category) -> None:
    assert about(classified("14111507", attributes)).category == expected


def test_of_several_categories_unspsc_goes_before_cpv_and_cpv_before_others() -> None:
    other, cpv, unspsc = (
        classified("A", 'listID="MP"'),
        classified("30197630-1", 'listID="STI"'),
        classified("14111507", 'listID="TST"'),
    )
    assert about(other + cpv + unspsc).category == Category("UNSPSC", "14111507")
    assert about(other + cpv).category == Category("CPV", "30197630")


def test_a_lines_catalogue_and_contract_go_before_the_heads() -> None:
    heads = "<cac:CatalogueReference><cbc:ID>CAT-9</cbc:ID></cac:CatalogueReference><cac:Contract><cbc:ID>A-17</cbc:ID></cac:Contract>"
    own = "<cac:CatalogueLineReference><cbc:LineID>4</cbc:LineID><cac:DocumentReference><cbc:ID>CAT-2</cbc:ID></cac:DocumentReference></cac:CatalogueLineReference>"
    contract = "<cac:Contract><cbc:ID>A-18</cbc:ID></cac:Contract>"
    found = read_as(Order, order(heads, lines=order_line("1", outer=own, more=contract) + order_line("2"))).content
    assert [(line.catalogue, line.agreement) for line in found.lines] == [("CAT-2", "A-18"), ("CAT-9", None)]
    assert found.agreement == "A-17"


def test_a_price_in_another_currency_compares_with_nothing() -> None:
    price = PRICE.format("9", "1")
    assert lines(order_line(more=price))[0].unit_price == "9"
    assert lines(order_line(more=price.replace("DKK", "SEK")))[0].unit_price is None


def test_quantities_and_prices_are_kept_as_plain_numbers() -> None:
    more = '<cbc:Quantity unitCode="PK">010.500</cbc:Quantity>' + PRICE.format("100", "5.0")
    found = lines(order_line(more=more))[0]
    assert (found.quantity, found.unit, found.unit_price, found.base_quantity) == ("10.5", "PK", "100", "5")


def test_an_endless_description_is_cut() -> None:
    assert len(lines(order_line().replace("Kopipapir", "x" * 5_000))[0].description or "") == 256


REFERRED = "<cac:CatalogueDocumentReference><cbc:ID>{}</cbc:ID></cac:CatalogueDocumentReference>"


def test_an_item_names_the_catalogue_that_it_was_taken_from() -> None:
    assert about(REFERRED.format("CAT-7")).catalogue == "CAT-7"
    assert about("").catalogue is None


def test_an_item_without_a_name_is_told_by_its_description() -> None:
    described = order_line().replace(
        "<cbc:Name>Kopipapir</cbc:Name>", "<cbc:Description>Papir, hvidt</cbc:Description>"
    )
    assert lines(described)[0].description == "Papir, hvidt"


@pytest.mark.parametrize(("scheme", "gtin"), [("GTIN", "5712345780121"), ("", None)])
def test_a_sellers_number_is_a_gtin_only_where_it_says_so(scheme: str, gtin: str | None) -> None:
    stated = f'<cbc:ID schemeID="{scheme}">5712345780121</cbc:ID>'
    found = about(f"<cac:SellersItemIdentification>{stated}</cac:SellersItemIdentification>")
    assert (found.item, found.gtin) == ("5712345780121", gtin)
