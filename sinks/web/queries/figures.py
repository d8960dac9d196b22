"""A unit's figures as the merge computed them: the value of `compliance.units`, read from `unit_snapshots`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from models.tally.windows import span
from sinks.database.schema import ledger, unit_snapshots

DEFAULT_WINDOW = "30d"
HEADLINE = "e_handelsgrad_amount"
COMPARED = (HEADLINE, "e_handelsgrad_count", "review_share", "coverage_amount")


class Figure(msgspec.Struct, frozen=True):
    """A rate with what it was divided from; amounts in øre."""

    numerator: int = 0
    denominator: int = 0
    value: float | None = None


class Target(msgspec.Struct, frozen=True):
    """What was decided, and how far the figure is from it (below zero: not there yet)."""

    target: float
    distance: float | None = None
    valid_to: date | None = None
    pace: float | None = None
    """Where the figure will be at `valid_to`, as the last six months went."""


class Window(msgspec.Struct, frozen=True):
    """The sums and figures of the days `first` to `last`, both included."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    measures: dict[str, int] = {}
    figures: dict[str, Figure] = {}
    targets: dict[str, Target] = {}
    gain_ore: int = 0
    gain_left_ore: int = 0

    def measure(self, name: str) -> int:
        return self.measures.get(name, 0)

    def figure(self, name: str) -> Figure:
        return self.figures.get(name, Figure())

    def target(self, name: str = HEADLINE) -> Target | None:
        return self.targets.get(name)


class Snapshot(msgspec.Struct, frozen=True):
    """The newest figures of a unit."""

    unit: str
    name: str
    level: str
    parent: str | None
    root: str
    day: date
    as_of: datetime
    generation: int
    revision: int
    windows: dict[str, Window]

    def window(self, name: str) -> Window:
        """A window; one that the merge did not send is empty."""
        return self.windows.get(name) or empty_window(name, self.day)


def empty_window(name: str, today: date) -> Window:
    """The window's days, without a purchase."""
    first, last = span(name, today)
    return Window(first=first, last=last)


def read_snapshot(connection: Connection, unit: str) -> Snapshot | None:
    """The unit's newest figures; None while it has none."""
    row = connection.execute(select(unit_snapshots).where(unit_snapshots.c.unit == unit)).mappings().first()
    return None if row is None else _snapshot(dict(row))


def read_ledger_until(connection: Connection, *, today: date) -> date | None:
    """The last day, up to today, of which the ledger has said something: coverage says nothing of later ones."""
    last: date | None = connection.scalar(select(func.max(ledger.c.day)).where(ledger.c.day <= today))
    return last


def read_headlines(connection: Connection, *, window: str, units: Sequence[str]) -> dict[str, Window]:
    """One window of many units, in one read: of its figures and measures only those that units are compared by."""
    table = unit_snapshots.c
    # The offset keeps the planner from taking the window out of the stored value once for each of its parts.
    found = (
        select(table.unit, table.body["windows"][window].label("whole"))
        .where(table.unit.in_(units))
        .offset(0)
        .subquery()
    )
    whole = found.c.whole
    figures = func.jsonb_build_object(*(part for name in COMPARED for part in (name, whole["figures"][name])))
    measures = func.jsonb_build_object("avoidable_ore", whole["measures"]["avoidable_ore"])
    parts = ("from", whole["from"], "to", whole["to"], "targets", whole["targets"])
    needed = func.jsonb_build_object(*parts, "figures", figures, "measures", measures)
    statement = select(found.c.unit, func.jsonb_strip_nulls(needed).label("window")).where(whole.is_not(None))
    rows = connection.execute(statement)
    return {row.unit: msgspec.convert(row.window, Window) for row in rows}


def _snapshot(row: dict[str, Any]) -> Snapshot:
    return Snapshot(
        unit=row["unit"],
        name=row["name"] or row["unit"],
        level=row["level"],
        parent=row["parent"] or None,
        root=row["root"],
        day=row["day"],
        as_of=row["as_of"],
        generation=row["generation"],
        revision=row["revision"],
        windows=msgspec.convert(row["body"].get("windows", {}), dict[str, Window]),
    )
