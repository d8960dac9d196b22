"""The purchases behind a figure: the list, and the sum that equals the figure."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    select,
    true,
)

from models.vocabulary import Channel, Outcome
from sinks.database.schema import purchase_documents, purchase_lines, purchases, shadow_judgements, suppliers
from sinks.web.queries.behind import DOCUMENTS, OF_OUTCOME, Side, amount_of_documents, in_purchases
from sinks.web.queries.search import Search, found_by
from sinks.web.queries.tree import Tree

PAGE_SIZE = 50
_SHOWN = (
    *("purchase", "number", "kind", "unit", "root", "day", "supplier", "outcome", "channel", "reason", "amount_ore"),
    *("line_count", "revision", "applied"),
)
MOST_ROWS = 200_000
"""Rows of one CSV file: what a spreadsheet still opens."""


class Order(StrEnum):
    """How the list is ordered."""

    AMOUNT = "amount"
    DAY = "day"
    NEWEST = "newest"


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


class Listed(msgspec.Struct, frozen=True):
    """A purchase in the list; `matching_ore` and `matching_count` are what of it is in the filtered figure.

    `tallied` says whether it counts; behind a figure of documents these do, whatever became of their purchase.
    """

    purchase: str
    number: str
    kind: str
    unit: str
    unit_name: str
    unit_home: str
    """Where it is counted: the unit, or its root's `unassigned`."""
    day: date
    supplier: str
    supplier_name: str
    outcome: str
    channel: str
    reason: str
    matching_ore: int
    matching_count: int
    amount_ore: int
    line_count: int
    tallied: bool
    revision: int


class Total(msgspec.Struct, frozen=True):
    """What the whole list adds up to, over all its pages."""

    purchases: int
    matching_ore: int
    matching_count: int
    amount_ore: int
    untallied: int


def read_total(connection: Connection, *, tree: Tree, wanted: Wanted) -> Total:
    """The number of purchases and the sum of what of them matches."""
    rows = _matching(tree, wanted).subquery()

    def summed(column: ColumnElement[int]) -> ColumnElement[int]:
        return cast(func.coalesce(func.sum(case((rows.c.tallied, column), else_=0)), 0), BigInteger)

    sums = (summed(rows.c[name]) for name in ("matching_ore", "matching_count", "amount_ore"))
    row = connection.execute(select(func.count(), *sums, func.count().filter(~rows.c.tallied))).one()
    return Total(purchases=row[0], matching_ore=row[1], matching_count=row[2], amount_ore=row[3], untallied=row[4])


def read_page(
    connection: Connection, *, tree: Tree, wanted: Wanted, order: Order, page: int, size: int = PAGE_SIZE
) -> list[Listed]:
    """One page of the list, counted from 1."""
    statement = _sorted(_matching(tree, wanted), order).limit(size).offset((page - 1) * size)
    rows = connection.execute(statement).all()
    names = _supplier_names(connection, {row.supplier for row in rows})
    return [_row(row, tree, names) for row in rows]


def stream_rows(connection: Connection, *, tree: Tree, wanted: Wanted, order: Order) -> Iterator[Listed]:
    """The whole list, up to `MOST_ROWS`, without holding it in memory."""
    statement = _sorted(_matching(tree, wanted), order).limit(MOST_ROWS)
    names = dict(connection.execute(select(suppliers.c.supplier, suppliers.c.name)).tuples().all())
    with connection.execution_options(yield_per=1000).execute(statement) as result:
        for row in result:
            yield _row(row, tree, names)


def read_newest(connection: Connection, *, tree: Tree, unit: str, count: int = 8) -> list[Listed]:
    """The judgements written last, under a unit."""
    return read_page(connection, tree=tree, wanted=Wanted(unit=unit), order=Order.NEWEST, page=1, size=count)


class SupplierShare(msgspec.Struct, frozen=True):
    """What a supplier sold off-channel under a unit, in its two parts."""

    supplier: str
    name: str
    off_channel_ore: int
    avoidable_ore: int
    purchases: int


