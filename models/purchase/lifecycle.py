"""The life cycle: a fact comes to the row of its number; what is published of it, sent elsewhere and counted follows.

A pure function of the facts kept and the basis: whatever order they came in, the row ends the same.
"""

from collections.abc import Mapping
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
from models.purchase.handover import claims, handed_over, handovers
from models.purchase.known import Known
from models.purchase.purchases import purchases
from models.purchase.row import Kept, Published, Row, number_of
from models.tally.contribution import Contribution, add_to, difference
from models.vocabulary import Channel, Disposition, Outcome

_NOT_COMPARED = ("revision", "generation", "cause", "previous", "source", "judged_at", "reference", "ruleset")
_NO_NEWS = frozenset({Order, OrderChange, Response, Claim, Handover})
"""Facts that say nothing of where a paper stands."""
_compared = attrgetter(*(name for name in Judgement.__struct_fields__ if name not in (*_NOT_COMPARED, "lines")))
_line_compared = attrgetter(*(name for name in JudgedLine.__struct_fields__ if name != "evidence"))


class Moment(msgspec.Struct, frozen=True, gc=False):
    """Where and when the record came in that makes a revision."""

    origin: Origin
    at: str
    """RFC 3339: the broker's time of the record."""
    generation: int = 1


class Step(msgspec.Struct, frozen=True, gc=False):
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
    if not row.facts and isinstance(
        fact, Placement
    ):  # a home that only hears where its paper stands: a third of all facts
        return Step(Row(facts=facts, reference=basis.snapshot.number), disposition)
    known = Known(fact.number, facts, basis)
    out = () if type(fact) in _NO_NEWS else _news(known, row.facts, basis)
    cause = Cause(kind, event=fact.stamp.event_id, source=fact.source)
    step = _published(row, facts, known, basis=basis, cause=cause, moment=moment, fact=fact)
    return Step(step.row, _finally(disposition, fact, step, out), step.judgements, (*out, *step.sends), step.change)


def judged_again(row: Row, *, basis: Basis, moment: Moment) -> Step:
    """The reference or the ruleset has changed: the same facts, another basis."""
    cause = Cause("reference.changed", reference=basis.snapshot.number)
    known = Known(number_of(row), row.facts, basis)
    step = _published(row, row.facts, known, basis=basis, cause=cause, moment=moment)
    return msgspec.structs.replace(step, sends=(*known.told_by_reference(), *step.sends))


def _news(now: Known, before: dict[str, Kept], basis: Basis) -> tuple[AnyFact, ...]:
    """What the row has to tell other rows now and had not before."""
    telling = now.told()
    if not telling or all(type(kept.fact) in _NO_NEWS for kept in before.values()):
        return tuple(telling)
    old = set(Known(now.number, before, basis).told())
    return tuple(fact for fact in telling if fact not in old)


def _finally(disposition: Disposition, fact: AnyFact, step: Step, out: tuple[AnyFact, ...]) -> Disposition:
    """Something kept that has nothing to act on yet waits; what was passed on is routed."""
    if disposition is not Disposition.APPLIED or step.disposition is not Disposition.WAITING:
        return disposition
    if isinstance(fact, Placement | Claim | Handover):
        return disposition
    if isinstance(fact, CreditNote | Cancellation | Decision) and any(type(each) is type(fact) for each in out):
        return Disposition.ROUTED
    acts_on_others = isinstance(fact, Cancellation | Decision | Response)
    idle = (acts_on_others and not step.judgements) or not step.row.published
    return Disposition.WAITING if idle else disposition


def _published(
    row: Row,
    facts: dict[str, Kept],
    known: Known,
    *,
    basis: Basis,
    cause: Cause,
    moment: Moment,
    fact: AnyFact | None = None,
) -> Step:
    groups = known.groups()
    standing = purchases(groups)
    floors = handed_over(known.kinds)
    claimed = claims(standing, row=known.number, known=floors, event=cause.event)
    decisions = {each.purchase: each for each in known.kinds.decisions if not each.withdrawn}
    elsewhere = {each.purchase for each in claimed}
    found = {each.id: assessed(each, basis=basis, decisions=decisions) for each in standing if each.id not in elsewhere}
    told = _told(found, row.published, floors=floors, cause=cause, moment=moment)
    handed = handovers(
        row=known.number,
        kinds=known.kinds,
        published=told.published,
        found=found,
        revised=told.revised,
        fact=fact,
        cause=cause,
    )
    waiting = groups.waiting or any(name not in told.published for name in decisions)
    return Step(
        Row(facts=facts, published=told.published, reference=basis.snapshot.number),
        Disposition.WAITING if waiting else Disposition.APPLIED,
        tuple(told.revised),
        (*claimed, *handed),
        told.change,
    )


class _Told(msgspec.Struct, gc=False):
    """What is published of a row now, what of it is new, and how its cells change."""

    published: dict[str, Published]
    revised: list[Judgement] = []
    change: Contribution = {}


def _told(
    found: Mapping[str, tuple[Judgement, Contribution]],
    published: Mapping[str, Published],
    *,
    floors: Mapping[str, int],
    cause: Cause,
    moment: Moment,
) -> _Told:
    told = _Told(dict(published))
    for name in sorted(found.keys() | published.keys()) if published else sorted(found):
        before = published.get(name)
        judgement, contribution = found[name] if name in found else (_absorbed(published[name].judgement), {})
        if before is None or before.contribution != contribution:
            add_to(told.change, difference(contribution, before.contribution if before is not None else {}))
        floor = floors.get(name, 0) if name in found else 0
        if before is None or before.judgement.revision < floor or _differs(before.judgement, judgement):
            judgement = _revision(judgement, before, floor=floor, cause=cause, moment=moment)
            told.revised.append(judgement)
        else:
            judgement = before.judgement
        told.published[name] = Published(judgement, contribution)
    return told


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
        certified=None,
        documents=(),
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
