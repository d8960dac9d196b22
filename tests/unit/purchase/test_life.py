"""The table "What happens to a purchase after it is first seen" of domain.md, case by case."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from models.measures import PLACE
from models.purchase.memory import Rows
from models.reference.rows import CatalogueRow
from tests.builders import (
    DAY,
    MOMENT,
    REFERENCE,
    basis,
    cancelled,
    content,
    credit_note,
    decision,
    invoice,
    judged,
    line,
    lived,
    only,
    order,
)

ORDER = "erp%2Fkvantum~4500"


def tuple_of(facts: list[object]) -> tuple[tuple[object, ...], ...]:
    """Every order of arrival."""
    return tuple(permutations(facts))


def totals(rows: Rows) -> dict[str, int]:
    sums: dict[str, int] = {}
    for measures in rows.cells.values():
        for name, place in PLACE.items():
            sums[name] = sums.get(name, 0) + measures[place]
    return {name: value for name, value in sums.items() if value}


def test_an_item_of_the_catalogue_under_an_agreement_is_catalogue_trade() -> None:
    judgement = only(order())
    assert (judgement.outcome, judgement.channel, judgement.rule) == ("catalogue", "own_catalogue", "own-catalogue")
    assert judgement.amounts_ore == {"catalogue": 24500}
    assert judgement.lines[0].evidence["agreement"].startswith("agreements:A1")


def test_the_same_event_again_changes_nothing() -> None:
    once, twice = lived([order()]), lived([order(), order()])
    assert totals(once) == totals(twice)
    assert judged(order(), order())[ORDER].revision == 1


def test_a_change_of_unit_moves_the_contribution() -> None:
    rows = lived([order(), order(version=2, unit="U2")])
    filled = {cell for cell, measures in rows.cells.items() if any(measures)}
    assert filled == {f"K|U2|{DAY}"}


def test_a_change_that_comes_before_the_order_wins() -> None:
    assert only(order(version=2, lines=[line(100)]), order()).amounts_ore == {"catalogue": 100}


def test_the_day_of_the_first_version_stays() -> None:
    assert only(order(version=2, day=date(2026, 4, 1)), order(day=DAY)).day == DAY


@pytest.mark.parametrize("facts", [(order(), cancelled()), (cancelled(), order())])
def test_a_cancelled_order_leaves_no_trace_in_the_tally(facts: tuple[object, ...]) -> None:
    rows = lived(facts)
    assert totals(rows) == {}
    assert [each.outcome for each in rows.judgements()] == ["void"]


def test_a_higher_change_revives_a_cancelled_order() -> None:
    assert only(order(), cancelled(version=2), order(version=3)).outcome == "catalogue"


@pytest.mark.parametrize("facts", tuple_of([order(), invoice()]))
def test_an_invoice_of_a_known_order_has_no_contribution_of_its_own(facts: tuple[object, ...]) -> None:
    rows = lived(facts)
    assert only(*facts).purchase == ORDER
    assert totals(rows)["catalogue_count"] == 1
    assert totals(rows)["matched_invoices"] == 1


@pytest.mark.parametrize("facts", tuple_of([order(), invoice(day=DAY - timedelta(days=3))]))
def test_an_invoice_from_before_its_order_makes_it_retroactive(facts: tuple[object, ...]) -> None:
    judgement = only(*facts)
    assert (judgement.outcome, judgement.channel) == ("off_channel", "retroactive")


def test_an_invoice_without_an_order_is_off_channel() -> None:
    judgement = only(invoice(order=None))
    assert (judgement.channel, judgement.reason) == ("no_order", "no_order_named")
    assert judgement.lines[0].avoidable is True


def test_an_invoice_that_names_an_unseen_order_says_so() -> None:
    assert only(invoice()).reason == "order_not_seen"


@pytest.mark.parametrize("facts", tuple_of([order(), invoice(order=None), invoice(order="4500", version=2)]))
def test_an_invoice_sent_again_with_its_order_stands_under_the_order(facts: tuple[object, ...]) -> None:
    assert only(*facts).purchase == ORDER
    assert totals(lived(facts)) == totals(lived([order(), invoice(order="4500", version=2)]))


@pytest.mark.parametrize("facts", tuple_of([order("A"), order("B"), invoice(order="A"), invoice(order="B", version=2)]))
def test_an_invoice_that_moves_to_another_order_leaves_the_first(facts: tuple[object, ...]) -> None:
    rows = lived(facts)
    assert {each.number: each.invoiced_ore for each in rows.judgements() if each.outcome != "void"} == {
        "A": 0,
        "B": 24500,
    }
    assert totals(rows)["all_invoices"] == 1


@pytest.mark.parametrize("facts", tuple_of([order(), invoice(), credit_note(invoice="F-1", lines=[line(4500)])]))
def test_a_credit_note_that_names_only_the_invoice_reduces_the_order(facts: tuple[object, ...]) -> None:
    assert only(*facts).amounts_ore == {"catalogue": 20000}


@pytest.mark.parametrize("facts", tuple_of([order(), credit_note(order="4500", lines=[line(99999)])]))
def test_a_purchase_credited_to_zero_leaves_the_counts(facts: tuple[object, ...]) -> None:
    judgement = only(*facts)
    assert judgement.amounts_ore == {"catalogue": 0}
    assert not judgement.tallied
    assert "credit_excess" in judgement.flags
    assert "catalogue_count" not in totals(lived(facts))


def test_a_purchase_is_what_most_of_it_is_after_crediting() -> None:
    mixed = order(lines=[line(1000), line(900, "2", item=None)])
    assert only(mixed).outcome == "catalogue"
    assert only(mixed, credit_note(order="4500", lines=[line(500)])).outcome == "off_channel"


def test_a_credit_note_without_a_purchase_is_a_refund() -> None:
    judgement = only(credit_note())
    assert (judgement.outcome, judgement.channel) == ("excluded", "refund")


@pytest.mark.parametrize(
    "facts",
    tuple_of(
        [order(channel="phone"), decision(ORDER, at=5), decision(ORDER, outcome="excluded", channel="internal", at=3)]
    ),
)
def test_the_latest_decision_wins_over_the_rules(facts: tuple[object, ...]) -> None:
    judgement = only(*facts)
    assert (judgement.outcome, judgement.rule) == ("catalogue", "decision")


@pytest.mark.parametrize("outcome", ["off_channel", "void"])
def test_a_decision_says_who_when_and_why(outcome: str) -> None:
    decided = judged(order(), decision(ORDER, outcome=outcome, channel="", at=1_772_439_300_000))[ORDER]
    assert decided.evidence == {"decided_by": "indkøb", "decided_at": "2026-03-02T08:15:00Z", "decision": "set efter"}


def test_a_cancelled_invoice_invoices_nothing() -> None:
    (judgement,) = judged(invoice(order=None), cancelled("F-1", of="invoice")).values()
    assert (judgement.outcome, judgement.invoiced_ore) == ("void", 0)


def test_a_withdrawn_decision_gives_the_case_back_to_the_rules() -> None:
    facts = [order(channel="phone"), decision(ORDER, at=5), decision(ORDER, at=6, withdrawn=True)]
    assert only(*facts).channel == "phone"


def test_a_decision_on_an_invoice_finds_it_under_the_order_it_names() -> None:
    purchase = f"U1~S1~F-1~{DAY + timedelta(days=5)}"
    assert only(decision(purchase), invoice()).rule == "decision"
    assert only(invoice(), decision(purchase)).rule == "decision"


def test_a_frame_counts_by_its_invoices() -> None:
    facts = [
        order(frame=True),
        invoice(lines=[line(700)]),
        invoice("F-2", day=DAY + timedelta(days=40), lines=[line(300)]),
    ]
    rows = lived(facts)
    sums = totals(rows)
    assert (sums["catalogue_ore"], sums["catalogue_count"]) == (1000, 2)


def test_an_invoice_of_another_supplier_is_not_this_orders() -> None:
    found = judged(order(), invoice(supplier="S2"))
    other = next(each for name, each in found.items() if name != ORDER)
    assert (other.channel, other.flags) == ("no_order", ("other_supplier",))


def test_a_correction_of_the_catalogue_judges_again_and_says_why() -> None:
    paper = next(row for row in REFERENCE if isinstance(row, CatalogueRow))
    rows = lived([order(channel="catalogue")], basis(without=[paper]))
    assert next(rows.judgements()).reason == "stated_not_proven"
    rows.rebase(basis(number=7), moment=MOMENT)
    judgement = next(rows.judgements())
    assert (judgement.outcome, judgement.revision, judgement.cause.reference) == ("catalogue", 2, 7)


def test_an_amount_without_a_rate_is_judged_and_kept_out() -> None:
    judgement = only(order(currency="EUR"))
    assert (judgement.outcome, judgement.amounts_ore, judgement.flags) == ("catalogue", {"catalogue": 0}, ("no_rate",))


def test_test_sources_are_judged_but_never_tallied() -> None:
    rows = lived([order(source="test/erp")])
    assert next(rows.judgements()).outcome == "catalogue"
    assert totals(rows) == {}


def test_the_same_number_from_a_second_source_is_one_purchase() -> None:
    facts = [order(), order(source="erp/skole", day=DAY + timedelta(days=3))]
    for arrival in (facts, facts[::-1]):
        assert only(*arrival).purchase == ORDER


def test_a_number_used_again_by_another_supplier_is_another_purchase() -> None:
    found = judged(order(), order(source="erp/skole", of=content(supplier="S2")))
    assert [each.outcome for each in found.values()] == ["catalogue", "review"]


def test_a_number_that_the_same_erp_uses_again_later_is_another_purchase() -> None:
    old, new = order(day=DAY), order(day=DAY + timedelta(days=200), of=content([line(700)], unit="U2", supplier="S2"))
    for facts in ((old, new), (new, old)):
        found = judged(*facts)
        assert {name: each.day for name, each in found.items() if each.outcome != "void"} == {
            ORDER: DAY,
            f"U2~S2~4500~{DAY + timedelta(days=200)}": DAY + timedelta(days=200),
        }
