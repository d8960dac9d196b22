"""The worklist of who decides: what is in review, by pattern, with the command that decides one or all of it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from sinks.web.pages.asked import verify_unit
from sinks.web.pages.paging import pages_of
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.parameters import ReviewParameters
from sinks.web.queries.review import Pattern, read_patterns
from sinks.web.queries.tree import read_tree
from sinks.web.site import Site

PAGE_SIZE = 50


@dataclass(frozen=True)
class ReviewView:
    """One page of the patterns, and what all of them add up to."""

    query: ReviewParameters
    unit_name: str
    every: list[Pattern]
    page: int
    pages: int
    as_of: datetime

    @property
    def rows(self) -> list[Pattern]:
        return self.every[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]

    @property
    def purchases(self) -> int:
        return sum(each.purchases for each in self.every)

    @property
    def amount_ore(self) -> int:
        return sum(each.amount_ore for each in self.every)


def gather_review(connection: Connection, *, asked: ReviewParameters, today: date, now: datetime) -> ReviewView:
    tree = read_tree(connection, today=today)
    verify_unit(tree, asked.unit)
    every = read_patterns(connection, tree=tree, unit=asked.unit)
    page, pages = pages_of(asked.page, len(every), PAGE_SIZE)
    name = tree.name(asked.unit) if asked.unit else ""
    return ReviewView(query=asked, unit_name=name, every=every, page=page, pages=pages, as_of=now)


async def show_review(site: Site, visit: Visit, *, asked: ReviewParameters) -> None:
    page: Page[ReviewView] = Page(
        place="/purchases",
        gather=lambda connection: gather_review(connection, asked=asked, today=site.today(), now=site.now()),
        sections=[Section("review", above="review.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("worklist"),
    )
    await show(site, visit, page)
