"""Claims about a what-if: it says exactly what the life cycle would do, and its parts add up."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.measures import ZERO
from models.purchase.assessing import Basis
from models.purchase.memory import Rows
from models.rules.judge import judge_of
from models.tally.contribution import cell_parts
from models.whatif.comparison import Comparison, Days, moved, stayed
from models.whatif.moves import GONE
from models.whatif.units import unit_changes
from models.whatif.written import as_csv, as_lines, as_value
from tests.builders import DAY, MOMENT, basis, content, credit_note, invoice, line, lived, order
from tests.unit.rules.changed import replaced

FREE: dict[str, Any] = {"item": None, "category": None}
REVIEWED = replaced('outcome = "off_channel"\nchannel = "free_text"', 'outcome = "review"\nchannel = "review"')


def other(text: str = REVIEWED) -> Basis:
    return Basis(basis().snapshot, judge_of(text))


def compared(rows: Rows, on: Basis, days: Days | None = None) -> Comparison:
    comparison = Comparison(days=days or Days())
    for number in sorted(rows.rows):
        comparison.add(rows.rows[number], on)
    return comparison


def facts() -> list[object]:
    return [
        order("1", of=content([line(10_000), line(5_000, "2", **FREE)])),
        order("2", of=content([line(70_000, **FREE)], unit="U2")),
        order("3", of=content([line(700, **FREE)], unit="nobody")),
        order("4", source="test/erp", of=content([line(9_000, **FREE)])),
        order("5", day=DAY + timedelta(days=40), of=content([line(3_000, **FREE)])),
        invoice("F-9", order=None),
        invoice("F-8", order="2", unit="U2"),
    ]


def test_what_moves_is_told_from_rule_to_rule_by_line_and_by_purchase() -> None:
    found = [(old.rule, old.outcome, new.outcome, each) for old, new, each in moved(compared(lived(facts()), other()))]
    assert [(rule, old, new) for rule, old, new, _ in found] == [("free-text", "off_channel", "review")]
    total = found[0][3]
    assert (total.lines, total.amount_ore, total.purchases) == (4, 78_700, 3)


def test_what_stays_and_what_moves_is_all_there_is() -> None:
    comparison = compared(lived(facts()), other())
    everything = sum(each.amount_ore for each in comparison.moves.values())
    assert stayed(comparison).amount_ore + sum(each.amount_ore for *_, each in moved(comparison)) == everything
    assert sum(each.purchases for each in comparison.moves.values()) == comparison.purchases


def test_purchases_of_test_sources_are_not_compared() -> None:
    comparison = compared(lived([order("4", source="test/erp", of=content([line(9_000, **FREE)]))]), other())
    assert (comparison.purchases, comparison.moves) == (0, {})


def test_the_same_rules_move_nothing() -> None:
    comparison = compared(lived(facts()), basis())
    assert (comparison.changed, moved(comparison), comparison.largest) == (0, [], [])
    assert comparison.before == comparison.after


def test_the_largest_changes_come_with_their_evidence() -> None:
    rows = lived(order(str(n), of=content([line(n * 100, **FREE)])) for n in range(1, 15))
    largest = compared(rows, other()).largest
    assert [each.moved_ore for each in largest] == [n * 100 for n in range(14, 4, -1)]
    told = largest[0].lines[0]
    assert (told.before.side.rule, told.before.reason, told.before.evidence) == (
        "free-text",
        "no_item_id",
        {"item": "", "requisition": ""},
    )


def test_only_the_days_asked_for_are_compared() -> None:
    rows = lived(facts())
    comparison = compared(rows, other(), Days(DAY, DAY))
    assert comparison.changed == 3
    none = compared(rows, other(), Days(date(2020, 1, 1), date(2020, 12, 31)))
    assert none.purchases == 0
    assert all(measures == list(ZERO) for measures in none.after.values())


def test_partitions_compared_apart_and_joined_are_the_whole() -> None:
    rows = lived(facts())
    whole, parts = compared(rows, other()), Comparison()
    for number in rows.rows:
        part = Comparison()
        part.add(rows.rows[number], other())
        parts.join(part)
    assert parts == whole


def test_a_unit_that_the_reference_does_not_know_stands_as_unassigned() -> None:
    units = {
        each.unit: each
        for each in unit_changes(compared(lived(facts()), other()), basis().snapshot, basis().snapshot, DAY)
    }
    assert units["K-unassigned"].before["off_channel_ore"] == 700
    assert units["K-unassigned"].after["review_ore"] == 700
    below = sum(units[name].after["review_ore"] for name in ("D1", "K-unassigned"))
    assert units["K"].after["review_ore"] == below


def test_the_three_ways_of_writing_say_the_same() -> None:
    comparison = compared(lived(facts()), other())
    units = unit_changes(comparison, basis().snapshot, basis().snapshot, DAY)
    table = "\n".join(as_lines({"tried": "standard@2"}, comparison, units))
    assert "free-text (free_text)  →  free-text (review)" in table
    assert "787.00" in table
    assert "free-text;off_channel;free_text;free-text;review;review;3;4;78700" in as_csv(comparison, units)
    value = as_value({}, comparison, units)
    assert {each["unit"] for each in value["units"]} == {"K", "D1", "U1", "U2", "K-unassigned"}


def test_a_name_that_could_act_as_a_formula_does_not() -> None:
    comparison = compared(lived([order("1", of=content([line(100)], unit="=1+1"))]), other())
    units = unit_changes(comparison, basis().snapshot, basis().snapshot, DAY)
    assert ";=1+1" not in as_csv(comparison, units)


VARIANTS = (
    REVIEWED,
    replaced("grace_days = 0", "grace_days = 30"),
    replaced("enabled = false", "enabled = true"),
    replaced('placeholders = ["", "na", "n/a", "1", "-"]', 'placeholders = ["11-2233"]'),
)


@st.composite
def histories(draw: st.DrawFn) -> list[object]:
    drawn: list[object] = []
    for number in range(draw(st.integers(1, 6))):
        net, unit = draw(st.integers(-500, 90_000)), draw(st.sampled_from(["U1", "U2", "unknown"]))
        item = draw(st.sampled_from(["11-2233", "99", "1", None]))
        channel = draw(st.sampled_from([None, "catalogue", "phone"]))
        of = content([line(abs(net) + 1, item=item), line(net, "2", item=None)], unit=unit, channel=channel)
        drawn.append(order(f"{number}", of=of))
        if draw(st.booleans()):
            day = DAY + timedelta(days=draw(st.integers(-20, 20)))
            drawn.append(invoice(f"F{number}", order=draw(st.sampled_from([f"{number}", None])), day=day, unit=unit))
        if draw(st.booleans()):
            drawn.append(credit_note(f"K{number}", order=f"{number}", unit=unit))
    return drawn


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(VARIANTS))
def test_after_the_change_every_measure_is_what_was_said(history: list[object], text: str) -> None:
    rows = lived(history)
    said = compared(rows, other(text))
    assert by_place(rows) == nonzero(said.before)
    rows.rebase(other(text), moment=MOMENT)
    assert by_place(rows) == nonzero(said.after)


def by_place(rows: Rows) -> dict[tuple[str, str], list[int]]:
    sums: dict[tuple[str, str], list[int]] = {}
    for cell, measures in rows.cells.items():
        root, unit, _ = cell_parts(cell)
        sums[root, unit] = [one + more for one, more in zip(sums.get((root, unit), ZERO), measures, strict=True)]
    return nonzero(sums)


def nonzero(sums: dict[tuple[str, str], list[int]]) -> dict[tuple[str, str], list[int]]:
    return {place: measures for place, measures in sums.items() if any(measures)}


@pytest.mark.parametrize("text", VARIANTS)
def test_nothing_is_compared_twice(text: str) -> None:
    comparison = compared(lived(facts()), other(text))
    assert comparison.purchases == 5
    assert GONE not in {old for old, _ in comparison.moves}
