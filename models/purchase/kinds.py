"""A row's facts by kind, sorted out once an event; every step of the life cycle takes what it needs from here."""

from collections.abc import Mapping
from typing import Any

import msgspec

from models.facts import (
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
from models.purchase.row import Kept

Word = Invoice | CreditNote | Placement
"""What a source says of a paper: the paper itself, or only where it put it."""


class Kinds(msgspec.Struct, gc=False):
    """The facts of one row, each kind in the order of the facts' identities, whatever order they came in."""

    orders: list[Kept] = []
    """Each an `Order`, with its first version's day."""
    changes: list[OrderChange] = []
    ends: list[Cancellation | Response] = []
    """Cancellations, of papers too, and responses."""
    words: list[Word] = []
    conflicts: set[int] = set()
    """The `id` of those words of which another of the same version had other content."""
    decisions: list[Decision] = []
    claims: list[Claim] = []
    handovers: list[Handover] = []

    @property
    def cancellations(self) -> list[Cancellation]:
        return [end for end in self.ends if isinstance(end, Cancellation)]


def kinds_of(facts: Mapping[str, Kept]) -> Kinds:
    """All facts of a row by kind."""
    kinds = Kinds()
    for name in sorted(facts) if len(facts) > 1 else facts:
        kept = facts[name]
        fact: Any = kept.fact
        place = _PLACES[type(fact)]
        getattr(kinds, place).append(kept if place == "orders" else fact)
        if kept.conflict and place == "words":
            kinds.conflicts.add(id(fact))
    return kinds


_PLACES: dict[type[AnyFact], str] = {
    Order: "orders",
    OrderChange: "changes",
    Cancellation: "ends",
    Response: "ends",
    Invoice: "words",
    CreditNote: "words",
    Placement: "words",
    Decision: "decisions",
    Claim: "claims",
    Handover: "handovers",
}
