"""Look-ups through time: what a snapshot answers for a day."""

from datetime import date
from decimal import Decimal

import pytest

from models.facts import Category
from models.reference.build import Change, applied, snapshot_of
from models.reference.indexes import NEVER_LOADED
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    BuyerRow,
    CatalogueRow,
    ExternalChannelRow,
    LedgerRow,
    Level,
    MandatoryRow,
    RateRow,
    RulesetRow,
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.snapshot import Snapshot

PAPER = Category("UNSPSC", "14111507")
DAY = date(2026, 3, 2)
BEFORE, LATER = date(2025, 12, 31), date(2026, 7, 1)
NEW_YEAR = date(2026, 1, 1)

CITY = UnitRow("K-1", "Byen", Level.MUNICIPALITY, identifiers=("DK11111111",))
NORTH = UnitRow("D-1", "Nord", Level.DEPARTMENT, parent="K-1")
SOUTH = UnitRow("D-2", "Syd", Level.DEPARTMENT, parent="K-1")
SCHOOL = UnitRow("U-1", "Skolen", Level.INSTITUTION, "D-1", ("5790000000017", "11111111"), None, BEFORE)
MOVED = UnitRow("U-1", "Skolen", Level.INSTITUTION, "D-2", ("5790000000017",), NEW_YEAR)
TREE = (CITY, NORTH, SOUTH, SCHOOL, MOVED)

SHOP = SupplierRow("S-1", "Butikken", ("DK12345678", "5790000000024"))


def item(**fields: object) -> CatalogueRow:
    values = {"catalogue": "CAT-9", "supplier": "S-1", "item": "11-2233", "category": "UNSPSC:14111507", **fields}
    return CatalogueRow(**values)  # type: ignore[arg-type]


def found(snapshot: Snapshot, **question: object) -> CatalogueRow | None:
    asked = {"item": "11-2233", "day": DAY, **question}
    return snapshot.item("S-1", **asked)  # type: ignore[arg-type]


def test_an_empty_reference_answers_everything_with_nothing() -> None:
    empty = Snapshot()
    assert empty.number == NEVER_LOADED
    assert empty.unit_id(["U-1"]) is None
    assert empty.ancestors("U-1", DAY) == ("U-1",)
    assert empty.roots(DAY) == ()
    assert empty.supplier_id(["DK12345678"]) == "12345678"
    assert found(empty) is None
    assert empty.ruleset_text is None


@pytest.mark.parametrize("identifier", ["K-1", "DK11111111", "11111111", "dk 11111111"])
def test_a_unit_is_found_by_its_id_and_by_its_cvr_with_and_without_dk(identifier: str) -> None:
    assert snapshot_of(TREE).unit_id(["unknown", identifier]) == "K-1"


def test_a_cvr_that_a_school_shares_with_its_municipality_means_the_municipality() -> None:
    assert snapshot_of(TREE).unit_id(["11111111", "U-1"]) == "K-1"


def test_the_tree_is_that_of_the_day() -> None:
    snapshot = snapshot_of(TREE)
    assert snapshot.ancestors("U-1", BEFORE) == ("U-1", "D-1", "K-1")
    assert snapshot.ancestors("U-1", NEW_YEAR) == ("U-1", "D-2", "K-1")


def test_a_day_without_a_valid_row_takes_the_last_one_before_it_else_the_first_to_come() -> None:
    closed = UnitRow("U-2", "Lukket", Level.INSTITUTION, "D-1", (), date(2025, 1, 1), BEFORE)
    snapshot = snapshot_of((*TREE, closed))
    assert snapshot.ancestors("U-2", LATER) == ("U-2", "D-1", "K-1")
    assert snapshot.ancestors("U-2", date(2020, 1, 1)) == ("U-2", "D-1", "K-1")


def test_a_parent_that_is_not_known_makes_a_root() -> None:
    orphan = UnitRow("U-9", "Alene", Level.INSTITUTION, "D-77")
    snapshot = snapshot_of((*TREE, orphan))
    assert snapshot.root_of("U-9", DAY) == "U-9"
    assert snapshot.roots(DAY) == ("K-1", "U-9")


def test_a_cycle_in_the_tree_ends_the_climb() -> None:
    one, other = UnitRow("A", "A", Level.AREA, "B"), UnitRow("B", "B", Level.AREA, "A")
    assert snapshot_of((one, other)).ancestors("A", DAY) == ("A", "B")


def test_a_root_that_is_closed_is_no_root_after_its_end() -> None:
    old = UnitRow("K-0", "Den gamle by", Level.MUNICIPALITY, valid_to=BEFORE)
    snapshot = snapshot_of((*TREE, old))
    assert snapshot.roots(BEFORE) == ("K-0", "K-1")
    assert snapshot.roots(NEW_YEAR) == ("K-1",)


