"""A unit's page, and the municipality's, which is the page of the root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from models.vocabulary import CHANNELS, Outcome
from sinks.web.charts import course_options, course_sentence
from sinks.web.links import href
from sinks.web.pages.asked import verify_unit
from sinks.web.pages.shell import Chart, Page, Section, Visit, show
from sinks.web.parameters import UnitParameters
from sinks.web.queries.course import Month, months_back, read_course
from sinks.web.queries.figures import (
    DEFAULT_WINDOW,
    HEADLINE,
    Snapshot,
    Window,
    empty_window,
    read_ledger_until,
    read_snapshot,
)
from sinks.web.queries.league import Place, compare
from sinks.web.queries.matching import Wanted
from sinks.web.queries.pipeline import Pipeline, read_pipeline
from sinks.web.queries.purchases import Listed, read_newest
from sinks.web.queries.suppliers import SupplierShare, read_worst_suppliers
from sinks.web.queries.tree import Tree, Unit, read_tree
from sinks.web.site import Site


@dataclass(frozen=True)
class ChannelShare:
    """What went through a channel, and its share of all that went off-channel."""

    channel: str
    amount_ore: int
    count: int
    share: float


@dataclass(frozen=True)
class UnitView:
    """All that the page of a unit shows, from one read."""

    unit: str
    name: str
    level: str
    path: list[Unit]
    window_name: str
    snapshot: Snapshot | None
    window: Window
    course: list[Month]
    channels: list[ChannelShare]
    worst: list[SupplierShare]
    below: list[Place]
    below_level: str | None
    newest: list[Listed]
    pipeline: Pipeline
    ledger_until: date | None
    """The last day that the ledger's control totals hold."""

    def behind(self, **wanted: Any) -> str:
        """The address of the purchases behind a figure of this page."""
        return href("/purchases", unit=self.unit, window=self.window_name, **wanted)

    def behind_figure(self, figure: str, part: str | None = None) -> str:
        """The address of what one side of a figure is made of; coverage is over 30 days in every window."""
        window = DEFAULT_WINDOW if figure.startswith("coverage") else self.window_name
        return href("/purchases", unit=self.unit, window=window, figure=figure, part=part)

    def behind_month(self, month: date, **wanted: Any) -> str:
        last = date.fromordinal(months_back(month, -1).toordinal() - 1)
        return href("/purchases", **{"unit": self.unit, "from": month, "to": last, **wanted})


def channel_shares(window: Window) -> list[ChannelShare]:
    """The off-channel channels in use, largest first."""
    total = window.measure("off_channel_ore")
    shares = [
        ChannelShare(
            channel=channel.value,
            amount_ore=window.measure(f"{channel.value}_ore"),
            count=window.measure(f"{channel.value}_count"),
            share=window.measure(f"{channel.value}_ore") / total if total else 0.0,
        )
        for channel in CHANNELS[Outcome.OFF_CHANNEL]
    ]
    return sorted((each for each in shares if each.amount_ore > 0), key=lambda each: -each.amount_ore)


def main_root(connection: Connection, tree: Tree) -> str | None:
    """The root that the first page shows: the one with most in its base."""
    snapshots = [(root, read_snapshot(connection, root)) for root in tree.roots()]

    def size(pair: tuple[str, Snapshot | None]) -> tuple[bool, int]:
        known = tree.units[pair[0]].level == "municipality"
        return known, pair[1].window("12m").figure(HEADLINE).denominator if pair[1] else -1

    return max(snapshots, key=size)[0] if snapshots else None


def gather_unit(connection: Connection, *, unit: str | None, window_name: str, today: date) -> UnitView:
    """Everything about one unit; None is the municipality."""
    tree = read_tree(connection, today=today)
    unit = unit or main_root(connection, tree) or ""
    verify_unit(tree, unit or None)
    snapshot = read_snapshot(connection, unit)
    window = snapshot.window(window_name) if snapshot else empty_window(window_name, today)
    known = tree.units.get(unit) or Unit(unit=unit, name="handelspuls", level="municipality", parent=None)
    below = compare(connection, tree=tree, members=tree.children.get(unit, ()), window=window_name, today=today)
    span = Wanted(unit=unit, first=window.first, last=window.last)
    return UnitView(
        unit=unit,
        name=known.name,
        level=known.level,
        path=tree.path(unit),
        window_name=window_name,
        snapshot=snapshot,
        window=window,
        course=read_course(connection, tree=tree, unit=unit, today=today),
        channels=channel_shares(window),
        worst=read_worst_suppliers(connection, tree=tree, wanted=span),
        below=below,
        below_level=_level_below(tree, below),
        newest=read_newest(connection, tree=tree, unit=unit),
        pipeline=read_pipeline(connection),
        ledger_until=read_ledger_until(connection, today=today),
    )


def _level_below(tree: Tree, below: list[Place]) -> str | None:
    levels = [tree.units[place.unit].level for place in below]
    return max(set(levels), key=levels.count) if levels else None


def unit_page(site: Site, visit: Visit, *, unit: str | None, asked: UnitParameters) -> Page[UnitView]:
    """The page of a unit, None for the municipality."""
    language, texts = visit.language, site.templates.text(visit.language)

    def gather(connection: Connection) -> UnitView:
        return gather_unit(connection, unit=unit, window_name=asked.window.value, today=site.today())

    course: Chart[UnitView] = Chart(
        options=lambda view: course_options(view.course, view.window.target(), language=language, texts=texts),
        words=lambda view: course_sentence(view.course, language=language, texts=texts),
    )
    sections: list[Section[UnitView]] = [
        Section("headline", above="headline.html", spaced=False),
        Section("course", above="course_head.html", chart=course, template="course.html"),
        Section("off_channel", above="off_channel.html"),
        Section("below", above="below.html"),
        Section("worst", above="worst.html"),
        Section("newest", above="newest.html"),
        Section("figures", above="figures.html"),
    ]
    if unit is None:
        sections.append(Section("pipeline", above="strip.html"))
    return Page(place="/" if unit is None else "/league", gather=gather, sections=sections, title=_title(texts))


def _title(texts: Callable[[str], str]) -> Callable[[UnitView], str]:
    return lambda view: f"{view.name}: {texts('rate')}"


async def show_unit(site: Site, visit: Visit, *, unit: str | None, asked: UnitParameters) -> None:
    await show(site, visit, unit_page(site, visit, unit=unit, asked=asked))
