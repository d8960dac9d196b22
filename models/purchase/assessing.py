"""Assessing a purchase: amounts in øre, credits, the judge, and what it contributes."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from models.days import from_milliseconds
from models.facts import Decision, Line
from models.judgement import Cause, JudgedLine, Judgement
from models.purchase.amounts import Amounts, amounts_of, invoiced
from models.purchase.counting import certified, documents
from models.purchase.parties import is_test
from models.purchase.purchases import Purchase, order_id
from models.reference.snapshot import Snapshot
from models.rules.case import PurchaseCase
from models.rules.judge import Judge, Verdict, stated_of_purchase, summed_up
from models.tally.contribution import Contribution, contribution_of
from models.vocabulary import CHANNELS, Channel, Outcome

_NO_LINE = Line("", 0)
"""What a frame is judged by whose changes took all its lines out."""


_OPEN = (Outcome.OFF_CHANNEL, Outcome.REVIEW)
"""Outcomes of lines that could have been catalogue."""

_NO_CAUSE = Cause("")
"""Until the revision is made that has one."""


class Basis(msgspec.Struct, frozen=True):
    """What judging rests on beside the facts: one reference snapshot and its ruleset, compiled."""

    snapshot: Snapshot
    judge: Judge


def assessed(purchase: Purchase, *, basis: Basis, decisions: Mapping[str, Decision]) -> tuple[Judgement, Contribution]:
    """A purchase's judgement, without revision and cause, and its contribution to the cells."""
    judgement = _judged(purchase, basis=basis, decisions=decisions)
    return judgement, contribution_of(judgement, buyer=purchase.content.buyer or None)


def _judged(purchase: Purchase, *, basis: Basis, decisions: Mapping[str, Decision]) -> Judgement:
    decision = decisions.get(purchase.id)
    decided = _decided(decision)
    if purchase.void or (decided is not None and decided.outcome is Outcome.VOID):
        reason, rule = (purchase.void, "void") if purchase.void else (decided.reason if decided else "", "decision")
        evidence = {} if purchase.void or decision is None else _who_decided(decision)
        return _void(purchase, basis, reason=reason, rule=rule, evidence=evidence)
    if not purchase.content.lines:
        return _void(purchase, basis, reason="no_lines", rule="void")
    amounts = amounts_of(purchase, basis.snapshot)
    lines = basis.judge.lines(
        case_of(purchase, basis), amounts.left, decided or _verdict_of_frame(purchase, basis, decisions)
    )
    return _judgement(purchase, amounts, lines, basis, decision)


def _decided(decision: Decision | None) -> Verdict | None:
    if decision is None:
        return None
    outcome = Outcome(decision.outcome)
    channel = Channel(decision.channel) if decision.channel else CHANNELS[outcome][0]
    return Verdict(outcome, channel, "decided", "decision")


def case_of(purchase: Purchase, basis: Basis) -> PurchaseCase:
    """The case as the judge sees it."""
    frame = purchase.frame
    return PurchaseCase(
        kind="order" if purchase.kind == "order" else purchase.kind if frame is None else "frame",
        source=purchase.source,
        day=purchase.day,
        unit=purchase.parties.unit,
        supplier=purchase.parties.supplier,
        content=purchase.content,
        snapshot=basis.snapshot,
        settings=basis.judge.settings,
        seen_on=purchase.seen_on,
        seen_by=purchase.seen_by,
        order_named=purchase.order,
        order_day=purchase.order_day,
    )


def _verdict_of_frame(purchase: Purchase, basis: Basis, decisions: Mapping[str, Decision]) -> Verdict | None:
    """What the invoices of a frame are judged as: what was decided of the frame, else what the rules say of it."""
    frame = purchase.frame
    if frame is None:
        return None
    decided = _decided(decisions.get(order_id(frame)))
    if decided is not None and decided.outcome is not Outcome.VOID:
        return decided
    content = frame.content
    if not content.lines:
        content = msgspec.structs.replace(content, lines=(_NO_LINE,))
    as_order = msgspec.structs.replace(
        purchase, kind="frame", day=frame.day, content=content, parties=frame.parties, frame=None, order=None
    )
    weights = [line.net_hundredths for line in content.lines]
    return summed_up(basis.judge.lines(case_of(as_order, basis), [None] * len(weights), None), weights)


