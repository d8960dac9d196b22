"""A change of reference judges the purchases that it touches again, and no others."""

import pytest
from msgspec.structs import replace

from models.facts import DOCUMENT, Cancellation, Category, OrderReference
from models.purchase.row import Row
from models.purchase.touching import is_touched
from models.reference.rows import AccountRow
from models.reference.touched import EVERYTHING, Touched
from tests.builders import PAPER, basis, cancelled, content, line, lived, order

BREAD = Category("UNSPSC", "50181900")


def row(**more: object) -> Row:
    return lived([order(of=content(**more))]).rows["4500"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("touched", "untouched"),
    [
        (Touched(suppliers=frozenset({"S1"})), Touched(suppliers=frozenset({"S2"}))),
        (Touched(units=frozenset({"U1"})), Touched(units=frozenset({"U2"}))),
        (Touched(accounts=frozenset({"2.3"})), Touched(accounts=frozenset({"3"}))),
        (Touched(accounts=frozenset({"9.1"})), Touched(accounts=frozenset({"9.2"}))),
        (Touched(under=frozenset({"UNSPSC:1411"})), Touched(under=frozenset({"UNSPSC:1412"}))),
        (Touched(currencies=frozenset({"EUR"})), Touched(currencies=frozenset({"SEK"}))),
        (Touched(buyers=frozenset({"B-1"})), Touched(buyers=frozenset({"B-2"}))),
        (EVERYTHING, Touched(targets=True, ledger=True)),
    ],
)
def test_a_row_is_touched_by_what_its_facts_name(touched: Touched, untouched: Touched) -> None:
    known = row(lines=[line(account="9.10"), line(100, "2")], account="2.34", currency="EUR", buyer="B-1")
    assert is_touched(known, touched)
    assert not is_touched(known, untouched)


def test_a_line_without_a_category_is_touched_by_that_of_its_item() -> None:
    known = row(lines=[line(category=None)])
    assert is_touched(known, Touched(under=frozenset({"UNSPSC:1411"})))
    assert not is_touched(known, Touched(under=frozenset({"UNSPSC:50"})))


def test_a_line_without_a_category_is_touched_by_that_of_its_account() -> None:
    booked = order(of=content([line(item=None, category=None)], account="2.34"))
    known = lived([booked], basis(AccountRow("2.34", "UNSPSC:50181900"))).rows["4500"]
    assert is_touched(known, Touched(under=frozenset({"UNSPSC:5018"})))


def test_every_line_counts() -> None:
    known = row(lines=[line(category=PAPER), line(100, "2", item=None, category=BREAD)])
    assert is_touched(known, Touched(under=frozenset({"UNSPSC:50"})))


def test_a_document_that_waits_for_its_order_is_touched_by_its_parties() -> None:
    named = replace(cancelled(), source=DOCUMENT, order=OrderReference("4500"), units=("U1",), suppliers=("S1",))
    assert isinstance(named, Cancellation)
    waiting = lived([named]).rows["4500"]
    assert is_touched(waiting, Touched(units=frozenset({"U1"})))
    assert is_touched(waiting, Touched(suppliers=frozenset({"S1"})))
    assert not is_touched(waiting, Touched(units=frozenset({"U2"}), suppliers=frozenset({"S2"})))
