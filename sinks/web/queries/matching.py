"""Which purchases are wanted, and what of each of them matches: the conditions behind every list."""

from datetime import date
from enum import StrEnum

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Table,
    and_,
    cast,
    false,
    func,
    literal,
    select,
    true,
)

from models.vocabulary import Channel, Outcome
from sinks.database.schema import purchase_documents, purchase_lines, purchases, shadow_judgements
from sinks.web.queries.behind import Side, documents_by_purchase, in_purchases
from sinks.web.queries.search import Search, found_by
from sinks.web.queries.tree import Tree

_SHOWN = (
    *("purchase", "number", "kind", "unit", "root", "day", "supplier", "outcome", "channel", "reason", "amount_ore"),
    *("line_count", "revision", "applied"),
)


class Basis(StrEnum):
    """Whether a filter is on lines and their amounts, or on whole purchases and their count (domain.md, Outcomes)."""

    AMOUNT = "amount"
    COUNT = "count"


class Wanted(msgspec.Struct, frozen=True):
    """Which purchases; None asks for all."""

    unit: str | None = None
    first: date | None = None
    last: date | None = None
    outcome: Outcome | None = None
    base: bool = False
    """The rate's base: catalogue and off-channel."""
    channel: Channel | None = None
    avoidable: bool | None = None
    supplier: str | None = None
    reason: str | None = None
    """Of the whole purchase."""
    rule: str | None = None
    shadow_rule: str | None = None
    """With `rule`: lines that this rule of the shadow ruleset would decide."""
    search: Search | None = None
    basis: Basis = Basis.AMOUNT
    side: Side | None = None
    """What stands behind one side of a figure; it decides by itself what counts and how."""


def matching_purchases(tree: Tree, wanted: Wanted) -> Select[tuple[object, ...]]:
    """The purchases that are wanted, each with what of it matches."""
    if wanted.side is not None:
        made = _of_documents if wanted.side.is_of_documents else _of_figure
        return made(tree, wanted, wanted.side)
    lines = _line_amounts(wanted)
    matching = _matching_amount(wanted) if lines is None else lines.c.matching_ore
    found = _listed(matching, literal(1)).where(
        place_and_time(tree, wanted, purchases), _narrowed(wanted), _kind_of_purchase(wanted, matching)
    )
    if lines is None:
        return found
    return found.join_from(purchases, lines, lines.c.purchase == purchases.c.purchase)


def _of_figure(tree: Tree, wanted: Wanted, side: Side) -> Select[tuple[object, ...]]:
    """The purchases of which something is in one side of a figure."""
    matching = in_purchases(side)
    listed = _listed(matching, literal(1)) if side.is_amount else _listed(purchases.c.amount_ore, matching)
    return listed.where(place_and_time(tree, wanted, purchases), _narrowed(wanted), purchases.c.tallied, matching != 0)


def _of_documents(tree: Tree, wanted: Wanted, side: Side) -> Select[tuple[object, ...]]:
    """The purchases whose invoices and credit notes are in one side of a figure, by the documents' own days and units."""
    return with_documents(documents_of(tree, wanted, side).subquery()).where(_narrowed(wanted))


def documents_of(tree: Tree, wanted: Wanted, side: Side) -> Select[tuple[str, int, int]]:
    """By purchase, what its documents in the side sum up to."""
    return documents_by_purchase(side, place_and_time(tree, wanted, purchase_documents))


def with_documents(found: Subquery) -> Select[tuple[object, ...]]:
    """The purchases of such sums."""
    listed = _listed(found.c.ore, found.c["count"], tallied=true())
    return listed.join_from(purchases, found, found.c.purchase == purchases.c.purchase)


def only_documents(wanted: Wanted) -> bool:
    """Is nothing asked of the purchases themselves? Then documents are summed up and sorted without looking them up."""
    narrowed = (wanted.supplier, wanted.reason, wanted.search)
    return wanted.side is not None and wanted.side.is_of_documents and not any(narrowed)


