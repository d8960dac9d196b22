"""How the API serves a table: JSON by default, CSV when the address ends in `.csv` or asks for it."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from sinks.web.parameters import Output
from sinks.web.site import Site
from sinks.web.tables import written

Handler = TypeVar("Handler", bound=Callable[..., Any])


UNKNOWN_PARAMETER = "unknown_parameter"


async def refuse_unknown(request: Request) -> None:
    """A parameter that the route does not know is refused: a slip in a filter's name would answer another question."""
    known = known_parameters(request.scope["route"])
    for name in request.query_params:
        if name not in known:
            words = ", ".join(sorted(known))
            raise RequestValidationError([{"type": UNKNOWN_PARAMETER, "loc": ("query", name), "msg": words}])


def known_parameters(route: APIRoute) -> frozenset[str]:
    """The names that a route's query may have."""
    return frozenset(_names(route.dependant))


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        yield from _names_of(field)
    for below in dependant.dependencies:
        yield from _names(below)


def _names_of(field: Any) -> Iterator[str]:
    """A parameter's name, or those of the model that holds all of a query."""
    kind = field.field_info.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from (each.alias or name for name, each in kind.model_fields.items())
    else:
        yield field.alias


def table_route(router: APIRouter, path: str, **options: Any) -> Callable[[Handler], Handler]:
    """Register a handler under its path and, with `.csv` at the end, as a file."""

    def register(handler: Handler) -> Handler:
        router.add_api_route(f"{path}.csv", handler, methods=["GET"], include_in_schema=False, response_model=None)
        router.add_api_route(path, handler, methods=["GET"], **options)
        return handler

    return register


def is_csv(request: Request, output: Output) -> bool:
    return output.format == "csv" or request.url.path.endswith(".csv")


async def table_answer(
    site: Site,
    request: Request,
    output: Output,
    *,
    model: type[BaseModel],
    rows: Sequence[Any],
    name: str,
    as_of: datetime | None,
    shown: Sequence[Any] | None = None,
) -> Any:
    """All rows as a file, else as a listing of them, or of the page of them that is shown."""
    if is_csv(request, output):
        return await csv_answer(site, model, rows, name=name, output=output)
    return {"as_of": as_of, "total": len(rows), "items": rows if shown is None else shown}


async def csv_answer(
    site: Site, model: type[BaseModel], rows: Iterable[Any], *, name: str, output: Output
) -> StreamingResponse:
    """The rows as a file; its first piece is made before the answer begins, so that a failure is still told."""
    columns = [column for column in model.model_fields if column != "judgement"]
    words = None if output.language is None else site.templates.word(output.language)
    pieces = written(columns, rows, language=output.language, words=words)
    first = await asyncio.to_thread(_first, pieces)
    return StreamingResponse(
        itertools.chain(first, pieces),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _first(pieces: Iterator[str]) -> Sequence[str]:
    return list(itertools.islice(pieces, 1))
