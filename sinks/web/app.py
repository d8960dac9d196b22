"""The web application: the pages, the API, health and metrics on one port."""

import gc
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi_offline import FastAPIOffline
from nicegui import app as page_app
from nicegui import ui
from sqlalchemy import Engine
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from sinks.web.api.checking import checking_router
from sinks.web.api.operations import operations_router
from sinks.web.api.purchases import purchases_router
from sinks.web.api.receiving import Door, receiving_router
from sinks.web.api.rules import rules_router
from sinks.web.api.serving import refuse_unknown
from sinks.web.api.units import units_router
from sinks.web.figure_words import Pair
from sinks.web.health import health_router
from sinks.web.keys import ApiKey
from sinks.web.language import COOKIE, Language
from sinks.web.links import is_local
from sinks.web.live import Live
from sinks.web.measured import MeasuredRequests
from sinks.web.pages.addresses import register
from sinks.web.refusals import Problem, install
from sinks.web.security import SecurityHeaders
from sinks.web.site import Site
from sinks.web.templating import Templates

ASSETS = Path(__file__).parent / "assets"
API = "/api/v1"
_YEAR_S = 365 * 24 * 3600
_ABOUT = (
    "The figures of the pages as JSON. Amounts are whole øre, net of VAT; rates are fractions with numerator and "
    "denominator; days are Copenhagen's. `/purchases` with `unit`, `window`, `figure` and `part` (numerator or denominator) "
    "lists exactly what a figure is made of. Every table is also CSV: end the path in `.csv`, or add `format=csv`; "
    "with `language=da` or `language=en` it is for people: headings and codes in words, kroner and per cent."
)


def build(
    *,
    engine: Engine,
    language: Language = Language.DANISH,
    reasons: Mapping[str, Pair] | None = None,
    ruleset: str,
    keys: Sequence[ApiKey] = (),
    door: Door,
    version: str = "0",
) -> FastAPI:
    """The application on an engine; one a process, as the pages belong to the page framework's own application.

    `reasons` are the words for the reason codes of the ruleset, Danish and English; `ruleset` is the one that is
    shipped, as TOML: `POST /check` judges by it. `keys` are of those who may `POST /events`, `door` brings these to Kafka.
    """
    site = _site(engine, language, reasons or {}, ruleset)
    app: FastAPI = FastAPIOffline(
        title="handelspuls", description=_ABOUT, version=version, lifespan=_lifespan(site), redoc_url=None
    )
    strict: dict[str, Any] = {"prefix": API, "dependencies": [Depends(refuse_unknown)]}
    for router in (units_router(site), purchases_router(site), operations_router(site), rules_router(site)):
        app.include_router(router, responses={422: {"model": Problem}, 404: {"model": Problem}}, **strict)
    app.include_router(checking_router(site), responses={413: {"model": Problem}}, **strict)
    app.include_router(receiving_router(site, keys=keys, door=door), responses={413: {"model": Problem}}, **strict)
    app.include_router(health_router(site))
    _add_language_switch(app)
    app.mount("/assets", StaticFiles(directory=ASSETS))
    _add_pages(app, site)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(MeasuredRequests)
    return app


def _site(engine: Engine, language: Language, reasons: Mapping[str, Pair], ruleset: str) -> Site:
    digest = hashlib.sha256((ASSETS / "page.css").read_bytes()).hexdigest()[:12]
    stylesheet = f"/assets/page.css?{digest}"
    templates = Templates(reasons=reasons, stylesheet=stylesheet)
    return Site(
        live=Live(engine=engine), templates=templates, language=language, stylesheet=stylesheet, ruleset=ruleset
    )


def _lifespan(site: Site):  # type: ignore[no-untyped-def] # noqa: ANN202 - the type is FastAPI's own
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        site.live.start()
        gc.collect()
        gc.freeze()  # what is there by now stays: a collection of all that lives would hold up who asks meanwhile
        yield
        site.live.stop()

    return lifespan


def _add_language_switch(app: FastAPI) -> None:
    @app.get("/language/{language}", include_in_schema=False)
    async def switch(language: Language, request: Request) -> RedirectResponse:
        address = request.query_params.get("next", "/")
        answer = RedirectResponse(address if is_local(address) else "/", status_code=303)
        answer.set_cookie(COOKIE, language.value, max_age=_YEAR_S, samesite="lax", httponly=True)
        return answer


def _add_pages(app: FastAPI, site: Site) -> None:
    register(site)
    for each in (app, page_app):
        install(each, site)
    ui.run_with(
        app,
        title="handelspuls",
        favicon=ASSETS / "favicon.svg",
        dark=None,
        language="da" if site.language is Language.DANISH else "en-GB",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10.0,
    )
