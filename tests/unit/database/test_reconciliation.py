"""Claims about what two comparisons say together."""

from sinks.database.reconcile import Difference, Reconciliation

ON_ITS_WAY = Difference("U-1", "day", "catalogue_ore", 300, 400)


def test_a_difference_that_stays_lasts_although_both_sides_grow() -> None:
    first = Reconciliation([], [ON_ITS_WAY])
    assert first.lasting(Reconciliation([], [ON_ITS_WAY._replace(ours=500, theirs=600)])) == first


def test_what_was_on_its_way_and_has_arrived_does_not_last() -> None:
    moved = ON_ITS_WAY._replace(ours=400, theirs=450)
    found = Reconciliation([], [ON_ITS_WAY]).lasting(Reconciliation([ON_ITS_WAY], [moved]))
    assert found.difference_ore == 0
