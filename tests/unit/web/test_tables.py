"""CSV that no spreadsheet runs, for programs and for people."""

from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from sinks.web import answers
from sinks.web.columns import CODES, HEADINGS
from sinks.web.language import Language
from sinks.web.tables import cell, written
from sinks.web.words import SETS, Words


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
@pytest.mark.parametrize("language", [None, *Language])
def test_a_cell_that_would_run_as_a_formula_begins_with_an_apostrophe(text: str, language: Language | None) -> None:
    assert cell(text, "name", language) == f"'{text}"


def test_a_negative_number_stays_a_number() -> None:
    assert cell(-5, "count", Language.ENGLISH) == "-5"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (None, "name,amount_ore,rate,outcome\r\nA;B,-123456,0.5,off_channel\r\n"),
        (
            Language.DANISH,
            'Navn;Beløb (kr.);E-handelsgrad efter beløb (pct.);Udfald\r\n"A;B";-1234,56;50,00;Uden om systemet\r\n',
        ),
        (
            Language.ENGLISH,
            "Name,Amount (DKK),E-handelsgrad by amount (%),Outcome\r\nA;B,-1234.56,50.00,Off-channel\r\n",
        ),
    ],
)
def test_a_table_is_for_a_program_or_in_the_words_of_a_reader(language: Language | None, expected: str) -> None:
    row = SimpleNamespace(name="A;B", amount_ore=-123_456, rate=0.5, outcome="off_channel")
    words = None if language is None else Words(language=language, reasons={})
    table = "".join(written(["name", "amount_ore", "rate", "outcome"], [row], language=language, words=words))
    assert table == f"\ufeff{expected}"


def test_every_column_of_a_table_has_a_heading_in_both_languages() -> None:
    columns = {
        name
        for model in vars(answers).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__name__ in ROWS
        for name in model.model_fields
    }
    assert columns - set(HEADINGS) == {"judgement"}
    assert set(CODES.values()) <= set(SETS)


ROWS = {
    *("UnitAnswer", "PlaceAnswer", "MonthAnswer", "ChannelAnswer", "SupplierAnswer", "PurchaseAnswer"),
    *("RevisionAnswer", "DoubleAnswer", "PatternAnswer", "RuleAnswer", "ActivationAnswer", "ShadowAnswer"),
    *("RefusalAnswer", "RefusalGroupAnswer", "PositionAnswer", "AlertAnswer"),
}
