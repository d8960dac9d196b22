"""Requests as metrics: how long each took, by route and status, and how many pages are open."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sinks import metrics

LOG = structlog.get_logger()
LEFT = "499"
"""The status of a request whose visitor left, as web servers write it."""
_OWN = ("/api/", "/assets", "/language", "/livez", "/readyz", "/metrics")
_PAGES = ("/league", "/purchases", "/rules", "/rejected", "/pipeline", "/unit/", "/purchase/", "/doubles", "/review")


class MeasuredRequests:
    """ASGI middleware; websockets are the open pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with metrics.WEB_VIEWERS.track_inprogress():
                await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._measured(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), "500"

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except RuntimeError as error:
            if not is_left(error):
                raise
            status = LEFT
            LOG.info("visitor_left", path=scope["path"])
        finally:
            metrics.WEB_REQUESTS.labels(route_of(scope), status).observe(time.perf_counter() - started)


def is_left(error: BaseException) -> bool:
    """Whether a request ended because its visitor did not wait for the answer: nobody is there to be told."""
    return isinstance(error, RuntimeError) and str(error) == "No response returned."


def route_of(scope: Scope) -> str:
    """The route's pattern, never a unit or a purchase; what no route serves is one `other`."""
    route = getattr(scope.get("route"), "path", None)
    if route and route not in ("/", ""):
        return str(route)
    path = scope["path"]
    if path == "/":
        return "/"
    return next((each for each in (*_PAGES, *_OWN) if path.startswith(each)), "other")
