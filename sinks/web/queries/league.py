"""Units of one level side by side: who is ranked, in which quarter, and how each moved on the month before."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import msgspec
from sqlalchemy import BigInteger, Connection, cast, func, select

from sinks.database.schema import unit_days
from sinks.web.queries.course import divided, months_back
from sinks.web.queries.figures import HEADLINE, Window, read_headlines
from sinks.web.queries.tree import Tree, alphabetical

LEVELS = ("department", "area", "institution")
REVIEW_CEILING = 0.10
COVERAGE_FLOOR = 0.80
DEFAULT_MINIMUM = 10


class Unranked(StrEnum):
    """Why a unit is shown and not ranked (domain.md, Figures)."""

    FEW = "few"
    REVIEW = "review"
    COVERAGE = "coverage"
    EMPTY = "empty"


class Place(msgspec.Struct, frozen=True):
    """A unit in the table; rates are fractions, `change` is this month to date against the month before."""

    unit: str
    name: str
    parent: str | None
    parent_name: str
    rank: int | None
    quartile: int | None
    unranked: Unranked | None
    rate: float | None
    catalogue_ore: int
    base_ore: int
    rate_by_count: float | None
    base_count: int
    change: float | None
    target: float | None
    distance: float | None
    review_share: float | None
    coverage: float | None
    avoidable_ore: int
    fte: float | None
    base_per_fte_ore: int | None


class Sort(StrEnum):
    """What the table can be ordered by."""

    RATE = "rate"
    NAME = "name"
    CHANGE = "change"
    DISTANCE = "distance"
    AMOUNT = "base_ore"
    COUNT = "base_count"
    PER_FTE = "base_per_fte_ore"
    AVOIDABLE = "avoidable_ore"


def read_league(
    connection: Connection, *, tree: Tree, level: str, window: str, today: date, minimum: int = DEFAULT_MINIMUM
) -> list[Place]:
    """Every unit of a level that is in the tree, the ranked ones first, best first."""
    members = [unit.unit for unit in tree.units.values() if unit.level == level]
    return compare(connection, tree=tree, members=members, window=window, today=today, minimum=minimum)


def compare(
    connection: Connection,
    *,
    tree: Tree,
    members: Sequence[str],
    window: str,
    today: date,
    minimum: int = DEFAULT_MINIMUM,
) -> list[Place]:
    """Any units side by side, the ranked ones first, best first."""
    if not members:
        return []
    windows = read_headlines(connection, window=window, units=members)
    changes = _changes(connection, tree=tree, today=today, members=members)
    return _ranked([_place(tree, unit, windows.get(unit), changes.get(unit), minimum) for unit in members])


def ordered(places: Iterable[Place], *, by: Sort, descending: bool) -> list[Place]:
    """Sorted by a column; who is not ranked comes last either way, and what has no value there last of its kind."""
    places = list(places)
    ranked = [place for place in places if place.rank is not None]
    others = [place for place in places if place.rank is None]
    return [*_sorted(ranked, by, descending=descending), *_sorted(others, by, descending=descending)]


def _sorted(places: list[Place], by: Sort, *, descending: bool) -> list[Place]:
    def value(place: Place) -> float | str:
        found = getattr(place, by.value)
        return alphabetical(found) if isinstance(found, str) else float(found)

    filled = [place for place in places if getattr(place, by.value) is not None]
    empty = [place for place in places if getattr(place, by.value) is None]
    return [*sorted(filled, key=value, reverse=descending), *empty]


def _place(tree: Tree, unit: str, window: Window | None, change: float | None, minimum: int) -> Place:
    window = window or Window(first=date.min, last=date.min)
    known, target = tree.units[unit], window.target()
    amount, count = window.figure(HEADLINE), window.figure("e_handelsgrad_count")
    fte = tree.fte(unit)
    return Place(
        unit=unit,
        name=known.name,
        parent=known.parent,
        parent_name=tree.name(known.parent) if known.parent else "",
        rank=None,
        quartile=None,
        unranked=_unranked(window, minimum),
        rate=amount.value,
        catalogue_ore=amount.numerator,
        base_ore=amount.denominator,
        rate_by_count=count.value,
        base_count=count.denominator,
        change=change,
        target=target.target if target else None,
        distance=target.distance if target else None,
        review_share=window.figure("review_share").value,
        coverage=window.figure("coverage_amount").value,
        avoidable_ore=window.measure("avoidable_ore"),
        fte=fte,
        base_per_fte_ore=round(amount.denominator / fte) if fte else None,
    )


def _unranked(window: Window, minimum: int) -> Unranked | None:
    if window.figure(HEADLINE).value is None:
        return Unranked.EMPTY
    if window.figure("e_handelsgrad_count").denominator < minimum:
        return Unranked.FEW
    if (window.figure("review_share").value or 0) > REVIEW_CEILING:
        return Unranked.REVIEW
    coverage = window.figure("coverage_amount").value
    return Unranked.COVERAGE if coverage is not None and coverage < COVERAGE_FLOOR else None


def _ranked(places: list[Place]) -> list[Place]:
    eligible = sorted((p for p in places if p.unranked is None), key=lambda p: (-(p.rate or 0), alphabetical(p.name)))
    rest = sorted((p for p in places if p.unranked is not None), key=lambda p: alphabetical(p.name))
    best: dict[float | None, int] = {}
    for position, place in enumerate(eligible, start=1):
        best.setdefault(place.rate, position)
    ranked = [
        msgspec.structs.replace(p, rank=best[p.rate], quartile=(best[p.rate] - 1) * 4 // len(eligible) + 1)
        for p in eligible
    ]
    return [*ranked, *rest]


def _changes(connection: Connection, *, tree: Tree, today: date, members: Sequence[str]) -> dict[str, float]:
    """This month's rate to date minus that of the whole month before, for each member."""
    this, before = months_back(today, 0), months_back(today, 1)
    table = unit_days.c
    catalogue = cast(func.sum(table.catalogue_ore), BigInteger)
    base = cast(func.sum(table.catalogue_ore + table.off_channel_ore), BigInteger)
    recent = (table.day >= this).label("recent")
    statement = select(table.unit, table.root, recent, catalogue, base).where(table.day >= before, table.day <= today)
    sums: dict[tuple[str, bool], tuple[int, int]] = {}
    for unit, root, is_recent, part, whole in connection.execute(statement.group_by(table.unit, table.root, recent)):
        for above in tree.path(tree.home(unit, root)):
            old = sums.get((above.unit, is_recent), (0, 0))
            sums[above.unit, is_recent] = (old[0] + part, old[1] + whole)
    rates = {key: divided(*pair) for key, pair in sums.items()}
    return {
        unit: now - then
        for unit in members
        if (now := rates.get((unit, True))) is not None and (then := rates.get((unit, False))) is not None
    }