def _judgement(
    purchase: Purchase,
    amounts: Amounts,
    lines: Sequence[JudgedLine],
    basis: Basis,
    decision: Decision | None,
) -> Judgement:
    verdict = summed_up(lines, amounts.weights(purchase.content))
    flags = [*purchase.flags, *_flags(purchase, amounts, decision)]
    return _base(
        purchase,
        basis,
        verdict=verdict,
        lines=tuple(lines),
        amounts_ore=_by_outcome(lines),
        credited_ore=amounts.credited,
        flags=tuple(sorted(set(flags))) if flags else (),
        tallied=not is_test(purchase.source) and purchase.kind != "frame" and not amounts.gone,
        evidence=_evidence(purchase, amounts, lines, decision),
    )


def _flags(purchase: Purchase, amounts: Amounts, decision: Decision | None) -> Iterator[str]:
    if not purchase.parties.known:
        yield "unit_unknown"
    if None in amounts.ordered:
        yield "no_rate"
    if amounts.credited > 0:
        yield "credited"
        if amounts.gone:
            yield "credited_to_zero"
    if amounts.excess > 0:
        yield "credit_excess"
    if purchase.kind == "frame":
        yield "frame"
    if decision is not None:
        yield "decided"
        if 0 < decision.on_version < purchase.version:
            yield "decided_on_older_version"


def _who_decided(decision: Decision) -> dict[str, str]:
    """Who, when and why."""
    at = from_milliseconds(decision.decided_at_ms).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"decided_by": decision.decided_by, "decided_at": at, "decision": decision.reason}


def _evidence(
    purchase: Purchase, amounts: Amounts, lines: Sequence[JudgedLine], decision: Decision | None
) -> dict[str, str]:
    evidence = stated_of_purchase(purchase.content) if any(line.outcome in _OPEN for line in lines) else {}
    if decision is not None:
        evidence |= _who_decided(decision)
    if amounts.excess:
        evidence["credit_excess_ore"] = str(amounts.excess)
    if amounts.again:
        evidence["billed_again_ore"] = str(amounts.again)
    return evidence


def _by_outcome(lines: Sequence[JudgedLine]) -> dict[str, int]:
    sums: dict[Outcome, int] = {}
    for line in lines:
        sums[line.outcome] = sums.get(line.outcome, 0) + (line.amount_ore or 0)
    return {outcome.value: amount for outcome, amount in sums.items()}


def _void(
    purchase: Purchase, basis: Basis, *, reason: str, rule: str, evidence: Mapping[str, str] = MappingProxyType({})
) -> Judgement:
    return _base(
        purchase,
        basis,
        verdict=Verdict(Outcome.VOID, Channel.VOID, reason, rule),
        flags=purchase.flags,
        tallied=False,
        evidence=dict(evidence),
    )


def _base(purchase: Purchase, basis: Basis, *, verdict: Verdict, **more: Any) -> Judgement:
    parties, snapshot = purchase.parties, basis.snapshot
    return Judgement(
        purchase=purchase.id,
        kind=purchase.kind,
        number=purchase.number,
        order=purchase.order,
        version=purchase.version,
        unit=parties.unit,
        root=parties.root,
        day=purchase.day,
        supplier=parties.supplier,
        outcome=verdict.outcome,
        channel=verdict.channel,
        reason=verdict.reason,
        rule=verdict.rule,
        ruleset=basis.judge.label,
        reference=snapshot.number,
        invoiced_ore=invoiced(purchase.invoices, snapshot),
        certified=certified(purchase, snapshot),
        documents=documents(purchase, snapshot),
        currency=purchase.content.currency,
        cause=_NO_CAUSE,
        **more,
    )