def read_worst_suppliers(connection: Connection, *, tree: Tree, wanted: Wanted, count: int = 10) -> list[SupplierShare]:
    """The suppliers with most that could have been catalogue e-trade, most first."""
    table = purchases.c
    avoidable = cast(func.sum(table.avoidable_ore), BigInteger).label("avoidable_ore")
    off_channel = cast(func.sum(table.off_channel_ore), BigInteger).label("off_channel_ore")
    statement = (
        select(table.supplier, off_channel, avoidable, func.count().label("purchases"))
        .where(_place_and_time(tree, wanted, purchases), table.tallied, table.off_channel_ore != 0)
        .group_by(table.supplier)
        .order_by(avoidable.desc(), off_channel.desc(), table.supplier)
        .limit(count)
    )
    rows = connection.execute(statement).all()
    names = _supplier_names(connection, {row.supplier for row in rows})
    return [
        SupplierShare(row.supplier, names.get(row.supplier, row.supplier), row[1], row[2], row.purchases)
        for row in rows
    ]


def _matching(tree: Tree, wanted: Wanted) -> Select[tuple[object, ...]]:
    if wanted.side is not None:
        made = _of_documents if wanted.side.is_of_documents else _of_figure
        return made(tree, wanted, wanted.side)
    lines = _line_amounts(wanted)
    matching = _matching_amount(wanted) if lines is None else lines.c.matching_ore
    found = _listed(matching, literal(1)).where(
        _place_and_time(tree, wanted, purchases), _narrowed(wanted), _kind_of_purchase(wanted, matching)
    )
    if lines is None:
        return found
    return found.join_from(purchases, lines, lines.c.purchase == purchases.c.purchase)


def _of_figure(tree: Tree, wanted: Wanted, side: Side) -> Select[tuple[object, ...]]:
    """The purchases of which something is in one side of a figure."""
    matching = in_purchases(side)
    listed = _listed(matching, literal(1)) if side.is_amount else _listed(purchases.c.amount_ore, matching)
    return listed.where(_place_and_time(tree, wanted, purchases), _narrowed(wanted), purchases.c.tallied, matching != 0)


def _of_documents(tree: Tree, wanted: Wanted, side: Side) -> Select[tuple[object, ...]]:
    """The purchases whose invoices and credit notes are in one side of a figure, by the documents' own days and units."""
    measure, documents = side.measures[0], purchase_documents
    found = (
        select(documents.c.purchase, amount_of_documents().label("ore"), func.count().label("count"))
        .where(DOCUMENTS[measure], _place_and_time(tree, wanted, documents))
        .group_by(documents.c.purchase)
        .subquery()
    )
    listed = _listed(found.c.ore, found.c["count"], tallied=true())
    joined = listed.join_from(purchases, found, found.c.purchase == purchases.c.purchase).where(_narrowed(wanted))
    outcome = OF_OUTCOME.get(measure)
    return joined if outcome is None else joined.where(purchases.c.outcome == outcome.value)


def _listed(
    ore: ColumnElement[int], count: ColumnElement[int], *, tallied: ColumnElement[bool] = purchases.c.tallied
) -> Select[tuple[object, ...]]:
    return select(
        *(purchases.c[name] for name in _SHOWN),
        tallied.label("tallied"),
        ore.label("matching_ore"),
        count.label("matching_count"),
    )


def _place_and_time(tree: Tree, wanted: Wanted, table: Table) -> ColumnElement[bool]:
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


def _sorted(statement: Select[tuple[object, ...]], order: Order) -> Select[tuple[object, ...]]:
    table = purchases.c
    first: dict[Order, list[ColumnElement[object]]] = {
        Order.AMOUNT: [statement.selected_columns["matching_ore"].desc(), table.purchase.asc()],
        Order.DAY: [table.day.desc(), table.purchase.asc()],
        Order.NEWEST: [table.applied.desc()],
    }
    return statement.order_by(*first[order])


def _supplier_names(connection: Connection, wanted: set[str]) -> dict[str, str]:
    statement = select(suppliers.c.supplier, suppliers.c.name).where(suppliers.c.supplier.in_(wanted))
    return dict(connection.execute(statement).tuples().all()) if wanted else {}


def _row(row: Row[tuple[object, ...]], tree: Tree, names: dict[str, str]) -> Listed:
    return Listed(
        purchase=row.purchase,
        number=row.number,
        kind=row.kind,
        unit=row.unit,
        unit_name=tree.name(row.unit),
        unit_home=tree.home(row.unit, row.root),
        day=row.day,
        supplier=row.supplier,
        supplier_name=names.get(row.supplier, row.supplier),
        outcome=row.outcome,
        channel=row.channel,
        reason=row.reason,
        matching_ore=row.matching_ore,
        matching_count=row.matching_count,
        amount_ore=row.amount_ore,
        line_count=row.line_count,
        tallied=row.tallied,
        revision=row.revision,
    )
