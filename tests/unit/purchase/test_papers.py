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