@pytest.mark.parametrize("identifier", ["S-1", "DK12345678", "12345678", "5790000000024"])
def test_a_supplier_is_found_by_any_identifier(identifier: str) -> None:
    assert snapshot_of((SHOP,)).supplier_id(["?", identifier]) == "S-1"


def test_an_unknown_supplier_has_one_id_however_its_cvr_is_written() -> None:
    snapshot = snapshot_of((SHOP,))
    assert snapshot.supplier_id(["DK87654321"]) == snapshot.supplier_id(["87654321"]) == "87654321"


def test_the_longest_prefix_of_an_account_speaks() -> None:
    snapshot = snapshot_of(
        (AccountRow("2", exclusion="rent"), AccountRow("2.34", exclusion="grant", valid_from=NEW_YEAR))
    )
    assert snapshot.account("2.3410", DAY) == AccountRow("2.34", exclusion="grant", valid_from=NEW_YEAR)
    assert snapshot.account("2.3410", BEFORE) == AccountRow("2", exclusion="rent")
    assert snapshot.account("3.1", DAY) is None


def test_an_item_is_found_on_the_first_and_last_day_of_its_validity_and_not_outside() -> None:
    snapshot = snapshot_of((SHOP, item(valid_from=NEW_YEAR, valid_to=DAY)))
    assert [found(snapshot, day=day) is not None for day in (BEFORE, NEW_YEAR, DAY, date(2026, 3, 3))] == [
        False,
        True,
        True,
        False,
    ]


def test_an_item_resolves_within_its_own_suppliers_catalogue_only() -> None:
    assert found(snapshot_of((SHOP, item(supplier="S-2")))) is None


def test_a_catalogue_that_names_its_supplier_by_cvr_is_that_suppliers() -> None:
    assert found(snapshot_of((SHOP, item(supplier="DK12345678")))) is not None


def test_an_item_is_matched_exactly() -> None:
    assert found(snapshot_of((SHOP, item())), item="11-223") is None


def test_an_item_without_an_id_of_its_own_is_found_by_gtin() -> None:
    row = item(gtin="5712345678901")
    assert found(snapshot_of((SHOP, row)), item=None, gtin="5712345678901") == row


def test_a_named_catalogue_goes_first_and_another_one_holds_too() -> None:
    rows = item(catalogue="A"), item(catalogue="B")
    snapshot = snapshot_of((SHOP, *rows))
    assert found(snapshot, catalogue="A") == rows[0]
    assert found(snapshot, catalogue="B") == rows[1]
    assert found(snapshot, catalogue="missing") is not None


def test_an_orderable_item_goes_before_one_that_is_not() -> None:
    assert found(snapshot_of((SHOP, item(catalogue="Z", orderable=False), item(catalogue="A")))) == item(catalogue="A")


def test_a_price_that_changed_is_that_of_the_day() -> None:
    old, new = item(price="10", valid_to=BEFORE), item(price="12", valid_from=NEW_YEAR)
    snapshot = snapshot_of((SHOP, new, old))
    assert found(snapshot, day=BEFORE) == old
    assert found(snapshot) == new


def test_a_category_is_held_by_an_orderable_item_of_it_or_of_a_more_special_one() -> None:
    snapshot = snapshot_of((SHOP, item(valid_to=DAY)))
    assert snapshot.category_held(PAPER, DAY)
    assert snapshot.category_held(Category("TST", "14110000"), DAY)
    assert not snapshot.category_held(Category("UNSPSC", "14111508"), DAY)
    assert not snapshot.category_held(PAPER, LATER)
    assert not snapshot_of((item(orderable=False),)).category_held(PAPER, DAY)


def test_a_supplier_has_a_catalogue_on_the_days_of_its_items() -> None:
    snapshot = snapshot_of((SHOP, item(valid_from=NEW_YEAR)))
    assert snapshot.supplier_has_catalogue("S-1", DAY)
    assert not snapshot.supplier_has_catalogue("S-1", BEFORE)


def test_an_agreement_covers_what_lies_under_its_categories() -> None:
    agreement = AgreementRow("A-17", "DK12345678", categories=("UNSPSC:1411",), valid_from=NEW_YEAR)
    snapshot = snapshot_of((SHOP, agreement))
    assert snapshot.agreements_of("S-1", DAY) == (agreement,)
    assert snapshot.agreements_of("S-1", BEFORE) == ()
    assert snapshot.covers(agreement, PAPER)
    assert not snapshot.covers(agreement, Category("UNSPSC", "44121700"))
    assert not snapshot.covers(agreement, None)
    assert snapshot.category_agreed(PAPER, DAY)
    assert not snapshot.category_agreed(PAPER, BEFORE)


def test_an_agreement_without_categories_covers_all_of_its_supplier_and_makes_no_category_agreed() -> None:
    agreement = AgreementRow("A-17", "S-1")
    snapshot = snapshot_of((SHOP, agreement))
    assert snapshot.covers(agreement, None)
    assert not snapshot.category_agreed(PAPER, DAY)


