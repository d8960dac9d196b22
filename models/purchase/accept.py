"""Accepting a fact: its identity within the row, and which of two facts of one identity is kept.

Joining is commutative, associative and idempotent, so that neither arrival order nor repetition matters.
"""

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
)
from models.purchase.papers import row_of, word_of
from models.purchase.row import Kept
from models.reference.identifiers import comparable
from models.vocabulary import Disposition


def identity(fact: AnyFact) -> str:
    """What a fact is about: facts of the same identity replace each other."""
    return "|".join(part.replace("|", "%7C") for part in _parts(fact))


def _parts(fact: AnyFact) -> tuple[str, ...]:
    source = fact.source
    if isinstance(fact, Order):
        # `placed_at` stays the first one through all changes (contract.md): another day is another use of the number.
        document = _parties(fact.content.units, fact.content.suppliers) if source == DOCUMENT else ()
        return ("order", source, *document, str(fact.day))
    if isinstance(fact, OrderChange):
        return (
            "order_change",
            fact.stamp.event_id,
            str(fact.stamp.version),
            *_parties(fact.content.units, fact.content.suppliers),
        )
    if isinstance(fact, Invoice | CreditNote):
        return ("paper", *map(str, word_of(fact)))
    if isinstance(fact, Cancellation):
        document = (fact.stamp.event_id, *_parties(fact.units, fact.suppliers)) if source == DOCUMENT else ()
        return ("cancellation", source, fact.of, fact.cancelled, *document)
    if isinstance(fact, Decision):
        return ("decision", fact.purchase)
    if isinstance(fact, Claim):
        return ("claim", fact.purchase, fact.row)
    if isinstance(fact, Handover):
        return ("handover", fact.purchase)
    if isinstance(fact, Placement):
        return ("placement", *map(str, word_of(fact)), row_of(fact))
    return ("response", fact.stamp.event_id, *_parties(fact.units, fact.suppliers))


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
