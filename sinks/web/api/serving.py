"""How the API serves a table: JSON by default, CSV when the address ends in `.csv` or asks for it."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from sinks.web.parameters import Output
from sinks.web.tables import written

Handler = TypeVar("Handler", bound=Callable[..., Any])


def table_route(router: APIRouter, path: str, **options: Any) -> Callable[[Handler], Handler]:
    """Register a handler under its path and, with `.csv` at the end, as a file."""

    def register(handler: Handler) -> Handler:
        router.add_api_route(f"{path}.csv", handler, methods=["GET"], include_in_schema=False, response_model=None)
        router.add_api_route(path, handler, methods=["GET"], **options)
        return handler

    return register


def is_csv(request: Request, output: Output) -> bool:
    return output.format == "csv" or request.url.path.endswith(".csv")


async def csv_answer(model: type[BaseModel], rows: Iterable[Any], *, name: str, output: Output) -> StreamingResponse:
    """The rows as a file; its first piece is made before the answer begins, so that a failure is still told."""
    columns = [column for column in model.model_fields if column != "judgement"]
    pieces = written(columns, rows, language=output.language)
    first = await asyncio.to_thread(_first, pieces)
    return StreamingResponse(
        itertools.chain(first, pieces),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _first(pieces: Iterator[str]) -> Sequence[str]:
    return list(itertools.islice(pieces, 1))
