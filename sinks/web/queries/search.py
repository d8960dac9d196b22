"""What a reader types into the search of the purchases: part of a supplier's or unit's name, or how a number begins."""

import msgspec
from sqlalchemy import ColumnElement, Connection, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from sinks.database.schema import purchases, suppliers
from sinks.web.queries.tree import Tree


class Search(msgspec.Struct, frozen=True):
    """The text, and the suppliers and units that it may mean."""

    text: str
    suppliers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def find(connection: Connection, *, tree: Tree, text: str) -> Search:
    """Look the names up first: with ids the purchases are found by their indexes."""
    wanted = text.strip()
    part = f"%{escaped(wanted)}%"
    table = suppliers.c
    found = connection.scalars(select(table.supplier).where(or_(table.name.ilike(part), table.supplier.ilike(part))))
    small = wanted.casefold()
    units = [
        each.unit for each in tree.units.values() if small in each.name.casefold() or small == each.unit.casefold()
    ]
    return Search(text=wanted, suppliers=tuple(found), units=tuple(units))


def found_by(search: Search) -> ColumnElement[bool]:
    """The condition for the rows of `purchases`; case does not matter."""
    table = purchases.c
    return or_(
        func.lower(table.number).like(f"{escaped(search.text.lower())}%"),
        table.purchase == search.text,
        table.supplier == any_(_array((search.text, *search.suppliers))),
        table.unit == any_(_array((search.text, *search.units))),
    )


def escaped(text: str) -> str:
    """Text that stands for itself in a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _array(values: tuple[str, ...]) -> ColumnElement[list[str]]:
    return literal(list(values), ARRAY(Text))
