"""What predicates say about each other: which follows from which, which exclude each other, which a kind cannot have."""

from models.reference.categories import as_prefix
from models.rules.condition import Condition
from models.vocabulary import CHANNELS, Outcome, StatedChannel

_FOLLOWS: dict[str, frozenset[str]] = {
    "agreement_covers": frozenset({"supplier_has_agreement", "agreement_on_punch_out"}),
    "agreement_on_punch_out": frozenset({"supplier_has_agreement"}),
    "order_is_before_our_time": frozenset({"order_is_named"}),
}
"""What holds wherever the predicate does (predicates.py)."""

_EXCLUDE = (
    frozenset({"item_in_catalogue", "supplier_has_no_catalogue"}),
    frozenset({"item_in_catalogue", "without_item_and_catalogue"}),
)

_ONLY: dict[str, str] = {
    "is_refund": "refund",
    "ordered_after_the_fact": "order",
}
"""Predicates that hold for one kind of purchase alone."""

_NEVER: dict[str, frozenset[str]] = {
    "order": frozenset({"order_is_named", "order_is_before_our_time"}),
}

_OFF_CHANNELS = frozenset(StatedChannel) & {channel.value for channel in CHANNELS[Outcome.OFF_CHANNEL]}


def implies(one: Condition, other: Condition) -> bool:
    """Does the other hold wherever the one does? Only where that is certain."""
    if other.predicate == "always" or one == other:
        return True
    if one.predicate == other.predicate == "category_starts_with":
        wider = _prefixes(other)
        return all(any(each.startswith(prefix) for prefix in wider) for each in _prefixes(one))
    stated, wanted = _stated(one), _stated(other)
    if stated is not None and wanted is not None:
        return stated <= wanted
    return other.predicate in _FOLLOWS.get(one.predicate, ()) or (
        one.predicate == other.predicate and not one.parameters and not other.parameters
    )


def contradicts(one: Condition, other: Condition) -> bool:
    """Can the two never hold together?"""
    stated, wanted = _stated(one), _stated(other)
    if stated is not None and wanted is not None:
        return stated.isdisjoint(wanted)
    if one.predicate == other.predicate == "category_starts_with":
        return not any(
            mine.startswith(theirs) or theirs.startswith(mine) for mine in _prefixes(one) for theirs in _prefixes(other)
        )
    return frozenset({one.predicate, other.predicate}) in _EXCLUDE


def never_of_kind(condition: Condition, kind: str) -> bool:
    """Can no purchase of this kind meet the condition?"""
    only = _ONLY.get(condition.predicate)
    nothing_listed = condition.predicate == "category_starts_with" and not _prefixes(condition)
    return nothing_listed or (only is not None and only != kind) or condition.predicate in _NEVER.get(kind, ())


def _prefixes(condition: Condition) -> list[str]:
    words = condition.parameters
    listed = [
        *(f"UNSPSC:{code}" for code in words.get("unspsc", ())),
        *(f"CPV:{code}" for code in words.get("cpv", ())),
    ]
    return [as_prefix(each) for each in listed]


def _stated(condition: Condition) -> frozenset[str] | None:
    """The channels of which the ERP must state one."""
    if condition.predicate == "stated_off_channel":
        return _OFF_CHANNELS
    return frozenset(condition.parameters["channels"]) if condition.predicate == "stated_channel_in" else None
