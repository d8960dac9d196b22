"""Claims about what a reference change touches, and what it leaves alone."""

from datetime import date

from models.facts import Category
from models.reference.build import Change, applied, snapshot_of
from models.reference.rows import (
    AgreementRow,
    AnyRow,
    CatalogueRow,
    Level,
    RateRow,
    RulesetRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.touched import Touched, difference

CITY = UnitRow("K-1", "Byen", Level.MUNICIPALITY)
NORTH = UnitRow("D-1", "Nord", Level.DEPARTMENT, "K-1")
SCHOOL = UnitRow("U-1", "Skolen", Level.INSTITUTION, "D-1", ("5790000000017",))
ITEM = CatalogueRow("C", "S-1", "a", category="UNSPSC:14111507", price="10")
BEFORE = snapshot_of((CITY, NORTH, SCHOOL, ITEM, SupplierRow("S-1"), SupplierRow("S-2")))


def touched(*rows: AnyRow) -> Touched:
    return difference(BEFORE, applied(BEFORE, map(Change, rows), number=1))


def test_nothing_changed_touches_nothing() -> None:
    assert touched() == Touched()
    assert touched(SCHOOL, ITEM) == Touched()


def test_a_new_price_touches_its_supplier_and_no_category() -> None:
    found = touched(CatalogueRow("C", "S-1", "a", category="UNSPSC:14111507", price="12"))
    assert found.touches(suppliers=["S-1"])
    assert not found.touches(suppliers=["S-2"], categories=[Category("UNSPSC", "14111507")])


def test_a_new_item_touches_its_category_and_those_above_it_at_any_supplier() -> None:
    found = touched(CatalogueRow("C", "S-2", "b", category="UNSPSC:44121701"))
    assert found.touches(categories=[Category("UNSPSC", "44121701")])
    assert found.touches(categories=[Category("UNSPSC", "44120000")])
    assert not found.touches(categories=[Category("UNSPSC", "44121702")])


def test_an_agreement_touches_its_supplier_by_any_cvr_form_and_what_lies_under_its_categories() -> None:
    found = touched(AgreementRow("A", "DK12345678", categories=("UNSPSC:1411",)))
    assert found.touches(suppliers=["12345678"])
    assert found.touches(categories=[Category("UNSPSC", "14111507")])
    assert not found.touches(categories=[Category("UNSPSC", "44121701")])


def test_an_item_touches_its_supplier_by_every_name_that_purchases_may_state() -> None:
    before = applied(BEFORE, [Change(SupplierRow("S-1", identifiers=("DK12345678", "790001")))], number=1)
    found = difference(before, applied(before, [Change(ITEM, deleted=True)], number=2))
    assert all(found.touches(suppliers=[name]) for name in ("S-1", "DK12345678", "12345678", "790001"))
    assert not found.touches(suppliers=["S-2"])


def test_a_department_that_moves_touches_the_units_under_it() -> None:
    found = touched(UnitRow("D-1", "Nord", Level.DEPARTMENT, "K-1", (), date(2026, 1, 1)))
    assert found.touches(units=["U-1"])
    assert found.touches(units=["5790000000017"])
    assert not found.touches(units=["K-1"])


def test_a_unit_that_becomes_known_touches_the_purchases_that_named_it() -> None:
    assert touched(UnitRow("U-2", "Ny", Level.INSTITUTION, "D-1", ("5790000000031",))).touches(units=["5790000000031"])


def test_a_root_that_is_valid_from_another_day_touches_everything() -> None:
    assert touched(UnitRow("K-1", "Byen", Level.MUNICIPALITY, valid_to=date(2026, 1, 1))).everything


def test_a_new_root_touches_everything() -> None:
    assert touched(UnitRow("K-2", "Nabobyen", Level.MUNICIPALITY)).everything


def test_another_ruleset_touches_everything() -> None:
    assert touched(RulesetRow("standard", "2", "text", active=True)).everything


def test_a_ruleset_that_is_not_active_touches_nothing() -> None:
    assert not touched(RulesetRow("standard", "2", "text")).judgements


def test_a_rate_touches_its_currency() -> None:
    found = touched(RateRow("EUR", date(2026, 3, 2), "7.46"))
    assert found.touches(currency="EUR")
    assert not found.touches(currency="SEK")


def test_a_target_touches_no_judgement() -> None:
    found = touched(TargetRow("U-1", "e_handelsgrad_amount", "0.8"))
    assert found.targets
    assert not found.judgements
