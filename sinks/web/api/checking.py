"""The integrators' test bench over HTTP: what is posted is judged and answered, and nothing is kept."""

import asyncio
import secrets
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request

from models.contract.pseudonym import keyed
from models.files.judging import Judged, judge_files
from models.reference.build import EMPTY
from models.rules.judge import judge_of
from sinks.web.site import Site

LARGEST = 4 << 20
"""Bytes of one request: a few purchases of the largest size; more is for the command line."""
TOO_LARGE = 413


def checking_router(site: Site) -> APIRouter:
    """`POST /check`, by the ruleset that the service ships with and without reference data."""
    router = APIRouter(tags=["integration"])
    pseudonym = keyed(secrets.token_bytes())

    def judged(name: str, content: bytes) -> Judged:
        return judge_files(
            [(name, content)], snapshot=EMPTY, judge=judge_of(site.ruleset), pseudonym=pseudonym, now=site.now()
        )

    @router.post("/check", summary="Judge events or a document without sending them")
    async def check(
        request: Request,
        name: Annotated[str, Query(max_length=256, description="A file's name: its ending tells the form")] = "",
    ) -> dict[str, Any]:
        """The body is JSON (an envelope, an array, or one a line), CSV, or a UBL document; it is judged without reference."""
        return _answer(await asyncio.to_thread(judged, name, await _body(request)))

    return router


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(TOO_LARGE, f"At most {LARGEST >> 20} MiB are checked at once; use `judge` for more.")
    return bytes(body)


def _answer(judged: Judged) -> dict[str, Any]:
    return {
        "purchases": [msgspec.to_builtins(judgement) for judgement in judged.judgements],
        "rejected": [msgspec.to_builtins(refused) for refused in judged.refused],
        "no_purchases": judged.no_purchases,
        "catalogues": judged.catalogues,
        "waiting": judged.waiting,
    }
