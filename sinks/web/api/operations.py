"""Rejections and the state of the pipeline."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from sinks.web.answers import AlertAnswer, Listing, PipelineAnswer, PositionAnswer, RefusalAnswer, RefusalGroupAnswer
from sinks.web.api.serving import csv_answer, is_csv, table_answer, table_route
from sinks.web.pages.operations import gather_rejected
from sinks.web.parameters import Output, RefusalParameters
from sinks.web.queries.pipeline import read_alerts, read_pipeline
from sinks.web.queries.rejections import MOST_ROWS, read_refusal_groups, read_refusals
from sinks.web.site import Site

MOST_ALERTS = 10_000
Out = Annotated[Output, Depends()]


def operations_router(site: Site) -> APIRouter:
    """What those who send and those who run ask for."""
    router = APIRouter(tags=["operations"])
    _register_rejections(router, site)
    _register_alerts(router, site)
    _register_pipeline(router, site)
    return router


def _register_rejections(router: APIRouter, site: Site) -> None:
    @table_route(
        router,
        "/rejections/groups",
        response_model=Listing[RefusalGroupAnswer],
        summary="Rejections by reason and source",
    )
    async def groups(request: Request, output: Out) -> Any:
        rows = await site.live.read(("refusal groups",), read_refusal_groups)
        name, as_of = "rejections-by-reason", site.now()
        return await table_answer(site, request, output, model=RefusalGroupAnswer, rows=rows, name=name, as_of=as_of)

    @table_route(router, "/rejections", response_model=Listing[RefusalAnswer], summary="Refused records, newest first")
    async def rejections(request: Request, asked: Annotated[RefusalParameters, Query()], output: Out) -> Any:
        if is_csv(request, output):
            wanted = asked.wanted()
            key = ("refusals", asked.address())
            rows = await site.live.read(key, lambda c: read_refusals(c, wanted=wanted, size=MOST_ROWS))
            return await csv_answer(site, RefusalAnswer, rows, name="rejections", output=output)
        now = site.now()
        view = await site.live.read(
            ("page", asked.address("/rejected")), lambda c: gather_rejected(c, asked=asked, now=now)
        )
        return {"as_of": view.as_of, "total": view.matching, "items": view.rows}


def _register_alerts(router: APIRouter, site: Site) -> None:
    @table_route(
        router, "/alerts", response_model=Listing[AlertAnswer], summary="Targets missed and met again, newest first"
    )
    async def alerts(request: Request, output: Out) -> Any:
        rows = await site.live.read(("alerts",), lambda c: read_alerts(c, MOST_ALERTS))
        return await table_answer(site, request, output, model=AlertAnswer, rows=rows, name="alerts", as_of=site.now())


def _register_pipeline(router: APIRouter, site: Site) -> None:
    @table_route(router, "/pipeline", response_model=PipelineAnswer, summary="The state of the pipeline")
    async def pipeline(request: Request, output: Out) -> Any:
        state = await site.live.read(("pipeline",), lambda c: read_pipeline(c, alert_count=50))
        if is_csv(request, output):
            return await csv_answer(site, PositionAnswer, state.positions, name="pipeline", output=output)
        return state