def _listed(
    ore: ColumnElement[int], count: ColumnElement[int], *, tallied: ColumnElement[bool] = purchases.c.tallied
) -> Select[tuple[object, ...]]:
    return select(
        *(purchases.c[name] for name in _SHOWN),
        tallied.label("tallied"),
        ore.label("matching_ore"),
        count.label("matching_count"),
    )


def place_and_time(tree: Tree, wanted: Wanted, table: Table) -> ColumnElement[bool]:
    """The rows of a table that lie under the unit and within the days."""
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.unit is not None:
        conditions.append(tree.covers(table, wanted.unit))
    if wanted.first is not None:
        conditions.append(table.c.day >= wanted.first)
    if wanted.last is not None:
        conditions.append(table.c.day <= wanted.last)
    return and_(*conditions)


def _narrowed(wanted: Wanted) -> ColumnElement[bool]:
    table = purchases.c
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.supplier is not None:
        conditions.append(table.supplier == wanted.supplier)
    if wanted.reason is not None:
        conditions.append(table.reason == wanted.reason)
    if wanted.rule is not None and wanted.shadow_rule is not None:
        conditions.append(table.purchase.in_(_moved(wanted.rule, wanted.shadow_rule)))
    if wanted.search is not None:
        conditions.append(found_by(wanted.search))
    return and_(*conditions)


def _moved(rule: str, shadow_rule: str) -> Select[tuple[str]]:
    """The purchases of which the shadow ruleset moves lines from the one rule to the other."""
    move = {"lines": [{"live": {"rule": rule}, "shadow": {"rule": shadow_rule}}]}
    return select(shadow_judgements.c.purchase).where(shadow_judgements.c.body.contains(move))


def _kind_of_purchase(wanted: Wanted, matching: ColumnElement[int]) -> ColumnElement[bool]:
    """A filter on what was judged asks for what the tables count; void purchases never are."""
    table = purchases.c
    if wanted.outcome is Outcome.VOID:
        return table.outcome == Outcome.VOID.value
    if not _is_figure(wanted):
        return true()
    whole: list[ColumnElement[bool]] = []
    if wanted.outcome is not None:
        whole.append(table.outcome == wanted.outcome.value)
    if wanted.base:
        whole.append(table.outcome.in_([Outcome.CATALOGUE.value, Outcome.OFF_CHANNEL.value]))
    if wanted.channel is not None:
        whole.append(table.channel == wanted.channel.value)
    if wanted.basis is Basis.COUNT:
        if wanted.avoidable is not None:
            whole.append(table.outcome == Outcome.OFF_CHANNEL.value)
            whole.append(table.avoidable_count == int(wanted.avoidable))
        return and_(table.tallied, *whole)
    return and_(table.tallied, matching != 0)


def _is_figure(wanted: Wanted) -> bool:
    asked = (wanted.outcome, wanted.channel, wanted.avoidable, wanted.rule)
    return wanted.base or any(each is not None for each in asked)


def _matching_amount(wanted: Wanted) -> ColumnElement[int]:
    table = purchases.c
    if wanted.avoidable is not None:
        return table.avoidable_ore if wanted.avoidable else table.off_channel_ore - table.avoidable_ore
    if wanted.base:
        return table.catalogue_ore + table.off_channel_ore
    if wanted.outcome is None:
        return table.amount_ore
    return literal(0, Integer) if wanted.outcome is Outcome.VOID else table[f"{wanted.outcome.value}_ore"]


def _line_amounts(wanted: Wanted) -> Subquery | None:
    """By purchase, what its lines of a channel or a rule sum up to; None where no line is asked for by itself."""
    if wanted.channel is None and wanted.rule is None:
        return None
    lines = purchase_lines.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.channel is not None:
        conditions.append(lines.channel == wanted.channel)
    if wanted.rule is not None:
        conditions.append(lines.rule == wanted.rule)
    if wanted.avoidable is not None:
        conditions.append(func.coalesce(lines.avoidable, false()).is_(wanted.avoidable))
    if wanted.outcome is not None:
        conditions.append(lines.outcome == wanted.outcome.value)
    amount = func.coalesce(cast(func.sum(lines.amount_ore), BigInteger), 0).label("matching_ore")
    return select(lines.purchase, amount).where(*conditions).group_by(lines.purchase).subquery()
