"""For those who send and those who run: what was rejected, and the state of the pipeline."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from sinks.web.pages.paging import pages_of
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.parameters import RefusalParameters
from sinks.web.queries.pipeline import Pipeline, read_pipeline
from sinks.web.queries.rejections import (
    PAGE_SIZE,
    Refusal,
    RefusalGroup,
    read_refusal_groups,
    read_refusals,
)
from sinks.web.queries.tree import Tree, read_tree
from sinks.web.site import Site


@dataclass(frozen=True)
class RejectedView:
    """Refusals, counted and listed."""

    query: RefusalParameters
    groups: list[RefusalGroup]
    rows: list[Refusal]
    matching: int
    page: int
    pages: int
    as_of: datetime


def gather_rejected(connection: Connection, *, asked: RefusalParameters, now: datetime) -> RejectedView:
    groups = read_refusal_groups(connection)
    matching = sum(g.count for g in groups if asked.code in {None, g.code} and asked.source in {None, g.source})
    page, pages = pages_of(asked.page, matching, PAGE_SIZE)
    rows = read_refusals(connection, wanted=asked.wanted(), page=page)
    return RejectedView(query=asked, groups=groups, rows=rows, matching=matching, page=page, pages=pages, as_of=now)


async def show_rejected(site: Site, visit: Visit, *, asked: RefusalParameters) -> None:
    page: Page[RejectedView] = Page(
        place="/rejected",
        gather=lambda connection: gather_rejected(connection, asked=asked, now=site.now()),
        sections=[Section("rejected", above="rejected.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("rejected"),
    )
    await show(site, visit, page)


MOST_ALERTS = 20
"""On the page; the file has all of them."""


@dataclass(frozen=True)
class PipelineView:
    """The state, with the names of the units it mentions."""

    pipeline: Pipeline
    tree: Tree


def gather_pipeline(connection: Connection, *, today: date) -> PipelineView:
    return PipelineView(
        pipeline=read_pipeline(connection, alert_count=MOST_ALERTS), tree=read_tree(connection, today=today)
    )


async def show_pipeline(site: Site, visit: Visit) -> None:
    page: Page[PipelineView] = Page(
        place="/pipeline",
        gather=lambda connection: gather_pipeline(connection, today=site.today()),
        sections=[Section("pipeline", above="pipeline.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("pipeline"),
    )
    await show(site, visit, page)
