"""How the web says no: a sentence, as a page for people and as JSON under `/api`; never a traceback."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from sinks.web.api.serving import UNKNOWN_PARAMETER
from sinks.web.language import COOKIE, Language, chosen
from sinks.web.live import DatabaseAwayError
from sinks.web.measured import is_left
from sinks.web.site import NotThereError, Site

LOG = structlog.get_logger()
NOT_FOUND, UNPROCESSABLE, FAILED, UNAVAILABLE = 404, 422, 500, 503
RETRY_AFTER_S = 2


class Problem(BaseModel):
    """Why a request was refused."""

    status: int
    sentence: str
    field: str | None = None


def install(app: FastAPI, site: Site) -> None:
    """Answer every kind of failure of an application."""

    def handler(say: Callable[[Exception, Language], Problem]) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def handle(request: Request, failure: Exception) -> Response:
            more = failure.headers if isinstance(failure, HTTPException) else None
            return answer(request, site, lambda language: say(failure, language), headers=more)

        return handle

    text = site.templates.text
    app.add_exception_handler(RequestValidationError, handler(lambda e, language: _wrong(e, site, language)))
    app.add_exception_handler(HTTPException, handler(lambda e, language: _http(e, site, language)))
    app.add_exception_handler(NOT_FOUND, handler(lambda e, language: _http(e, site, language)))
    app.add_exception_handler(NotThereError, handler(lambda e, language: _missing(e, site, language)))
    waiting = handler(lambda _, language: Problem(status=UNAVAILABLE, sentence=text(language)("waiting")))
    app.add_exception_handler(DatabaseAwayError, waiting)
    app.add_exception_handler(Exception, handler(lambda e, language: _failed(e, site, language)))


def answer(
    request: Request, site: Site, say: Callable[[Language], Problem], *, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem in the form and language of who asked; programs are answered in English."""
    if request.url.path.startswith(("/api/", "/livez", "/readyz", "/metrics")):
        problem = say(Language.ENGLISH)
        waits = {"Retry-After": str(RETRY_AFTER_S)} if problem.status == UNAVAILABLE else {}
        return JSONResponse({"problem": problem.model_dump()}, problem.status, {**waits, **(headers or {})})
    language = chosen(request.cookies.get(COOKIE), site.language)
    problem = say(language)
    return HTMLResponse(_error_page(site, language, problem), problem.status)


def _error_page(site: Site, language: Language, problem: Problem) -> str:
    titles = {NOT_FOUND: "not_found", FAILED: "error", UNAVAILABLE: "waiting"}
    title = site.templates.text(language)(titles.get(problem.status, "bad_request"))
    return site.templates.render(
        "error.html", language, title=title, sentence=problem.sentence, link=True, place="", address="/"
    )


def _wrong(failure: Exception, site: Site, language: Language) -> Problem:
    assert isinstance(failure, RequestValidationError)  # noqa: S101 - registered for this type only
    first = failure.errors()[0]
    field = str(first["loc"][-1])
    text = site.templates.text(language)
    if first["type"] == UNKNOWN_PARAMETER:
        sentence = text("unknown_parameter", field, first["msg"] or text("no_parameters"))
    else:
        sentence = text("bad_parameter", field, first["msg"])
    return Problem(status=UNPROCESSABLE, sentence=sentence, field=field)


def _http(failure: Exception, site: Site, language: Language) -> Problem:
    assert isinstance(failure, HTTPException)  # noqa: S101 - registered for this type only
    if failure.status_code == NOT_FOUND and failure.detail == "Not Found":
        return Problem(status=NOT_FOUND, sentence=site.templates.text(language)("no_such_address"))
    return Problem(status=failure.status_code, sentence=str(failure.detail))


def _missing(failure: Exception, site: Site, language: Language) -> Problem:
    assert isinstance(failure, NotThereError)  # noqa: S101 - registered for this type only
    return Problem(status=NOT_FOUND, sentence=site.templates.text(language)(failure.key, failure.name))


def _failed(failure: Exception, site: Site, language: Language) -> Problem:
    if not is_left(failure):
        LOG.error("request_failed", exc_info=failure)
    return Problem(status=FAILED, sentence=site.templates.text(language)("error_text"))
