"""Claims about what would have made a line catalogue."""

from datetime import date

import pytest

from models.facts import Content
from models.reference.rows import AgreementRow, AnyRow, CatalogueRow, StandingOrderRow
from models.rules.advice import Advice, advice
from models.rules.case import LineCase, PurchaseCase
from models.rules.ruleset import read_ruleset
from tests.builders import DAY, PAPER, REFERENCE, basis, content, line
from tests.unit.rules.changed import default_text

RULES = read_ruleset(default_text())
AGREEMENT = next(row for row in REFERENCE if isinstance(row, AgreementRow))
ITEM = next(row for row in REFERENCE if isinstance(row, CatalogueRow))


def advised(
    *more: AnyRow, of: Content | None = None, kind: str = "order", without: tuple[AnyRow, ...] = (), **purchase: object
) -> dict[str, Advice]:
    on = basis(*more, without=without)
    made = of or content()
    supplier = on.snapshot.supplier_id(made.suppliers)
    case = PurchaseCase(
        kind=kind,
        source="erp",
        day=DAY,
        unit="U1",
        supplier=supplier,
        content=made,
        snapshot=on.snapshot,
        settings=on.judge.settings,
        **purchase,  # type: ignore[arg-type]
    )
    return {each.rule: each for each in advice(LineCase(case, made.lines[0]), RULES)}


def english(found: dict[str, Advice], rule: str = "own-catalogue") -> list[str]:
    return [each.en for each in found[rule].needs]


def test_a_catalogue_line_needs_nothing() -> None:
    assert advised() == {}


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (content([line(item="99-1")]), "the item 99-1 is not in a catalogue of Papirlageret (S1) on 2026-03-02"),
        (content([line(item=None)]), "the line has no item id"),
        (content([line(item="n/a")]), "the line has no item id (“n/a” says nothing)"),
    ],
)
def test_an_item_that_does_not_resolve_is_named_with_supplier_and_day(of: Content, why: str) -> None:
    assert english(advised(of=of)) == [why]


def test_an_item_that_was_listed_at_another_time_is_told_with_its_days() -> None:
    ended = CatalogueRow("CAT-1", "S1", "77-1", agreement="A1", valid_to=date(2026, 1, 31))
    later = CatalogueRow("CAT-1", "S1", "77-2", agreement="A1", valid_from=date(2026, 4, 1))
    assert english(advised(ended, of=content([line(item="77-1")]))) == [
        "the item 77-1 in the catalogue ended 2026-01-31"
    ]
    assert english(advised(later, of=content([line(item="77-2")]))) == [
        "the item 77-2 in the catalogue does not begin before 2026-04-01"
    ]


def test_an_item_that_could_not_be_ordered_is_told() -> None:
    held = CatalogueRow("CAT-1", "S1", "77-1", orderable=False, agreement="A1")
    assert english(advised(held, of=content([line(item="77-1")]))) == [
        "the item 77-1 could not be ordered in the catalogue CAT-1 on 2026-03-02"
    ]


def test_an_agreement_that_ended_is_told_with_its_last_day() -> None:
    ended = AgreementRow("A1", "S1", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 31))
    assert english(advised(ended, without=(AGREEMENT,))) == ["the agreement A1 ended 2026-01-31"]


def test_an_agreement_that_does_not_cover_the_category_is_told() -> None:
    other = AgreementRow("A2", "S1", categories=("UNSPSC:44",))
    assert english(advised(other, without=(AGREEMENT,))) == [
        f"the agreement A2 with Papirlageret (S1) does not cover UNSPSC:{PAPER.code}"
    ]


def test_a_supplier_without_any_agreement_is_told() -> None:
    assert english(advised(without=(AGREEMENT,))) == ["there is no agreement with Papirlageret (S1)"]


def test_punch_out_needs_a_session_and_a_registered_supplier() -> None:
    free = content([line(item=None)])
    assert english(advised(of=free), "punch-out") == ["no punch-out session is referred to"]
    other = content([line(item=None, category=None)], supplier="S2", punch_out="s-1")
    assert english(advised(of=other), "punch-out") == [
        "Bageren (S2) is not registered for punch-out",
        "there is no agreement with Bageren (S2)",
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (StandingOrderRow("FO-1", "S1", valid_to=date(2026, 2, 1)), "the standing order FO-1 ended 2026-02-01"),
        (StandingOrderRow("FO-1", "S1", unit="U2"), "the standing order FO-1 is not for the unit U1"),
        (StandingOrderRow("FO-1", "S2"), "the standing order FO-1 is not registered with Papirlageret (S1)"),
    ],
)
def test_a_standing_order_that_does_not_hold_is_told(row: StandingOrderRow, why: str) -> None:
    named = content([line(item=None)], standing_order="FO-1")
    assert english(advised(row, of=named), "standing-order") == [why]


def test_an_invoice_without_an_order_needs_an_order() -> None:
    found = advised(kind="invoice")
    assert english(found) == [
        "the purchase has no order in the system: only an order can be catalogue e-trade in this way"
    ]


def test_what_an_earlier_rule_decided_stands_in_the_way() -> None:
    found = advised(seen_on=date(2026, 2, 20), seen_by="invoice F-1")
    assert english(found) == ["the rule retroactive goes before: the order was made after the invoice or the delivery"]
    assert found["own-catalogue"].needs[0].da.startswith("reglen retroactive går forud: ordren er oprettet efter")


def test_the_rule_that_lacks_least_comes_first() -> None:
    found = advised(of=content([line(item="99-1")], supplier="S2"))
    lacking = [len(each.needs) for each in found.values()]
    assert lacking == sorted(lacking)


def test_every_sentence_is_there_in_danish_too() -> None:
    found = advised(of=content([line(item="99-1")]))
    assert (
        found["own-catalogue"].needs[0].da == "varen 99-1 står ikke i et katalog fra Papirlageret (S1) den 2026-03-02"
    )
