"""Units: the tree, figures, course, channels, suppliers and the league table."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection

from sinks.web.answers import (
    ChannelAnswer,
    FiguresAnswer,
    Listing,
    MonthAnswer,
    PlaceAnswer,
    SupplierAnswer,
    UnitAnswer,
    UnitDetailAnswer,
)
from sinks.web.api.serving import table_answer, table_route
from sinks.web.pages.asked import verify_unit
from sinks.web.pages.league import figures_as_of, sorted_league
from sinks.web.pages.unit import UnitView, gather_unit
from sinks.web.parameters import Id, LeagueParameters, Output, UnitParameters
from sinks.web.queries.course import WhichTree, read_course_as_was
from sinks.web.queries.figures import Snapshot, read_snapshot
from sinks.web.queries.tree import Unit, read_tree
from sinks.web.site import Site

UnitId = Annotated[Id, Path(description="A unit's id")]
Asked = Annotated[UnitParameters, Query()]
Out = Annotated[Output, Depends()]


def units_router(site: Site) -> APIRouter:
    """All addresses that begin with a unit, the longer ones first: an id may hold slashes."""
    router = APIRouter(tags=["units"])
    _register_tree(router, site)
    _register_tables(router, site)
    _register_unit(router, site)
    return router


async def _view(site: Site, unit: str, window: str = "30d") -> UnitView:
    today = site.today()
    return await site.live.read(
        ("unit", unit, window, today), lambda c: gather_unit(c, unit=unit, window_name=window, today=today)
    )


def _register_tree(router: APIRouter, site: Site) -> None:
    @table_route(router, "/units", response_model=Listing[UnitAnswer], summary="Every unit of today's tree")
    async def units(request: Request, output: Out) -> Any:
        tree = await site.live.read(("tree", site.today()), lambda c: read_tree(c, today=site.today()))
        rows = sorted(tree.units.values(), key=lambda unit: unit.unit)
        return await table_answer(site, request, output, model=UnitAnswer, rows=rows, name="units", as_of=site.now())

    @table_route(router, "/league", response_model=Listing[PlaceAnswer], summary="Units of one level side by side")
    async def league(request: Request, asked: Annotated[LeagueParameters, Query()], output: Out) -> Any:
        key = ("league", asked.address(), site.today())
        rows, as_of = await site.live.read(
            key, lambda c: (sorted_league(c, asked=asked, today=site.today()), figures_as_of(c))
        )
        return await table_answer(site, request, output, model=PlaceAnswer, rows=rows, name="league", as_of=as_of)


def _register_tables(router: APIRouter, site: Site) -> None:
    @table_route(router, "/units/{unit:path}/course", response_model=Listing[MonthAnswer], summary="Thirteen months")
    async def course(request: Request, unit: UnitId, output: Out, tree: WhichTree = WhichTree.AS_IS) -> Any:
        view = await _view(site, unit)
        if tree is WhichTree.AS_WAS:
            today = site.today()
            key = ("course as was", unit, today)
            months = await site.live.read(key, lambda c: read_course_as_was(c, unit=unit, today=today))
            view = replace(view, course=months)
        return await _table(site, request, output, MonthAnswer, view, name="course")

    @table_route(
        router, "/units/{unit:path}/channels", response_model=Listing[ChannelAnswer], summary="Off-channel by channel"
    )
    async def channels(request: Request, unit: UnitId, asked: Asked, output: Out) -> Any:
        view = await _view(site, unit, asked.window.value)
        return await _table(site, request, output, ChannelAnswer, view, name="channels")

    @table_route(
        router, "/units/{unit:path}/below", response_model=Listing[PlaceAnswer], summary="What lies directly below"
    )
    async def below(request: Request, unit: UnitId, asked: Asked, output: Out) -> Any:
        view = await _view(site, unit, asked.window.value)
        return await _table(site, request, output, PlaceAnswer, view, name="below")

    @table_route(
        router,
        "/units/{unit:path}/suppliers",
        response_model=Listing[SupplierAnswer],
        summary="The suppliers with most avoidable off-channel",
    )
    async def suppliers(request: Request, unit: UnitId, asked: Asked, output: Out) -> Any:
        view = await _view(site, unit, asked.window.value)
        return await _table(site, request, output, SupplierAnswer, view, name="worst")


async def _table(site: Site, request: Request, output: Output, model: Any, view: UnitView, *, name: str) -> Any:
    as_of = view.snapshot.as_of if view.snapshot else None
    return await table_answer(site, request, output, model=model, rows=getattr(view, name), name=name, as_of=as_of)


def _register_unit(router: APIRouter, site: Site) -> None:
    @router.get("/units/{unit:path}/figures", response_model=FiguresAnswer | None, summary="A unit's figures")
    async def figures(unit: UnitId) -> Any:
        def read(connection: Connection) -> Snapshot | None:
            verify_unit(read_tree(connection, today=site.today()), unit)
            return read_snapshot(connection, unit)

        return await site.live.read(("figures", unit), read)

    @router.get("/units/{unit:path}", response_model=UnitDetailAnswer, summary="A unit with its figures")
    async def unit_detail(unit: UnitId) -> Any:
        view = await _view(site, unit)
        tree = await site.live.read(("tree", site.today()), lambda c: read_tree(c, today=site.today()))
        children: list[Unit] = [tree.units[child] for child in tree.children.get(unit, ())]
        return {"unit": view.path[-1], "path": view.path, "children": children, "figures": view.snapshot}
