import msgspec

from models.contract.example_outputs import judgement
from models.measures import ZERO
from models.purchase.rebuilt import CellSum, differing, differing_cells, summed
from models.vocabulary import Outcome


def cell(first: int, **buyers: int) -> CellSum:
    return CellSum([first, *ZERO[1:]], buyers)


def test_cells_of_several_partitions_are_one_and_empty_ones_none() -> None:
    parts = [("a", cell(5, b1=2)), ("a", cell(-2, b1=-2)), ("b", cell(3)), ("b", cell(-3))]
    assert summed(parts) == {"a": cell(3)}


def test_cells_that_differ_or_are_missing_are_named() -> None:
    told = list(differing_cells({"a": cell(1), "b": cell(2)}, {"a": cell(1), "b": cell(3), "c": cell(4)}))
    assert [one.split(":")[0] for one in told] == ["cell b", "cell c"]


def test_a_cell_that_holds_nothing_is_as_good_as_none() -> None:
    empty = {"a": CellSum([*ZERO], {})}
    assert [*differing_cells(empty, {}), *differing_cells({}, empty)] == []


def test_a_difference_says_what_either_side_holds() -> None:
    one = judgement()
    (told,) = differing({one.purchase: one}, {})
    assert told == f"{one.purchase}: live {one.outcome}/{one.channel} by {one.rule}, {one.amounts_ore}, rebuilt nothing"
    (cells,) = differing_cells({"b": cell(2, b1=1)}, {})
    assert cells == f"cell b: live {cell(2, b1=1)}, rebuilt {CellSum([*ZERO], {})}"


def test_lines_that_are_not_judged_alike_are_a_difference() -> None:
    one = judgement()
    first, *others = one.lines
    other = msgspec.structs.replace(one, lines=(msgspec.structs.replace(first, amount_ore=1), *others))
    assert len(list(differing({one.purchase: one}, {one.purchase: other}))) == 1


def test_how_a_judgement_came_about_is_no_difference() -> None:
    one = judgement()
    other = msgspec.structs.replace(one, revision=one.revision + 5, generation=2, judged_at="2026-01-01", evidence={})
    assert list(differing({one.purchase: one}, {one.purchase: other})) == []


def test_another_outcome_is_a_difference_and_a_void_purchase_is_none() -> None:
    one = judgement()
    other = msgspec.structs.replace(one, rule="another")
    assert len(list(differing({one.purchase: one}, {one.purchase: other}))) == 1
    void = msgspec.structs.replace(one, outcome=Outcome.VOID, lines=())
    assert list(differing({}, {one.purchase: void})) == []