def test_an_agreement_of_several_suppliers_is_found_for_each() -> None:
    rows = AgreementRow("A-17", "S-1"), AgreementRow("A-17", "S-2")
    snapshot = snapshot_of((SHOP, *rows))
    assert snapshot.agreement("A-17", DAY, "S-2") == rows[1]
    assert snapshot.agreement("A-17", DAY, "S-3") is None


def test_a_standing_order_holds_for_its_supplier_and_for_units_under_its_unit() -> None:
    row = StandingOrderRow("SO-1", "S-1", "D-2")
    snapshot = snapshot_of((*TREE, SHOP, row))
    assert snapshot.standing_order("SO-1", "S-1", snapshot.ancestors("U-1", DAY), DAY) == row
    assert snapshot.standing_order("SO-1", "S-1", snapshot.ancestors("U-1", BEFORE), BEFORE) is None
    assert snapshot.standing_order("SO-1", "S-2", ("D-2",), DAY) is None


def test_an_external_channel_without_categories_holds_for_all() -> None:
    snapshot = snapshot_of((SHOP, ExternalChannelRow("S-1", valid_from=NEW_YEAR)))
    assert snapshot.external_channel("S-1", None, DAY) is not None
    assert snapshot.external_channel("S-1", PAPER, BEFORE) is None
    assert snapshot.external_channel("S-2", PAPER, DAY) is None


def test_a_mandatory_category_holds_from_its_day_on() -> None:
    snapshot = snapshot_of((MandatoryRow("UNSPSC:14", valid_from=NEW_YEAR),))
    assert snapshot.mandatory(PAPER, DAY) is not None
    assert snapshot.mandatory(PAPER, BEFORE) is None


def test_a_buyer_is_certified_between_the_two_days_and_never_without_any() -> None:
    snapshot = snapshot_of((BuyerRow("b-1", "U-1", NEW_YEAR, DAY), BuyerRow("b-2", "U-1")))
    assert [snapshot.certified("b-1", day) for day in (BEFORE, NEW_YEAR, DAY, LATER)] == [False, True, True, False]
    assert not snapshot.certified("b-2", DAY)
    assert snapshot.buyer_unit("b-1") == "U-1"


def test_a_rate_is_the_days_or_the_newest_of_the_seven_days_before() -> None:
    snapshot = snapshot_of((RateRow("EUR", date(2026, 3, 2), "7.46"), RateRow("EUR", date(2026, 3, 1), "7.45")))
    assert snapshot.rate("EUR", DAY) == (DAY, Decimal("7.46"))
    assert snapshot.rate("EUR", date(2026, 3, 9)) == (DAY, Decimal("7.46"))
    assert snapshot.rate("EUR", date(2026, 3, 10)) is None
    assert snapshot.rate("DKK", LATER) == (LATER, Decimal(1))


def test_a_target_is_that_of_unit_figure_and_day() -> None:
    row = TargetRow("U-1", "e_handelsgrad_amount", "0.8", NEW_YEAR, LATER)
    snapshot = snapshot_of((*TREE, row))
    assert snapshot.target("U-1", "e_handelsgrad_amount", DAY) == row
    assert snapshot.target("U-1", "e_handelsgrad_count", DAY) is None
    assert snapshot.targets("U-1") == (row,)


def test_the_ledger_gives_the_days_of_a_unit_in_order() -> None:
    rows = [LedgerRow("U-1", date(2026, 3, day), 1, "100.50") for day in (3, 1, 2)]
    snapshot = snapshot_of((*TREE, *rows))
    assert [row.day.day for row in snapshot.ledger("U-1", date(2026, 3, 1), DAY)] == [1, 2]
    assert rows[0].amount_ore == 10_050


def test_the_active_ruleset_is_the_one_that_counts() -> None:
    rows = RulesetRow("standard", "1", "old"), RulesetRow("standard", "2", "new", active=True)
    assert snapshot_of(rows).ruleset_text == "new"


def test_a_snapshot_stays_as_it_was_when_the_next_one_is_made() -> None:
    before = snapshot_of((SHOP, *TREE, item()), number=1)
    assert found(before) is not None
    after = applied(before, [Change(item(), deleted=True), Change(SCHOOL, deleted=True)], number=2)
    assert found(before) is not None
    assert found(after) is None
    assert before.ancestors("U-1", BEFORE) != after.ancestors("U-1", BEFORE)


def test_evidence_names_a_row_by_table_and_key() -> None:
    assert item(valid_from=NEW_YEAR).ref == "catalogue:CAT-9|S-1|11-2233|2026-01-01"
    assert item(item="a|b%").ref == "catalogue:CAT-9|S-1|a%7Cb%25|"
