"""Judgements and cells with defaults, so that a test shows only what matters to it."""

from datetime import date
from typing import Any

import msgspec

from models.judgement import Cause, JudgedLine, Judgement
from models.measures import MEASURES, PLACE
from models.vocabulary import Channel, Outcome

DAY = date(2026, 3, 2)


def line(
    number: str = "1", amount_ore: int | None = 24_500, outcome: Outcome = Outcome.CATALOGUE, **more: Any
) -> JudgedLine:
    channel = {Outcome.CATALOGUE: Channel.OWN_CATALOGUE, Outcome.OFF_CHANNEL: Channel.PHONE}.get(
        outcome, Channel.REVIEW
    )
    fields: dict[str, Any] = {"channel": channel, "reason": "item_in_catalogue", "rule": "R6"} | more
    return JudgedLine(line=number, outcome=outcome, amount_ore=amount_ore, **fields)


def judgement(
    number: str = "1", revision: int = 1, *, lines: tuple[JudgedLine, ...] = (line(),), **more: Any
) -> Judgement:
    amounts: dict[str, int] = {}
    for one in lines:
        amounts[one.outcome] = amounts.get(one.outcome, 0) + (one.amount_ore or 0)
    first = lines[0] if lines else line(outcome=Outcome.VOID, channel=Channel.VOID)
    fields: dict[str, Any] = {
        "purchase": f"erp~{number}",
        "kind": "order",
        "number": number,
        "revision": revision,
        "version": revision,
        "unit": "U-1",
        "root": "M-1",
        "day": DAY,
        "supplier": "S-1",
        "outcome": first.outcome,
        "channel": first.channel,
        "reason": first.reason,
        "rule": first.rule,
        "ruleset": "default@1",
        "lines": lines,
        "amounts_ore": amounts,
        "cause": Cause("order.placed", "e-1", "erp"),
        "judged_at": "2026-03-02T08:15:00.123Z",
    }
    return Judgement(**fields | more)


def value(what: object) -> bytes:
    return msgspec.json.encode(what)


def cell(sequence: int, **measures: int) -> bytes:
    filled = [0] * len(MEASURES)
    for name, amount in measures.items():
        filled[PLACE[name]] = amount
    return value({"sequence": sequence, "measures": filled})
