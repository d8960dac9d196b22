"""The figures of domain.md, each by an example that can be worked out by hand: amounts are øre, 24500 is 245 kroner."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.facts import Category
from models.measures import MEASURES, PLACE
from models.purchase.assessing import Basis
from models.reference.rows import (
    AgreementRow,
    BuyerRow,
    CatalogueRow,
    ExternalChannelRow,
    LedgerRow,
    Level,
    MandatoryRow,
    RateRow,
    TargetRow,
    UnitRow,
)
from models.rules.judge import judge_of
from models.tally.buyers import ActiveBuyers
from models.tally.contribution import add
from models.tally.figures import Figure
from models.tally.pace import full_months, line_at, pace
from models.tally.units import UnitSums
from tests.builders import DAY, MOMENT, basis, cancelled, credit_note, decision, invoice, line, lived, order
from tests.unit.rules.changed import DEFAULT
from tests.unit.tally.municipality import figures_of, shown, summed, window_of

BREAD = Category("UNSPSC", "50181900")
RENT = Category("UNSPSC", "80131502")


def free(net: int, **more: object) -> list[object]:
    """One line without an item id."""
    values: dict[str, Any] = {"item": None, "category": None} | more
    return [line(net, **values)]


PICKED = order("1", lines=[line(24500)])
PHONED = order("2", lines=free(10000), channel="phone")
DOUBTFUL = order("3", lines=[line(5500, item="99", category=None)], channel="catalogue")
RENTED = order("4", lines=free(100000, category=RENT))


# e-handelsgrad, its band, what is in review


def test_e_handelsgrad_by_amount_and_by_count_with_its_band() -> None:
    found = figures_of(PICKED, PHONED, DOUBTFUL, RENTED)
    assert found["e_handelsgrad_amount"] == (24500, 34500)
    assert found["e_handelsgrad_low_amount"] == (24500, 40000)
    assert found["e_handelsgrad_high_amount"] == (30000, 40000)
    assert found["e_handelsgrad_count"] == (1, 2)
    assert (found["e_handelsgrad_low_count"], found["e_handelsgrad_high_count"]) == ((1, 3), (2, 3))
    assert found["review_share"] == (5500, 40000)


def test_amounts_go_by_line_and_counts_by_purchase() -> None:
    mixed = order("5", lines=[line(24500), *[line(40000, "2", item=None, category=BREAD)]])
    found = figures_of(mixed)
    assert found["e_handelsgrad_amount"] == (24500, 64500)
    assert found["e_handelsgrad_count"] == (0, 1)


def test_what_is_excluded_cancelled_or_a_test_is_in_no_rate() -> None:
    measures = window_of(
        RENTED, order("6"), cancelled("6"), order("7", source="test/erp", lines=[line(24500)]), PICKED
    ).measures
    assert {name: value for name, value in measures.items() if value and name.endswith(("_count", "excluded_ore"))} == {
        "catalogue_count": 1, "excluded_count": 1, "excluded_ore": 100000, "own_catalogue_count": 1, "digital_count": 1,
    }  # fmt: skip


# digital and mandatory


def test_the_digital_rate_takes_structured_purchases_of_any_kind() -> None:
    attested = ExternalChannelRow("S2", (), date(2025, 1, 1), None, "indkøb")
    found = figures_of(
        PICKED,
        order("2", lines=free(10000)),  # free text in the system
        order("3", lines=[line(5000, item="7", category=None)], supplier="S2"),  # the attested channel
        order("4", lines=free(10000), channel="phone"),
        order("5", lines=free(3000), order_agreement=True),  # recorded by the seller
        order("6", lines=[line(4000)], delivered_on=DAY - timedelta(days=1)),  # ordered after the delivery
        invoice("F-7", order=None, lines=free(2000), day=DAY),  # no order
        on=basis(attested),
    )
    assert found["digital_rate_amount"] == (24500 + 10000 + 5000, 24500 + 10000 + 5000 + 10000 + 3000 + 4000 + 2000)
    assert found["digital_rate_count"] == (3, 7)


def test_mandatory_is_the_digital_rate_of_the_categories_on_the_list_that_day() -> None:
    on = basis(MandatoryRow("UNSPSC:1411", DAY, None, "L 59"))
    found = figures_of(
        PICKED,
        order("2", lines=[line(5500)], channel="phone"),
        order("3", lines=free(900, category=BREAD)),
        order("4", lines=[line(7700)], day=DAY - timedelta(days=1)),  # before the law
        on=on,
    )
    assert found["mandatory"] == (24500, 30000)


# agreements: C1, C2, C3


def test_supplier_and_item_compliance_have_one_denominator() -> None:
    found = window_of(
        order("1", lines=[line(24500)]),  # listed by the agreement
        order("2", lines=[line(10000, item="other")]),  # the category of the agreement, not its item
        order("3", lines=[line(5500, item="other")], supplier="S2"),  # the category, another supplier
        order("4", lines=[line(3000, item="other", category=BREAD)], supplier="S2"),  # no agreement covers bread
        order("5", lines=free(2000)),  # neither category nor item
        RENTED,
    )
    got = {name: (each["numerator"], each["denominator"]) for name, each in found.figures.items()}
    assert got["supplier_compliance"] == (34500, 40000)
    assert got["item_compliance"] == (24500, 40000)
    assert found.measures["uncategorised_ore"] == 2000


def test_an_item_counts_for_item_compliance_whatever_the_channel_and_review_is_included() -> None:
    found = figures_of(
        order("1", lines=[line(5000)], channel="phone"),
        order("2", lines=[line(4000, item="other")], channel="catalogue"),  # covered by category: catalogue not proven
    )
    assert found["item_compliance"] == (5000, 9000)
    assert found["supplier_compliance"] == (9000, 9000)


def test_an_agreement_that_had_ended_on_the_day_covers_nothing() -> None:
    old = AgreementRow("A1", "S1", "Kontorartikler", ("UNSPSC:1411",), date(2025, 1, 1), DAY - timedelta(days=1))
    renewed = AgreementRow("A2", "S2", "Papir", ("UNSPSC:1411",), DAY, None)
    without = list(basis().snapshot.rows(AgreementRow))
    found = figures_of(order("1", lines=[line(24500)]), on=basis(old, renewed, without=without))
    assert found["supplier_compliance"] == (0, 24500)
    assert found["item_compliance"] == (0, 24500)


def priced(price: str | None, **more: object) -> list[object]:
    values: dict[str, Any] = {"unit_price": price, "unit": "PK"} | more
    return [line(24500, **values)]


def tolerant(tolerance: str) -> Basis:
    text = DEFAULT.read_text(encoding="utf-8").replace("price_tolerance = 0.0", f"price_tolerance = {tolerance}")
    return Basis(basis().snapshot, judge_of(text))


PRICED = (
    order("1", lines=priced("24.50")),
    order("2", lines=priced("25")),
    order("3", lines=priced("25.01")),
    order("4", lines=priced("245", base_quantity="10")),
    order("5", lines=priced("24.50", unit="BX")),  # another unit: not comparable
    order("6", lines=priced("3.30"), currency="EUR", exchange_rate="7.46"),  # another currency
    order("7", lines=priced(None)),
    order("8", lines=priced("24.50", item="other")),  # no agreed price
)


def test_price_compliance_compares_prices_of_one_unit_in_one_currency() -> None:
    assert figures_of(*PRICED)["price_compliance"] == (3, 4)


def test_the_tolerance_is_a_share_of_the_agreed_price_its_edge_included() -> None:
    assert figures_of(*PRICED, on=tolerant("0.0004"))["price_compliance"] == (4, 4)
    assert figures_of(*PRICED, on=tolerant("0.0003"))["price_compliance"] == (3, 4)


def test_an_agreed_price_is_for_its_base_quantity() -> None:
    box = CatalogueRow(
        catalogue="CAT-1", supplier="S1", item="B", price="250", unit="PK", base_quantity="10", agreement="A1"
    )
    found = figures_of(
        order("1", lines=priced("25", item="B")), order("2", lines=priced("25.5", item="B")), on=basis(box)
    )
    assert found["price_compliance"] == (1, 2)


# off-channel in two


def test_off_channel_splits_into_what_the_unit_and_what_the_office_can_change() -> None:
    found = window_of(
        order("1", lines=[line(5000)], channel="phone"),  # the item stands in a catalogue
        order("2", lines=free(4000, category=Category("UNSPSC", "14111500"))),  # a catalogue holds the category
        order("3", lines=free(3000)),  # nothing known; the supplier has a catalogue
        order("4", lines=free(2000), supplier="S2"),  # nothing known; the supplier has none
        order("5", lines=free(1000, category=BREAD)),  # a category that no catalogue holds
    ).measures
    assert (found["avoidable_ore"], found["uncovered_ore"], found["off_channel_ore"]) == (12000, 3000, 15000)
    assert (found["avoidable_count"], found["uncovered_count"], found["off_channel_count"]) == (3, 2, 5)


# invoices: matched, coverage, gain


def test_matched_goes_by_dates_and_suppliers_not_by_arrival() -> None:
    found = figures_of(
        invoice("F-1", order="1", day=DAY),  # before its order arrives, on the order's day
        order("1", lines=[line(24500)]),
        order("2", lines=[line(24500)]),
        invoice("F-2", order="2", day=DAY - timedelta(days=1)),  # dated before the order
        invoice("F-3", order="1", supplier="S2", day=DAY),  # another supplier's
        invoice("F-4", order=None, day=DAY),
        credit_note("K-1", order="1", day=DAY),  # no invoice
    )
    assert found["matched"] == (1, 4)


LEDGER = (
    LedgerRow("U1", DAY, 3, "300.00"),
    LedgerRow("U1", DAY - timedelta(days=29), 1, "100.00"),
    LedgerRow("U1", DAY - timedelta(days=30), 50, "9000.00"),
    LedgerRow("U2", DAY, 7, "70.00"),
)


def test_coverage_is_net_by_day_of_issue_over_thirty_days() -> None:
    facts = (
        order("1", lines=[line(24500)], day=DAY - timedelta(days=40)),
        invoice("F-1", order="1", lines=[line(24500)], day=DAY),
        credit_note("K-1", order="1", lines=[line(4500)], day=DAY),
        invoice("F-2", order=None, lines=free(10000, category=RENT), day=DAY - timedelta(days=29)),  # all outcomes
        invoice("F-3", order=None, lines=free(99900), day=DAY - timedelta(days=30)),  # too old
        invoice("F-4", order=None, lines=free(88800), day=DAY),
        cancelled("F-4", of="invoice"),
    )
    for window in ("day", "30d", "12m"):  # the same beside every rate
        found = figures_of(*facts, on=basis(*LEDGER), window=window)
        assert found["coverage_count"] == (3, 4)
        assert found["coverage_amount"] == (24500 - 4500 + 10000, 40000)


def test_the_ledgers_of_units_sum_up_the_tree_and_unknown_ones_are_unassigned() -> None:
    on = basis(*LEDGER, LedgerRow("U-77", DAY, 2, "5.00"))
    assert figures_of(on=on, unit="D1")["coverage_count"] == (0, 3 + 1 + 7)
    assert figures_of(on=on, unit="K-unassigned")["coverage_amount"] == (0, 500)
    assert figures_of(on=on, unit="K")["coverage_count"] == (0, 3 + 1 + 7 + 2)


def test_gain_counts_invoices_by_their_own_day() -> None:
    facts = (
        order("1", lines=[line(24500)], day=DAY - timedelta(days=60)),
        invoice("F-1", order="1", day=DAY - timedelta(days=40)),
        invoice("F-2", order="1", day=DAY),
        invoice("F-3", order=None, day=DAY),
        order("2", lines=[line(5500, item="99", category=None)], channel="catalogue"),
        invoice("F-4", order="2", day=DAY),  # in review: neither won nor left
    )
    year, month = window_of(*facts), window_of(*facts, window="30d", gain_ore=100)
    assert (year.gain_ore, year.gain_left_ore) == (2 * 6200, 6200)
    assert (month.gain_ore, month.gain_left_ore) == (100, 100)


# buyers

CERTIFIED = BuyerRow("b-1", "U1", date(2025, 1, 1), date(2026, 12, 31))
LAPSED = BuyerRow("b-2", "U1", date(2025, 1, 1), DAY - timedelta(days=1))
BOUGHT = (
    order("1", buyer="b-1"),
    order("2", buyer="b-1", day=DAY - timedelta(days=3)),
    order("3", buyer="b-2", day=DAY - timedelta(days=3)),  # certified when ordering, not any more
    order("4", buyer="b-3", unit="U2", lines=free(100)),
    order("5", buyer="b-1", unit="U2", channel="phone"),
    order("6"),
    order("7", buyer="b-4", lines=free(100, category=RENT)),
    order("8", buyer="b-5", day=DAY - timedelta(days=365)),
    order("11", buyer="b-8", unit="U2", day=DAY - timedelta(days=364)),
    invoice("F-9", order=None, buyer="b-6", day=DAY),
    order("10", buyer="b-7"),
    cancelled("10"),
)


def test_certified_counts_orders_by_the_certificate_of_their_day() -> None:
    found = figures_of(*BOUGHT, on=basis(CERTIFIED, LAPSED), unit="D1")
    assert found["certified"] == (4, 6)


def test_certified_buyers_counts_different_people_by_the_certificate_of_today() -> None:
    on = basis(CERTIFIED, LAPSED)
    assert figures_of(*BOUGHT, on=on)["certified_buyers"] == (1, 3)  # b-1 of b-1, b-2 and b-6
    assert figures_of(*BOUGHT, on=on, unit="U2")["certified_buyers"] == (1, 3)
    assert figures_of(*BOUGHT, on=on, unit="D1")["certified_buyers"] == (1, 5)  # b-1 bought in both
    assert figures_of(*BOUGHT, on=on, unit="D1", window="day")["certified_buyers"] == (1, 5)


def test_a_buyer_whose_last_purchase_is_corrected_away_is_active_no_more() -> None:
    sums = summed(*BOUGHT[:2], on=basis(CERTIFIED))
    (cell, *_) = lived(BOUGHT[:1], basis(CERTIFIED)).cells
    assert sums.certified_buyers("U1").denominator == 1
    sums.replace(0, cell, 2, [], {})
    assert sums.certified_buyers("U1").as_json()["numerator"] == 1
    sums.replace(0, cell.replace(str(DAY), str(DAY - timedelta(days=3))), 2, [], {})
    assert (sums.certified_buyers("U1").numerator, sums.certified_buyers("U1").denominator) == (0, 0)
    sums.rebase(sums.snapshot, DAY)
    assert sums.certified_buyers("K").denominator == 0


# currencies


def euros(net: int = 1001, **more: object) -> object:
    return order("1", lines=[line(net)], currency="EUR", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rates", "ore"),
    [
        ([RateRow("EUR", DAY, "7.4605")], 7468),  # 10.01 × 7.4605 = 74.679605
        ([RateRow("EUR", DAY - timedelta(days=7), "7.45")], 7457),  # 74.5745: the seventh day before
        ([RateRow("EUR", DAY - timedelta(days=2), "7"), RateRow("EUR", DAY - timedelta(days=5), "8")], 7007),
    ],
)
def test_the_rate_of_the_day_counts_or_the_newest_of_the_seven_before(rates: list[RateRow], ore: int) -> None:
    assert figures_of(euros(), on=basis(*rates))["e_handelsgrad_amount"] == (ore, ore)


@pytest.mark.parametrize("day", [DAY - timedelta(days=8), DAY + timedelta(days=1)])
def test_without_a_rate_a_purchase_is_judged_and_counted_and_kept_out_of_amounts(day: date) -> None:
    found = window_of(euros(), on=basis(RateRow("EUR", day, "7.46")))
    assert found.measures["no_rate_count"] == 1
    assert (found.figures["e_handelsgrad_amount"]["denominator"], found.figures["e_handelsgrad_count"]) == (
        0, {"numerator": 1, "denominator": 1, "value": 1.0},
    )  # fmt: skip


def test_it_is_converted_when_the_rate_comes() -> None:
    rows = lived([euros()], basis())
    rows.rebase(basis(RateRow("EUR", DAY, "7.46"), number=1), moment=MOMENT)
    (judgement,) = rows.judgements()
    assert (judgement.revision, judgement.amounts_ore, judgement.flags) == (2, {"catalogue": 7467}, ())


def test_the_events_own_rate_goes_before_the_reference() -> None:
    found = figures_of(euros(exchange_rate="7.5"), on=basis(RateRow("EUR", DAY, "8")))
    assert found["e_handelsgrad_amount"] == (7508, 7508)  # 75.075, half up


# credit, decisions


def test_a_credit_note_reduces_what_it_credits_on_the_days_of_the_purchase() -> None:
    facts = (order("1", lines=[line(24500)], day=DAY - timedelta(days=20)), credit_note("K-1", order="1", lines=[line(4500)], day=DAY))  # fmt: skip
    assert figures_of(*facts)["e_handelsgrad_amount"] == (20000, 20000)
    assert figures_of(*facts, window="7d")["e_handelsgrad_amount"] == (0, 0)


def test_credited_to_zero_it_leaves_the_counts() -> None:
    found = figures_of(order("1", lines=[line(24500)]), credit_note("K-1", order="1", lines=[line(24500)], day=DAY))
    assert found["e_handelsgrad_count"] == (0, 0)


def test_credited_and_billed_again_with_the_forgotten_discount_it_counts_what_was_paid() -> None:
    """BASPRO_03 of the Danish scenarios: order and invoice 5,050 kr., credited in full, billed again with 800 kr. off."""
    ordered = [line(500_000), line(5_000, "2", item="99")]
    paid = [line(420_792), line(4_208, "2", item="99")]
    first, note = (
        invoice("A-78", order="1", lines=ordered),
        credit_note("A-79", order="1", invoice="A-78", lines=ordered),
    )
    placed = order("1", lines=ordered)
    assert figures_of(placed, first, note)["e_handelsgrad_count"] == (0, 0)
    found = window_of(placed, first, note, invoice("A-80", order="1", lines=paid, day=note.issued_on))
    assert found.measures["catalogue_ore"] + found.measures["review_ore"] + found.measures["off_channel_ore"] == 425_000
    assert found.figures["e_handelsgrad_count"]["denominator"] == 1


def test_a_decision_counts_as_decided() -> None:
    found = figures_of(DOUBTFUL, decision("erp%2Fkvantum~3"))
    assert (found["e_handelsgrad_amount"], found["review_share"]) == ((5500, 5500), (0, 5500))


# windows, targets, pace, the tree


def test_every_window_holds_its_own_days() -> None:
    ages = {"1": 0, "2": 6, "3": 7, "4": 29, "5": 30, "6": 61, "7": 365, "9": 364}
    facts = [order(number, lines=[line(100)], day=DAY - timedelta(days=age)) for number, age in ages.items()]
    tomorrow = order("8", lines=[line(100)], day=DAY + timedelta(days=1))
    made = shown(*facts, tomorrow)
    assert {name: each.measures["catalogue_count"] for name, each in made.windows.items()} == {
        "day": 1, "7d": 2, "30d": 4, "month": 1, "year": 5, "12m": 7,
    }  # fmt: skip
    assert (made.windows["30d"].first, made.windows["30d"].last) == (DAY - timedelta(days=29), DAY)


def test_a_snapshot_says_who_it_is_of() -> None:
    school, town = shown(), shown(unit="K")
    assert (school.unit, school.name, school.level, school.parent, school.root) == (
        "U1", "Skolen ved Åen", "institution", "D1", "K",
    )  # fmt: skip
    assert (school.tree, school.as_of, school.day, school.generation, school.revision) == ("as_is", "now", DAY, 1, 1)
    assert (town.level, town.parent, town.root) == ("municipality", None, "K")


def test_an_unassigned_unit_stands_under_its_root() -> None:
    lost = order("1", unit="U-77")
    made = shown(lost, unit="K-unassigned")
    assert (made.name, made.level, made.parent, made.root) == ("K-unassigned", "institution", "K", "K")
    assert made.windows["day"].measures["catalogue_count"] == 1
    assert summed(lost).unknown_under("K-unassigned") == ("U-77",)
    assert figures_of(lost, unit="K")["e_handelsgrad_count"] == (1, 1)
    implied = shown(lost, unit="implied", on=Basis(basis(without=list(basis().snapshot.rows(UnitRow))).snapshot, basis().judge))  # fmt: skip
    assert (implied.level, implied.parent, implied.root) == ("municipality", None, "implied")


def test_when_the_reference_learns_the_unit_it_moves_there() -> None:
    sums = summed(order("1", unit="U-77"))
    sums.rebase(basis(UnitRow("U-77", "Ny skole", Level.INSTITUTION, parent="D1")).snapshot, DAY)
    assert (sums.unknown_under("K-unassigned"), "K-unassigned" in sums.days) == ((), False)
    assert sums.windows("U-77")["day"] == sums.windows("D1")["day"]


def test_distance_to_target_and_pace_at_its_end() -> None:
    until = date(2026, 12, 31)
    goal = TargetRow("U1", "e_handelsgrad_amount", "0.8", date(2026, 1, 1), until, "rådet")
    over = TargetRow("U1", "e_handelsgrad_count", "0.9", date(2025, 1, 1), date(2025, 12, 31), "rådet")
    months = [date(2025, 9, 15), date(2025, 10, 15), date(2025, 11, 15), date(2025, 12, 15), date(2026, 1, 15), date(2026, 2, 15)]  # fmt: skip
    facts = [order(f"1{place}", lines=[line(6000)], day=day) for place, day in enumerate(months)]
    facts += [order(f"2{place}", lines=free(4000), day=day) for place, day in enumerate(months)]
    facts += [order("30", lines=free(100000), day=DAY), order("31", lines=free(100000), day=date(2025, 8, 31))]
    targets = window_of(*facts, on=basis(goal, over)).targets
    assert set(targets) == {"e_handelsgrad_amount"}
    found = targets["e_handelsgrad_amount"]
    assert (found.target, found.valid_to) == (0.8, until)
    assert found.distance == pytest.approx(36000 / 260000 - 0.8)
    assert found.pace == pytest.approx(0.6)  # each full month 60 %, neither this month nor the seventh before


def test_a_unit_that_is_closed_has_no_target_any_more() -> None:
    closed = UnitRow("U9", "Lukket", Level.INSTITUTION, parent="D1", valid_to=DAY - timedelta(days=1))
    goal = TargetRow("U9", "e_handelsgrad_amount", "0.8")
    assert window_of(on=basis(closed, goal), unit="U9").targets == {}
    assert window_of(on=basis(closed, goal), unit="U9", today=DAY - timedelta(days=1)).targets != {}


MOVED = (
    UnitRow("D2", "Kultur", Level.DEPARTMENT, parent="K"),
    UnitRow("U9", "Biblioteket", Level.INSTITUTION, parent="D1", valid_to=date(2026, 3, 31)),
    UnitRow("U9", "Biblioteket", Level.INSTITUTION, parent="D2", valid_from=date(2026, 4, 1)),
)


def test_a_unit_that_moves_takes_its_past_along_as_is() -> None:
    bought, later = order("1", unit="U9"), date(2026, 4, 1)
    assert figures_of(bought, on=basis(*MOVED), unit="D1", today=date(2026, 3, 31))["e_handelsgrad_count"] == (1, 1)
    assert figures_of(bought, on=basis(*MOVED), unit="D1", today=later)["e_handelsgrad_count"] == (0, 0)
    assert figures_of(bought, on=basis(*MOVED), unit="D2", today=later)["e_handelsgrad_count"] == (1, 1)


def test_a_unit_that_is_merged_into_another_is_counted_under_it_as_is() -> None:
    merged = (
        UnitRow("U9", "Filialen", Level.INSTITUTION, parent="D1", valid_to=DAY),
        UnitRow("U9", "Filialen", Level.INSTITUTION, parent="U1", valid_from=DAY + timedelta(days=1)),
    )
    facts = (order("1", unit="U9"), order("2", unit="U1"))
    assert figures_of(*facts, on=basis(*merged), unit="U1")["e_handelsgrad_count"] == (1, 1)
    after: dict[str, Any] = {"on": basis(*merged), "today": DAY + timedelta(days=1)}
    assert figures_of(*facts, unit="U1", **after)["e_handelsgrad_count"] == (2, 2)
    assert figures_of(*facts, unit="D1", **after)["e_handelsgrad_count"] == (2, 2)


def test_a_unit_that_is_split_keeps_its_past_and_its_parts_begin_anew() -> None:
    split = (
        UnitRow("U9", "Skole A", Level.INSTITUTION, parent="D1", valid_to=DAY),
        UnitRow("U9a", "Skole A", Level.INSTITUTION, parent="D1", valid_from=DAY + timedelta(days=1)),
        UnitRow("U9b", "Skole B", Level.INSTITUTION, parent="D1", valid_from=DAY + timedelta(days=1)),
    )
    later = DAY + timedelta(days=1)
    facts = (order("1", unit="U9"), order("2", unit="U9a", day=later), order("3", unit="U9b", day=later))
    counts = {
        unit: figures_of(*facts, on=basis(*split), unit=unit, today=later)["e_handelsgrad_count"]
        for unit in ("U9", "U9a", "U9b", "D1")
    }
    assert counts == {"U9": (1, 1), "U9a": (1, 1), "U9b": (1, 1), "D1": (3, 3)}


# many of a kind in one cell


def test_every_measure_sums_over_lines_and_papers() -> None:
    attested = MandatoryRow("UNSPSC:1411")
    two = [line(100, unit_price="26", unit="PK"), line(20, "2", unit_price="1", unit="PK")]
    dear = [line(7, unit_price="26", unit="PK"), line(3, "2", unit_price="26", unit="PK")]
    bought = [line(1000, item=None), line(200, "2", item=None)]
    unknown = [line(50, item=None, category=None), line(5, "2", item=None, category=None)]
    found = window_of(
        order("1", lines=two, buyer="b-1"),
        order("2", lines=bought, channel="phone", buyer="b-1"),
        order("3", lines=unknown, supplier="S2"),
        order("4", lines=dear),
        invoice("F-1", order="1", lines=two, day=DAY),
        invoice("F-2", order="1", lines=[line(1)], day=DAY),
        invoice("F-3", order="2", lines=bought, day=DAY),
        invoice("F-4", order="2", lines=[line(2)], day=DAY),
        on=basis(attested, CERTIFIED),
    ).measures
    assert {name: value for name, value in found.items() if value} == {
        "catalogue_ore": 130, "off_channel_ore": 1255, "catalogue_count": 2, "off_channel_count": 2,
        "own_catalogue_ore": 130, "own_catalogue_count": 2, "phone_ore": 1200, "phone_count": 1,
        "free_text_ore": 55, "free_text_count": 1, "digital_ore": 185, "digital_count": 3,
        "mandatory_base_ore": 1330, "mandatory_digital_ore": 130, "agreement_base_ore": 1330,
        "supplier_compliant_ore": 1330, "item_compliant_ore": 130, "uncategorised_ore": 55,
        "price_base_lines": 4, "price_compliant_lines": 1, "avoidable_ore": 1200, "avoidable_count": 1,
        "uncovered_ore": 55, "uncovered_count": 1, "seen_documents": 4, "seen_ore": 120 + 1 + 1200 + 2,
        "all_invoices": 4, "matched_invoices": 4, "catalogue_invoices": 2, "off_channel_invoices": 2,
        "invoiced_ore": 1323, "orders_with_buyer": 2, "certified_orders": 2,
    }  # fmt: skip


def test_a_contribution_names_each_buyer_once() -> None:
    (row,) = lived([order("1", buyer="b-1")]).rows.values()
    (published,) = row.published.values()
    (measures,) = published.contribution.values()
    assert {name: value for name, value in measures.items() if isinstance(name, str)} == {"b-1": 1}


def test_a_buyer_who_came_and_went_within_a_batch_leaves_nothing() -> None:
    buyers = {"b-2": 1}
    add([0], buyers, {"b-1": 0, "b-2": -1, 0: 5})
    assert buyers == {}
    active = ActiveBuyers(lambda buyer: buyer == "b-1")
    active.add("U1", {"b-1": 0})
    assert (active.certified("U1"), active.certified("U2")) == (Figure(0, 0), Figure(0, 0))


# pace


def test_the_last_six_full_months_end_before_this_one() -> None:
    assert full_months(DAY) == [
        (date(2025, 9, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), date(2025, 10, 31)),
        (date(2025, 11, 1), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("points", "at", "reached"),
    [
        ([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)], 4.0, 9.0),
        ([(1.0, 0.1), (2.0, 0.4), (3.0, 0.1), (4.0, 0.4)], 10.0, 0.7),  # slope 0.06 about (2.5, 0.25)
        ([(5.0, 0.2), (5.0, 0.4), (5.0, 0.6)], 9.0, 0.4),
        ([(0.0, 1.0), (1.0, 3.0)], 4.0, None),
    ],
)
def test_the_line_is_that_of_least_squares(points: list[tuple[float, float]], at: float, reached: float | None) -> None:
    found = line_at(points, at)
    assert (found is None and reached is None) or found == pytest.approx(reached)


def monthly(catalogue: list[int]) -> dict[date, list[int]]:
    """By month, on its first and last day by turns, so many of a hundred in the catalogue."""
    days: dict[date, list[int]] = {}
    for place, (part, (first, last)) in enumerate(zip(catalogue, full_months(DAY), strict=True)):
        sums = [0] * len(MEASURES)
        sums[PLACE["catalogue_ore"]], sums[PLACE["off_channel_ore"]] = part, 100 - part
        days[first if place % 2 else last] = sums
    return days


@pytest.mark.parametrize(
    ("catalogue", "reached"),
    [([50, 50, 50, 50, 50, 50], 0.5), ([0, 20, 40, 60, 80, 100], 1.0), ([100, 80, 60, 40, 20, 0], 0.0)],
)
def test_pace_stays_between_nothing_and_all(catalogue: list[int], reached: float) -> None:
    found = pace(monthly(catalogue), "e_handelsgrad_amount", today=DAY, at=date(2026, 12, 31))
    assert found == pytest.approx(reached)


def test_pace_goes_on_as_the_months_did() -> None:
    found = pace(monthly([30, 33, 36, 39, 42, 45]), "e_handelsgrad_amount", today=DAY, at=date(2026, 3, 31))
    assert found == pytest.approx(0.48, abs=0.003)
    assert pace({}, "e_handelsgrad_amount", today=DAY, at=DAY) is None


def test_a_late_purchase_changes_the_pace() -> None:
    goal = TargetRow("U1", "e_handelsgrad_amount", "0.8", None, date(2026, 12, 31))
    facts = [order(f"1{month}", lines=[line(6000)], day=date(2025, month, 1)) for month in (9, 10, 11)]
    sums = summed(*facts, on=basis(goal))
    assert sums.pace("U1", "e_handelsgrad_amount", date(2025, 11, 30)) == 1.0
    (cell,) = lived([order("9", lines=free(6000), day=date(2025, 11, 1))]).cells
    sums.replace(1, cell, 1, lived([order("9", lines=free(6000), day=date(2025, 11, 1))]).cells[cell])
    assert sums.pace("U1", "e_handelsgrad_amount", date(2025, 11, 30)) == pytest.approx(0.58, abs=0.01)
    assert sums.pace("U2", "e_handelsgrad_amount", DAY) is None


# the sums of the merge


def test_of_a_partial_only_the_newest_counts() -> None:
    rows = lived([order("1")])
    (cell,) = rows.cells
    sums = UnitSums(basis().snapshot, DAY)
    assert sums.replace(0, cell, 5, rows.cells[cell])
    sums.changed.clear()
    assert not sums.replace(0, cell, 5, [])
    assert not sums.replace(0, cell, 4, [])
    assert (sums.changed, sums.windows("K")["day"]) == (set(), rows.cells[cell])
    assert sums.replace(1, cell, 1, rows.cells[cell])  # another source partition is added
    assert sums.changed == {"U1", "D1", "K"}
    assert sums.windows("K")["day"][PLACE["catalogue_count"]] == 2
    assert sums.replace(0, cell, 6, [])
    assert sums.windows("K")["day"] == rows.cells[cell]


def test_an_unknown_unit_is_unknown_as_long_as_anything_names_it() -> None:
    lost = lived([order("1", unit="U-77"), order("2", unit="U-77", day=DAY - timedelta(days=364))])
    sums = UnitSums(basis().snapshot, DAY)
    cells = list(lost.cells.items())
    for cell, measures in cells:
        sums.replace(0, cell, 1, measures)
        sums.replace(0, cell, 2, measures)
    for place, (cell, _) in enumerate(cells):
        assert sums.unknown_under("K-unassigned") == ("U-77",)
        sums.replace(0, cell, 3 + place, [])
    assert sums.unknown_under("K-unassigned") == ()
    assert summed(order("1", unit="U-77", day=DAY - timedelta(days=366))).unknown_under("K-unassigned") == ()
    later = summed(order("1", unit="U-77"))
    later.rebase(later.snapshot, DAY)
    assert later.unknown_under("K-unassigned") == ("U-77",)


def test_units_are_those_of_the_reference_and_of_purchases() -> None:
    assert list(summed(order("1", unit="U-77")).units()) == ["D1", "K", "K-unassigned", "U1", "U2"]


def test_a_ledger_without_any_reference_of_units_is_the_implied_roots() -> None:
    on = basis(LedgerRow("U-77", DAY, 2, "5.00"), without=list(basis().snapshot.rows(UnitRow)))
    sums = UnitSums(on.snapshot, DAY)
    assert sums.control("U-77", 0, 0).documents == 2


def test_a_snapshot_names_the_unit_as_it_is_today() -> None:
    renamed = (
        UnitRow("U9", "Før", Level.INSTITUTION, parent="D1", valid_to=DAY),
        UnitRow("U9", "Efter", Level.AREA, parent="K", valid_from=DAY + timedelta(days=1)),
    )
    now = shown(on=basis(*renamed), unit="U9")
    assert (now.name, now.level, now.parent) == ("Før", "institution", "D1")
