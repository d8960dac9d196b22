"""The league table: units of one level side by side."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from sinks.database.schema import unit_snapshots
from sinks.web.pages.paging import pages_of
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.parameters import Direction, LeagueParameters
from sinks.web.queries.league import Place, ordered, read_league
from sinks.web.queries.tree import read_tree
from sinks.web.site import Site

PAGE_SIZE = 50


@dataclass(frozen=True)
class LeagueView:
    """One page of the table."""

    query: LeagueParameters
    places: list[Place]
    total: int
    ranked: int
    page: int
    pages: int
    as_of: datetime | None


def sorted_league(connection: Connection, *, asked: LeagueParameters, today: date) -> list[Place]:
    """The whole table in the order asked for."""
    tree = read_tree(connection, today=today)
    window, level = asked.window.value, asked.level.value
    places = read_league(connection, tree=tree, level=level, window=window, today=today, minimum=asked.minimum)
    return ordered(places, by=asked.sort, descending=asked.direction is Direction.DESCENDING)


def figures_as_of(connection: Connection) -> datetime | None:
    """The moment of the newest figures."""
    newest: datetime | None = connection.scalar(select(func.max(unit_snapshots.c.as_of)))
    return newest


def gather_league(connection: Connection, *, asked: LeagueParameters, today: date) -> LeagueView:
    places = sorted_league(connection, asked=asked, today=today)
    page, pages = pages_of(asked.page, len(places), PAGE_SIZE)
    return LeagueView(
        query=asked,
        places=places[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(places),
        ranked=sum(place.rank is not None for place in places),
        page=page,
        pages=pages,
        as_of=figures_as_of(connection),
    )


async def show_league(site: Site, visit: Visit, *, asked: LeagueParameters) -> None:
    page: Page[LeagueView] = Page(
        place="/league",
        gather=lambda connection: gather_league(connection, asked=asked, today=site.today()),
        sections=[Section("league", above="league.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("league"),
    )
    await show(site, visit, page)
