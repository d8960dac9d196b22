"""The purchases behind a figure."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from sinks.database.schema import suppliers
from sinks.web.pages.asked import verify_unit
from sinks.web.pages.league import figures_as_of
from sinks.web.pages.paging import pages_of
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.pages.unit import main_root
from sinks.web.parameters import PurchaseParameters
from sinks.web.queries.figures import read_snapshot
from sinks.web.queries.matching import Wanted
from sinks.web.queries.purchases import PAGE_SIZE, Listed, Total, read_page, read_total
from sinks.web.queries.search import find
from sinks.web.queries.tree import Tree, read_tree
from sinks.web.site import Site


@dataclass(frozen=True)
class PurchasesView:
    """One page of the list with the sum of all of it."""

    query: PurchaseParameters
    unit_name: str
    supplier_name: str
    first: date | None
    last: date | None
    rows: list[Listed]
    total_rows: Total
    page: int
    pages: int
    as_of: datetime | None

    @property
    def counted(self) -> str | None:
        """What a figure by count counts; None where amounts are summed up."""
        side = self.query.side
        return None if side is None or side.is_amount else side.counted


def resolved(connection: Connection, tree: Tree, asked: PurchaseParameters, *, today: date) -> Wanted:
    """The filter with the days of its window."""
    verify_unit(tree, asked.unit)
    unit = asked.unit or main_root(connection, tree)
    snapshot = read_snapshot(connection, unit) if unit and asked.window else None
    search = find(connection, tree=tree, text=asked.search) if asked.search and asked.search.strip() else None
    return asked.wanted(snapshot, today=today, search=search)


def gather_purchases(connection: Connection, *, asked: PurchaseParameters, today: date) -> PurchasesView:
    tree = read_tree(connection, today=today)
    wanted = resolved(connection, tree, asked, today=today)
    total = read_total(connection, tree=tree, wanted=wanted)
    page, pages = pages_of(asked.page, total.purchases, PAGE_SIZE)
    root = main_root(connection, tree)
    return PurchasesView(
        query=asked,
        unit_name=tree.name(asked.unit or root or ""),
        supplier_name=_supplier_name(connection, asked.supplier),
        first=wanted.first,
        last=wanted.last,
        rows=read_page(connection, tree=tree, wanted=wanted, order=asked.order, page=page),
        total_rows=total,
        page=page,
        pages=pages,
        as_of=figures_as_of(connection),
    )


def _supplier_name(connection: Connection, supplier: str | None) -> str:
    if supplier is None:
        return ""
    name = connection.scalar(select(suppliers.c.name).where(suppliers.c.supplier == supplier).limit(1))
    return name or supplier


async def show_purchases(site: Site, visit: Visit, *, asked: PurchaseParameters) -> None:
    page: Page[PurchasesView] = Page(
        place="/purchases",
        gather=lambda connection: gather_purchases(connection, asked=asked, today=site.today()),
        sections=[
            Section("filter", above="purchases_head.html", spaced=False),
            Section("purchases", above="purchases.html"),
        ],
        title=lambda _: site.templates.text(visit.language)("purchases"),
    )
    await show(site, visit, page)
