"""Adjustments of frozen months: what changed, in which units, by what; and nothing is told twice."""

from models.tally.adjusting import UNITS_CHANGED, Move, Standing, adjustment, by_reference, reasons_of, told_of
from models.tally.report import Adjustment, Rate, Reason
from tests.unit.reports.builders import bought, made, material, unit

MARCH = "2026-03"


def told(before: dict[str, int], after: dict[str, int], *reasons: Reason) -> Adjustment | None:
    return adjustment(MARCH, revision=2, told_at="now", before=before, after=after, reasons=reasons)


def stands(*units: str, catalogue: int = 0, off: int = 0, review: int = 0) -> Standing:
    return Standing(units, (catalogue, off, review))


def test_an_adjustment_says_what_the_headline_was_and_has_become() -> None:
    credited = Reason("credit_note.received", 1, -40, 0, 0)
    one = told({"catalogue_ore": 100, "off_channel_ore": 100}, {"catalogue_ore": 60, "off_channel_ore": 100}, credited)
    assert one is not None
    assert (one.month, one.revision, one.told_at, one.measures) == (MARCH, 2, "now", {"catalogue_ore": -40})
    assert one.before["e_handelsgrad_amount"] == Rate(100, 200, 0.5)
    assert one.after["e_handelsgrad_amount"] == Rate(60, 160, 0.375)
    assert one.before["e_handelsgrad_count"] == Rate(0, 0, None)
    assert one.reasons == (credited,)


def test_where_nothing_has_changed_there_is_nothing_to_tell() -> None:
    assert told({"catalogue_ore": 1, "review_ore": 0}, {"catalogue_ore": 1}) is None


def test_what_no_judgement_explains_is_the_trees() -> None:
    one = told({"catalogue_ore": 5}, {"off_channel_ore": 9, "review_count": 1}, Reason("order.placed", 1, 0, 2, 0))
    assert one is not None
    assert one.reasons[1:] == (Reason(UNITS_CHANGED, 0, -5, 7, 0),)
    only_counts = told({}, {"catalogue_count": 1})
    assert only_counts is not None
    assert only_counts.reasons == (Reason(UNITS_CHANGED, 0, 0, 0, 0),)


def test_reasons_are_summed_by_unit_and_cause() -> None:
    found = reasons_of([
        Move("a", "order.changed", stands("U1", "K", catalogue=10), stands("U2", "K", catalogue=7)),
        Move("b", "order.changed", None, stands("U1", "K", off=5)),
        Move("c", "reference.changed", stands("U1", "K", off=3), stands("U1", "K", review=3)),
        Move("d", "order.cancelled", stands("U2", "K", catalogue=4), None),
    ])  # fmt: skip
    assert found == {
        "U1": (Reason("order.changed", 2, -10, 5, 0), Reason("reference.changed", 1, 0, -3, 3)),
        "U2": (Reason("order.cancelled", 1, -4, 0, 0), Reason("order.changed", 1, 7, 0, 0)),
        "K": (
            Reason("order.cancelled", 1, -4, 0, 0),
            Reason("order.changed", 2, -3, 5, 0),
            Reason("reference.changed", 1, 0, -3, 3),
        ),
    }


def test_what_was_told_is_the_frozen_month_with_its_adjustments() -> None:
    one = told({"catalogue_ore": 100}, {"catalogue_ore": 60, "review_ore": 2})
    assert one is not None
    assert told_of({"catalogue_ore": 100}, [one, one]) == {"catalogue_ore": 20, "review_ore": 4}


def test_a_month_of_which_only_the_reference_changed_says_so() -> None:
    report = made(material(unit("M-1", None), now={"M-1": bought(1, 1)}))["M-1"]
    one = by_reference(report, told_at="later")
    assert (one.month, one.revision, one.told_at, one.measures) == ("2026-10", 1, "later", {})
    assert one.before == one.after
    assert [(each.cause, each.purchases, each.amounts) for each in one.reasons] == [("reference.changed", 0, (0, 0, 0))]
