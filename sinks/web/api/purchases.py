"""Purchases: the list behind a figure, one purchase, and its revisions."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request

from sinks.web.answers import (
    DoubleAnswer,
    Listing,
    PatternAnswer,
    PurchaseAnswer,
    PurchaseDetailAnswer,
    PurchasesAnswer,
    RevisionAnswer,
)
from sinks.web.api.serving import csv_answer, is_csv, table_answer, table_route
from sinks.web.pages.doubles import gather_doubles
from sinks.web.pages.purchase import PurchaseView, gather_purchase
from sinks.web.pages.purchases import gather_purchases, resolved
from sinks.web.pages.review import gather_review
from sinks.web.parameters import DoubleParameters, Id, Output, PurchaseParameters, ReviewParameters
from sinks.web.queries.history import Revision
from sinks.web.queries.purchases import Listed, stream_rows
from sinks.web.queries.tree import read_tree
from sinks.web.site import Site

PurchaseId = Annotated[Id, Path(description="A purchase's id, percent-encoded once more as a path segment")]
Out = Annotated[Output, Depends()]


def purchases_router(site: Site) -> APIRouter:
    """The list first, then what hangs on one purchase."""
    router = APIRouter(tags=["purchases"])
    _register_list(router, site)
    _register_doubles(router, site)
    _register_review(router, site)
    _register_one(router, site)
    return router


def _register_list(router: APIRouter, site: Site) -> None:
    @table_route(router, "/purchases", response_model=PurchasesAnswer, summary="The purchases behind a figure")
    async def purchases(request: Request, asked: Annotated[PurchaseParameters, Query()], output: Out) -> Any:
        key = ("page", asked.address("/purchases"))
        today = site.today()
        view = await site.live.read(key, lambda c: gather_purchases(c, asked=asked, today=today))
        if is_csv(request, output):
            name = "purchases" if asked.figure is None else f"purchases_{asked.figure}_{asked.part}"
            return await csv_answer(site, PurchaseAnswer, _all_rows(site, asked), name=name, output=output)
        sums = msgspec.structs.asdict(view.total_rows)
        return {**sums, "as_of": view.as_of, "total": view.total_rows.purchases, "items": view.rows}


def _all_rows(site: Site, asked: PurchaseParameters) -> Iterator[Listed]:
    with site.live.connection() as connection:
        tree = read_tree(connection, today=site.today())
        wanted = resolved(connection, tree, asked, today=site.today())
        yield from stream_rows(connection, tree=tree, wanted=wanted, order=asked.order)


def _register_doubles(router: APIRouter, site: Site) -> None:
    @table_route(
        router, "/doubles", response_model=Listing[DoubleAnswer], summary="Card rows and invoices that may be the same"
    )
    async def doubles(request: Request, asked: Annotated[DoubleParameters, Query()], output: Out) -> Any:
        today, now = site.today(), site.now()
        key = ("page", asked.address("/doubles"))
        view = await site.live.read(key, lambda c: gather_doubles(c, asked=asked, today=today, now=now))
        return await table_answer(
            site,
            request,
            output,
            model=DoubleAnswer,
            rows=view.every,
            name="doubles",
            as_of=view.as_of,
            shown=view.rows,
        )


def _register_review(router: APIRouter, site: Site) -> None:
    @table_route(
        router, "/review", response_model=Listing[PatternAnswer], summary="What waits for a decision, by pattern"
    )
    async def review(request: Request, asked: Annotated[ReviewParameters, Query()], output: Out) -> Any:
        today, now = site.today(), site.now()
        key = ("page", asked.address("/review"))
        view = await site.live.read(key, lambda c: gather_review(c, asked=asked, today=today, now=now))
        return await table_answer(
            site,
            request,
            output,
            model=PatternAnswer,
            rows=view.every,
            name="review",
            as_of=view.as_of,
            shown=view.rows,
        )


async def _view(site: Site, purchase: str) -> PurchaseView:
    today = site.today()
    return await site.live.read(
        ("page", f"/purchase/{purchase}", today),
        lambda c: gather_purchase(c, purchase=purchase, default=site.ruleset, today=today),
    )


def _revision(revision: Revision) -> RevisionAnswer:
    judgement = revision.judgement
    return RevisionAnswer(
        generation=revision.generation,
        revision=revision.revision,
        judged_at=revision.judged_at,
        cause=judgement.cause.kind,
        outcome=judgement.outcome,
        channel=judgement.channel,
        reason=judgement.reason,
        rule=judgement.rule,
        ruleset=judgement.ruleset,
        amount_ore=sum(judgement.amounts_ore.values()),
        judgement=msgspec.to_builtins(judgement),
    )


def _register_one(router: APIRouter, site: Site) -> None:
    @table_route(
        router,
        "/purchases/{purchase:path}/revisions",
        response_model=Listing[RevisionAnswer],
        summary="Every revision of a purchase, newest first",
    )
    async def revisions(request: Request, purchase: PurchaseId, output: Out) -> Any:
        rows = [_revision(each) for each in (await _view(site, purchase)).history.revisions]
        as_of = rows[0].judged_at
        return await table_answer(site, request, output, model=RevisionAnswer, rows=rows, name="revisions", as_of=as_of)

    @router.get("/purchases/{purchase:path}", response_model=PurchaseDetailAnswer, summary="A purchase")
    async def purchase(purchase: PurchaseId) -> Any:
        view = await _view(site, purchase)
        history = view.history
        return {
            "purchase": history.purchase,
            "unit_name": history.unit_name,
            "supplier_name": history.supplier_name,
            "judgement": msgspec.to_builtins(history.newest.judgement),
            "quoted": view.quoted,
            "avoidable_by": view.holders,
            "advice": {line: advice.rules for line, advice in view.advice.items()},
            "possible_doubles": view.doubles,
            "revisions": [_revision(each) for each in history.revisions],
        }
