"""Claims about the series of the metrics: none stays that says nothing any more."""

from msgspec.structs import replace

from models.contract.example_outputs import unit_snapshot
from models.tally.figures import Figure
from models.tally.snapshot import UnitSnapshot
from sinks import metrics
from streams.merging import _show


def shown(name: str) -> int:
    return sum(len(list(family.samples)) for family in getattr(metrics, name).collect())


def opened() -> float:
    (sample,) = (
        sample
        for family in metrics.PARTITIONS_OPEN.collect()
        for sample in family.samples
        if sample.labels == {"table": "units"}
    )
    return sample.value


def empty(made: UnitSnapshot) -> UnitSnapshot:
    nothing = Figure(0, 0).as_json()
    windows = {
        name: replace(window, figures=dict.fromkeys(window.figures, nothing), targets={})
        for name, window in made.windows.items()
    }
    return replace(made, windows=windows)


def test_figures_and_targets_that_end_leave_no_series() -> None:
    made = replace(unit_snapshot(), level="department")
    observer = metrics.TableObserver("units")
    _show(made)
    assert shown("RATE") > 0
    assert shown("TARGET") > 0
    _show(empty(made))
    assert (shown("RATE"), shown("TARGET")) == (0, 0)
    _show(made)
    observer.closed(0)
    assert (shown("RATE"), shown("AMOUNT"), shown("TARGET")) == (0, 0, 0)


def test_a_partition_that_is_taken_away_while_it_opens_was_never_open() -> None:
    observer = metrics.TableObserver("units")
    observer.closed(0)
    assert opened() == 0
    observer.opened(0, 10, 0.1)
    assert opened() == 1
    observer.closed(0)
    assert opened() == 0


def value_of(name: str, topic: str) -> float:
    (sample,) = (
        sample
        for family in getattr(metrics, name).collect()
        for sample in family.samples
        if sample.labels == {"topic": topic} and not sample.name.endswith("_created")
    )
    return float(sample.value)


def test_what_is_answered_later_than_after_five_minutes_is_late() -> None:
    arrived_s = 1_000.0
    metrics.worked_on("a", 0, [500_000, 699_999, 700_000, 1_000_000], arrived_s)
    assert (value_of("LATE", "a"), value_of("ARRIVED", "a")) == (2, 1_000)
    metrics.worked_on("a", 0, [1_000_000], arrived_s)
    assert value_of("LATE", "a") == 2
