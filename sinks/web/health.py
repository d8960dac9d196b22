"""What operations ask of the process: is it alive, is it ready, and its metrics."""

from typing import Any

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection, func, select
from starlette.responses import JSONResponse, Response

from sinks.database.schema import unit_snapshots
from sinks.web.live import DatabaseAwayError
from sinks.web.site import Site


def health_router(site: Site) -> APIRouter:
    """Alive as long as it answers; ready when the database does."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> Any:
        try:
            units = await site.live.read(("ready",), _units)
        except DatabaseAwayError as away:
            reason = str(away).splitlines()[0]
            return JSONResponse({"status": "waiting for the database", "reason": reason}, 503)
        return {"status": "ready", "units": units, "listening": site.live.listening}

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def _units(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(unit_snapshots)).scalar_one()
