"""What stands behind a figure is what the figure is made of."""

import pytest

from models.measures import MEASURES, PLACE
from models.tally.figures import Control, figures
from sinks.web.figure_words import FIGURES, SIDES
from sinks.web.queries.behind import BEHIND, Part, in_purchases, side_of

MEASURED = {name: 3**place for place, name in enumerate(MEASURES)}
"""No two sums of different measures are the same."""
CONTROL = Control(MEASURED["seen_documents"], MEASURED["seen_ore"], 1, 1)
OF_PEOPLE = "certified_buyers"


def summed(figure: str, part: Part) -> int | None:
    side = side_of(figure, part)
    return None if side is None else sum(MEASURED[measure] for measure in side.measures)


@pytest.mark.parametrize("figure", sorted(figures({}).keys() - {OF_PEOPLE}))
def test_every_figure_is_made_of_the_measures_that_its_links_open(figure: str) -> None:
    true = figures(MEASURED, CONTROL)[figure]
    assert summed(figure, Part.NUMERATOR) == true.numerator
    assert summed(figure, Part.DENOMINATOR) in {true.denominator, None}


def test_only_the_ledger_and_the_gains_have_no_denominator_to_open() -> None:
    without = {figure for figure in BEHIND if side_of(figure, Part.DENOMINATOR) is None}
    assert without == {"coverage_amount", "coverage_count", "gain", "gain_left"}


def test_every_side_that_can_be_opened_is_told_in_words() -> None:
    openable = {f"{figure}.{part}" for figure in BEHIND for part in Part if side_of(figure, part) is not None}
    assert set(SIDES) == openable
    assert set(FIGURES) > set(BEHIND)


def test_every_measure_of_a_side_is_held_by_purchases_or_their_documents() -> None:
    for figure in BEHIND:
        for part in Part:
            side = side_of(figure, part)
            if side is not None:
                assert set(side.measures) <= PLACE.keys()
                assert side.is_of_documents or in_purchases(side) is not None
