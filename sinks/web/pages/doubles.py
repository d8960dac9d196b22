"""Card rows and invoices that may be the same purchase: both are kept, and listed here."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from sinks.web.pages.asked import verify_unit
from sinks.web.pages.paging import pages_of
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.parameters import DoubleParameters
from sinks.web.queries.doubles import WITHIN_DAYS, Double, read_doubles
from sinks.web.queries.figures import empty_window
from sinks.web.queries.tree import read_tree
from sinks.web.site import Site

PAGE_SIZE = 50


@dataclass(frozen=True)
class DoublesView:
    """One page of the pairs, and what all of them add up to."""

    query: DoubleParameters
    unit_name: str
    every: list[Double]
    page: int
    pages: int
    as_of: datetime
    within: int = WITHIN_DAYS

    @property
    def rows(self) -> list[Double]:
        return self.every[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]

    @property
    def amount_ore(self) -> int:
        """A card row with two candidates counts once."""
        return sum({each.card: each.amount_ore for each in self.every}.values())


def gather_doubles(connection: Connection, *, asked: DoubleParameters, today: date, now: datetime) -> DoublesView:
    tree = read_tree(connection, today=today)
    verify_unit(tree, asked.unit)
    window = empty_window(asked.window.value, today)
    every = read_doubles(connection, tree=tree, unit=asked.unit, first=window.first, last=window.last)
    page, pages = pages_of(asked.page, len(every), PAGE_SIZE)
    name = tree.name(asked.unit) if asked.unit else ""
    return DoublesView(query=asked, unit_name=name, every=every, page=page, pages=pages, as_of=now)


async def show_doubles(site: Site, visit: Visit, *, asked: DoubleParameters) -> None:
    page: Page[DoublesView] = Page(
        place="/purchases",
        gather=lambda connection: gather_doubles(connection, asked=asked, today=site.today(), now=site.now()),
        sections=[Section("doubles", above="doubles.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("doubles"),
    )
    await show(site, visit, page)
