"""The door for those without Kafka: what is posted goes to the input topics, and each record gets its answer."""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from models.days import milliseconds
from models.documents import CatalogueDocument, NoPurchase
from models.facts import DOCUMENT
from models.files.pieces import FileRefused, Place, pieces
from models.files.reading import Message, read
from models.files.sending import Outgoing
from models.topics import DECISIONS
from models.vocabulary import RejectionCode
from sinks.web.api.bodies import body_of
from sinks.web.keys import ApiKey, Pace, key_of
from sinks.web.refusals import Problem
from sinks.web.site import Site

LOG = structlog.get_logger()
ACCEPTED, PARTLY, UNAUTHORISED, FORBIDDEN, REFUSED, TOO_OFTEN, AWAY = 202, 207, 401, 403, 422, 429, 503
AT_ONCE = 4
"""Requests that are read and sent at the same time; the others wait."""
SOURCE_NOT_ALLOWED = "source_not_allowed"
FORMS = {"xml": ".xml", "csv": ".csv", "x-ndjson": ".jsonl", "jsonl": ".jsonl"}
"""The ends of content types that tell the form; another body is told by how it begins."""
BODIES = {
    "application/json": {"schema": {"description": "A CloudEvents envelope, an array of them, or one a line"}},
    "text/csv": {"schema": {"type": "string", "description": "One row a line of an event"}},
    "application/xml": {"schema": {"type": "string", "description": "One UBL 2.1 document"}},
}


class NotDeliveredError(Exception):
    """Kafka has not acknowledged all; to send all again does no harm."""


class Door(Protocol):
    """What brings records to the input topics."""

    def deliver(self, records: Sequence[Outgoing]) -> Sequence[tuple[int, int]]:
        """Send all and wait: partition and offset of each. Raises NotDeliveredError."""


class RecordAnswer(BaseModel):
    """What became of one record; `line`, `row` and `item` say which it is, counted from 1."""

    line: int | None = None
    row: int | None = None
    item: int | None = None
    status: Literal["accepted", "refused"]
    source: str | None = None
    id: str | None = Field(default=None, description="The event's id, or the document's number")
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    code: str | None = Field(
        default=None, description="Of a refused one: as in docs/rejections.md, or source_not_allowed"
    )
    field: str | None = None
    message: str | None = None


class EventsAnswer(BaseModel):
    """One answer a record, in the order of the body."""

    accepted: int
    refused: int
    answers: list[RecordAnswer]


def receiving_router(site: Site, *, keys: Sequence[ApiKey], door: Door) -> APIRouter:
    """`POST /events`."""
    router, pace, at_once = APIRouter(tags=["integration"]), Pace(), asyncio.Semaphore(AT_ONCE)
    bearer = HTTPBearer(auto_error=False, description="The key that operations gave you; it is bound to your sources.")

    def let_in(presented: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> ApiKey:
        key = None if presented is None else key_of(presented.credentials, keys)
        if key is None:
            said = "Send a known key as `Authorization: Bearer …`; operations give it and bind it to your sources."
            raise HTTPException(UNAUTHORISED, said, {"WWW-Authenticate": "Bearer"})
        if wait := pace.wait_s(key):
            raise HTTPException(TOO_OFTEN, "Too many requests with this key; send more events in each.", _after(wait))
        return key

    @router.post(
        "/events",
        summary="Send events or a document",
        status_code=ACCEPTED,
        response_model=EventsAnswer,
        responses={
            PARTLY: {"model": EventsAnswer, "description": "Some accepted, some refused"},
            REFUSED: {"model": EventsAnswer, "description": "All refused"},
            FORBIDDEN: {"model": EventsAnswer, "description": "All refused, as the key is not bound to their source"},
            **{status: {"model": Problem} for status in (UNAUTHORISED, TOO_OFTEN, AWAY)},
        },
        openapi_extra={"requestBody": {"required": True, "content": BODIES}},
    )
    async def events(request: Request, key: Annotated[ApiKey, Depends(let_in)]) -> JSONResponse:
        """The body is JSON (an envelope, an array, or one a line), CSV or one UBL document; at most 4 MiB.

        What is accepted is acknowledged by Kafka. To send the same again does no harm: it counts once.
        """
        body = await body_of(request, hint="send it in parts, or use `send`")
        name = f"body{_ending(request.headers.get('content-type', ''))}"
        async with at_once:
            try:
                answers = await asyncio.to_thread(_received, name, body, key, door, site.now)
            except NotDeliveredError as away:
                raise HTTPException(AWAY, str(away), _after(2)) from away
        return _answer(answers)

    return router


def _after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(seconds))}


