"""Invoices and credit notes between rows: sent again, moved, below zero, told by two; each stands in one place only."""

from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from models.facts import DOCUMENT, AnyFact
from models.judgement import Judgement
from tests.builders import DAY, cancelled, content, credit_note, decision, invoice, judged, line, lived, only, order
from tests.unit.purchase.test_life import ORDER, totals

Facts = tuple[AnyFact, ...]


def in_every_order(*facts: AnyFact) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("facts", list(permutations(facts)))


def standing(*facts: AnyFact) -> list[Judgement]:
    return [each for each in judged(*facts).values() if each.outcome != "void"]


def below_zero(version: int = 1, *, order: str | None = None) -> AnyFact:
    note = credit_note("F-1", order=order, version=version, day=DAY + timedelta(days=5), lines=[line(500)])
    return replace(note, below_zero=True)


@in_every_order(below_zero(1), invoice(order=None, version=2))
def test_an_invoice_sent_again_above_zero_replaces_the_one_below_zero(facts: Facts) -> None:
    assert only(*facts).channel == "no_order"
    assert totals(lived(facts))["seen_documents"] == 1


@in_every_order(order(), below_zero(1, order="4500"), invoice(version=2, order=None))
def test_also_where_the_two_name_different_orders(facts: Facts) -> None:
    assert judged(*facts)[ORDER].credited_ore == 0
    assert totals(lived(facts))["seen_documents"] == 1


@in_every_order(below_zero(), cancelled("F-1", version=2, of="invoice"))
def test_a_cancelled_invoice_is_gone_also_when_it_was_below_zero(facts: Facts) -> None:
    assert totals(lived(facts)) == {}


@in_every_order(invoice(order=None), cancelled("F-1", version=2, of="invoice", row="4500"))
def test_a_cancellation_under_an_order_finds_the_invoice_that_names_none(facts: Facts) -> None:
    assert totals(lived(facts)) == {}


@in_every_order(order("A"), order("B"), invoice(order="A"), invoice(order="B", source=DOCUMENT))
def test_an_invoice_told_by_erp_and_document_stands_under_the_erps_order_only(facts: Facts) -> None:
    assert {each.number: each.invoiced_ore for each in standing(*facts)} == {"A": 24500, "B": 0}


@in_every_order(order(), invoice(order=None, lines=[line(100)]), invoice(source=DOCUMENT, lines=[line(101)]))
def test_a_document_tells_the_order_of_the_erps_invoice_whose_amounts_count(facts: Facts) -> None:
    assert only(*facts).invoiced_ore == 100


@in_every_order(order("A"), order("B"), credit_note(order="A"), credit_note(order="B", version=2))
def test_a_credit_note_sent_again_under_another_order_leaves_the_first(facts: Facts) -> None:
    assert {each.number: each.credited_ore for each in standing(*facts)} == {"A": 0, "B": 24500}


@in_every_order(order(), credit_note(), credit_note(order="4500", version=2))
def test_a_refund_that_is_sent_again_with_its_order_is_none(facts: Facts) -> None:
    assert only(*facts).credited_ore == 24500


@in_every_order(order(), replace(invoice(day=DAY - timedelta(days=9)), source="test/erp"))
def test_what_a_test_sends_touches_no_real_order(facts: Facts) -> None:
    assert judged(*facts)[ORDER].channel == "own_catalogue"
    assert "all_invoices" not in totals(lived(facts))


@in_every_order(order(frame=True), invoice(), decision(ORDER, outcome="excluded", channel="internal"))
def test_the_invoices_of_a_frame_follow_what_was_decided_of_it(facts: Facts) -> None:
    assert {each.kind: each.outcome for each in standing(*facts)}["frame_invoice"] == "excluded"


def test_a_document_that_names_no_parties_has_an_id_all_the_same() -> None:
    nobody = replace(invoice(order=None, source=DOCUMENT), content=replace(content(), units=(), suppliers=()))
    assert only(nobody).purchase == f"unknown~unknown~F-1~{DAY + timedelta(days=5)}"


