"""Figures: rates with their numerators and denominators, a headline within its band, parts that sum up."""

import math

from hypothesis import given
from hypothesis import strategies as st

from models.measures import MEASURES
from models.tally.figures import Control, Figure, figures, gain_ore

AMOUNT = st.integers(0, 10**14)
SUMS = st.fixed_dictionaries({}, optional=dict.fromkeys(MEASURES, AMOUNT))


@given(measures=SUMS)
def test_the_band_encloses_the_headline(measures: dict[str, int]) -> None:
    found = figures(measures)
    for by in ("amount", "count"):
        low, rate, high = (found[f"e_handelsgrad{part}_{by}"].value for part in ("_low", "", "_high"))
        if rate is not None:
            assert low is not None
            assert high is not None
            assert low <= rate or math.isclose(low, rate)
            assert rate <= high or math.isclose(rate, high)


@given(measures=SUMS)
def test_low_review_and_the_rest_of_the_base_sum_to_the_whole(measures: dict[str, int]) -> None:
    found = figures(measures)
    for by in ("amount", "count"):
        low, high, rate = (found[f"e_handelsgrad_{part}{by}"] for part in ("low_", "high_", ""))
        assert low.denominator == high.denominator
        assert high.numerator - low.numerator == low.denominator - rate.denominator
        assert rate.numerator == low.numerator


@given(measures=SUMS)
def test_nothing_in_the_denominator_gives_no_value(measures: dict[str, int]) -> None:
    for figure in figures(measures).values():
        assert (figure.value is None) == (figure.denominator == 0)


def test_without_anything_no_figure_has_a_value() -> None:
    assert set(figures({}).values()) == {Figure(0, 0)}
    assert gain_ore({}, 6200) == (0, 0)


def test_review_is_in_neither_side_of_the_headline() -> None:
    found = figures({"catalogue_ore": 30, "off_channel_ore": 30, "review_ore": 40, "excluded_ore": 500})
    assert found["e_handelsgrad_amount"].as_json() == {"numerator": 30, "denominator": 60, "value": 0.5}
    assert (found["e_handelsgrad_low_amount"].value, found["e_handelsgrad_high_amount"].value) == (0.3, 0.7)
    assert found["review_share"].value == 0.4


def test_coverage_is_what_was_seen_of_what_the_ledger_has() -> None:
    found = figures({}, Control(seen_documents=9, seen_ore=800, documents=10, amount_ore=1000))
    assert (found["coverage_count"].value, found["coverage_amount"].value) == (0.9, 0.8)


def test_gain_is_counted_by_invoices_won_and_left() -> None:
    assert gain_ore({"catalogue_invoices": 3, "off_channel_invoices": 2}, 6200) == (18600, 12400)
