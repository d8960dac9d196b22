"""The rules in force with their hits, their activations, and what the shadow ruleset would decide."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from sinks.web.answers import ActivationAnswer, Listing, RuleAnswer, ShadowAnswer
from sinks.web.api.serving import table_answer, table_route
from sinks.web.pages.rules import RulesView, gather_rules
from sinks.web.parameters import Output
from sinks.web.site import Site

Out = Annotated[Output, Depends()]


def rules_router(site: Site) -> APIRouter:
    """What the page of the rules shows."""
    router = APIRouter(tags=["rules"])

    @table_route(router, "/rules", response_model=Listing[RuleAnswer], summary="The rules in force and their hits")
    async def rules(request: Request, output: Out) -> Any:
        view = await _view(site)
        return await table_answer(
            site, request, output, model=RuleAnswer, rows=_rules(view), name="rules", as_of=view.as_of
        )

    @table_route(
        router,
        "/rules/activations",
        response_model=Listing[ActivationAnswer],
        summary="Which ruleset was activated when, by whom",
    )
    async def activations(request: Request, output: Out) -> Any:
        view = await _view(site)
        return await table_answer(
            site, request, output, model=ActivationAnswer, rows=view.activations, name="activations", as_of=view.as_of
        )

    @table_route(
        router,
        "/rules/shadow",
        response_model=Listing[ShadowAnswer],
        summary="What the shadow ruleset decides beside the live one, from rule to rule",
    )
    async def shadow(request: Request, output: Out) -> Any:
        view = await _view(site)
        return await table_answer(
            site, request, output, model=ShadowAnswer, rows=view.moves, name="shadow", as_of=view.as_of
        )

    return router


async def _view(site: Site) -> RulesView:
    today, now = site.today(), site.now()
    return await site.live.read(
        ("page", "/rules"), lambda c: gather_rules(c, default=site.ruleset, today=today, now=now)
    )


def _rules(view: RulesView) -> list[RuleAnswer]:
    return [
        RuleAnswer(
            place=each.place,
            rule=each.rule.id,
            da=each.rule.da,
            en=each.rule.en,
            outcome=each.rule.outcome,
            enabled=each.rule.enabled,
            purchases=each.purchases,
            lines=each.lines,
            amount_ore=each.amount_ore,
        )
        for each in view.rules
    ]
