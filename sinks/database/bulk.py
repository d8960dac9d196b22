"""Many rows at once: COPY into a temporary table, then one guarded upsert."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from sinks.database.records import Value

Cursor = psycopg.Cursor[Any]


def copy_rows(cursor: Cursor, *, into: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write rows to a table that takes them as they are."""
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(into), _list(columns))
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def upsert(
    cursor: Cursor,
    table: Table,
    *,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    newer_by: Sequence[str] = (),
    replace: bool = True,
) -> list[tuple[str, bool]]:
    """Insert or replace by primary key; no key twice in `rows`.

    With `newer_by` a row is replaced only by one that is greater in these columns. Gives the first column of each row
    that was written, and whether it replaced another.
    """
    waiting = f"incoming_{table.name}"
    cursor.execute(
        sql.SQL(
            "create temporary table if not exists {} on commit delete rows as select {} from {} with no data"
        ).format(sql.Identifier(waiting), _list(columns), sql.Identifier(table.name))
    )
    copy_rows(cursor, into=waiting, columns=columns, rows=rows)
    cursor.execute(_statement(table, waiting, columns, newer_by, replace=replace))
    return cursor.fetchall()


def delete_keys(cursor: Cursor, table: Table, *, keys: Sequence[tuple[Value, ...]]) -> None:
    """Delete rows by primary key."""
    names = [column.name for column in table.primary_key.columns]
    condition = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names)
    statement = sql.SQL("delete from {} where {}").format(sql.Identifier(table.name), condition)
    cursor.executemany(statement, keys)


def delete_purchases(cursor: Cursor, table: Table, *, purchases: Sequence[str]) -> None:
    """Delete the rows of these purchases, by the index: the array tells the planner how many there are."""
    statement = sql.SQL("delete from {} where purchase = any(%s)").format(sql.Identifier(table.name))
    cursor.execute(statement, (list(purchases),))


def _statement(
    table: Table, waiting: str, columns: Sequence[str], newer_by: Sequence[str], *, replace: bool
) -> sql.Composed:
    key = [column.name for column in table.primary_key.columns]
    head = sql.SQL("insert into {} ({}) select {} from {} on conflict ({}) do ").format(
        sql.Identifier(table.name), _list(columns), _list(columns), sql.Identifier(waiting), _list(key)
    )
    if not replace:
        return head + sql.SQL("nothing returning {}, false").format(sql.Identifier(key[0]))
    changing = [name for name in (*columns, *_numbered(table)) if name not in key]
    update = sql.SQL("update set {}").format(
        sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in changing)
    )
    guard = _guard(table, newer_by) if newer_by else sql.SQL("")
    # xmax is 0 for a row just inserted, the transaction's number for one it replaced.
    return (
        head
        + update
        + guard
        + sql.SQL(" returning {}.{}, xmax <> 0").format(sql.Identifier(table.name), sql.Identifier(key[0]))
    )


def _guard(table: Table, newer_by: Sequence[str]) -> sql.Composed:
    def tuple_of(owner: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(owner, name) for name in newer_by)

    return sql.SQL(" where ({}) < ({})").format(tuple_of(table.name), tuple_of("excluded"))


def _numbered(table: Table) -> tuple[str, ...]:
    return ("applied",) if "applied" in table.columns else ()


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
