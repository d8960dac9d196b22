import csv
from io import StringIO

import pytest

from models.tally.report import UnitReport
from sinks.reports.page import LONGEST_LIST, Pages, below_each, file_of
from sinks.reports.sheet import safe, written
from sinks.reports.texts import TEXTS
from sinks.web.figure_words import FIGURES
from sinks.web.language import Language
from tests.unit.reports.builders import bought, made, material, unit


def some(name: str = "Åby Skole") -> list[UnitReport]:
    rows = [unit("M-1", None), unit("A", name=name)]
    what = material(*rows, now={"A": bought(1, 2), "M-1": bought(1, 2)}, before={"A": bought(2, 2)})
    return list(made(what).values())


def rows_of(text: str, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    assert safe(f"{start}cmd") == f"'{start}cmd"
    assert rows_of(written(some(f"{start}cmd"), language=Language.ENGLISH), ",")[0]["Unit"] == f"'{start}cmd"


def test_a_falling_rate_stays_a_number() -> None:
    found = rows_of(written(some(), language=Language.DANISH), ";")[0]
    assert found["E-handelsgrad efter beløb: ændring (pct.point)"] == "-16,67"
    assert found["Enhed"] == "Åby Skole"


def test_english_has_commas_and_points() -> None:
    assert rows_of(written(some(), language=Language.ENGLISH), ",")[0]["E-handelsgrad by amount (%)"] == "33.33"


def test_the_page_says_the_figure_in_the_language_asked_for() -> None:
    report = some()[0]
    danish, english = (Pages(language=language).of_unit(report) for language in Language)
    assert "33,3\u00a0%" in danish
    assert "33.3%" in english
    assert "Monthly report" in english


def test_a_unit_without_peers_is_not_compared_with_itself() -> None:
    root = next(one for one in some() if one.unit == "M-1")
    page = Pages(language=Language.DANISH).of_unit(root)
    assert "Ingen at sammenligne med" in page
    assert "Midterste enhed" not in page


def test_a_unit_shows_what_lies_below_it() -> None:
    reports = some()
    page = Pages(language=Language.DANISH).of_unit(reports[0], below=below_each(reports)["M-1"])
    assert 'href="A.html"' in page


def test_a_level_too_long_for_a_list_is_counted() -> None:
    rows = [unit("M-1", None), *(unit(f"A-{place}") for place in range(LONGEST_LIST + 1))]
    page = Pages(language=Language.DANISH).of_all(list(made(material(*rows, now={})).values()), sheet="x.csv")
    assert f"{LONGEST_LIST + 1} enheder på dette niveau" in page
    assert 'href="A-1.html"' not in page


def test_a_name_cannot_bring_markup_into_the_page() -> None:
    assert "<script" not in Pages(language=Language.DANISH).of_unit(some("<script>alert(1)</script>")[0])


def test_the_list_links_every_unit_and_the_csv() -> None:
    page = Pages(language=Language.DANISH).of_all(some(), sheet="2026-10.csv")
    assert all(link in page for link in ('href="A.html"', 'href="M-1.html"', 'href="2026-10.csv"'))


@pytest.mark.parametrize("unit_id", ["../../etc", "a/b", "..", "CON?", "Å 1"])
def test_a_file_name_stays_in_its_folder(unit_id: str) -> None:
    assert "/" not in file_of(unit_id)
    assert not file_of(unit_id).startswith(".")


def test_every_figure_has_a_name_in_both_languages() -> None:
    assert set(some()[0].figures) <= TEXTS.keys() | FIGURES.keys()
