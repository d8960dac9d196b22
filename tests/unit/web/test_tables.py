"""CSV that no spreadsheet runs."""

from types import SimpleNamespace

import pytest

from sinks.web.language import Language
from sinks.web.tables import cell, written


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_as_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert cell(text, "name", Language.ENGLISH) == f"'{text}"


def test_a_negative_number_stays_a_number() -> None:
    assert cell(-5, "count", Language.ENGLISH) == "-5"


def test_amounts_are_ore_in_english_and_kroner_in_danish() -> None:
    row = SimpleNamespace(name="A;B", amount_ore=-123_456, rate=0.5)
    english = "".join(written(["name", "amount_ore", "rate"], [row], language=Language.ENGLISH))
    danish = "".join(written(["name", "amount_ore", "rate"], [row], language=Language.DANISH))
    assert english == "\ufeffname,amount_ore,rate\r\nA;B,-123456,0.5\r\n"
    assert danish == '\ufeffname;amount_kr;rate\r\n"A;B";-1234,56;0,5\r\n'
