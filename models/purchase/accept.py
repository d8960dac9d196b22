"""Accepting a fact: its identity within the row, and which of two facts of one identity is kept.

Joining is commutative, associative and idempotent, so that neither arrival order nor repetition matters.
"""

from collections.abc import Callable
from typing import Any

from models.facts import (
    DOCUMENT,
    AnyFact,
    Cancellation,
    Claim,
    CreditNote,
    Decision,
    Handover,
    Invoice,
    Order,
    OrderChange,
    Placement,
    Response,
)
from models.purchase.papers import Paper, row_of, word_of
from models.purchase.row import Kept
from models.reference.identifiers import comparable
from models.vocabulary import Disposition


def identity(fact: AnyFact) -> str:
    """What a fact is about: facts of the same identity replace each other."""
    parts = _PARTS[type(fact)](fact)
    name = "|".join(parts)
    if name.count("|") == len(parts) - 1:
        return name
    return "|".join([part.replace("|", "%7C") for part in parts])


def _of_order(fact: Order) -> tuple[str, ...]:
    # `placed_at` stays the first one through all changes (contract.md): another day is another use of the number.
    if fact.source != DOCUMENT:
        return "order", fact.source, str(fact.day)
    return ("order", fact.source, *_parties(fact.content.units, fact.content.suppliers), str(fact.day))


def _of_change(fact: OrderChange) -> tuple[str, ...]:
    content, stamp = fact.content, fact.stamp
    return ("order_change", stamp.event_id, str(stamp.version), *_parties(content.units, content.suppliers))


def _of_paper(fact: Paper) -> tuple[str, ...]:
    return ("paper", *map(str, word_of(fact)))


def _of_cancellation(fact: Cancellation) -> tuple[str, ...]:
    document = (fact.stamp.event_id, *_parties(fact.units, fact.suppliers)) if fact.source == DOCUMENT else ()
    return ("cancellation", fact.source, fact.of, fact.cancelled, *document)


def _of_placement(fact: Placement) -> tuple[str, ...]:
    return ("placement", *map(str, word_of(fact)), row_of(fact))


def _of_response(fact: Response) -> tuple[str, ...]:
    return ("response", fact.stamp.event_id, *_parties(fact.units, fact.suppliers))


_PARTS: dict[type[AnyFact], Callable[[Any], tuple[str, ...]]] = {
    Order: _of_order,
    OrderChange: _of_change,
    Invoice: _of_paper,
    CreditNote: _of_paper,
    Cancellation: _of_cancellation,
    Decision: lambda fact: ("decision", fact.purchase),
    Claim: lambda fact: ("claim", fact.purchase, fact.row),
    Handover: lambda fact: ("handover", fact.purchase),
    Placement: _of_placement,
    Response: _of_response,
}


def _parties(units: tuple[str, ...], suppliers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(comparable(each[0]) for each in (units, suppliers) if each)


def kept(fact: AnyFact) -> Kept:
    """A fact that stands alone so far."""
    if isinstance(fact, Order):
        return Kept(fact, first_day=fact.day, first=fact.stamp)
    return Kept(fact)


def joined(old: Kept, new: Kept) -> Kept:
    """The greater stamp wins; of an order, the first version's day stays."""
    one, other = old.fact.stamp, new.fact.stamp
    winner = new if other > one else old
    conflict = winner.conflict
    if one.version == other.version:
        conflict = old.conflict or new.conflict or one.digest != other.digest
    first = _first(old, new)
    return Kept(winner.fact, conflict, first.first_day, first.first)


def _first(old: Kept, new: Kept) -> Kept:
    """The one that knows the lower version; of one version the greater stamp is the truth."""
    if old.first is None or new.first is None:
        return old
    if old.first.version != new.first.version:
        return old if old.first.version < new.first.version else new
    return new if new.first > old.first else old


def accepted(facts: dict[str, Kept], fact: AnyFact) -> tuple[dict[str, Kept], Disposition]:
    """The facts with this one among them, and what became of it."""
    name, new = identity(fact), kept(fact)
    old = facts.get(name)
    if old is None:
        return {**facts, name: new}, Disposition.APPLIED
    result = joined(old, new)
    return (facts if result == old else {**facts, name: result}), _disposition(old, new)


def _disposition(old: Kept, new: Kept) -> Disposition:
    before, now = old.fact.stamp, new.fact.stamp
    if (before.version, before.digest) == (now.version, now.digest):
        return Disposition.REPEATED
    return Disposition.APPLIED if now > before else Disposition.STALE
