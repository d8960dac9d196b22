"""Who bought from whom: when two facts speak of the same buyer and the same seller."""

from datetime import date

import msgspec

from models.facts import DOCUMENT
from models.reference.identifiers import comparable
from models.reference.snapshot import Snapshot
from models.rules.settings import RuleSettings

IMPLIED_ROOT = "implied"
"""The root of units where the reference has no tree at all."""


TEST_SOURCES = "test/"


def is_test(source: str) -> bool:
    """Is what it sends judged and answered, but never tallied?"""
    return source.startswith(TEST_SOURCES)


class Parties(msgspec.Struct, frozen=True):
    """The two parties of a fact, as far as the reference knows them."""

    unit: str
    """The unit's id, else as stated."""
    known: bool
    root: str
    stated_units: frozenset[str]
    supplier: str
    stated_suppliers: frozenset[str]
    document: bool
    test: bool
    """From a source `test/…`: never the same purchase as one of the real world."""


def parties(
    *,
    units: tuple[str, ...],
    suppliers: tuple[str, ...],
    source: str,
    day: date,
    snapshot: Snapshot,
    settings: RuleSettings,
    account: str | None = None,
) -> Parties:
    """The parties of a fact, looked up as of the day. An account may name a unit of the reference, else it names nobody."""
    unit = snapshot.unit_id(units)
    return Parties(
        unit=unit if unit is not None else (units[0] if units else ""),
        known=unit is not None,
        root=snapshot.root_of(unit, day) if unit is not None else _root_of_unknown(source, day, snapshot, settings),
        stated_units=frozenset(map(comparable, [*units[:1], *(unit for unit in units[1:] if unit != account)])),
        supplier=snapshot.supplier_id(suppliers),
        stated_suppliers=frozenset(map(comparable, suppliers)),
        document=source == DOCUMENT,
        test=is_test(source),
    )


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
