"""The addresses of the pages."""

from typing import Annotated

from fastapi import Path, Query, Request
from nicegui import ui

from sinks.web.pages.doubles import show_doubles
from sinks.web.pages.league import show_league
from sinks.web.pages.operations import show_pipeline, show_rejected
from sinks.web.pages.purchase import show_purchase
from sinks.web.pages.purchases import show_purchases
from sinks.web.pages.review import show_review
from sinks.web.pages.rules import show_rules
from sinks.web.pages.shell import visit_of
from sinks.web.pages.unit import show_unit
from sinks.web.parameters import (
    DoubleParameters,
    Id,
    LeagueParameters,
    PurchaseParameters,
    RefusalParameters,
    ReviewParameters,
    UnitParameters,
)
from sinks.web.site import Site

RESPONSE_TIMEOUT_S = 30.0


def register(site: Site) -> None:
    """Put every page in its place."""
    _register_figures(site)
    _register_lists(site)
    _register_operations(site)


def _register_figures(site: Site) -> None:
    @ui.page("/", response_timeout=RESPONSE_TIMEOUT_S)
    async def overview(request: Request, asked: Annotated[UnitParameters, Query()]) -> None:
        await show_unit(site, visit_of(request, site, asked.kept()), unit=None, asked=asked)

    @ui.page("/unit/{unit:path}", response_timeout=RESPONSE_TIMEOUT_S)
    async def unit(request: Request, unit: Annotated[Id, Path()], asked: Annotated[UnitParameters, Query()]) -> None:
        await show_unit(site, visit_of(request, site, asked.kept()), unit=unit, asked=asked)

    @ui.page("/league", response_timeout=RESPONSE_TIMEOUT_S)
    async def league(request: Request, asked: Annotated[LeagueParameters, Query()]) -> None:
        await show_league(site, visit_of(request, site, asked.kept()), asked=asked)


def _register_lists(site: Site) -> None:
    @ui.page("/purchases", response_timeout=RESPONSE_TIMEOUT_S)
    async def purchases(request: Request, asked: Annotated[PurchaseParameters, Query()]) -> None:
        await show_purchases(site, visit_of(request, site, asked.kept()), asked=asked)

    @ui.page("/doubles", response_timeout=RESPONSE_TIMEOUT_S)
    async def doubles(request: Request, asked: Annotated[DoubleParameters, Query()]) -> None:
        await show_doubles(site, visit_of(request, site, asked.kept()), asked=asked)

    @ui.page("/review", response_timeout=RESPONSE_TIMEOUT_S)
    async def review(request: Request, asked: Annotated[ReviewParameters, Query()]) -> None:
        await show_review(site, visit_of(request, site, asked.kept()), asked=asked)

    @ui.page("/purchase/{purchase:path}", response_timeout=RESPONSE_TIMEOUT_S)
    async def purchase(request: Request, purchase: Annotated[Id, Path()]) -> None:
        await show_purchase(site, visit_of(request, site, {}), purchase=purchase)


def _register_operations(site: Site) -> None:
    @ui.page("/rules", response_timeout=RESPONSE_TIMEOUT_S)
    async def rules(request: Request) -> None:
        await show_rules(site, visit_of(request, site, {}))

    @ui.page("/rejected", response_timeout=RESPONSE_TIMEOUT_S)
    async def rejected(request: Request, asked: Annotated[RefusalParameters, Query()]) -> None:
        await show_rejected(site, visit_of(request, site, asked.kept()), asked=asked)

    @ui.page("/pipeline", response_timeout=RESPONSE_TIMEOUT_S)
    async def pipeline(request: Request) -> None:
        await show_pipeline(site, visit_of(request, site, {}))