@pytest.mark.parametrize("days", [1, 2])
def test_of_two_words_on_the_first_version_the_later_one_tells_the_day(days: int) -> None:
    first, other = order(day=DAY), order(day=DAY + timedelta(days=days))
    other = replace(other, stamp=replace(other.stamp, time_ms=9))
    assert only(first, other).day == only(other, first).day == other.day


CREDITED = credit_note(order="4500", invoice="F-1", day=DAY + timedelta(days=5))
"""All of the invoice F-1, on the day that it was sent."""


@in_every_order(order(), invoice(), CREDITED, invoice("F-2", lines=[line(20_000)]))
def test_an_invoice_that_is_credited_and_sent_anew_comes_to_a_credit_of_the_difference(facts: Facts) -> None:
    judgement = only(*facts)
    assert (judgement.amounts_ore, judgement.credited_ore, judgement.tallied) == ({"catalogue": 20_000}, 4_500, True)
    assert judgement.evidence["billed_again_ore"] == "20000"
    assert (
        totals(lived(facts))["catalogue_ore"]
        == totals(lived([order(), credit_note(order="4500", lines=[line(4_500)])]))["catalogue_ore"]
    )


def test_what_is_billed_for_the_first_time_brings_back_nothing() -> None:
    two = [line(10_000), line(14_500, "2")]
    facts = [order(lines=two), invoice(lines=two[:1]), replace(CREDITED, content=content(two[:1]))]
    assert only(*facts, invoice("F-2", lines=two[1:])).amounts_ore == {"catalogue": 14_500}


def test_an_invoice_above_the_order_that_is_corrected_is_nothing_anew() -> None:
    note = replace(CREDITED, content=content([line(500)]))
    assert only(order(), invoice(lines=[line(25_000)]), note).amounts_ore == {"catalogue": 24_000}


def test_what_is_credited_of_the_invoice_sent_anew_goes_too() -> None:
    later = DAY + timedelta(days=8)
    again = credit_note("K-2", order="4500", invoice="F-2", day=later, lines=[line(500)])
    assert only(order(), invoice(), CREDITED, invoice("F-2", day=later), again).amounts_ore == {"catalogue": 24_000}


def test_a_credit_note_that_names_no_invoice_is_undone_by_a_later_one_only() -> None:
    note = credit_note(order="4500", day=DAY + timedelta(days=5))
    same_day, later = (invoice("F-2", day=DAY + timedelta(days=days)) for days in (5, 6))
    assert only(order(), invoice(), note, same_day).amounts_ore == {"catalogue": 0}
    assert only(order(), invoice(), note, later).amounts_ore == {"catalogue": 24_500}


def test_what_is_billed_again_comes_back_to_the_lines_that_it_was_taken_from() -> None:
    two = [line(10_000), line(14_500, "2", item=None)]
    facts = [order(lines=two), invoice(lines=two), replace(CREDITED, content=content(two))]
    judgement = only(*facts, invoice("F-2", lines=two[1:]))
    assert [each.amount_ore for each in judgement.lines] == [0, 14_500]
    assert [each.amount_ore for each in only(*facts, invoice("F-2", lines=[line(24_500, "9", item="x")])).lines] == [
        10_000,
        14_500,
    ]


def test_a_line_that_was_not_credited_does_not_grow() -> None:
    two = [line(10_000), line(14_500, "2", item=None)]
    facts = [order(lines=two), invoice(lines=two), replace(CREDITED, content=content(two[:1]))]
    judgement = only(*facts, invoice("F-2", lines=two[1:]))
    assert [each.amount_ore for each in judgement.lines] == [10_000, 14_500]


def test_a_credit_note_does_not_follow_an_invoice_below_zero() -> None:
    facts = [order(), below_zero(order="4500"), credit_note(invoice="F-1", lines=[line(100)])]
    assert {each.kind: each.credited_ore for each in standing(*facts)}["order"] == 500
