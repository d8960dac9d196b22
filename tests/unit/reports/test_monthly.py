import pytest

from models.tally.report import Unranked
from sinks.reports.material import Target
from sinks.reports.month import Month
from sinks.reports.ranking import Limits
from tests.unit.reports.builders import bought, control, day, made, material, unit

ROOT = unit("M-1", None)
SCHOOLS = [unit(name, peer_group="skoler") for name in ("A", "B", "C")]


def test_a_month_has_its_days_and_the_one_before() -> None:
    month = Month.parse("2024-02")
    assert (month.first, month.last, str(month.before)) == (day("2024-02-01"), day("2024-02-29"), "2024-01")
    assert str(Month.parse("2026-01").before) == "2025-12"


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "oktober", "2026-10-01", "0000-01", ""])
def test_what_is_no_month_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-10"):
        Month.parse(text)


def test_peers_are_ranked_by_rate_and_equal_rates_share_a_rank() -> None:
    now = {"A": bought(80, 20), "B": bought(80, 20), "C": bought(10, 90)}
    found = made(material(ROOT, *SCHOOLS, now=now))
    assert [found[name].peers.rank for name in "ABC"] == [1, 1, 3]
    assert found["A"].peers.median == 0.8
    assert (found["A"].peers.group, found["A"].peers.units, found["A"].peers.ranked) == ("skoler", 3, 3)


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        (bought(80, 20, count=9), Unranked.FEW),
        (bought(80, 9, 11), Unranked.REVIEW),
        (bought(review=5), Unranked.EMPTY),
    ],
)
def test_a_unit_beyond_a_limit_is_shown_and_not_ranked(measures: dict[str, int], reason: Unranked) -> None:
    found = made(material(ROOT, *SCHOOLS, now={"A": measures, "B": bought(1, 9)}))
    assert (found["A"].peers.rank, found["A"].peers.unranked) == (None, reason)
    assert found["B"].peers.rank == 1
    assert found["B"].peers.ranked == 1


def test_a_review_share_of_exactly_the_ceiling_is_ranked() -> None:
    assert made(material(ROOT, *SCHOOLS, now={"A": bought(80, 10, 10)}))["A"].peers.rank == 1


def test_a_unit_whose_ledger_was_seen_too_little_is_not_ranked() -> None:
    what = material(ROOT, *SCHOOLS, now={"A": bought(1, 1)}, controls={"A": control(9, 1000, 799)})
    assert made(what)["A"].peers.unranked is Unranked.COVERAGE
    assert made(what, Limits(coverage_floor=0.7))["A"].peers.unranked is None


def test_target_distance_and_change_stand_beside_the_figure() -> None:
    targets = {("A", "e_handelsgrad_amount"): Target(0.9, day("2026-12-31"))}
    what = material(ROOT, *SCHOOLS, now={"A": bought(80, 20)}, before={"A": bought(70, 30)}, targets=targets)
    head = made(what)["A"].headline
    assert (head.value, head.target, head.valid_to) == (0.8, 0.9, day("2026-12-31"))
    assert head.distance == pytest.approx(-0.1)
    assert head.change == pytest.approx(0.1)


def test_the_change_is_against_the_frozen_month_before_where_there_is_one() -> None:
    frozen = {"A": {"e_handelsgrad_amount": 0.5}}
    what = material(ROOT, *SCHOOLS, now={"A": bought(80, 20)}, before={"A": bought(70, 30)}, frozen_before=frozen)
    assert made(what)["A"].headline.change == pytest.approx(0.3)


def test_the_chain_goes_up_to_the_root_as_it_was_at_the_end_of_the_month() -> None:
    rows = [
        ROOT,
        unit("D-1"),
        unit("D-2"),
        unit("A", "D-1", valid_to=day("2026-10-15")),
        unit("A", "D-2", valid_from=day("2026-10-16")),
    ]
    report = made(material(*rows, now={"M-1": bought(5, 5), "A": bought(1, 0)}))["A"]
    assert [above.unit for above in report.chain] == ["D-2", "M-1"]
    assert (report.root, report.chain[-1].value) == ("M-1", 0.5)


def test_a_unit_without_purchases_has_a_report_and_one_not_in_the_tree_that_month_has_none() -> None:
    rows = [ROOT, unit("A"), unit("gone", valid_to=day("2026-09-30")), unit("new", valid_from=day("2026-11-01"))]
    assert set(made(material(*rows, now={}))) == {"M-1", "A"}


def test_unknown_units_are_reported_as_unassigned_and_compete_with_no_one() -> None:
    found = made(material(ROOT, unit("A"), now={"M-1-unassigned": bought(5, 5), "A": bought(1, 0)}))
    report = found["M-1-unassigned"]
    assert (report.level, report.parent, [above.unit for above in report.chain]) == ("unassigned", "M-1", ["M-1"])
    assert found["A"].peers.units == 1
