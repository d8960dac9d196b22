"""Alerts: a crossing of a target is told once, its end too, and nothing of days that are past."""

import msgspec

from models.tally.alerts import UNKNOWN_UNITS, WATCHED, Alert, Told, alerts_of
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
        unit="U1", name="Skolen", level="institution", parent="K", root="K", as_of=at, day=DAY, generation=1, revision=1, gain_per_invoice_ore=6200,
        windows=windows,
    )  # fmt: skip


def without_target(*, at: str) -> UnitSnapshot:
    shown = seen_as(0.7, at=at)
    windows = {name: msgspec.structs.replace(each, targets={}) for name, each in shown.windows.items()}
    return msgspec.structs.replace(shown, windows=windows)


def told(*values: float | None, loud: bool = True) -> list[Alert]:
    known = Told()
    alerts: list[Alert] = []
    for place, value in enumerate(values):
        known, more = alerts_of(known, seen_as(value, at=str(place)), loud=loud)
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
    known, _ = alerts_of(Told(), seen_as(0.9), loud=False)
    known, quiet = alerts_of(known, seen_as(0.7), loud=False)
    known, later = alerts_of(known, seen_as(0.6), loud=True)
    assert (quiet, later, known.figures[KEY].below) == ([], [], True)


def test_a_figure_without_a_value_crosses_nothing() -> None:
    assert told(0.9, None, 0.9) == []


def test_an_alert_ends_also_by_what_came_for_past_days() -> None:
    known, _ = alerts_of(Told(), seen_as(0.9), loud=True)
    known, (began,) = alerts_of(known, seen_as(0.7, at="1"), loud=True)
    known, (ended,) = alerts_of(known, seen_as(0.9, at="2"), loud=False)
    assert (ended.state, ended.since, known.figures[KEY].since) == ("ended", began.since, "")


def test_every_alert_of_a_unit_has_a_revision_of_its_own() -> None:
    both = {"30d", "12m"}
    known, alerts = Told(), []
    for place, value in enumerate((0.9, 0.7, 0.9)):
        shown = seen_as(value, at=str(place))
        windows = {name: shown.windows["30d"] if name in both else each for name, each in shown.windows.items()}
        known, more = alerts_of(known, msgspec.structs.replace(shown, windows=windows), loud=True)
        alerts += more
    assert [(each.window, each.state) for each in alerts] == [
        (window, state) for state in ("crossed", "ended") for window in WATCHED
    ]
    assert [each.revision for each in alerts] == [1, 2, 3, 4]


def test_an_open_alert_ends_with_its_target() -> None:
    known, _ = alerts_of(Told(), seen_as(0.9), loud=True)
    known, (began,) = alerts_of(known, seen_as(0.7, at="1"), loud=True)
    assert known.is_open
    known, (ended,) = alerts_of(known, without_target(at="2"), loud=False)
    assert (ended.state, ended.figure, ended.window, ended.since) == ("ended", FIGURE, "30d", began.since)
    assert (ended.before, ended.after, ended.target, ended.revision) == (0.7, 0.7, 0.8, 2)
    assert (known.figures, known.is_open) == ({}, False)
    assert alerts_of(known, without_target(at="3"), loud=True)[1] == []


def test_a_target_without_an_alert_ends_silently() -> None:
    known, _ = alerts_of(Told(), seen_as(0.9), loud=True)
    assert alerts_of(known, without_target(at="1"), loud=True)[1] == []


def test_an_alert_outlives_a_time_without_a_value() -> None:
    crossed, ended = told(0.9, 0.7, None, 0.9)
    assert (crossed.state, ended.state, ended.since) == ("crossed", "ended", crossed.since)


def unknown(*names: tuple[str, ...], loud: bool = True) -> list[Alert]:
    known, alerts = Told(), []
    for place, each in enumerate(names):
        known, more = alerts_of(known, seen_as(None, at=str(place)), unknown=each, loud=loud)
        alerts += more
    return alerts


def test_an_unknown_unit_is_alerted_by_name_until_the_reference_knows_it() -> None:
    crossed, ended = unknown((), ("U-77",), ("U-77",), ())
    assert (crossed.figure, crossed.state, crossed.before, crossed.after) == (UNKNOWN_UNITS, "crossed", 0, 1)
    assert (crossed.names, crossed.target, crossed.since, crossed.window) == (("U-77",), 0, "1", "12m")
    assert (ended.state, ended.before, ended.after, ended.since, ended.names) == ("ended", 1, 0, "1", ())


def test_each_further_unknown_unit_is_told_and_one_that_goes_is_not() -> None:
    alerts = unknown(("U-77",), ("U-77", "U-78"), ("U-78",), ("U-79",), ())
    assert [(each.state, each.before, each.after, each.since) for each in alerts] == [
        ("crossed", 0, 1, "0"), ("crossed", 1, 2, "0"), ("crossed", 1, 1, "0"), ("ended", 1, 0, "0"),
    ]  # fmt: skip


def test_unknown_units_of_past_days_alert_nobody() -> None:
    assert unknown(("U-77",), ("U-77", "U-78"), (), loud=False) == []
