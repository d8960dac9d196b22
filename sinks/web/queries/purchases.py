"""The purchases behind a figure: the list, and the sum that equals the figure."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    cast,
    func,
    select,
)

from sinks.database.schema import purchases, suppliers
from sinks.web.queries.matching import Wanted, documents_of, matching_purchases, only_documents, with_documents
from sinks.web.queries.tree import Tree

PAGE_SIZE = 50
MOST_ROWS = 200_000
"""Rows of one CSV file: what a spreadsheet still opens."""


class Order(StrEnum):
    """How the list is ordered."""

    AMOUNT = "amount"
    DAY = "day"
    NEWEST = "newest"


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
    """What the whole list adds up to, over all its pages; behind a figure of documents `amount_ore` is of these."""

    purchases: int
    matching_ore: int
    matching_count: int
    amount_ore: int
    untallied: int


def read_total(connection: Connection, *, tree: Tree, wanted: Wanted) -> Total:
    """The number of purchases and the sum of what of them matches."""
    if wanted.side is not None and only_documents(wanted):
        return _total_of_documents(connection, documents_of(tree, wanted, wanted.side))
    rows = matching_purchases(tree, wanted).subquery()

    def summed(column: ColumnElement[int]) -> ColumnElement[int]:
        return cast(func.coalesce(func.sum(case((rows.c.tallied, column), else_=0)), 0), BigInteger)

    sums = (summed(rows.c[name]) for name in ("matching_ore", "matching_count", "amount_ore"))
    row = connection.execute(select(func.count(), *sums, func.count().filter(~rows.c.tallied))).one()
    return Total(purchases=row[0], matching_ore=row[1], matching_count=row[2], amount_ore=row[3], untallied=row[4])


def _total_of_documents(connection: Connection, documents: Select[tuple[str, int, int]]) -> Total:
    found = documents.subquery()
    sums = (cast(func.coalesce(func.sum(column), 0), BigInteger) for column in (found.c.ore, found.c["count"]))
    row = connection.execute(select(func.count(), *sums)).one()
    return Total(purchases=row[0], matching_ore=row[1], matching_count=row[2], amount_ore=row[1], untallied=0)


def read_page(
    connection: Connection, *, tree: Tree, wanted: Wanted, order: Order, page: int, size: int = PAGE_SIZE
) -> list[Listed]:
    """One page of the list, counted from 1."""
    first = (page - 1) * size
    if wanted.side is not None and order is Order.AMOUNT and only_documents(wanted):
        documents = documents_of(tree, wanted, wanted.side)
        largest = documents.order_by(documents.selected_columns.ore.desc(), documents.selected_columns.purchase)
        statement = _sorted(with_documents(largest.limit(size).offset(first).subquery()), order)
    else:
        statement = _sorted(matching_purchases(tree, wanted), order).limit(size).offset(first)
    rows = connection.execute(statement).all()
    names = supplier_names(connection, {row.supplier for row in rows})
    return [_row(row, tree, names) for row in rows]


def stream_rows(connection: Connection, *, tree: Tree, wanted: Wanted, order: Order) -> Iterator[Listed]:
    """The whole list, up to `MOST_ROWS`, without holding it in memory."""
    statement = _sorted(matching_purchases(tree, wanted), order).limit(MOST_ROWS)
    names = dict(connection.execute(select(suppliers.c.supplier, suppliers.c.name)).tuples().all())
    with connection.execution_options(yield_per=1000).execute(statement) as result:
        for row in result:
            yield _row(row, tree, names)


def read_newest(connection: Connection, *, tree: Tree, unit: str, count: int = 8) -> list[Listed]:
    """The judgements written last, under a unit."""
    return read_page(connection, tree=tree, wanted=Wanted(unit=unit), order=Order.NEWEST, page=1, size=count)


def _sorted(statement: Select[tuple[object, ...]], order: Order) -> Select[tuple[object, ...]]:
    table = purchases.c
    first: dict[Order, list[ColumnElement[object]]] = {
        Order.AMOUNT: [statement.selected_columns["matching_ore"].desc(), table.purchase.asc()],
        Order.DAY: [table.day.desc(), table.purchase.asc()],
        Order.NEWEST: [table.applied.desc()],
    }
    return statement.order_by(*first[order])


def supplier_names(connection: Connection, wanted: set[str]) -> dict[str, str]:
    """The names of these suppliers that the reference knows."""
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
