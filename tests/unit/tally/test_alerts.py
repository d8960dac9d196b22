"""Alerts: a crossing of a target is told once, its end too, and nothing of days that are past."""

from models.tally.alerts import WATCHED, Alert, Seen, crossings
from models.tally.snapshot import Target, UnitSnapshot, Window
from tests.builders import DAY

FIGURE = "e_handelsgrad_amount"
KEY = f"{FIGURE}|30d"


def seen_as(value: float | None, *, at: str = "1", target: float = 0.8) -> UnitSnapshot:
    figures = {FIGURE: {"numerator": 0, "denominator": 0, "value": value}}
    watched = Window(DAY, DAY, {}, figures, {FIGURE: Target(target, None)})
    others = Window(DAY, DAY, {}, figures, {})
    windows = dict.fromkeys(WATCHED, others) | {"30d": watched}
    return UnitSnapshot(
        unit="U1", name="Skolen", level="institution", parent="K", root="K", as_of=at, day=DAY, generation=1, revision=1,
        windows=windows,
    )  # fmt: skip


def told(*values: float | None, loud: bool = True) -> list[Alert]:
    known: dict[str, Seen] = {}
    alerts: list[Alert] = []
    for place, value in enumerate(values):
        known, more = crossings(known, seen_as(value, at=str(place)), loud=loud)
        alerts += more
    return alerts


def test_falling_below_the_target_is_told_once() -> None:
    (alert,) = told(0.9, 0.7, 0.6)
    assert (alert.state, alert.before, alert.after, alert.target, alert.since) == ("crossed", 0.9, 0.7, 0.8, "1")


def test_its_end_is_told_with_its_beginning() -> None:
    began, ended = told(0.9, 0.7, 0.6, 0.8)
    assert (ended.state, ended.before, ended.after, ended.since) == ("ended", 0.6, 0.8, began.since)


def test_reaching_the_target_exactly_is_not_below_it() -> None:
    assert told(0.9, 0.8) == []


def test_what_is_first_seen_below_its_target_has_crossed_nothing() -> None:
    assert told(0.5, 0.4) == []


def test_no_alert_is_told_for_past_days() -> None:
    assert told(0.9, 0.7, 0.9, loud=False) == []


def test_what_fell_in_past_days_is_known_when_the_present_goes_on() -> None:
    known, _ = crossings({}, seen_as(0.9), loud=False)
    known, quiet = crossings(known, seen_as(0.7), loud=False)
    known, later = crossings(known, seen_as(0.6), loud=True)
    assert (quiet, later, known[KEY].below) == ([], [], True)


def test_a_figure_without_a_value_crosses_nothing() -> None:
    assert told(0.9, None, 0.9) == []


def test_an_alert_ends_also_by_what_came_for_past_days() -> None:
    known, _ = crossings({}, seen_as(0.9), loud=True)
    known, (began,) = crossings(known, seen_as(0.7, at="1"), loud=True)
    known, (ended,) = crossings(known, seen_as(0.9, at="2"), loud=False)
    assert (ended.state, ended.since, known[KEY].since) == ("ended", began.since, "")
