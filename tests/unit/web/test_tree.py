"""The tree of units, and the ranking of its members."""

from datetime import date

import pytest

from sinks.web.links import is_local, quoted
from sinks.web.queries.course import months_back
from sinks.web.queries.tree import Tree, Unit


def tree(**fte: float) -> Tree:
    units = {
        "K": Unit("K", "Kommunen", "municipality", None, fte.get("K")),
        "D": Unit("D", "Skoler", "department", "K", fte.get("D")),
        "S": Unit("S", "Søskolen", "institution", "D", fte.get("S")),
    }
    return Tree(units=units, children={"K": ("D",), "D": ("S",)})


def test_a_unit_lies_under_all_above_it() -> None:
    assert [unit.unit for unit in tree().path("S")] == ["K", "D", "S"]
    assert set(tree().under("K")) == {"K", "D", "S"}


def test_an_unknown_unit_is_counted_under_its_roots_unassigned() -> None:
    assert tree().home("X", "K") == "K-unassigned"
    assert tree().home("S", "K") == "S"


def test_the_size_of_a_unit_is_its_own_and_what_lies_below() -> None:
    assert tree(D=3, S=20).fte("D") == 23
    assert tree(D=25, S=20).fte("D") == 25
    assert tree().fte("D") is None


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert months_back(date(2026, 1, 31), 1) == date(2025, 12, 1)
    assert months_back(date(2026, 12, 1), -1) == date(2027, 1, 1)


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil", "/a\nb", ""])
def test_an_address_elsewhere_is_not_followed(address: str) -> None:
    assert not is_local(address)


def test_an_id_is_one_segment_of_a_path() -> None:
    assert quoted("erp%2Fdemo~45/7") == "erp%252Fdemo~45%2F7"
