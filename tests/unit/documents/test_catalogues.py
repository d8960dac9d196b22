from datetime import date

import pytest

from models.documents import CatalogueAction, CatalogueDocument, NoPurchase
from models.vocabulary import RejectionCode
from tests.unit.documents.build import SELLER_GLN, document, head, item, party, read, read_as, refused

PROVIDER = f"<cac:ProviderParty><cac:PartyIdentification><cbc:ID>{SELLER_GLN}</cbc:ID></cac:PartyIdentification></cac:ProviderParty>"
PERIOD = "<cac:ValidityPeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-12-31</cbc:EndDate></cac:ValidityPeriod>"


def line(number: str = "1", *, action: str = "", more: str = "", item_id: str = "11-2233") -> str:
    said = f"<cbc:ActionCode>{action}</cbc:ActionCode>" if action else ""
    about = item(f"<cac:SellersItemIdentification><cbc:ID>{item_id}</cbc:ID></cac:SellersItemIdentification>")
    return f"<cac:CatalogueLine><cbc:ID>{number}</cbc:ID>{said}{more}{about}</cac:CatalogueLine>"


def catalogue(*parts: str, action: str = "", party_of: str = PROVIDER) -> bytes:
    said = f"<cbc:ActionCode>{action}</cbc:ActionCode>" if action else ""
    return document("Catalogue", head("CAT-9", more=said), party_of, *parts)


def listed(*parts: str, action: str = "") -> CatalogueDocument:
    return read_as(CatalogueDocument, catalogue(*parts, action=action))


def test_a_catalogue_is_whole_unless_it_says_that_it_updates() -> None:
    actions = [listed(action=action).action for action in ("", "Add", "Replace", "Update", "Delete")]
    assert actions == [CatalogueAction.ADD] * 3 + [CatalogueAction.UPDATE, CatalogueAction.DELETE]


def test_each_line_says_what_it_does() -> None:
    found = listed(line("1"), line("2", action="Update"), line("3", action="DELETE"), action="Update")
    assert [row.action for row in found.rows] == [CatalogueAction.ADD, CatalogueAction.UPDATE, CatalogueAction.DELETE]


def test_an_unknown_action_is_refused_with_its_place() -> None:
    found = refused(catalogue(line("1"), line("2", action="Burn")))
    assert (found.code, found.field) == (RejectionCode.BAD_VALUE, "/Catalogue/cac:CatalogueLine[2]/cbc:ActionCode")


def test_a_deleted_catalogue_lists_nothing() -> None:
    assert listed(line(), action="Delete").rows == ()


