"""Amounts: nothing is lost by rounding, spreading or crediting."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.amounts import in_ore, rounded, spread
from models.purchase.crediting import credited_amounts, netted
from tests.builders import line

ORE = st.integers(0, 10**14)
WEIGHTS = st.lists(ORE, min_size=1, max_size=30)


@pytest.mark.parametrize(("value", "expected"), [("0.5", 1), ("1.5", 2), ("-0.5", -1), ("0.49", 0), ("-1.51", -2)])
def test_halves_are_rounded_away_from_zero(value: str, expected: int) -> None:
    assert rounded(Decimal(value)) == expected


def test_a_line_in_another_currency_is_rounded_to_ore() -> None:
    assert in_ore(1001, Decimal("7.4505")) == 7458


@given(total=ORE, weights=WEIGHTS)
def test_parts_sum_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(spread(total, weights)) == total


@given(total=ORE, weights=WEIGHTS.filter(any))
def test_a_part_is_less_than_one_ore_from_its_exact_share(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


@given(weights=WEIGHTS.filter(any), share=st.fractions(0, 1))
def test_no_part_is_below_zero_or_above_its_weight_where_the_total_is_not(weights: list[int], share: object) -> None:
    total = int(sum(weights) * share)  # type: ignore[operator]
    assert all(0 <= part <= weight for part, weight in zip(spread(total, weights), weights, strict=True))


def test_the_odd_ore_goes_to_the_lower_line() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]


def test_without_any_weight_the_first_place_takes_it_all() -> None:
    assert spread(7, [0, 0]) == [7, 0]
    assert spread(7, []) == []


LINES = (line(300, "1", item="a"), line(100, "2", item="b"), line(100, "3", item="b"))


def left(*credited: tuple[str, str | None, int]) -> tuple[list[int | None], int]:
    notes = [(line(amount, number, item=item), amount) for number, item, amount in credited]
    return credited_amounts(LINES, [each.net_hundredths for each in LINES], notes)


def test_a_credit_takes_from_the_line_of_its_id_first() -> None:
    assert left(("2", "a", 40)) == ([300, 60, 100], 0)


def test_else_from_the_lines_of_its_item() -> None:
    assert left(("9", "b", 41)) == ([300, 79, 80], 0)


def test_else_from_all_lines_in_proportion() -> None:
    assert left(("9", None, 50)) == ([270, 90, 90], 0)


def test_what_is_more_than_is_left_is_the_excess() -> None:
    assert left(("2", None, 150)) == ([300, 0, 100], 50)
    assert left(("9", None, 600)) == ([0, 0, 0], 100)


def test_a_second_credit_takes_from_what_the_first_left() -> None:
    assert left(("9", None, 250), ("9", None, 250)) == ([0, 0, 0], 0)


def test_a_purchase_with_a_discount_is_not_credited_below_zero() -> None:
    lines = (line(100, "1"), line(-20, "2"))
    amounts, excess = credited_amounts(lines, [100, -20], [(line(100, "9", item=None), 100)])
    assert (sum(each or 0 for each in amounts), excess) == (0, 20)


def test_amounts_without_a_rate_are_left_unknown() -> None:
    assert credited_amounts(LINES, [None, None, None], [(LINES[0], 50)]) == ([None, None, None], 50)


def test_a_credit_notes_own_lines_below_zero_lessen_its_others() -> None:
    assert netted([300, 100, -40]) == [270, 90, 0]
    assert netted([-40, 10]) == [0, 0]


@given(
    amounts=st.lists(st.integers(-1000, 5000), min_size=1, max_size=6),
    credited=st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4000)), max_size=6),
)
def test_crediting_takes_exactly_what_it_does_not_call_excess(
    amounts: list[int], credited: list[tuple[int, int]]
) -> None:
    lines = [line(amount, str(place), item=None) for place, amount in enumerate(amounts)]
    notes = [(line(amount, str(place), item=None), amount) for place, amount in credited]
    after, excess = credited_amounts(lines, list(amounts), notes)
    assert sum(amounts) - sum(each or 0 for each in after) == sum(amount for _, amount in credited) - excess
    assert all(0 <= (now or 0) <= was if was >= 0 else now == was for now, was in zip(after, amounts, strict=True))
    assert sum(each or 0 for each in after) >= min(sum(amounts), 0)
