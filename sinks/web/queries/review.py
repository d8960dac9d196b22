"""What a person is to decide: purchases in review, by pattern of supplier and reason, those with most money first."""

from datetime import date

import msgspec
from sqlalchemy import BigInteger, Connection, cast, func, select

from models.vocabulary import Outcome
from sinks.database.schema import purchases, suppliers
from sinks.web.queries.tree import Tree

MOST_ROWS = 10_000


class Pattern(msgspec.Struct, frozen=True):
    """Purchases in review of one supplier and for one reason."""

    supplier: str
    supplier_name: str
    reason: str
    purchases: int
    amount_ore: int
    first_day: date


def read_patterns(connection: Connection, *, tree: Tree, unit: str | None = None) -> list[Pattern]:
    """All patterns under a unit."""
    table = purchases.c
    amount = cast(func.sum(table.review_ore), BigInteger).label("amount_ore")
    statement = (
        select(
            table.supplier,
            func.coalesce(func.max(suppliers.c.name), table.supplier).label("supplier_name"),
            table.reason,
            func.count().label("purchases"),
            amount,
            func.min(table.day).label("first_day"),
        )
        .join_from(purchases, suppliers, suppliers.c.key == table.supplier, isouter=True)
        .where(table.outcome == Outcome.REVIEW.value, table.tallied)
        .group_by(table.supplier, table.reason)
        .order_by(amount.desc(), table.supplier, table.reason)
        .limit(MOST_ROWS)
    )
    if unit is not None:
        statement = statement.where(tree.covers(purchases, unit))
    return [Pattern(**row) for row in connection.execute(statement).mappings()]