def test_a_lines_own_days_go_before_the_catalogues() -> None:
    own = "<cac:LineValidityPeriod><cbc:StartDate>2026-02-01</cbc:StartDate></cac:LineValidityPeriod>"
    found = listed(PERIOD, line("1", more=own), line("2"))
    assert [(row.valid_from, row.valid_to) for row in found.rows] == [
        (date(2026, 2, 1), date(2026, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ]


def test_a_line_is_orderable_unless_it_says_no() -> None:
    no = "<cbc:OrderableIndicator>false</cbc:OrderableIndicator>"
    assert [row.orderable for row in listed(line("1"), line("2", more=no)).rows] == [True, False]


def test_the_same_line_or_item_twice_is_no_reason_to_refuse() -> None:
    assert len(listed(line("1"), line("1")).rows) == 2


def test_the_seller_is_the_supplier_else_the_provider() -> None:
    with_seller = read_as(CatalogueDocument, catalogue(line(), party("SellerSupplierParty", "S-1")))
    assert (with_seller.suppliers, with_seller.providers) == (("S-1",), (SELLER_GLN,))
    assert listed(line()).rows[0].supplier == SELLER_GLN


def test_a_catalogue_of_nobody_is_refused() -> None:
    assert (
        refused(catalogue(line(), party_of="")).field == "/Catalogue/cac:ProviderParty/cac:PartyIdentification/cbc:ID"
    )


@pytest.mark.parametrize("name", ["urn:fdc:peppol.eu:poacc:bis:punch_out:3", "urn:www.cenbii.eu:profile:bii18:ver1.0"])
def test_the_cart_of_a_punch_out_session_is_no_catalogue(name: str) -> None:
    whole = "<cbc:ActionCode>false</cbc:ActionCode>"
    profile = f"<cbc:ProfileID>{name}</cbc:ProfileID>"
    assert read(catalogue(profile, whole, line())) == NoPurchase(kind="PunchOut")


def test_a_cart_may_say_so_in_its_customisation_alone() -> None:
    customised = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:punch_out:3</cbc:CustomizationID>"
    assert read(catalogue(customised, line())) == NoPurchase(kind="PunchOut")


def test_an_update_of_prices_leaves_the_items_as_they_are() -> None:
    price = '<cac:RequiredItemLocationQuantity><cac:Price><cbc:PriceAmount currencyID="DKK">22.00</cbc:PriceAmount></cac:Price></cac:RequiredItemLocationQuantity>'
    related = "<cac:RelatedCatalogueReference><cbc:ID>CAT-9</cbc:ID></cac:RelatedCatalogueReference>"
    update = f"<cac:CataloguePricingUpdateLine><cbc:ID>1</cbc:ID>{price}</cac:CataloguePricingUpdateLine>"
    found = read_as(CatalogueDocument, document("CataloguePricingUpdate", head("U-1"), related, PROVIDER, update))
    row = found.rows[0]
    assert (found.catalogue, found.action) == ("CAT-9", CatalogueAction.UPDATE)
    assert (row.line, row.price, row.item, row.orderable) == ("1", "22", None, None)


def priced(amount: str, first: str = "", last: str = "") -> str:
    begins = f"<cbc:StartDate>{first}</cbc:StartDate>" if first else ""
    ends = f"<cbc:EndDate>{last}</cbc:EndDate>" if last else ""
    period = f"<cac:ValidityPeriod>{begins}{ends}</cac:ValidityPeriod>"
    stated = f'<cbc:PriceAmount currencyID="DKK">{amount}</cbc:PriceAmount>{period}'
    return f"<cac:RequiredItemLocationQuantity><cac:Price>{stated}</cac:Price></cac:RequiredItemLocationQuantity>"


def test_prices_that_follow_each_other_are_a_row_each_and_the_item_stays_through_all_its_days() -> None:
    prices = priced("12", "2026-07-01") + priced("10", "2026-02-01", "2026-06-30") + priced("9", "2026-02-01")
    assert [(row.price, row.valid_from, row.valid_to) for row in listed(PERIOD, line(more=prices)).rows] == [
        ("10", date(2026, 1, 1), date(2026, 6, 30)),
        ("12", date(2026, 7, 1), date(2026, 12, 31)),
    ]


def test_an_update_of_prices_is_valid_in_the_prices_own_days() -> None:
    related = "<cac:RelatedCatalogueReference><cbc:ID>CAT-9</cbc:ID></cac:RelatedCatalogueReference>"
    update = f"<cac:CataloguePricingUpdateLine><cbc:ID>1</cbc:ID>{priced('22', '2026-06-01', '2026-08-31')}</cac:CataloguePricingUpdateLine>"
    found = read_as(CatalogueDocument, document("CataloguePricingUpdate", head("U-1"), related, PROVIDER, update))
    assert [(row.price, row.valid_from, row.valid_to) for row in found.rows] == [
        ("22", date(2026, 6, 1), date(2026, 8, 31))
    ]


def test_a_catalogue_under_a_new_number_that_names_no_other_goes_by_its_contract() -> None:
    source = "<cac:SourceCatalogueReference><cbc:ID>CAT-8</cbc:ID></cac:SourceCatalogueReference>"
    assert [listed(action=action).of_contract for action in ("", "Add", "Update", "Replace", "Delete")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert not listed(source, action="Replace").of_contract


@pytest.mark.parametrize("kind", ["CatalogueDeletion", "CatalogueItemSpecificationUpdate", "CataloguePricingUpdate"])
def test_an_update_of_no_catalogue_is_refused(kind: str) -> None:
    assert refused(document(kind, head("U-1"), PROVIDER)).code == RejectionCode.MISSING_FIELD


def test_two_thousand_lines_are_the_limit() -> None:
    assert refused(catalogue(*(line(str(number)) for number in range(2_001)))).code == RejectionCode.TOO_MANY_LINES


def test_the_same_catalogue_bears_the_same_digest() -> None:
    assert listed(line()).stamp.digest == listed(line()).stamp.digest != listed(line("2")).stamp.digest
