"""The integrators' test bench over HTTP: what is posted is judged and answered, and nothing is kept."""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request

from models.contract.pseudonym import keyed
from models.documents import read_document
from models.files.answers import end_of, unit_figures
from models.files.archive import Archive, is_archive, unpacked
from models.files.judging import Judged, judge_files
from models.reference.build import EMPTY
from models.reference.changes import loaded_snapshot
from models.reference.folder import check as checked
from models.reference.folder import read_folder
from models.reference.snapshot import Snapshot
from models.rules.judge import judge_of
from sinks.web.api.bodies import body_of
from sinks.web.site import Site

NOT_USABLE = 422


def checking_router(site: Site) -> APIRouter:
    """`POST /check`, by the ruleset that the service ships with and the reference data that is posted along."""
    router = APIRouter(tags=["integration"])
    pseudonym = keyed(secrets.token_bytes())

    def answer(name: str, content: bytes, *, figures: bool) -> dict[str, Any]:
        archive = _archive(content) if is_archive(content) else Archive([(name, content)], {})
        snapshot = _snapshot(archive.reference, pseudonym)
        now = site.now()
        judged = judge_files(
            archive.files, snapshot=snapshot, judge=judge_of(site.ruleset), pseudonym=pseudonym, now=now
        )
        units = unit_figures(judged, now=end_of(judged, now=now)) if figures else ()
        return _answer(judged) | ({"figures": [msgspec.to_builtins(unit) for unit in units]} if figures else {})

    @router.post("/check", summary="Judge events or a document without sending them")
    async def check(
        request: Request,
        name: Annotated[str, Query(max_length=256, description="A file's name: its ending tells the form")] = "",
        *,
        figures: Annotated[bool, Query(description="Also the units' figures, as of the last purchase's day")] = False,
    ) -> dict[str, Any]:
        """The body is JSON (an envelope, an array, or one a line), CSV, a UBL document, or a ZIP archive of such files.

        Reference data (`units.csv`, …) in the archive's folder `reference` is what they are judged by; else there is none.
        """
        content = await body_of(request, hint="use `judge` for more")
        try:
            return await asyncio.to_thread(answer, name, content, figures=figures)
        except _NotUsableError as wrong:
            raise HTTPException(NOT_USABLE, str(wrong)) from None

    return router


class _NotUsableError(ValueError):
    """An archive, or the reference data in one, with nothing to judge by."""


def _archive(content: bytes) -> Archive:
    try:
        return unpacked(content)
    except ValueError as wrong:
        raise _NotUsableError(str(wrong)) from None


def _snapshot(files: dict[str, bytes], pseudonym: Callable[[str], str]) -> Snapshot:
    if not files:
        return EMPTY
    reader = partial(read_document, pseudonym=pseudonym)
    loaded = checked(read_folder(files, pseudonym=pseudonym, read_document=reader))
    if loaded.errors:
        raise _NotUsableError(" ".join(f"{problem}." for problem in loaded.errors))
    return loaded_snapshot(loaded)


def _answer(judged: Judged) -> dict[str, Any]:
    return {
        "purchases": [msgspec.to_builtins(judgement) for judgement in judged.judgements],
        "rejected": [msgspec.to_builtins(refused) for refused in judged.refused],
        "no_purchases": judged.no_purchases,
        "catalogues": judged.catalogues,
        "waiting": judged.waiting,
    }