def _ending(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    return next((ending for end, ending in FORMS.items() if kind.endswith(end)), "")


def _received(name: str, body: bytes, key: ApiKey, door: Door, now: Callable[[], datetime]) -> list[RecordAnswer]:
    """Read all, send what may be sent, and answer each in its order."""
    read_all = list(_read(name, body, key, now_ms=milliseconds(now())))
    messages = [each for each in read_all if isinstance(each, Message)]
    places = iter(door.deliver([Outgoing(each.topic, each.key, each.value) for each in messages]))
    answers = [_accepted(each, *next(places)) if isinstance(each, Message) else each for each in read_all]
    LOG.info("events_received", accepted=len(messages), refused=len(answers) - len(messages))
    return answers


def _read(name: str, body: bytes, key: ApiKey, *, now_ms: int) -> Iterator[Message | RecordAnswer]:
    for piece in pieces(name, body):
        found = piece if isinstance(piece, FileRefused) else read(piece, pseudonym=_as_it_is, now_ms=now_ms)
        if isinstance(found, FileRefused):
            yield _answer_of(found)
        else:
            yield _not_allowed(found, key) or found


def _as_it_is(buyer: str) -> str:
    """What is sent is the body's own bytes: no fact made here leaves this process."""
    return buyer


def _not_allowed(message: Message, key: ApiKey) -> RecordAnswer | None:
    """Why this key may not send it; None where it may."""
    source, event_id = _named(message)
    if message.topic == DECISIONS:
        said = (
            "is a person's decision: it comes by another door (`decide`, or compliance.decisions), with other rights."
        )
        return _refusal(message.place, RejectionCode.UNKNOWN_TYPE, "type", said, source=source, event_id=event_id)
    if source in key.sources:
        return None
    said = f"is {source!r}, which this key is not bound to. Send with the key of that source, or ask operations."
    return _refusal(message.place, SOURCE_NOT_ALLOWED, "source", said, source=source, event_id=event_id)


def _named(message: Message) -> tuple[str, str | None]:
    """Source and event id; all documents are of one source."""
    if isinstance(message.said, CatalogueDocument | NoPurchase):
        return DOCUMENT, None
    return message.said.source, message.said.stamp.event_id


def _accepted(message: Message, partition: int, offset: int) -> RecordAnswer:
    source, event_id = _named(message)
    kept = {"topic": message.topic, "partition": partition, "offset": offset}
    return _told(message.place, status="accepted", source=source, id=event_id, **kept)


def _answer_of(refused: FileRefused) -> RecordAnswer:
    named = {"source": refused.source or None, "event_id": refused.event_id or None}
    return _refusal(refused.place, refused.code, refused.field, refused.message, **named)


def _refusal(
    place: Place, code: str, field: str, message: str, *, source: str | None, event_id: str | None
) -> RecordAnswer:
    why = {"code": str(code), "field": field, "message": message}
    return _told(place, status="refused", source=source, id=event_id, **why)


def _told(place: Place, **more: Any) -> RecordAnswer:
    return RecordAnswer(line=place.line or None, row=place.row or None, item=place.item or None, **more)


def _answer(answers: Sequence[RecordAnswer]) -> JSONResponse:
    refused = [each for each in answers if each.status == "refused"]
    told = EventsAnswer(accepted=len(answers) - len(refused), refused=len(refused), answers=list(answers))
    return JSONResponse(told.model_dump(exclude_none=True), _status(answers, refused))


def _status(answers: Sequence[RecordAnswer], refused: Sequence[RecordAnswer]) -> int:
    if not refused:
        return ACCEPTED
    if len(refused) < len(answers):
        return PARTLY
    return FORBIDDEN if all(each.code == SOURCE_NOT_ALLOWED for each in refused) else REFUSED
