"""The life cycle: a fact comes to the row of its number; what is published of it, sent elsewhere and counted follows.

A pure function of the facts kept and the basis: whatever order they came in, the row ends the same.
"""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter

import msgspec

from models.facts import (
    AnyFact,
    Cancellation,
    Claim,
    CreditNote,
    Decision,
    Handover,
    Order,
    OrderChange,
    Placement,
    Response,
)
from models.judgement import Cause, JudgedLine, Judgement, Origin, Previous
from models.purchase.accept import accepted
from models.purchase.assessing import Basis, assessed
from models.purchase.groups import Groups
from models.purchase.handover import claims, handed_over, handovers
from models.purchase.home import told, told_by_reference
from models.purchase.invoices import attach, credited, paper_groups
from models.purchase.orders import order_groups
from models.purchase.papers import PartiesOf
from models.purchase.parties import Parties, parties
from models.purchase.purchases import purchases
from models.purchase.row import Contribution, Kept, Published, Row
from models.tally.contribution import add_to, difference
from models.vocabulary import Channel, Disposition, Outcome

_EPOCH = date(1970, 1, 1)
_NOT_COMPARED = ("revision", "generation", "cause", "previous", "source", "judged_at", "reference", "ruleset")
_NO_NEWS = (Order, OrderChange, Response, Claim, Handover)
"""Facts that say nothing of where a paper stands."""
_compared = attrgetter(*(name for name in Judgement.__struct_fields__ if name not in (*_NOT_COMPARED, "lines")))
_line_compared = attrgetter(*(name for name in JudgedLine.__struct_fields__ if name != "evidence"))


class Moment(msgspec.Struct, frozen=True):
    """Where and when the record came in that makes a revision."""

    origin: Origin
    at: str
    """RFC 3339: the broker's time of the record."""
    generation: int = 1


class Step(msgspec.Struct, frozen=True):
    """What a fact, or a new basis, brought about."""

    row: Row
    disposition: Disposition
    judgements: tuple[Judgement, ...] = ()
    sends: tuple[AnyFact, ...] = ()
    change: Contribution = {}


def received(row: Row, fact: AnyFact, *, kind: str, basis: Basis, moment: Moment) -> Step:
    """A fact has come to the row of its number."""
    facts, disposition = accepted(row.facts, fact)
    if facts is row.facts:
        return Step(row, disposition)
    parties_of = _parties_of(basis)
    out = () if isinstance(fact, _NO_NEWS) else _news(row.facts, facts, parties_of)
    cause = Cause(kind, event=fact.stamp.event_id, source=fact.source)
    row = msgspec.structs.replace(row, facts=facts)
    step = _published(row, basis=basis, parties_of=parties_of, cause=cause, moment=moment, fact=fact)
    sent = (*out, *step.sends)
    return Step(step.row, _finally(disposition, fact, step, out), step.judgements, sent, step.change)


def judged_again(row: Row, *, basis: Basis, moment: Moment) -> Step:
    """The reference or the ruleset has changed: the same facts, another basis."""
    cause = Cause("reference.changed", reference=basis.snapshot.number)
    parties_of = _parties_of(basis)
    step = _published(row, basis=basis, parties_of=parties_of, cause=cause, moment=moment)
    out = told_by_reference([each.fact for each in row.facts.values()], parties_of)
    return msgspec.structs.replace(step, sends=(*out, *step.sends))


def _news(before: Mapping[str, Kept], after: Mapping[str, Kept], parties_of: PartiesOf) -> tuple[AnyFact, ...]:
    """What the row has to tell other rows now and had not before."""
    known = set(told([each.fact for each in before.values()], parties_of))
    return tuple(fact for fact in told([each.fact for each in after.values()], parties_of) if fact not in known)


def _finally(disposition: Disposition, fact: AnyFact, step: Step, out: tuple[AnyFact, ...]) -> Disposition:
    """Something kept that has nothing to act on yet waits; what was passed on is routed."""
    if disposition is not Disposition.APPLIED or isinstance(fact, Placement | Claim | Handover):
        return disposition
    if step.disposition is not Disposition.WAITING:
        return disposition
    if isinstance(fact, CreditNote | Cancellation | Decision) and any(type(each) is type(fact) for each in out):
        return Disposition.ROUTED
    acts_on_others = isinstance(fact, Cancellation | Decision | Response)
    idle = (acts_on_others and not step.judgements) or not step.row.published
    return Disposition.WAITING if idle else disposition


