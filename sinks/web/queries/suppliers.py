"""Where most is to be gained: the suppliers by what a unit bought of them off-channel."""

import msgspec
from sqlalchemy import BigInteger, Connection, cast, func, select

from sinks.database.schema import purchases
from sinks.web.queries.matching import Wanted, place_and_time
from sinks.web.queries.purchases import supplier_names
from sinks.web.queries.tree import Tree


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
        .where(place_and_time(tree, wanted, purchases), table.tallied, table.off_channel_ore != 0)
        .group_by(table.supplier)
        .order_by(avoidable.desc(), off_channel.desc(), table.supplier)
        .limit(count)
    )
    rows = connection.execute(statement).all()
    names = supplier_names(connection, {row.supplier for row in rows})
    return [
        SupplierShare(row.supplier, names.get(row.supplier, row.supplier), row[1], row[2], row.purchases)
        for row in rows
    ]
