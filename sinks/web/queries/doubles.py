"""Possible doubles: a card row and an invoice of the same unit and amount within ten days; both are kept (domain.md)."""

from datetime import date

import msgspec
from sqlalchemy import Connection, Select, Table, and_, case, func, select

from models.vocabulary import Channel
from sinks.database.schema import purchases, suppliers
from sinks.web.queries.tree import Tree

WITHIN_DAYS = 10
MOST_ROWS = 10_000

_card, _invoice = purchases.alias("card"), purchases.alias("invoice")
_card_supplier, _invoice_supplier = suppliers.alias("card_supplier"), suppliers.alias("invoice_supplier")


class Double(msgspec.Struct, frozen=True):
    """A card row and the invoice, or the invoiced order, that may be the same purchase."""

    unit: str
    unit_name: str
    amount_ore: int
    card: str
    card_number: str
    card_day: date
    card_supplier: str
    invoice: str
    invoice_number: str
    invoice_kind: str
    invoice_day: date
    invoice_supplier: str


def read_doubles(
    connection: Connection, *, tree: Tree, unit: str | None = None, first: date | None = None, last: date | None = None
) -> list[Double]:
    """All pairs under a unit whose card row is of these days, the newest first."""
    statement = _pairs()
    if unit is not None:
        statement = statement.where(tree.covers(_table(_card), unit))
    if first is not None:
        statement = statement.where(_card.c.day >= first)
    if last is not None:
        statement = statement.where(_card.c.day <= last)
    return _read(connection, statement, tree)


def read_doubles_of(connection: Connection, *, tree: Tree, purchase: str) -> list[Double]:
    """The pairs that a purchase is in."""
    both = (_read(connection, _pairs().where(side.c.purchase == purchase), tree) for side in (_card, _invoice))
    return [double for found in both for double in found]


def _pairs() -> Select[tuple[object, ...]]:
    card, invoice = _card.c, _invoice.c
    invoiced = case((invoice.kind == "order", invoice.invoiced_ore), else_=invoice.amount_ore)
    near = invoice.day.between(card.day - WITHIN_DAYS, card.day + WITHIN_DAYS)
    is_double = and_(
        invoice.unit == card.unit,
        near,
        invoiced == card.amount_ore,
        invoice.channel != Channel.CARD.value,
        invoice.kind.in_(("order", "invoice", "frame_invoice")),
        invoice.tallied,
    )
    return (
        select(
            card.unit,
            card.amount_ore,
            card.purchase.label("card"),
            card.number.label("card_number"),
            card.day.label("card_day"),
            func.coalesce(_card_supplier.c.name, card.supplier).label("card_supplier"),
            invoice.purchase.label("invoice"),
            invoice.number.label("invoice_number"),
            invoice.kind.label("invoice_kind"),
            invoice.day.label("invoice_day"),
            func.coalesce(_invoice_supplier.c.name, invoice.supplier).label("invoice_supplier"),
        )
        .join_from(_card, _invoice, is_double)
        .outerjoin(_card_supplier, _card_supplier.c.key == card.supplier)
        .outerjoin(_invoice_supplier, _invoice_supplier.c.key == invoice.supplier)
        .where(card.channel == Channel.CARD.value, card.outcome == "off_channel", card.tallied, card.amount_ore > 0)
        .order_by(card.day.desc(), card.purchase, invoice.purchase)
        .limit(MOST_ROWS)
    )


def _table(alias: object) -> Table:
    return alias  # type: ignore[return-value] # an alias has the columns of its table


def _read(connection: Connection, statement: Select[tuple[object, ...]], tree: Tree) -> list[Double]:
    rows = connection.execute(statement).mappings()
    return [Double(**row, unit_name=tree.name(row["unit"])) for row in rows]