def _parties_of(basis: Basis) -> PartiesOf:
    """The parties of each fact, looked up once."""
    known: dict[int, Parties] = {}

    def parties_of(fact: AnyFact) -> Parties:
        name = id(fact)
        if name not in known:
            holder = getattr(fact, "content", fact)
            known[name] = parties(
                units=getattr(holder, "units", ()),
                suppliers=getattr(holder, "suppliers", ()),
                source=fact.source,
                day=getattr(fact, "day", None) or getattr(fact, "issued_on", None) or _EPOCH,
                snapshot=basis.snapshot,
                settings=basis.judge.settings,
                account=getattr(holder, "account", None),
            )
        return known[name]

    return parties_of


def grouped(facts: Mapping[str, Kept], basis: Basis) -> Groups:
    """All purchases among a row's facts."""
    return _grouped(facts, _parties_of(basis))


def _grouped(facts: Mapping[str, Kept], parties_of: PartiesOf) -> Groups:
    everything = [facts[name] for name in sorted(facts)]
    orders, waiting = order_groups(everything, parties_of)
    invoices, notes = paper_groups(everything, parties_of)
    for invoice in invoices:
        attach(invoice, orders)
    refunds = [note for note in notes if not credited(note, orders, invoices)]
    return Groups(orders, invoices, refunds, waiting)


def _published(
    row: Row, *, basis: Basis, parties_of: PartiesOf, cause: Cause, moment: Moment, fact: AnyFact | None = None
) -> Step:
    groups = _grouped(row.facts, parties_of)
    decisions = _decisions(row.facts)
    standing = purchases(groups)
    number = next(iter(row.facts.values())).fact.number
    claimed = claims(standing, row=number, facts=row.facts, event=cause.event)
    unknown, floors = {each.purchase for each in claimed}, handed_over(row.facts)
    found = {each.id: assessed(each, basis=basis, decisions=decisions) for each in standing if each.id not in unknown}
    published = dict(row.published)
    revised: list[Judgement] = []
    change: Contribution = {}
    for name in sorted(found.keys() | published.keys()):
        before = published.get(name)
        after = found.get(name) or (_absorbed(before.judgement) if before is not None else None, {})
        judgement, contribution = after
        if judgement is None:
            continue
        add_to(change, difference(contribution, before.contribution if before else {}))
        floor = floors.get(name, 0) if name in found else 0
        if before is None or before.judgement.revision < floor or _differs(before.judgement, judgement):
            judgement = _revision(judgement, before, floor=floor, cause=cause, moment=moment)
            revised.append(judgement)
        else:
            judgement = before.judgement
        published[name] = Published(judgement, contribution)
    waiting = groups.waiting or any(name not in published for name in decisions)
    row = Row(facts=row.facts, published=published, reference=basis.snapshot.number)
    handed = handovers(
        row=number, facts=row.facts, published=published, found=found, revised=revised, fact=fact, cause=cause
    )
    disposition = Disposition.WAITING if waiting else Disposition.APPLIED
    return Step(row, disposition, tuple(revised), (*claimed, *handed), change)


def _decisions(facts: Mapping[str, Kept]) -> dict[str, Decision]:
    return {
        each.fact.purchase: each.fact
        for each in facts.values()
        if isinstance(each.fact, Decision) and not each.fact.withdrawn
    }


def _absorbed(judgement: Judgement) -> Judgement:
    """A purchase that is none of its own any more: an invoice whose order came, a document of an ERP's order."""
    return msgspec.structs.replace(
        judgement,
        outcome=Outcome.VOID,
        channel=Channel.VOID,
        reason="absorbed",
        rule="void",
        lines=(),
        amounts_ore={},
        invoiced_ore=0,
        credited_ore=0,
        flags=(),
        evidence={},
        tallied=False,
    )


def _differs(old: Judgement, new: Judgement) -> bool:
    return _compared(old) != _compared(new) or list(map(_line_compared, old.lines)) != list(
        map(_line_compared, new.lines)
    )


def _revision(judgement: Judgement, before: Published | None, *, floor: int, cause: Cause, moment: Moment) -> Judgement:
    """The next revision: after the last one told here, and after what another row has told of it."""
    old = before.judgement if before is not None else None
    return msgspec.structs.replace(
        judgement,
        generation=moment.generation,
        revision=max(old.revision if old is not None else 0, floor) + 1,
        cause=cause,
        previous=Previous(old.revision, old.outcome, old.channel, old.reason, old.amounts_ore) if old else None,
        source=moment.origin,
        judged_at=moment.at,
    )
