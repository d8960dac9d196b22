"""Who bought from whom: when two facts speak of the same buyer and the same seller."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from models.facts import DOCUMENT, AnyFact, CreditNote, Invoice, Order, OrderChange
from models.reference.identifiers import comparable
from models.reference.snapshot import Snapshot
from models.rules.judge import Judge
from models.rules.settings import RuleSettings

IMPLIED_ROOT = "implied"
"""The root of units where the reference has no tree at all."""
_EPOCH = date(1970, 1, 1)
_WITH_DAY = frozenset({Order, OrderChange})
_WITH_CONTENT = _WITH_DAY | {Invoice, CreditNote}
TEST_SOURCES = "test/"


def is_test(source: str) -> bool:
    """Is what it sends judged and answered, but never tallied?"""
    return source.startswith(TEST_SOURCES)


class Parties(msgspec.Struct, frozen=True, gc=False):
    """The two parties of a fact, as far as the reference knows them."""

    unit: str
    """The unit's id, else as stated."""
    known: bool
    root: str
    """As of the fact's day."""
    stated_units: frozenset[str]
    supplier: str
    stated_suppliers: frozenset[str]
    document: bool
    test: bool
    """From a source `test/…`: never the same purchase as one of the real world."""


PartiesOf = Callable[[AnyFact], Parties]
_Buyer = tuple[str, bool, str, frozenset[str]]
"""The first fields of `Parties`."""
_Seller = tuple[str, frozenset[str]]
"""The next two."""


@lru_cache(maxsize=2)  # the live ruleset's and the shadow's: more would keep former references in memory
def parties_by(snapshot: Snapshot, judge: Judge) -> PartiesOf:
    """Who bought from whom by this reference; what was looked up is remembered, as buyers and sellers come again."""
    settings = judge.settings

    @lru_cache(maxsize=65_536)
    def buyer_of(units: tuple[str, ...], account: str | None, source: str, day: date) -> _Buyer:
        unit, stated = snapshot.unit_id(units), _stated(units, account)
        if unit is not None:
            return unit, True, snapshot.root_of(unit, day), stated
        return units[0] if units else "", False, _root_of_unknown(source, day, snapshot, settings), stated

    @lru_cache(maxsize=16_384)
    def seller_of(suppliers: tuple[str, ...]) -> _Seller:
        return snapshot.supplier_id(suppliers), frozenset(map(comparable, suppliers))

    def parties_of(fact: AnyFact) -> Parties:
        stated: Any = fact
        source = fact.source
        if type(fact) in _WITH_CONTENT:
            holder, day = stated.content, stated.day if type(fact) in _WITH_DAY else stated.issued_on
            buyer, seller = buyer_of(holder.units, holder.account, source, day), seller_of(holder.suppliers)
        else:
            day = getattr(stated, "day", None) or getattr(stated, "issued_on", None) or _EPOCH
            buyer = buyer_of(getattr(stated, "units", ()), getattr(stated, "account", None), source, day)
            seller = seller_of(getattr(stated, "suppliers", ()))
        return Parties(*buyer, *seller, source == DOCUMENT, is_test(source))

    return parties_of


def _stated(units: tuple[str, ...], account: str | None) -> frozenset[str]:
    """What the buyer was called; an account that no unit is known by names nobody."""
    return frozenset(map(comparable, [*units[:1], *(each for each in units[1:] if each != account)]))


def _root_of_unknown(source: str, day: date, snapshot: Snapshot, settings: RuleSettings) -> str:
    roots = snapshot.roots(day)
    if len(roots) == 1:
        return roots[0]
    return settings.source(source).default_root or (roots[0] if roots else IMPLIED_ROOT)


def same_seller(one: Parties, other: Parties) -> bool:
    """The same supplier by the reference, or any stated identifier in common."""
    return one.supplier == other.supplier or bool(one.stated_suppliers & other.stated_suppliers)


def same_buyer(one: Parties, other: Parties) -> bool:
    """The same root; of two documents whose units the reference does not know, any stated identifier in common."""
    if one.root != other.root or one.test != other.test:
        return False
    if one.document and other.document and not (one.known or other.known):
        return bool(one.stated_units & other.stated_units)
    return True


def other_buyers_named(one: Parties, other: Parties) -> bool:
    """Do two documents name different buyers, unknown to the reference? Their ids begin with them (contract.md)."""
    unknown_documents = one.document and other.document and not (one.known or other.known)
    return unknown_documents and comparable(one.unit) != comparable(other.unit)


def same_parties(one: Parties, other: Parties) -> bool:
    """The same buyer and the same seller."""
    return same_buyer(one, other) and same_seller(one, other)
