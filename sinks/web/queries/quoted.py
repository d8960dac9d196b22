"""What a judgement's evidence quotes: the very rows of the reference, with their names and the days they are valid."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, or_, select, tuple_

from models.judgement import JudgedLine, Judgement
from models.reference.categories import category_of, significant
from sinks.database.schema import reference_rows, suppliers

MOST_HOLDERS = 60
"""Lines of one purchase whose holding catalogue is looked up; the largest purchases have two thousand lines."""
TABLES = frozenset({"accounts", "agreements", "catalogue", "external_channels", "standing_orders", "suppliers"})


class QuotedRow(msgspec.Struct, frozen=True):
    """A row of the reference: `of` is its table, `values` its columns."""

    of: str
    key: str
    values: dict[str, Any]
    valid_from: date | None = None
    valid_to: date | None = None


class Holder(msgspec.Struct, frozen=True):
    """What made an off-channel line avoidable: a catalogue row that held the item, or one of the same category."""

    by: str
    """`item`, `category` or `supplier`."""
    row: QuotedRow


def read_quoted(connection: Connection, judgements: Iterable[Judgement]) -> dict[str, QuotedRow]:
    """Every row that the evidence of these judgements names, by its reference (`agreements:A-17|…`)."""
    texts = {value for each in judgements for evidence in _evidences(each) for value in evidence.values()}
    named = {text: parts for text in texts if (parts := tuple(text.split(":", 1)))[0] in TABLES and len(parts) > 1}
    found = {
        f"{row.of}:{row.key}": row for row in (*_rows(connection, set(named.values())), *_suppliers(connection, named))
    }
    return {text: found[text] for text in named if text in found}


def read_holders(connection: Connection, judgement: Judgement) -> dict[str, Holder]:
    """By line, what made an off-channel line avoidable; lines that ask the same are looked up once."""
    known: dict[tuple[str | None, str | None], Holder | None] = {}
    avoidable = [line for line in judgement.lines if line.avoidable]
    for line in avoidable:
        asked = line.item, line.category
        if asked not in known and len(known) < MOST_HOLDERS:
            known[asked] = read_holder(connection, supplier=judgement.supplier, line=line, day=judgement.day)
    return {line.line: held for line in avoidable if (held := known.get((line.item, line.category)))}


def read_holder(connection: Connection, *, supplier: str, line: JudgedLine, day: date) -> Holder | None:
    """Which catalogue held the line's item that day, else its category, else anything of its supplier."""
    table = reference_rows.c
    ids = (
        select(suppliers.c.supplier)
        .where(suppliers.c.supplier == supplier)
        .union(select(func.unnest(suppliers.c.identifiers)).where(suppliers.c.supplier == supplier))
    )
    of_supplier = table.supplier.in_(ids)
    if line.item and (row := _orderable(connection, and_(of_supplier, table.item == line.item), day)):
        return Holder("item", row)
    if line.category:
        prefix = significant(category_of(line.category))
        row = _orderable(connection, table.category.like(f"{prefix}%"), day, order=[~of_supplier])
        return Holder("category", row) if row else None
    row = _orderable(connection, of_supplier, day)
    return Holder("supplier", row) if row else None


def _orderable(connection: Connection, condition: Any, day: date, order: Iterable[Any] = ()) -> QuotedRow | None:
    table = reference_rows.c
    query = (
        select(reference_rows)
        .where(
            table.of == "catalogue",
            condition,
            or_(table.valid_from.is_(None), table.valid_from <= day),
            or_(table.valid_to.is_(None), table.valid_to >= day),
            func.coalesce(table.body["orderable"].as_boolean(), True),
        )
        .order_by(*order, table.key)
        .limit(1)
    )
    found = connection.execute(query).mappings().first()
    return None if found is None else quoted_row(found)


def quoted_row(row: Any) -> QuotedRow:
    """From a row of the table."""
    return QuotedRow(row["of"], row["key"], row["body"], row["valid_from"], row["valid_to"])


def _evidences(judgement: Judgement) -> Iterable[dict[str, str]]:
    return (judgement.evidence, *(line.evidence for line in judgement.lines))


def _rows(connection: Connection, named: Iterable[tuple[str, ...]]) -> list[QuotedRow]:
    table = reference_rows.c
    query = select(reference_rows).where(tuple_(table.of, table.key).in_(list(named)))
    return [quoted_row(row) for row in connection.execute(query).mappings()]


def _suppliers(connection: Connection, named: Iterable[str]) -> list[QuotedRow]:
    keys = [text.partition(":")[2] for text in named if text.startswith("suppliers:")]
    query = select(suppliers).where(suppliers.c.key.in_(keys))
    return [QuotedRow("suppliers", row["key"], dict(row)) for row in connection.execute(query).mappings()]
