"""Whatever happens, in whatever order and however often, the tables are those of the oracle."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.facts import AnyFact
from models.measures import MEASURES
from models.purchase.assessing import Basis
from models.purchase.memory import Rows
from models.purchase.row import decode, encode
from models.tally.contribution import cell_parts
from models.tally.units import UnitSums, named
from tests.builders import MOMENT
from tests.oracle import Found, Oracle
from tests.unit.purchase.histories import bases, day_in_range, histories

HISTORIES = {"thorough": 2_000, "mutations": 25}
"""How many, by Hypothesis' profile; else 300."""

pytestmark = pytest.mark.timeout(3_600)
"""2,000 histories take a while, above all on a busy machine."""

thorough = settings(
    max_examples=HISTORIES.get(settings.get_current_profile_name(), 300),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def arrived(facts: list[AnyFact], on: list[Basis], *, restarts: frozenset[int] = frozenset()) -> Rows:
    """All rows after the facts in this order, while the reference changes at even distances.

    Before each fact in `restarts` everything but what is stored is forgotten.
    """
    rows = Rows(on[0])
    for place, fact in enumerate(facts):
        if place in restarts:
            rows.rows = {number: decode(encode(row)) for number, row in rows.rows.items()}
        wanted = on[place * len(on) // len(facts)]
        if wanted is not rows.basis:
            rows.rebase(wanted, moment=MOMENT)
        rows.receive(fact, kind="test", moment=MOMENT)
    if rows.basis is not on[-1]:
        rows.rebase(on[-1], moment=MOMENT)
    return rows


def found(rows: Rows) -> dict[str, Found]:
    standing = [each for each in rows.judgements() if each.outcome != "void"]
    result = {
        each.purchase: Found(
            each.outcome.value, each.channel.value, each.amounts_ore, each.unit, each.day, each.tallied
        )
        for each in standing
    }
    assert len(result) == len(standing)
    return result


def filled(rows: Rows) -> dict[tuple[str, str, date], dict[str, int]]:
    cells = {cell_parts(cell): dict(zip(MEASURES, values, strict=True)) for cell, values in rows.cells.items()}
    return without_zeros(cells)


def without_zeros(cells: Any) -> dict[Any, dict[str, int]]:
    told = {cell: {name: value for name, value in values.items() if value} for cell, values in cells.items()}
    return {cell: values for cell, values in told.items() if values}


@thorough
@given(data=st.data(), history=histories(), changes=st.lists(bases(), min_size=1, max_size=4))
def test_any_order_with_repeats_and_restarts_gives_what_the_oracle_says(
    data: st.DataObject, history: list[AnyFact], changes: list[Basis]
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    restarts = data.draw(st.frozensets(st.integers(0, 40), max_size=3))
    rows = arrived(data.draw(st.permutations([*history, *repeats])), changes, restarts=restarts)
    oracle = Oracle(history, changes[-1].snapshot, changes[-1].judge)
    assert found(rows) == oracle.purchases
    assert filled(rows) == without_zeros(oracle.cells)


@thorough
@given(data=st.data(), history=histories(), basis=bases())
def test_any_two_orders_of_arrival_end_in_the_same_judgements(
    data: st.DataObject, history: list[AnyFact], basis: Basis
) -> None:
    other = data.draw(st.permutations(history))
    told = [
        {each.purchase: without_past(each) for each in arrived(facts, [basis]).judgements() if each.outcome != "void"}
        for facts in (history, other)
    ]
    assert told[0] == told[1]


@thorough
@given(data=st.data(), history=histories(), changes=st.lists(bases(), min_size=1, max_size=3))
def test_who_keeps_the_greatest_revision_keeps_what_stands(
    data: st.DataObject, history: list[AnyFact], changes: list[Basis]
) -> None:
    rows = arrived(data.draw(st.permutations(history)), changes)
    greatest: dict[str, Any] = {}
    for each in rows.told:
        if each.purchase not in greatest or each.revision > greatest[each.purchase].revision:
            greatest[each.purchase] = each
    standing = {each.purchase: each for each in rows.judgements() if each.outcome != "void"}
    assert {name: each for name, each in greatest.items() if each.outcome != "void"} == standing


def without_past(judgement: Any) -> Any:
    """A judgement without what tells how it came about.

    Evidence is of the last revision: where two papers say the same, it names the one that was known then.
    """
    lines = tuple(msgspec.structs.replace(line, evidence={}) for line in judgement.lines)
    return msgspec.structs.replace(
        judgement, revision=0, previous=None, cause=None, source=None, judged_at="", lines=lines, evidence={}
    )


@thorough
@given(history=histories(longest=15), changes=st.lists(bases(), min_size=1, max_size=3))
def test_cells_are_the_sum_of_what_the_purchases_contribute(history: list[AnyFact], changes: list[Basis]) -> None:
    rows = arrived(history, changes)
    sums: dict[str, dict[str, int]] = {}
    for row in rows.rows.values():
        for published in row.published.values():
            for cell, values in published.contribution.items():
                of_cell = sums.setdefault(cell, {})
                for place, value in values.items():
                    if isinstance(place, int):
                        of_cell[MEASURES[place]] = of_cell.get(MEASURES[place], 0) + value
    assert filled(rows) == without_zeros({cell_parts(cell): values for cell, values in sums.items()})


@thorough
@given(history=histories(longest=15), basis=bases(), today=day_in_range())
def test_units_sum_up_their_windows_as_the_oracle_does(history: list[AnyFact], basis: Basis, today: date) -> None:
    rows = arrived(history, [basis])
    sums = UnitSums(basis.snapshot, today)
    for cell, values in rows.cells.items():
        sums.replace(0, cell, 1, values, rows.buyers[cell])
    told = {unit: {window: named(each) for window, each in sums.windows(unit).items()} for unit in sums.units()}
    oracle = Oracle(history, basis.snapshot, basis.judge)
    expected = oracle.windows(today)
    assert {(u, w): m for u, ws in told.items() for w, m in without_zeros(ws).items()} == {
        (u, w): m for u, ws in expected.items() for w, m in without_zeros(ws).items()
    }
    buyers = {unit: sums.certified_buyers(unit) for unit in sums.units()}
    assert {unit: (each.numerator, each.denominator) for unit, each in buyers.items() if each.denominator} == (
        oracle.certified_buyers(today)
    )
