"""What two sources tell of one purchase, what comes of a number used twice, and what an absorbed invoice leaves."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from models.facts import DOCUMENT, Category, Order, OrderReference, Response
from models.purchase.advised import advised
from models.purchase.clusters import filled
from models.purchase.memory import Rows
from models.purchase.orders import applied
from models.reference.rows import CatalogueRow, SupplierRow
from models.rules.ruleset import read_ruleset
from tests.builders import (
    DAY,
    ERP,
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
    stamp,
)
from tests.unit.purchase.test_life import ORDER
from tests.unit.rules.changed import default_text

INVOICE = f"U1~S1~F-1~{DAY + timedelta(days=5)}"


CATALOGUE = next(row for row in REFERENCE if isinstance(row, CatalogueRow))
RULES = read_ruleset(default_text())


def ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)


def test_an_invoice_that_its_order_absorbs_is_told_of_as_void_with_nothing_in_it() -> None:
    rows = lived([invoice(order=None, channel="phone"), decision(INVOICE), invoice(version=2), order()])
    last = [each for each in rows.told if each.purchase == INVOICE][-1]
    assert (last.outcome, last.channel, last.reason, last.rule) == ("void", "void", "absorbed", "void")
    assert (last.lines, last.amounts_ore, last.flags, last.evidence) == ((), {}, (), {})
    assert (last.invoiced_ore, last.credited_ore, last.tallied) == (0, 0, False)
    assert last.previous is not None
    assert (last.previous.outcome, last.previous.amounts_ore) == ("catalogue", {"catalogue": 24500})


def test_a_void_purchase_says_why() -> None:
    (gone,) = judged(order(), cancelled()).values()
    assert (gone.channel, gone.reason, gone.rule, gone.tallied, gone.lines) == ("void", "cancelled", "void", False, ())
    empty = judged(order(of=content([])))[ORDER]
    assert (empty.outcome, empty.reason, empty.rule) == ("void", "no_lines", "void")
    decided = judged(order(), decision(ORDER, outcome="void", channel=""))[ORDER]
    assert (decided.outcome, decided.rule) == ("void", "decision")


def test_what_the_erp_left_empty_is_taken_from_the_document_and_nothing_else() -> None:
    erp = content([line(100, item=None, unit_price="5"), line(200, "2")], unit="U1", buyer=None, channel="phone")
    paper = content(
        [line(999, item="11-2233", unit_price="6", gtin="57"), line(1, "3")],
        unit="U2",
        supplier="S2",
        buyer="B-1",
        channel="email",
        currency="EUR",
        exchange_rate="7.4",
        order_agreement=True,
        requisition="R-1",
    )
    found = filled([erp, paper])
    assert (found.units, found.suppliers, found.currency, found.exchange_rate) == (("U1",), ("S1",), "DKK", None)
    assert (found.buyer, found.channel, found.requisition, found.order_agreement) == ("B-1", "phone", "R-1", True)
    assert [(each.line, each.net_hundredths) for each in found.lines] == [("1", 100), ("2", 200)]
    assert (found.lines[0].item, found.lines[0].unit_price, found.lines[0].gtin) == ("11-2233", "5", "57")
    assert filled([paper, erp]).order_agreement


def test_a_change_replaces_by_line_and_says_again_only_what_it_states() -> None:
    ordered = content([line(100), line(200, "2"), line(300, "3")], buyer="B-1", channel="phone", order_agreement=True)
    change = content(
        [line(150), replace(line(0, "2"), removed=True), line(50, "4")], unit="U2", supplier="S2", channel="email"
    )
    found = applied(ordered, change)
    assert [(each.line, each.net_hundredths) for each in found.lines] == [("1", 150), ("3", 300), ("4", 50)]
    assert (found.units, found.suppliers, found.order_agreement) == (("U1",), ("S1",), True)
    assert (found.channel, found.buyer) == ("email", "B-1")


@pytest.mark.parametrize(("days", "gone"), [(10, DAY), (150, DAY + timedelta(days=100))])
def test_an_erps_cancellation_means_the_newest_order_that_was_placed_by_then(days: int, gone: date) -> None:
    first, second = order(), order(day=DAY + timedelta(days=100))
    end = replace(cancelled(), stamp=replace(cancelled().stamp, time_ms=ms(DAY + timedelta(days=days))))
    for facts in permutations([first, second, end]):
        assert [each.day for each in judged(*facts).values() if each.outcome == "void"] == [gone]


def test_an_erps_cancellation_from_before_every_order_means_the_first() -> None:
    facts = [order(), order(day=DAY + timedelta(days=100)), cancelled()]
    assert [each.day for each in judged(*facts).values() if each.outcome == "void"] == [DAY]


def test_a_second_source_cancels_nothing_that_the_first_one_leads() -> None:
    end = replace(cancelled(), source="erp/skole")
    assert only(order(), order(source="erp/skole", day=DAY + timedelta(days=3)), end).outcome == "catalogue"


def test_the_cancelled_order_has_the_version_of_its_cancellation() -> None:
    assert judged(order(), cancelled(version=9))[ORDER].version == 9


def paper_order(**more: object) -> Order:
    return order(source=DOCUMENT, of=content(**more))  # type: ignore[arg-type]


def test_a_document_that_rejects_or_cancels_is_final() -> None:
    reference = OrderReference("4500")
    rejects = Response(
        source=DOCUMENT, number="4500", stamp=stamp(1, event="r"), day=DAY, order=reference, units=("U1",), suppliers=("S1",)
    )  # fmt: skip
    ends = replace(cancelled(), source=DOCUMENT, order=reference, day=DAY, units=("U1",), suppliers=("S1",))
    for end, why in ((rejects, "rejected"), (ends, "cancelled")):
        for facts in ((paper_order(), end), (end, paper_order())):
            (gone,) = judged(*facts).values()
            assert (gone.outcome, gone.reason) == ("void", why)


def test_of_two_contents_of_one_version_the_later_wins_and_the_order_says_so() -> None:
    early, late = order(digest="a", lines=[line(100)]), order(digest="b", lines=[line(200)])
    late = replace(late, stamp=replace(late.stamp, time_ms=9))
    for facts in ((early, late), (late, early)):
        judgement = only(*facts)
        assert (judgement.amounts_ore, judgement.flags) == ({"catalogue": 200}, ("version_conflict",))
        assert only(*facts, order(version=2)).flags == ()


def test_a_decision_is_the_reason_of_every_line() -> None:
    decided = judged(order(channel="phone"), decision(ORDER, outcome="off_channel", channel="card"))[ORDER]
    assert [(each.outcome, each.channel, each.reason, each.rule) for each in decided.lines] == [
        ("off_channel", "card", "decided", "decision")
    ]


def test_an_invoice_of_a_frame_is_advised_as_its_frame() -> None:
    frame = order(frame=True, of=content([line(item="99-1"), line(100, "2")], supplier="S1"))
    bill = invoice(lines=[line(item=None, category=Category("UNSPSC", "50181900"))])
    row = lived([frame, bill]).rows["4500"]
    made = advised(row, INVOICE, basis=basis(), ruleset=RULES)
    assert [each.line for each in made] == ["1"]
    assert [words.en for words in made[0].rules[0].needs] == [
        f"the item 99-1 is not in a catalogue of Papirlageret (S1) on {DAY}"
    ]


def test_nothing_is_advised_of_a_refund_of_what_is_void_and_of_what_is_not_here() -> None:
    refund = lived([credit_note(lines=[line(item=None)])])
    gone = lived([order(lines=[line(item="99-1")]), cancelled()])
    for rows, number in ((refund, "K-1"), (gone, "4500")):
        (judgement,) = rows.judgements()
        assert advised(rows.rows[number], judgement.purchase, basis=basis(), ruleset=RULES) == []
    assert advised(gone.rows["4500"], "erp%2Fkvantum~1", basis=basis(), ruleset=RULES) == []


def test_a_revision_says_what_made_it_and_what_it_replaces() -> None:
    rows = lived([order(), order(version=2, lines=[line(100)])])
    first, second = rows.told
    assert (first.revision, first.previous, first.cause.event, first.cause.source) == (1, None, "o1", ERP)
    assert second.previous is not None
    assert (second.revision, second.previous.revision, second.cause.event) == (2, 1, "o2")
    assert (second.previous.channel, second.previous.amounts_ore) == ("own_catalogue", {"catalogue": 24500})
    rows.rebase(basis(SupplierRow("S9", exclusion="finance"), without=[CATALOGUE], number=7), moment=MOMENT)
    third = rows.told[-1]
    assert (third.revision, third.cause.kind, third.cause.reference) == (3, "reference.changed", 7)


def test_the_later_word_on_the_first_version_tells_the_day_also_after_a_change() -> None:
    first, again, other = order(), order(version=2), order(day=DAY + timedelta(days=2))
    first = replace(first, stamp=replace(first.stamp, time_ms=5))
    other = replace(other, stamp=replace(other.stamp, time_ms=3))
    for facts in permutations([first, again, other]):
        assert only(*facts).day == DAY


def test_a_void_purchase_keeps_what_is_odd_about_it() -> None:
    (gone,) = judged(order(digest="a"), order(digest="b"), cancelled()).values()
    assert gone.flags == ("version_conflict",)


@pytest.mark.parametrize("source", [DOCUMENT, ERP])
def test_an_end_waits_for_its_order_and_for_nothing_else(source: str) -> None:
    paper = source == DOCUMENT
    named = {"order": OrderReference("4500"), "units": ("U1",), "suppliers": ("S1",)} if paper else {}
    end = replace(cancelled(), source=source, day=DAY + timedelta(days=3), **named)
    placed = order(source=source, of=content())
    rows = Rows(basis())
    assert rows.receive(end, kind="test", moment=MOMENT) == "waiting"
    assert rows.receive(placed, kind="test", moment=MOMENT) == "applied"
    after = lived([placed])
    assert after.receive(end, kind="test", moment=MOMENT) == "applied"
    assert after.receive(end, kind="test", moment=MOMENT) == "repeated"


def test_a_documents_end_means_the_order_of_its_own_day() -> None:
    old, new = paper_order(), replace(paper_order(), day=DAY + timedelta(days=400))
    end = replace(
        cancelled(), source=DOCUMENT, order=OrderReference("4500"), day=new.day, units=("U1",), suppliers=("S1",)
    )
    assert [each.day for each in judged(old, new, end).values() if each.outcome == "void"] == [new.day]
